"""Turns at work: a few at a time, first come, first served, and none is held while its owner only waits."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Self, TypeAlias

from bot.progress import Progress

Queue: TypeAlias = Callable[[Progress], AbstractAsyncContextManager[None]]
"""Waits in a queue for a turn and holds it while the context lasts; the progress is told the place in the
queue while others come first."""


def no_queue(_progress: Progress) -> AbstractAsyncContextManager[None]:
    """No queue: for callers who need not wait."""
    return nullcontext()


class Turn:
    """One of the places, held during its block except while it is given back."""

    def __init__(self, places: asyncio.Semaphore) -> None:
        self._places = places
        self._is_held = False

    async def __aenter__(self) -> Self:
        await self._take()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._give()

    @asynccontextmanager
    async def given_back(self) -> AsyncIterator[None]:
        """Let others work during this block, and queue up behind them after it, unless it fails."""
        self._give()
        yield
        await self._take()

    async def _take(self) -> None:
        await self._places.acquire()
        self._is_held = True

    def _give(self) -> None:
        if self._is_held:
            self._is_held = False
            self._places.release()
