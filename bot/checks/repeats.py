"""Whether a claim repeats the paper's words, but not its numbers (pure).

"82 % and 82 % on A and B" is not what "94 % and 82 % on A and B" says, though the paper has each of its
numbers. Years may be repeated, as confidence levels may: "from May and June 2026" is "from May 2026 and June
2026".
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import chain

from bot.checks.evidence import Evidence, Occurrence
from bot.checks.neighbours import are_comparable
from bot.checks.numbers import Number, Role, numbers
from bot.checks.senses import around
from bot.checks.stemming import content_words

_SAID_OF_SEVERAL = {Role.YEAR, Role.CONFIDENCE}
_OF_SEVERAL = re.compile(r"\b(?:all|alike|both|each|equal(?:ly)?|every|per|same)\b", re.IGNORECASE)
"""What gives one number to several things, close to it."""
_WITHIN_WORDS = 6
_WORD = re.compile(r"[^\W\d_]+")
_SAME, _SIMILAR = 0.8, 0.5
"""The share of both's words that a claim has in common with a sentence that it repeats, or resembles."""


def are_said_less_often(supported: Iterable[tuple[Number, Sequence[Occurrence]]]) -> bool:
    """Whether the claim has a number more often than all places together that support it.

    Args:
        supported: Numbers of the claim, each with the places that support it.
    """
    places = defaultdict[Decimal, list[Sequence[Occurrence]]](list)
    for number, supporting in supported:
        if supporting and number.role not in _SAID_OF_SEVERAL:
            places[number.value].append(supporting)
    return any(
        len(each) > len({*chain(*each)}) and not _is_of_several(chain(*each)) for each in places.values()
    )


def _is_of_several(places: Iterable[Occurrence]) -> bool:
    """Whether a place gives its number to several things."""
    return any(
        _OF_SEVERAL.search(around(place.sentence.text, place.number, words=_WITHIN_WORDS)) for place in places
    )


def replaces_number(evidence: Evidence, claim: str, supported: Sequence[tuple[Number, Occurrence]]) -> bool:
    """Whether the claim repeats a sentence of the paper, but with another number, or with two exchanged.

    The number may be the paper's all the same, and stand in a sentence about something similar.

    Args:
        evidence: The paper.
        claim: The text of the claim.
        supported: Its numbers in order, each with the place that supports it best.
    """
    similar, _ = evidence.most_similar(claim)
    same = [one.text for one in similar if _alike(claim, one.text) >= _SAME]
    return bool(same) and all(_has_other_numbers(claim, supported, text) for text in same)


def _has_other_numbers(claim: str, supported: Sequence[tuple[Number, Occurrence]], statement: str) -> bool:
    """Whether a statement with nearly the same words has other numbers, or the same ones exchanged."""
    stated = [one for one in numbers(statement, small_words=True) if one.role is not Role.LABEL]
    theirs = Counter(one.value for one in stated)
    # "5 minutes" may be the paper's "300 s".
    claimed = [number if number.value in theirs else place.number for number, place in supported]
    ours = Counter(one.value for one in claimed)
    only_ours, only_theirs = ours - theirs, theirs - ours
    if not only_ours:
        in_their_order = [one.value for one in stated if one.value in ours]
        is_exchanged = [one.value for one in claimed] != in_their_order and Counter(in_their_order) == ours
        return is_exchanged and _words(claim) == _words(statement)
    apart = [
        (one, place.sentence)
        for one, (_, place) in zip(claimed, supported, strict=True)
        if one.value in only_ours
    ]
    absent = [sentence.ordinal for one, sentence in apart if one.value not in theirs]
    if len(absent) > 1 and len({*absent}) == 1:
        return False  # that one says of 16 heads what the statement says of 8
    return any(
        are_comparable(one, other) and not _is_told_again(claim, sentence.text, statement)
        for one, sentence in apart
        for other in stated
        if other.value in only_theirs
    )


def _is_told_again(claim: str, text: str, statement: str) -> bool:
    """Whether a number's own sentence is like the claim: an abstract says "over 80 %", the text 81.2 %."""
    return text != statement and _alike(claim, text) >= _SIMILAR


def _alike(claim: str, text: str) -> float:
    """The share of both's words that they have in common."""
    ours, theirs = content_words(claim), content_words(text)
    return len(ours & theirs) / max(1, len(ours | theirs))


def _words(text: str) -> list[str]:
    """Its words in order, without numbers."""
    return _WORD.findall(text.lower())
