"""Finds lists of references that have no heading, as physics journals set them (pure)."""

import re
from collections.abc import Iterator, Sequence

_ENTRY = re.compile(r"\[(\d{1,3})\] ?\S")
_FEWEST = 5
_MAX_GAP = 4
"""Entries that may be missing between two: those of one line, or run together."""
_MAX_BETWEEN = 3
"""Paragraphs between two entries, such as a footnote or what a page begins with."""


def bibliographies(texts: Sequence[str]) -> Iterator[range]:
    """Where paragraphs begin with [1], [2], [3] and so on, as ranges of positions."""
    begin, latest, last, count = 0, 0, 0, 0
    for position, text in enumerate((*texts, "[1] end")):
        entry = _ENTRY.match(text)
        if entry is None:
            continue
        number = int(entry[1])
        if count and 1 <= number - latest <= _MAX_GAP and position - last <= _MAX_BETWEEN:
            latest, last, count = number, position, count + 1
        elif number == 1:
            if count >= _FEWEST:
                yield range(begin, last + 1)
            begin, latest, last, count = position, 1, position, 1
