"""What a number counts: the layers in "12 hidden layers" (pure).

A claim about 12 layers is only supported where the paper speaks of layers near its 12.
"""

import re

from bot.checks.numbers import Number
from bot.checks.vocabulary import FUNCTION_WORDS

_WORDS_AFTER = re.compile(r"(?:[ -][^\W_]+){1,3}")
_NOT_COUNTED = FUNCTION_WORDS - {"new", "other", "more", "such", "same"}
PLURAL = re.compile(r"[^\W\d_]{2,}[^\W\d_sui]s")
"""A plural, but not "class", "corpus" or "analysis"."""


def counted_thing(text: str, number: Number) -> str:
    """What a number without a unit counts: the first plural among the next three words; empty if none."""
    if number.unit:
        return ""
    words = _WORDS_AFTER.match(text, number.end)
    for word in re.split("[ -]", words[0])[1:] if words else ():
        if word.lower() in _NOT_COUNTED:
            break
        if PLURAL.fullmatch(word):
            return word
    return ""
