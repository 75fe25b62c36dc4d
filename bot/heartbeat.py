"""Shows other processes that the bot is alive: a file that is touched while its event loop runs."""

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
"""After this long without a heartbeat the bot counts as dead: its event loop is stuck, or it was killed."""


class Heartbeat:
    """Touches the file every ten seconds while entered; a clean stop removes it."""

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
                log.warning("the heartbeat file could not be touched: %s", error.strerror)
            await asyncio.sleep(BEAT_SECONDS)


def heartbeat_age_seconds(folder: Path, *, process_name: str, clock: Clock) -> float:
    """How long ago the last heartbeat of the bot on this data folder was.

    Raises:
        ServiceError: it is not running, or is stuck.
    """
    try:
        changed = _file(folder, process_name).stat().st_mtime
    except OSError:
        raise ServiceError("The bot is not running on this data folder.") from None
    silent_seconds = (clock.now() - datetime.fromtimestamp(changed, UTC)).total_seconds()
    if silent_seconds > SILENT_SECONDS:
        raise ServiceError(f"The bot's last heartbeat was {silent_seconds:.0f} s ago. Restart it.")
    return max(0.0, silent_seconds)


def _file(folder: Path, process_name: str) -> Path:
    return folder / f"{process_name}.alive"
