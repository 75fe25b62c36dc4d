"""Where everything is kept: the data folder, or the servers that the settings name."""

import os
from ipaddress import ip_address
from pathlib import Path

from bot.errors import SettingsError
from bot.settings import Settings
from storage.addresses import sqlite_url
from storage.failures import SQLITE_FILE

RUNS_FILE = "runs.sqlite"
_PRIVATE = 0o700
"""Mode of the data folder: it holds people's questions and votes, and on many machines other users can read
home folders."""


def database_url(settings: Settings) -> str:
    """Where the records are: in PostgreSQL if it is set, otherwise in SQLite in the data folder."""
    if settings.database_url is not None:
        return settings.database_url.get_secret_value()
    return sqlite_url(data_folder(settings) / SQLITE_FILE)


def engine_url(settings: Settings) -> str:
    """Where the durable runs are: the same server, or a SQLite file of their own."""
    if settings.database_url is not None:
        return settings.database_url.get_secret_value()
    return sqlite_url(data_folder(settings) / RUNS_FILE)


def data_folder(settings: Settings) -> Path:
    """The data folder; if it has to be created, only for this user.

    Raises:
        SettingsError: it is no folder, or cannot be created or written to.
    """
    folder = named_data_folder(settings)
    try:
        folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
    except FileExistsError:
        what = "a file" if folder.exists() else "a link that leads nowhere"
        raise SettingsError(f"BROADSHEET_DATA: {folder} is {what}. Name a folder.") from None
    except OSError as error:
        raise SettingsError(
            f"BROADSHEET_DATA: the folder {folder} cannot be created: {error.strerror}."
        ) from None
    if not os.access(folder, os.W_OK):
        raise SettingsError(f"BROADSHEET_DATA: the folder {folder} cannot be written to.")
    return folder


def named_data_folder(settings: Settings) -> Path:
    """The data folder, whether it exists or not.

    Raises:
        SettingsError: it is in the home of a user who has none.
    """
    try:
        return settings.data_folder.expanduser()
    except RuntimeError:
        raise SettingsError(
            f"BROADSHEET_DATA: the folder {settings.data_folder} is in a home folder that does not exist on "
            "this system. Use a path without “~”."
        ) from None


def audio_folder(settings: Settings) -> Path:
    """Where the recordings of digests are."""
    return data_folder(settings) / "audio"


def index_location(settings: Settings, *, owns_folder: bool) -> Path | str | None:
    """Where Chroma is; None if this process has none and searches in SQL."""
    if settings.chroma_url is not None:
        return settings.chroma_url.get_secret_value()
    return data_folder(settings) / "index" if owns_folder else None


def site_url(settings: Settings) -> str | None:
    """The public pages' address, ending in `/`; None if it is not set and cannot be inferred.

    It is not inferred from loopback: nobody else would get there, and the proxy in front has another name.
    """
    if settings.site_url is not None:
        return f"{str(settings.site_url).rstrip('/')}/"
    if not settings.site or _leads_nowhere(settings.site_host):
        return None
    host = f"[{settings.site_host}]" if ":" in settings.site_host else settings.site_host
    return f"http://{host}:{settings.site_port}/"


def _leads_nowhere(host: str) -> bool:
    """Whether an address to listen on cannot be reached from elsewhere."""
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost"
    return address.is_loopback or address.is_unspecified
