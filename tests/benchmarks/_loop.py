"""How late the event loop is."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

_TICK_SECONDS = 0.005


@dataclass
class LoopWatch:
    """Measures how late a 5 ms timer fires: how long a click on a button would wait."""

    note: Callable[[float], None] = lambda _: None
    """Called with every delay in seconds."""
    worst_seconds: float = 0.0
    _task: asyncio.Task[None] | None = field(default=None, repr=False)

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._watch())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._task is not None
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _watch(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(_TICK_SECONDS)
            delay = time.perf_counter() - before - _TICK_SECONDS
            self.worst_seconds = max(self.worst_seconds, delay)
            self.note(delay)
