"""Quantities whose names begin like a change: a dropout of 0.1 drops nothing (pure)."""

import re

from bot.checks.numbers import Number

_NAMED = re.compile(
    r"\bdrop-?outs?\b|\bcut-?offs?\b|\blower bounds?\b|\blossless\w*"
    r"|\b(?:growth|pruning|loss|dropout) (?:rate|ratio|weight|coefficient|function|threshold)s?\b"
    r"|\b(?:validation|training|train|test|evaluation|eval|entropy|insertion|path|propagation|return"
    r"|reconstruction|contrastive|auxiliary) loss(?:es)?\b"
    # "Raises the loss by": what is done to it is said before.
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


def veiled(before: str, after: str, number: Number) -> tuple[str, str]:
    """The words on both sides of a number, each such name in them as a word of the same length without sense.

    A loss of 2.31 is a value; a loss of 2.1 points, and one of 0.3 in F1, are changes. Before 0.1,
    "with a dropout of " -> "with a xxxxxxx of ".
    """
    before, after = _NAMED.sub(_veil, before), _NAMED.sub(_veil, after)
    if not number.unit and number.noun in _BARE_UNITS and not _OF_WHAT.match(after):
        before = _BARE_LOSS.sub(_veil, before)
    return before, after


def _veil(name: re.Match[str]) -> str:
    return _LETTER.sub("x", name[0])
