"""Shows other processes that the bot is alive: a file whose time is renewed for as long as its loop turns."""

import asyncio
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from bot.clock import Clock
from bot.errors import ServiceError

log = logging.getLogger(__name__)

BEAT_SECONDS = 10.0
SILENT_SECONDS = 60.0
"""After so long without a sign the bot counts as dead: its loop stands still, or it was killed."""


class Heartbeat:
    """Gives a sign of life every ten seconds while entered; a clean end takes the sign away."""

    def __init__(self, folder: Path, *, process_name: str) -> None:
        self._file = _file(folder, process_name)
        self._beating: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._beating = asyncio.create_task(self._beat())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._beating is not None:
            self._beating.cancel()
            await asyncio.gather(self._beating, return_exceptions=True)
        self._file.unlink(missing_ok=True)

    async def _beat(self) -> None:
        while True:
            try:
                self._file.touch()
            except OSError as error:  # a bot whose disk is full can still answer
                log.warning("no sign of life could be given: %s", error.strerror)
            await asyncio.sleep(BEAT_SECONDS)


def last_sign_seconds(folder: Path, *, process_name: str, clock: Clock) -> float:
    """How long ago the bot on this data folder gave its last sign of life.

    Raises:
        ServiceError: it is not running, or stands still.
    """
    try:
        changed = _file(folder, process_name).stat().st_mtime
    except OSError:
        raise ServiceError("The bot is not running on this data folder.") from None
    silent_seconds = (clock.now() - datetime.fromtimestamp(changed, UTC)).total_seconds()
    if silent_seconds > SILENT_SECONDS:
        raise ServiceError(f"The bot gave its last sign of life {silent_seconds:.0f} s ago: start it again.")
    return max(0.0, silent_seconds)


def _file(folder: Path, process_name: str) -> Path:
    return folder / f"{process_name}.alive"
