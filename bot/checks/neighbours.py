"""Whether a claim's words fit another number of the paper's sentence better (pure).

"A batch size of 64 and a hidden size of 128" does not support "a batch size of 128 and a hidden size of 64",
though every value, unit and word is there: the words around 128 in the claim are those around 64 in the
paper.
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
"""The weight of a word that is before one number and after the other."""
_CLEARLY = 1.0
"""How much better another number must fit: as much as one word right beside it counts. Chosen on QASPER's
training papers, where it loses no sentence of an introduction or a conclusion that was kept without it."""
MOST_TOGETHER = 10
"""Claims with more numbers are not checked."""

BREAK = re.compile(r"[,;] |(?<= )(?:and|but|while|whereas|versus|vs\.?|against|compared) ")
_Side = dict[str, int]
"""The words on one side of a number: stem -> its distance in words, starting at 1."""


@dataclass(frozen=True, slots=True)
class Among:
    """A number of a text with the numbers near it."""

    text: str
    number: Number
    numbers: Sequence[Number]
    """In order, including the number itself."""

    @property
    def comparable(self) -> list[Number]:
        """The others with another value that may be values of the same thing."""
        return [
            other
            for other in self.numbers
            if other.value != self.number.value and are_comparable(other, self.number)
        ]


def belongs_to_another(claimed: Among, stated: Among) -> bool:
    """Whether the paper clearly says what is claimed, but of another number beside this one.

    Args:
        claimed: With all numbers of the claim.
        stated: The same value in a sentence of the paper, with those near it.
    """
    if len(claimed.numbers) > MOST_TOGETHER:
        return False
    one, its_own = claimed.number, stated.number
    for other in stated.comparable:
        rivals = [rival for rival in claimed.numbers if abs(rival.value) == abs(other.value)]
        fit = partial(_fit, claimed, stated, is_cut=bool(rivals))
        gain = fit(one, other) - fit(one, its_own)
        # If the claim has the other value too, the two must fit better exchanged.
        gain += min((fit(rival, its_own) - fit(rival, other) for rival in rivals), default=0.0)
        if gain > _CLEARLY:
            return True
    return False


def are_comparable(one: Number, other: Number) -> bool:
    """Whether both may be values of one thing: of one role, with the same unit, measured units, or none."""
    is_same = one.unit == other.unit or not one.unit or not other.unit
    return one.role is other.role and (is_same or {one.unit, other.unit} <= MEASURED_UNITS)


def _fit(claimed: Among, stated: Among, one: Number, other: Number, *, is_cut: bool) -> float:
    """The words that both numbers have around them, each weighted by the inverse of its distance."""
    before, after = _around(claimed, one, is_cut=is_cut)
    other_before, other_after = _around(stated, other, is_cut=is_cut)
    same = _shared(before, other_before) + _shared(after, other_after)
    return same + _OTHER_SIDE * (_shared(before, other_after) + _shared(after, other_before))


def _shared(one: _Side, other: _Side) -> float:
    best: dict[int, float] = {}  # the parts of one word share its distance, and count once
    for stem in one.keys() & other.keys():
        best[one[stem]] = max(1 / max(one[stem], other[stem]), best.get(one[stem], 0.0))
    return fsum(best.values())  # exact, whatever the order of the set


def _around(place: Among, number: Number, *, is_cut: bool) -> tuple[_Side, _Side]:
    """The words before and after; if `is_cut`, only up to the next number or the break before it.

    A claim with one number may have words that the paper says once for several; in one with several, each
    number has its own.
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
