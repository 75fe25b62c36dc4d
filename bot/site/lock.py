"""A lock, so that processes that share a folder build into it one at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import BinaryIO

from bot.errors import InputError, ServiceError
from storage.lock import try_lock

LOCK = ".broadsheet.lock"
"""Locked by the process that builds; the file is empty and stays."""
WAIT_SECONDS = 120.0
"""Thousands of pages take a few seconds to write; longer than this means a disk that hangs."""
_POLL_SECONDS = 0.1


@asynccontextmanager
async def sole_builder(folder: Path, *, wait_seconds: float = WAIT_SECONDS) -> AsyncIterator[None]:
    """Hold the folder's lock; the folder is created if it is missing.

    The operating system releases the lock when the process ends, even in a crash.

    Raises:
        InputError: the folder cannot be created or written to.
        ServiceError: another build did not finish within `wait_seconds`.
    """
    try:
        file = await asyncio.to_thread(_opened, folder / LOCK)
    except OSError as error:
        raise _unusable(folder, error) from None
    with file:
        try:
            async with asyncio.timeout(wait_seconds):
                while not try_lock(file):  # noqa: ASYNC110 - another process sets no event
                    await asyncio.sleep(_POLL_SECONDS)
        except TimeoutError:
            raise ServiceError(
                f"The site in {folder} is being built by another process. Try again later."
            ) from None
        except OSError as error:
            raise _unusable(folder, error) from None
        yield


def _opened(path: Path) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("ab")


def _unusable(folder: Path, error: OSError) -> InputError:
    return InputError(f"The folder {folder} cannot be written to: {error.strerror}.")
