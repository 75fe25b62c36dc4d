"""Whether a number has the words of another number around it (pure).

"A batch size of 64 and a hidden size of 128" does not support "a batch size of 128 and a hidden size of 64",
though every value, unit and word of it stands there: around the paper's other number they fit better.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from math import fsum

from bot.checks.numbers import Number
from bot.checks.stemming import content_words_in_order
from bot.checks.units import MEASURED_UNITS

_REACH_WORDS = 8
REACH_CHARACTERS = 160
_OTHER_SIDE = 0.5
"""What a word counts that stands before the one number and behind the other."""
_CLEARLY = 1.0
"""How much better another number has to fit: as much as one word next to it counts. Chosen on QASPER's
training papers, where it loses no sentence of an introduction or a conclusion that was kept without it."""
MOST_TOGETHER = 10
"""A claim with more numbers is not looked into."""

BREAK = re.compile(r"[,;] |(?<= )(?:and|but|while|whereas|versus|vs\.?|against|compared) ")
_Side = dict[str, int]
"""The words on one side of a number: stem -> its distance in words, from 1."""


@dataclass(frozen=True, slots=True)
class Among:
    """A number of a text with those next to it."""

    text: str
    number: Number
    numbers: Sequence[Number]
    """In order, the number itself among them."""


def belongs_to_another(claimed: Among, stated: Among) -> bool:
    """Whether what is claimed of a number the paper clearly says of another number beside it.

    Args:
        claimed: With all numbers of the claim.
        stated: The same value in a sentence of the paper, with those near it.
    """
    if len(claimed.numbers) > MOST_TOGETHER:
        return False
    one, its_own = claimed.number, stated.number
    for other in stated.numbers:
        if other.value == its_own.value or not is_alike(other, its_own):
            continue
        rivals = [rival for rival in claimed.numbers if abs(rival.value) == abs(other.value)]
        fit = partial(_fit, claimed, stated, is_cut=bool(rivals))
        gain = fit(one, other) - fit(one, its_own)
        # Where the claim has the other value too, the two would have to change places.
        gain += min((fit(rival, its_own) - fit(rival, other) for rival in rivals), default=0.0)
        if gain > _CLEARLY:
            return True
    return False


def is_alike(one: Number, other: Number) -> bool:
    """Whether both may be values of the same thing."""
    is_same = one.unit == other.unit or not one.unit or not other.unit
    return one.role is other.role and (is_same or {one.unit, other.unit} <= MEASURED_UNITS)


def _fit(claimed: Among, stated: Among, one: Number, other: Number, *, is_cut: bool) -> float:
    """The words around both, each weighed by the inverse of its distance."""
    before, after = _around(claimed, one, is_cut=is_cut)
    other_before, other_after = _around(stated, other, is_cut=is_cut)
    same = _shared(before, other_before) + _shared(after, other_after)
    return same + _OTHER_SIDE * (_shared(before, other_after) + _shared(after, other_before))


def _shared(one: _Side, other: _Side) -> float:
    best: dict[int, float] = {}  # of the parts of one word, which share its distance, only one counts
    for stem in one.keys() & other.keys():
        best[one[stem]] = max(1 / max(one[stem], other[stem]), best.get(one[stem], 0.0))
    return fsum(best.values())  # whose last digit does not hang on the order of a set


def _around(place: Among, number: Number, *, is_cut: bool) -> tuple[_Side, _Side]:
    """The words before and after, perhaps only up to the next number or the break before it.

    A claim of one number may have words that the paper says once for several; one of several has its own.
    """
    start = max(0, number.start - REACH_CHARACTERS)
    end = number.end + REACH_CHARACTERS
    last = max((other.end for other in place.numbers if other.end <= number.start), default=None)
    following = min((other.start for other in place.numbers if other.start >= number.end), default=None)
    if is_cut and last is not None:
        start = max(start, last, *(match.end() for match in BREAK.finditer(place.text, last, number.start)))
    if is_cut and following is not None:
        stop = BREAK.search(place.text, number.end, following)
        end = min(end, stop.start() if stop else following)
    return (
        _side(place.text, start, number.start, is_before=True),
        _side(place.text, number.end, end, is_before=False),
    )


@lru_cache(maxsize=8192)
def _side(text: str, start: int, end: int, *, is_before: bool) -> _Side:
    words = content_words_in_order(text[start:end])
    nearest: _Side = {}
    for distance, stems in enumerate((words[::-1] if is_before else words)[:_REACH_WORDS], start=1):
        for stem in stems:
            nearest.setdefault(stem, distance)
    return nearest
