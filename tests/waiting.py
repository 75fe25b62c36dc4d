"""Waiting for something that happens elsewhere."""

import asyncio
from collections.abc import Callable

PATIENCE_SECONDS = 30.0


async def until(condition: Callable[[], object]) -> None:
    """Poll until something holds that nothing signals, such as that a file exists."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():  # noqa: ASYNC110 - there is no event to wait for
            await asyncio.sleep(0.01)
