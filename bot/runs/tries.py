"""How a run tries a step again: after pauses, in which others have its turn."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import nullcontext
from itertools import count
from typing import TypeVar

from bot.turns import Turn
from storage.failures import StorageFailure

log = logging.getLogger(__name__)

Result = TypeVar("Result")


class Tries:
    """The pauses of runs, and what is tried between them."""

    def __init__(self, pauses_seconds: Sequence[float], *, sleep: Callable[[float], Awaitable[None]]) -> None:
        """Nothing is tried yet.

        Args:
            pauses_seconds: Before the second try, the third, and so on; the last one repeats.
            sleep: Waits so many seconds, and after a restart of the process for what was left of them.
        """
        self.pauses_seconds = pauses_seconds
        self._sleep = sleep

    async def pause(self, earlier: int, turn: Turn | None) -> None:
        """Wait after so many earlier tries, and let others have the turn meanwhile."""
        seconds = self.pauses_seconds[min(earlier, len(self.pauses_seconds) - 1)]
        async with turn.given_back() if turn is not None else nullcontext():
            await self._sleep(seconds)

    async def until(
        self, is_done: Callable[[], Awaitable[bool]], turn: Turn, *, most: int | None = None
    ) -> None:
        """Take a step until it says that it is done: so often, or without end."""
        for tried in count():
            if await is_done() or tried + 1 == most:
                return
            await self.pause(tried, turn)

    async def repeated(
        self, step: Callable[[], Awaitable[Result]], turn: Turn | None = None, *, most: int | None
    ) -> Result:
        """What a step gives; it is tried so often, or without end, while the database fails for the moment.

        Raises:
            StorageFailure: it failed each time, or for good.
        """
        for tried in count():
            try:
                return await step()
            except StorageFailure as failure:
                if not failure.retryable or tried + 1 == most:
                    raise
                log.warning("the database failed, it is tried again: %s", failure)
            await self.pause(tried, turn)
        raise AssertionError("it is tried until it returns or raises")
