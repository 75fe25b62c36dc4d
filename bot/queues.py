"""Queues that services may wait in before they work."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import TypeAlias

from bot.progress import Progress

Queue: TypeAlias = Callable[[Progress], AbstractAsyncContextManager[None]]
"""Waits in a queue for a turn and holds it while the context lasts; the progress is told the place in the
queue while others come first."""


def no_queue(_progress: Progress) -> AbstractAsyncContextManager[None]:
    """No queue: for callers who need not wait."""
    return nullcontext()
