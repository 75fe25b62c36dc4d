"""A world in which the sample week's digest is due."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from storage.model import ThreadPolicy
from tests.end_to_end.world import FRIDAY_NINE, World, world
from tests.faults.kills import HIGHLIGHTS

JUST_DUE = FRIDAY_NINE + timedelta(minutes=1)


@asynccontextmanager
async def due(
    folder: Path, database_url: str | None = None, *, now: datetime = JUST_DUE
) -> AsyncIterator[World]:
    """It is due, with a thread for each highlight, and the bot was not started yet."""
    async with world(folder, database_url, now=now) as around:
        around.settings["OPENAI_BASE_URL"] = around.model.base_url
        await around.subscribe(highlights=HIGHLIGHTS, threads=ThreadPolicy.EACH)
        yield around
