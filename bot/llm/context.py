"""Work that depends on how much fits into one call of a model."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.errors import SmallerContextError

T = TypeVar("T")


async def in_context(work: Callable[[], Awaitable[T]]) -> T:
    """Do work that asks for `context_tokens` first; once more if the server says that less fits.

    Raises:
        SmallerContextError: even so it did not fit.
    """
    try:
        return await work()
    except SmallerContextError:
        return await work()
