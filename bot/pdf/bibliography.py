"""Finds lists of references that have no heading, as in physics journals (pure)."""

import re
from collections.abc import Iterator, Sequence

_ENTRY = re.compile(r"\[(\d{1,3})\] ?\S|(\d{1,3})\. ?\S.*\b(?:19|20)\d\d\b")
"""What begins with `1.` may be any list or heading, so it needs a year."""
_MIN_ENTRIES, _MIN_PLAIN_ENTRIES = 5, 10
"""Five things with years may be listed in any section."""
_MAX_STEP = 4
"""From one number to the next: entries may share a line or be run together."""
_MAX_DISTANCE = 3
"""Paragraphs from one entry to the next: a footnote or the top of a page may stand between."""


def bibliographies(texts: Sequence[str]) -> Iterator[range]:
    """Where paragraphs start with [1], [2], [3] or 1., 2., 3. and so on, as ranges of positions."""
    start, latest, last, count, needed = 0, 0, 0, 0, _MIN_ENTRIES
    for position, text in enumerate((*texts, "[1] ends the last list")):
        entry = _ENTRY.match(text)
        if entry is None:
            continue
        number = int(entry[1] or entry[2])
        if count and 1 <= number - latest <= _MAX_STEP and position - last <= _MAX_DISTANCE:
            latest, last, count = number, position, count + 1
        elif number == 1:
            if count >= needed:
                yield range(start, last + 1)
            start, latest, last, count = position, 1, position, 1
            needed = _MIN_ENTRIES if entry[1] else _MIN_PLAIN_ENTRIES
