"""Masks quantities whose names start like a word of change (pure).

"With a dropout of 0.1" drops nothing, so it is read as "with a xxxxxxx of 0.1".
"""

import re

from bot.checks.numbers import Number

_NAMED = re.compile(
    r"\bdrop-?outs?\b|\bcut-?offs?\b|\blower bounds?\b|\blossless\w*"
    r"|\b(?:growth|pruning|loss|dropout) (?:rate|ratio|weight|coefficient|function|threshold)s?\b"
    r"|\b(?:validation|training|train|test|evaluation|eval|entropy|insertion|path|propagation|return"
    r"|reconstruction|contrastive|auxiliary) loss(?:es)?\b"
    # "Raises the loss by": the change word comes before.
    r"|\b(?:loss(?:es)?|savings)(?= (?:by|to|from)\b)",
    re.IGNORECASE,
)
_BARE_LOSS = re.compile(
    r"\bloss(?:es)?(?= ?(?:of|at|=|:|(?:(?:of|on|for) (?:[\w-]+ ){1,3})?(?:is|are|was|were)) [^\w\s]?\s?$)",
    re.IGNORECASE,
)
_OF_WHAT = re.compile(r" (?:in|of|from)\b")
_BARE_UNITS = frozenset({"", "nats"})
_LETTER = re.compile(r"\w")


def masked(before: str, after: str, number: Number) -> tuple[str, str]:
    """The words on both sides of a number, with such names replaced by as many x: "with a xxxxxxx of ".

    A loss of 2.31 is a value and masked; a loss of 2.1 points, or of 0.3 in F1, is a change and stays.
    """
    before, after = _NAMED.sub(_mask, before), _NAMED.sub(_mask, after)
    if not number.unit and number.noun in _BARE_UNITS and not _OF_WHAT.match(after):
        before = _BARE_LOSS.sub(_mask, before)
    return before, after


def _mask(name: re.Match[str]) -> str:
    return _LETTER.sub("x", name[0])
