"""Shows other processes that the bot is alive: a file that is touched while its event loop runs."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.background import in_background
from bot.clock import Clock
from bot.errors import ServiceError

log = logging.getLogger(__name__)

BEAT_SECONDS = 10.0
SILENT_SECONDS = 60.0
"""After this long without a heartbeat the bot counts as dead: its event loop is stuck, or it was killed."""


@asynccontextmanager
async def heartbeat(folder: Path, *, process_name: str) -> AsyncIterator[None]:
    """Touch the file every ten seconds meanwhile; a clean stop removes it."""
    file = _file(folder, process_name)
    try:
        async with in_background(_beat(file)):
            yield
    finally:
        file.unlink(missing_ok=True)


async def _beat(file: Path) -> None:
    while True:
        _touch(file)
        await asyncio.sleep(BEAT_SECONDS)


def _touch(file: Path) -> None:
    try:
        file.touch()
    except OSError as error:  # a bot whose disk is full can still answer
        log.warning("the heartbeat file could not be touched: %s", error.strerror)


def heartbeat_age_seconds(folder: Path, *, process_name: str, clock: Clock) -> float:
    """How long ago the last heartbeat of the bot on this data folder was.

    Raises:
        ServiceError: it is not running, or is stuck.
    """
    try:
        changed = _file(folder, process_name).stat().st_mtime
    except FileNotFoundError:
        raise ServiceError("The bot is not running on this data folder.") from None
    except OSError as error:
        raise ServiceError(
            f"The data folder cannot be looked into ({error.strerror}): ask as the user that the bot runs as."
        ) from None
    silent_seconds = (clock.now() - datetime.fromtimestamp(changed, UTC)).total_seconds()
    if silent_seconds > SILENT_SECONDS:
        raise ServiceError(f"The bot's last heartbeat was {silent_seconds:.0f} s ago. Restart it.")
    return max(0.0, silent_seconds)


def _file(folder: Path, process_name: str) -> Path:
    return folder / f"{process_name}.alive"
