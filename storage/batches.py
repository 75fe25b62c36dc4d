"""Lists cut to what one statement may hold: SQLite takes 32,766 parameters."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

ItemT = TypeVar("ItemT")

BATCH_SIZE = 500


def batched(items: Sequence[ItemT]) -> Iterator[Sequence[ItemT]]:
    """The items in order, at most 500 at a time."""
    for start in range(0, len(items), BATCH_SIZE):
        yield items[start : start + BATCH_SIZE]
