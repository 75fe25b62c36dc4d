"""Tasks that run beside others, and end with them."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any


@asynccontextmanager
async def in_background(work: Coroutine[None, None, None]) -> AsyncIterator[asyncio.Task[None]]:
    """Run `work` meanwhile; on leaving it is cancelled and has ended."""
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        await end(task)


async def end(*tasks: asyncio.Task[Any]) -> None:
    """Cancel these tasks and wait until they have ended, however they do."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
