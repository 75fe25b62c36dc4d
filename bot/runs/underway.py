"""The tasks of runs that must end when the process does."""

import asyncio
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any


class Underway:
    """Knows what runs, and cancels it at the stop."""

    def __init__(self) -> None:
        self._running: dict[asyncio.Task[Any], str | None] = {}
        self._stopping = False

    @property
    def names(self) -> set[str]:
        """Of what runs."""
        return {name for name in self._running.values() if name is not None}

    async def stop(self) -> None:
        """Cancel all that runs and wait for its end; nothing new begins any more."""
        self._stopping = True
        await _end(list(self._running))

    async def end(self, names: Collection[str]) -> None:
        """Cancel what runs under these names and wait for its end; all else goes on."""
        await _end([task for task, name in self._running.items() if name in names])

    @contextmanager
    def cancelled_on_stop(self, name: str | None) -> Iterator[None]:
        """The present task, for as long as it is inside, known by a name."""
        task = asyncio.current_task()
        if task is None or self._stopping:
            raise asyncio.CancelledError
        self._running[task] = name
        try:
            yield
        finally:
            self._running.pop(task, None)


async def _end(running: Collection[asyncio.Task[Any]]) -> None:
    for task in running:
        task.cancel()
    # The engine may run one on a loop of its own, which nobody here can wait for.
    here = asyncio.get_running_loop()
    ours = [task for task in running if task.get_loop() is here]
    await asyncio.gather(*ours, return_exceptions=True)
