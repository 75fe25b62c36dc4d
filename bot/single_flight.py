"""Several requests for the same thing at the same time are one piece of work."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Outcome = TypeVar("Outcome")


class SingleFlight(Generic[Outcome]):
    """Shares the result (or the error) of work under way among all who ask for it in the meantime."""

    def __init__(self) -> None:
        self._running: dict[str, asyncio.Task[Outcome]] = {}
        self._waiting: dict[str, int] = {}

    async def run(self, key: str, work: Callable[[], Awaitable[Outcome]]) -> Outcome:
        """Join the work under way for `key`, or start it.

        A cancelled caller leaves the others undisturbed. The last one to be cancelled cancels the work and
        waits for its end, so whoever closes what the work uses only has to wait for callers.
        """
        task = self._running.get(key)
        if task is None:
            task = self._running[key] = asyncio.ensure_future(_awaited(work))
        self._waiting[key] = self._waiting.get(key, 0) + 1
        try:
            await asyncio.wait({task})  # a caller that is cancelled here leaves it running
            return task.result()
        finally:
            self._waiting[key] -= 1
            if not self._waiting[key]:
                del self._waiting[key], self._running[key]
                if not task.done():
                    task.cancel()
                    await asyncio.wait({task})
                if not task.cancelled():
                    task.exception()  # retrieved, or asyncio warns that it never was


async def _awaited(work: Callable[[], Awaitable[Outcome]]) -> Outcome:
    return await work()
