"""Whether a claim gives a number to more things than the paper does (pure).

"82 % and 82 % on A and B" is not what "94 % and 82 % on A and B" says, though the paper has each of its
numbers. Years may be repeated: "from May and June 2026" is "from May 2026 and June 2026".
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from bot.checks.evidence import Evidence, Occurrence
from bot.checks.numbers import Number, Role
from bot.checks.senses import around

_OF_SEVERAL = re.compile(r"\b(?:all|alike|both|each|equal(?:ly)?|every|per|same)\b", re.IGNORECASE)
"""What gives one number to several things, close to it."""
_WITHIN_WORDS = 6


def is_said_less_often(evidence: Evidence, supported: Iterable[tuple[Number, Occurrence]]) -> bool:
    """Whether one sentence of the paper has to support a value of the claim more often than it says it.

    Args:
        evidence: The paper.
        supported: Numbers of the claim, each with the place that supports it best.
    """
    together: dict[tuple[Decimal, int], list[Occurrence]] = defaultdict(list)
    for number, place in supported:
        if number.role is not Role.YEAR:
            together[abs(number.value), place.sentence.ordinal].append(place)
    return any(len(places) > 1 and not _says_as_often(evidence, places) for places in together.values())


def _says_as_often(evidence: Evidence, places: Sequence[Occurrence]) -> bool:
    """Whether the sentence of these places has their value as often, or gives it to several things."""
    sentence, value = places[0].sentence, abs(places[0].number.value)
    said = [place for place in evidence.occurrences[value] if place.sentence is sentence]
    return len(said) >= len(places) or any(
        _OF_SEVERAL.search(around(sentence.text, place.number, words=_WITHIN_WORDS)) for place in said
    )
