"""Slots for work: a few at a time, first come, first served, and none is held while its owner only waits."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self


class Slot:
    """One of the slots, held during its block except while it is given back."""

    def __init__(self, slots: asyncio.Semaphore) -> None:
        self._slots = slots
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
        await self._slots.acquire()
        self._is_held = True

    def _give(self) -> None:
        if self._is_held:
            self._is_held = False
            self._slots.release()
