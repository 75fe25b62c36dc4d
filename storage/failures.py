"""What can go wrong with a database, in words for a user: without passwords, paths or SQL."""


class StorageFailure(Exception):  # noqa: N818 - the bot's StorageError is made of it
    """The database or the data folder failed.

    `str(failure)` is fit for a user; `retryable` says whether a later try may do better.
    """

    def __init__(self, message: str, *, retryable: bool = True) -> None:
        super().__init__(message)
        self.retryable = retryable


SQLITE_FILE = "broadsheet.sqlite"
"""The records in the data folder, where no PostgreSQL has them."""

_FULL = "The disk of the data folder is full. Free some space, then try again."
_SERVER_FULL = "The disk of the database server is full. Free some space there, then try again."
BUSY = "The database is busy with something else. Try again in a moment."
UNREACHABLE = "The database cannot be reached. Check that it is running and that DATABASE_URL is right."
LOST = "The connection to the database was lost. Try again in a moment."
NEWER = (
    "The database was made by a newer Broadsheet. Install that version, put a backup of before in its place, "
    "or use another data folder (BROADSHEET_DATA) or database (DATABASE_URL)."
)
_RESTORE = (
    "Stop what uses it, delete {file}-wal and {file}-shm if they are there, and put a backup in its place."
)
"""SQLite would write what stands in the two files of before into the backup, and so damage that, too
(https://sqlite.org/howtocorrupt.html)."""
FOREIGN = (
    f"The data folder's {SQLITE_FILE} is another program's. Move it away, or use another folder "
    "(BROADSHEET_DATA)."
)

_PASSING: dict[str, str] = {
    # SQLite, primary result codes: https://sqlite.org/rescode.html
    "SQLITE_FULL": _FULL,
    "SQLITE_BUSY": BUSY,
    "SQLITE_LOCKED": BUSY,
    "SQLITE_IOERR": "The disk of the data folder failed to read or write: it may be full or broken.",
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
    "SQLITE_CANTOPEN": "The data folder's {file} cannot be opened. Check that you may write there.",
    "SQLITE_READONLY": "The data folder's {file} may only be read. Check that you may write there.",
    "SQLITE_NOTADB": f"The data folder's {{file}} is not a SQLite file. {_RESTORE}",
    "SQLITE_CORRUPT": f"The data folder's {{file}} is damaged. {_RESTORE}",
    "08001": "DATABASE_URL has an option behind the “?” that PostgreSQL does not know, or does not take so: "
    "correct it, or leave it out.",
    "28000": "The database server lets nobody in from here (its pg_hba.conf). Allow this machine there, or, "
    "where it asks for encryption, add ?sslmode=require to DATABASE_URL.",
    "28": "The database refuses the user or the password of DATABASE_URL.",
    "3D000": "The database named in DATABASE_URL does not exist on its server. Create it first.",
    "25006": "The database may only be read. Point DATABASE_URL at the primary server.",
    "42501": "The database user of DATABASE_URL lacks permissions. Make it the owner of the database.",
}


# libpq tells why a connection was refused in words only (English unless the server is set otherwise).
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
    """The SQLSTATE that a refused connection's message stands for, where it is known."""
    return next((code for words, code in _REFUSALS.items() if words in message), None)


def failure_for(code: str, *, file: str = SQLITE_FILE) -> StorageFailure | None:
    """The failure that a result code of SQLite or an SQLSTATE of PostgreSQL stands for, where it is one.

    `file` is the one in the data folder, where it is SQLite's.
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
