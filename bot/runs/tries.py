"""How a run retries a step: after pauses, during which it gives its slot to others."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import nullcontext
from itertools import count
from typing import TypeVar

from bot.runs.slots import Slot
from storage.failures import StorageFailure

log = logging.getLogger(__name__)

Result = TypeVar("Result")

_ENDLESS = "the loop ends by returning or raising"


class Tries:
    """Retries with the given pauses."""

    def __init__(self, pauses_seconds: Sequence[float], *, sleep: Callable[[float], Awaitable[None]]) -> None:
        """Prepare.

        Args:
            pauses_seconds: Before the second try, the third, and so on; the last one repeats.
            sleep: Waits so many seconds; after a restart of the process, for what was left of them.
        """
        self.pauses_seconds = pauses_seconds
        self._sleep = sleep

    async def pause(self, earlier: int, slot: Slot | None) -> None:
        """Wait after so many earlier tries, giving the slot to others meanwhile."""
        seconds = self.pauses_seconds[min(earlier, len(self.pauses_seconds) - 1)]
        async with slot.given_back() if slot is not None else nullcontext():
            await self._sleep(seconds)

    async def until(
        self, is_done: Callable[[], Awaitable[bool]], slot: Slot, *, most: int | None = None
    ) -> bool:
        """Repeat a step until it says it is done, at most `most` times (without limit if None).

        Returns whether it is done.
        """
        for tried in count():
            if await is_done():
                return True
            if tried + 1 == most:
                return False
            await self.pause(tried, slot)
        raise AssertionError(_ENDLESS)

    async def repeated(
        self, step: Callable[[], Awaitable[Result]], slot: Slot | None = None, *, most: int | None
    ) -> Result:
        """A step's result, retried while the database fails temporarily.

        Args:
            step: What to try.
            slot: Given to others during pauses.
            most: Tries at most; None for no limit.

        Raises:
            StorageFailure: it failed every time, or permanently.
        """
        for tried in count():
            try:
                return await step()
            except StorageFailure as failure:
                if not failure.retryable or tried + 1 == most:
                    raise
                log.warning("the database failed, retrying: %s", failure)
            await self.pause(tried, slot)
        raise AssertionError(_ENDLESS)
