"""Where everything is kept: the data folder, or the servers that the settings name."""

import os
from ipaddress import ip_address
from pathlib import Path

from bot.errors import SettingsError
from bot.settings import Settings
from storage.failures import SQLITE_FILE
from storage.lock import PRIVATE

RUNS_FILE = "runs.sqlite"


def database_url(settings: Settings) -> str:
    """Where the records are: PostgreSQL where it is set, else SQLite in the data folder."""
    if settings.database_url is not None:
        return settings.database_url.get_secret_value()
    return f"sqlite:///{data_folder(settings) / SQLITE_FILE}"


def engine_url(settings: Settings) -> str:
    """Where the durable runs are: the same server, or a SQLite file of their own."""
    if settings.database_url is not None:
        return settings.database_url.get_secret_value()
    return f"sqlite:///{data_folder(settings) / RUNS_FILE}"


def data_folder(settings: Settings) -> Path:
    """The data folder, made if need be; then nobody else on the machine may look into it.

    Raises:
        SettingsError: it cannot be made or written to.
    """
    folder = named_data_folder(settings)
    try:
        folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"BROADSHEET_DATA: the folder {folder} cannot be made: {error.strerror}."
        ) from None
    if not os.access(folder, os.W_OK):
        raise SettingsError(f"BROADSHEET_DATA: the folder {folder} cannot be written to.")
    return folder


def named_data_folder(settings: Settings) -> Path:
    """The data folder, be it there or not.

    Raises:
        SettingsError: it is in the home of a user who has none.
    """
    try:
        return settings.data_folder.expanduser()
    except RuntimeError:
        raise SettingsError(
            f"BROADSHEET_DATA: the folder {settings.data_folder} is in a home folder that this system does "
            "not know. Name one without “~”."
        ) from None


def audio_folder(settings: Settings) -> Path:
    """Where the recordings of digests lie."""
    return data_folder(settings) / "audio"


def index_location(settings: Settings, *, owns_folder: bool) -> Path | str | None:
    """Where Chroma is; None where this process has none and searches in SQL."""
    if settings.chroma_url is not None:
        return settings.chroma_url.get_secret_value()
    return data_folder(settings) / "index" if owns_folder else None


def site_url(settings: Settings) -> str | None:
    """The public pages' address, ending in `/`; None where nobody said it and none can be told from here.

    Loopback is none: behind it is a proxy with another name, and nobody else would get there.
    """
    if settings.site_url is not None:
        return f"{str(settings.site_url).rstrip('/')}/"
    if not settings.site or _leads_nowhere(settings.site_host):
        return None
    host = f"[{settings.site_host}]" if ":" in settings.site_host else settings.site_host
    return f"http://{host}:{settings.site_port}/"


def _leads_nowhere(host: str) -> bool:
    """Whether an address to listen on is none to go to from elsewhere."""
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost"
    return address.is_loopback or address.is_unspecified
