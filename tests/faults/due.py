"""A world in which the sample week's digest is due."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from storage.model import ThreadPolicy
from tests.end_to_end.bot_process import PACE, SETTLED_SECONDS
from tests.end_to_end.world import FRIDAY_NINE, World, world
from tests.faults.kills import HIGHLIGHTS

JUST_DUE = FRIDAY_NINE + timedelta(minutes=1)


@asynccontextmanager
async def due(
    folder: Path,
    database_url: str | None = None,
    *,
    now: datetime = JUST_DUE,
    highlights: int = HIGHLIGHTS,
) -> AsyncIterator[World]:
    """A world in which it is due, with a thread for each highlight; the bot is not started yet."""
    async with world(folder, database_url, now=now) as around:
        around.settings["OPENAI_BASE_URL"] = around.model.base_url
        await around.subscribe(highlights=highlights, threads=ThreadPolicy.EACH)
        yield around


async def look_several_times() -> None:
    """Wait for several timer ticks of a running bot, in which it could do what it should not."""
    await asyncio.sleep(6 * PACE.tick_seconds)


async def run_for_a_while(around: World) -> None:
    """Run the bot once more, for several timer ticks."""
    await around.start()
    await around.ready()
    await asyncio.sleep(SETTLED_SECONDS)
    await look_several_times()
    assert await around.stop() == 0
