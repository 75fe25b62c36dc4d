"""A process's life: it lasts until a signal asks it to stop, or until something vital ends."""

import asyncio
import contextlib
import os
import signal
import threading
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager

from bot.background import in_background

STOP_SECONDS = 10.0
"""A stop that takes longer is cut short: Docker kills after ten seconds, and a kill loses nothing."""


class Lifetime:
    """Tells when it is over; made on the event loop that handles the signals."""

    def __init__(self) -> None:
        self._stop = asyncio.Event()
        self._vital: list[asyncio.Task[None]] = []
        for number in (signal.SIGTERM, signal.SIGINT):
            with contextlib.suppress(NotImplementedError):  # Windows
                asyncio.get_running_loop().add_signal_handler(number, self._leave)

    def _leave(self) -> None:
        # The countdown starts with the first signal, whatever the process is doing, even starting up.
        if not self._stop.is_set():
            self._stop.set()
            _leave_within(STOP_SECONDS)

    @asynccontextmanager
    async def depending_on(self, work: Coroutine[None, None, None]) -> AsyncIterator[None]:
        """Run `work` in the meantime; if it ends, this life ends. It is cancelled on leaving."""
        async with in_background(work) as task:
            self._vital.append(task)
            yield

    async def reaches(self, awaited: Coroutine[None, None, object]) -> bool:
        """Whether `awaited` is done before the end."""
        first, stopping = asyncio.create_task(awaited), asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait({first, stopping, *self._vital}, return_when=asyncio.FIRST_COMPLETED)
            return first.done() and not self._stop.is_set()
        finally:
            first.cancel()
            stopping.cancel()

    async def lasts(self) -> None:
        """Wait for the end.

        Raises:
            Exception: what ended it, if that was not a signal.
        """
        await self.reaches(asyncio.Event().wait())
        if self._stop.is_set():
            return
        for task in self._vital:
            if task.done():
                task.result()


def _leave_within(seconds: float) -> None:
    # A thread in the middle of a long computation cannot be told to stop.
    timer = threading.Timer(seconds, os._exit, args=[0])
    timer.daemon = True
    timer.start()
