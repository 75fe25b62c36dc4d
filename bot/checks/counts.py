"""What a number counts: the layers of "12 hidden layers" (pure)."""

import re

from bot.checks.numbers import Number
from bot.checks.vocabulary import FUNCTION_WORDS

_WORDS_AFTER = re.compile(r"(?:[ -][^\W_]+){1,3}")
_NOT_COUNTED = FUNCTION_WORDS - {"new", "other", "more", "such", "same"}
PLURAL = re.compile(r"[^\W\d_]{2,}[^\W\d_sui]s")
"""Not "class", "corpus" or "analysis"."""


def counted(text: str, number: Number) -> str:
    """What a bare number counts: the first plural among the next words; empty if there is none."""
    if number.unit:
        return ""
    words = _WORDS_AFTER.match(text, number.end)
    for word in re.split("[ -]", words[0])[1:] if words else ():
        if word.lower() in _NOT_COUNTED:
            break
        if PLURAL.fullmatch(word):
            return word
    return ""
