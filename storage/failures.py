"""What can go wrong with a database, in words for a user: without passwords, paths or SQL."""


class StorageFailure(Exception):  # noqa: N818 - something outside failed; it is no error of ours
    """The database or the data folder failed.

    `str(failure)` is fit for a user; `retryable` says whether trying again later may succeed.
    """

    def __init__(self, message: str, *, retryable: bool = True) -> None:
        super().__init__(message)
        self.retryable = retryable


SQLITE_FILE = "broadsheet.sqlite"
"""The database in the data folder, unless PostgreSQL is used."""

_FULL = "The data folder's disk is full. Free some space, then try again."
_SERVER_FULL = "The database server's disk is full. Free some space there, then try again."
BUSY = "The database is busy. Try again in a moment."
UNREACHABLE = "The database cannot be reached. Check that it is running and that DATABASE_URL is right."
LOST = "The connection to the database was lost. Try again in a moment."
NEWER = (
    "The database was made by a newer version of Broadsheet, or before its first release. Install that "
    "version, restore a backup from before the upgrade, or use another data folder (BROADSHEET_DATA) or "
    "database (DATABASE_URL)."
)
_RESTORE = "Stop whatever uses it, delete {file}-wal and {file}-shm if they exist, and restore a backup."
"""SQLite would apply the two leftover files to the backup and so damage it too
(https://sqlite.org/howtocorrupt.html)."""
FOREIGN = (
    f"The data folder's {SQLITE_FILE} belongs to another program. Move it away, or use another folder "
    "(BROADSHEET_DATA)."
)

_PASSING: dict[str, str] = {
    # SQLite, primary result codes: https://sqlite.org/rescode.html
    "SQLITE_FULL": _FULL,
    "SQLITE_BUSY": BUSY,
    "SQLITE_LOCKED": BUSY,
    "SQLITE_IOERR": "The data folder's disk could not be read or written: it may be full or broken.",
    # PostgreSQL, codes and classes: https://www.postgresql.org/docs/current/errcodes-appendix.html
    "53100": _SERVER_FULL,
    "53": "The database server is short of memory or connections. Try again in a moment.",
    "40": BUSY,
    "55": BUSY,
    "57": LOST,
    "25P03": LOST,
    "08": LOST,
}
_LASTING: dict[str, str] = {
    "SQLITE_CANTOPEN": "The data folder's {file} cannot be opened. Check that you can write there.",
    "SQLITE_READONLY": "The data folder's {file} is read-only. Check that you can write there.",
    "SQLITE_NOTADB": f"The data folder's {{file}} is not a SQLite file. {_RESTORE}",
    "SQLITE_CORRUPT": f"The data folder's {{file}} is damaged. {_RESTORE}",
    "08001": "DATABASE_URL has an option after the “?” that PostgreSQL does not know, or a value it does not "
    "accept. Correct it or leave it out.",
    "28000": "The database server does not allow connections from this machine. Allow it in pg_hba.conf "
    "there or, if encryption is required, add ?sslmode=require to DATABASE_URL.",
    "28": "The database refuses the user or the password in DATABASE_URL.",
    "3D000": "The database named in DATABASE_URL does not exist on its server. Create it first.",
    "25006": "The database is read-only. Point DATABASE_URL at the primary server.",
    "42501": "The database user in DATABASE_URL lacks permissions. Make it the owner of the database.",
}

# libpq says only in words why a connection was refused (in English unless the server is set otherwise).
_REFUSALS = {
    "invalid connection option": "08001",
    "connection is bad: invalid": "08001",
    "no pg_hba.conf entry": "28000",
    "authentication failed": "28",
    'role "': "28",
    "does not exist": "3D000",
    "too many clients": "53",
}


def refusal_code(message: str) -> str | None:
    """The SQLSTATE that a refused connection's message stands for, if it is known."""
    return next((code for words, code in _REFUSALS.items() if words in message), None)


def failure_for(code: str, *, file: str = SQLITE_FILE) -> StorageFailure | None:
    """The failure that an SQLite result code or PostgreSQL SQLSTATE stands for; None for a bug of ours.

    `file` is the name of the SQLite file in the data folder, for the message.
    """
    for known in _prefixes(code):
        if known in _PASSING:
            return StorageFailure(_PASSING[known])
        if known in _LASTING:
            return StorageFailure(_LASTING[known].format(file=file), retryable=False)
    return None


def _prefixes(code: str) -> tuple[str, ...]:
    """The code itself, then its family: `SQLITE_IOERR_WRITE` -> `SQLITE_IOERR`, `28P01` -> `28`."""
    if code.startswith("SQLITE_"):
        return code, "_".join(code.split("_")[:2])
    return code, code[:2]
