"""`broadsheet site build`: the public pages as a folder of files for any web server."""

from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from rich.console import Console

from bot.app import open_services, site_builder
from bot.clock import Clock
from bot.command_line.watched import Watched
from bot.errors import InputError
from bot.locations import data_folder, site_url
from bot.logs import to_data_folder
from bot.settings import Settings, SiteUrl


async def build_site(
    settings: Settings, *, folder: Path, url: str | None, console: Console, clock: Clock
) -> None:
    """Write what is public to the folder, and print how many files that made.

    Raises:
        InputError: the folder or the address cannot be used.
        ServiceError: the disk is full or fails.
        StorageFailure: the database failed.
    """
    to_data_folder(settings.log_level, data_folder(settings))
    address = _checked(url) if url else site_url(settings)
    async with open_services(settings, clock=clock, opens_index=False) as services:
        builder = site_builder(settings, services.database, folder=folder, url=address)
        with Watched(console) as progress:
            built = await builder.build(progress)
    console.print(
        f"{folder}: {built.files:,} files, {built.written:,} written, {built.removed:,} removed.",
        markup=False,
        highlight=False,
    )
    if not built.publications:
        console.print("Nothing is public yet. Publish a server's digests with `/digest publish` there.")
    elif address is None:
        console.print("No feeds were written: they need --url or BROADSHEET_SITE_URL.", highlight=False)


def _checked(url: str) -> str:
    try:
        return str(TypeAdapter(SiteUrl).validate_python(url))
    except ValidationError:
        raise InputError(f"“{url}” is not an address such as https://papers.example.org/.") from None
