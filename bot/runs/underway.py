"""The tasks of runs, which must end with the process."""

import asyncio
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from bot.background import end


class Underway:
    """Tracks running tasks and cancels them at the stop."""

    def __init__(self) -> None:
        self._running: dict[asyncio.Task[Any], str | None] = {}
        self._stopping = False

    @property
    def names(self) -> set[str]:
        """The names of what is running."""
        return {name for name in self._running.values() if name is not None}

    async def stop(self) -> None:
        """Cancel everything and wait for it to end; nothing new can start."""
        self._stopping = True
        await end(*self._running)

    async def end(self, names: Collection[str]) -> None:
        """Cancel what runs under these names and wait for it to end."""
        await end(*[task for task, name in self._running.items() if name in names])

    @contextmanager
    def cancelled_on_stop(self, name: str | None) -> Iterator[None]:
        """Track the current task under a name while it is inside."""
        task = asyncio.current_task()
        if task is None or self._stopping:
            raise asyncio.CancelledError
        self._running[task] = name
        try:
            yield
        finally:
            self._running.pop(task, None)
