"""Logging set-up, and incidents: an unexpected error is logged once, under an id that the user sees."""

import logging
import re
import secrets
import sys
from pathlib import Path
from typing import Any

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_OURS = ("bot", "cogs", "storage")
_USER_IN_ADDRESS = re.compile(r"(?<=://)[^/?#\s]*@")
"""A user name and a password in an address, such as a proxy's."""


def without_passwords(text: str) -> str:
    """The text with the names and passwords in its addresses hidden."""
    return _USER_IN_ADDRESS.sub("(hidden)@", text)


def to_terminal(level: str) -> None:
    """Log to standard error; libraries only from WARNING."""
    _begin(level, stream=sys.stderr)


def to_file(level: str, path: Path) -> None:
    """Log to a file, so that the terminal shows only what was asked for."""
    path.parent.mkdir(parents=True, exist_ok=True)
    logging.raiseExceptions = False  # a line that a full disk refuses must not become a traceback on screen
    _begin(level, filename=path)


def to_data_folder(level: str, folder: Path) -> None:
    """Log to `broadsheet.log` in that folder; if it cannot be written to, say so and keep no log."""
    path = folder / "broadsheet.log"
    try:
        to_file(level, path)
    except OSError as error:
        sys.stderr.write(f"broadsheet: No log is kept, as {path} cannot be written to: {error.strerror}.\n")
        logging.basicConfig(handlers=[logging.NullHandler()], force=True)


class _WithoutPasswords(logging.Formatter):
    """aiohttp's errors contain a proxy's address with its password."""

    def format(self, record: logging.LogRecord) -> str:
        return without_passwords(super().format(record))


def _begin(level: str, **where: Any) -> None:  # noqa: ANN401 - as `basicConfig` takes it
    # Below WARNING libraries log what people ask, tokens and the parameters of SQL.
    logging.basicConfig(level="ERROR" if level == "ERROR" else "WARNING", force=True, **where)
    for ours in _OURS:
        logging.getLogger(ours).setLevel(level)
    for handler in logging.getLogger().handlers:
        handler.setFormatter(_WithoutPasswords(_FORMAT))


def incident(log: logging.Logger, message: str, error: BaseException) -> str:
    """Log an unexpected error with its traceback; returns what to tell the user, with the incident's id."""
    number = secrets.token_hex(4)
    log.error("incident %s: %s", number, message, exc_info=error)
    return f"Something unexpected went wrong (incident {number}). The log has the details."
