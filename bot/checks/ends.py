"""Whether a number is the start or the end of a change (pure).

In "accuracy rises from 71 to 76 %" 71 is the start and 76 the end, so this does not support "rises to 71 %".
"""

import re

from bot.checks.vocabulary import CHANGE_WORD

_BETWEEN = r"(?:(?!(?:from|to|and|or|but|by|in|on|at|with|for)\b)[^\W\d][\w'-]* |[~≈<>$€£] ?){0,4}"
"""Words that may stand before the number: "from a baseline of 71 %"."""
_FROM = rf"\bfrom {_BETWEEN}"
_TO = rf"(?<!up )(?<!close )(?<!equal )(?<!similar )(?<!compared )(?<!relative )\bto {_BETWEEN}"
_START_BEFORE = re.compile(rf"{_FROM}$", re.IGNORECASE)
_END_BEFORE = re.compile(rf"{_TO}$", re.IGNORECASE)
_START_ELSEWHERE = re.compile(rf"{_FROM}\d", re.IGNORECASE)
_END_ELSEWHERE = re.compile(rf"{_TO}\d", re.IGNORECASE)
_CHANGE = re.compile(
    rf"{CHANGE_WORD}"
    r"|\b(?:bring|brought|chang|climb|jump|mov|push|(?:go|goes|went|up|down)\b)",
    re.IGNORECASE,
)


def speaks_of_change(text: str) -> bool:
    """Whether the words say that something grows, shrinks or moves."""
    return _CHANGE.search(text) is not None


def change_end(before: str, after: str) -> int:
    """-1 where a number is the start of a change, 1 where it is the end, else 0.

    "From 12 languages" alone is neither: the words must speak of a change, or give the other end too.
    """
    if _START_BEFORE.search(before):
        return -1 if _CHANGE.search(before) or _END_ELSEWHERE.search(after) else 0
    if _END_BEFORE.search(before):
        return 1 if _CHANGE.search(before) or _START_ELSEWHERE.search(before + after) else 0
    return 0
