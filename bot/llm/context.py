"""How much fits into one call of a model, and work that depends on it."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.errors import SmallerContextError

T = TypeVar("T")


def reply_limit(most: int, context_tokens: int, *, share: int = 4) -> int:
    """How many tokens a reply may have: `most`, or one part in `share` of a small context."""
    return min(most, context_tokens // share)


async def in_context(work: Callable[[], Awaitable[T]]) -> T:
    """Do work that asks for `context_tokens` first; once more if the server says that less fits.

    Raises:
        SmallerContextError: even so it did not fit.
    """
    try:
        return await work()
    except SmallerContextError:
        return await work()
