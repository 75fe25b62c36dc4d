"""Finds tables of contents, whose entries look like the headings that they list (pure)."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Protocol

_NEAR = 4
"""Paragraphs from one entry to the next; those in between are lists of subsections, run together."""
_FEWEST = 3


class Entry(Protocol):
    """A paragraph that may be a heading or stand for one."""

    @property
    def position(self) -> int:
        """Of the paragraph in the paper."""
        ...

    @property
    def number(self) -> str:
        """`3.2`, or empty."""
        ...

    @property
    def title(self) -> str:
        """The words behind the number, with what a table of contents sets behind them: dots and a page."""
        ...


def listed(entries: Sequence[Entry]) -> Iterator[range]:
    """Where tables of contents stand, as ranges of positions.

    What is one has three neighbours at least that come again later: each with its number and its title, but
    for the page. `entries` are in order.
    """
    repeated = [entry.position for entry in _repeated(entries)]
    first = 0
    for index, (one, two) in enumerate(pairwise((*repeated, float("inf"))), 1):
        if two - one > _NEAR:
            if index - first >= _FEWEST:
                yield range(repeated[first], repeated[index - 1] + 1)
            first = index


def _repeated(entries: Sequence[Entry]) -> list[Entry]:
    """The entries of which the number and the title come again: `2 Data . . . 4` before `2 Data`."""
    later: set[tuple[str, str]] = set()
    found = []
    for entry in reversed(entries):
        words = _letters(entry.title)
        if any((entry.number, title) in later for title in _titles(words, entry.number)):
            found.append(entry)
        later.add((entry.number, words))
    return found[::-1]


def _titles(words: str, number: str) -> Iterator[str]:
    """What may be the title, before a page: behind that more entries may follow that were run together.

    Without a page the number has to tell: the cells of tables come again, too.
    """
    if number:
        yield words
    for place in range(1, len(words)):
        if words[place].isdigit() and not words[place - 1].isdigit():
            yield words[:place]


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
