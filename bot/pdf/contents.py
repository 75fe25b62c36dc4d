"""Finds tables of contents, whose entries look like the headings that they list (pure)."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from bot.pdf.candidates import Candidate

_MAX_DISTANCE = 4
"""Paragraphs from one entry to the next; those between are lists of subsections, run together."""
_MIN_ENTRIES = 3


def tables_of_contents(entries: Sequence[Candidate]) -> Iterator[range]:
    """Where tables of contents stand, as ranges of positions; `entries` are in order.

    At least three entries, close together, must come again later with the same number and title but no page.
    """
    repeated = [entry.position for entry in _repeated(entries)]
    first = 0
    for index, (one, two) in enumerate(pairwise((*repeated, float("inf"))), 1):
        if two - one > _MAX_DISTANCE:
            if index - first >= _MIN_ENTRIES:
                yield range(repeated[first], repeated[index - 1] + 1)
            first = index


def _repeated(entries: Sequence[Candidate]) -> list[Candidate]:
    """The entries whose number and title come again later: `2 Data . . . 4` before `2 Data`."""
    later: set[tuple[str, str]] = set()
    found = []
    for entry in reversed(entries):
        words = _letters(entry.title)
        if any((entry.number, title) in later for title in _titles(words, entry.number)):
            found.append(entry)
        later.add((entry.number, words))
    return found[::-1]


def _titles(words: str, number: str) -> Iterator[str]:
    """Possible titles: what stands before any page number, as further entries may be run together after it.

    Without a page, only what has a number is a title: table cells come again, too.
    """
    if number:
        yield words
    for place in range(1, len(words)):
        if words[place].isdigit() and not words[place - 1].isdigit():
            yield words[:place]


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
