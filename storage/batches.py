"""Sequences cut into batches."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

ItemT = TypeVar("ItemT")

BATCH_SIZE = 500
"""Items in one statement: SQLite takes 32,766 parameters."""


def batched(items: Sequence[ItemT], size: int | None = None) -> Iterator[Sequence[ItemT]]:
    """The items in order, at most `size` at a time, or else as many as fit into one statement."""
    size = size or BATCH_SIZE
    for start in range(0, len(items), size):
        yield items[start : start + size]
