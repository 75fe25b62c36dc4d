"""The addresses of databases (pure: SQLAlchemy, which reads them, takes long to import)."""

from pathlib import Path


def sqlite_url(file: Path) -> str:
    """The address of a SQLite file, with the signs of its path that mean something in a URL escaped."""
    return f"sqlite:///{str(file).replace('%', '%25').replace('?', '%3F')}"
