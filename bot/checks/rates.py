"""Whether two numbers are rates per the same thing (pure).

"1,200 tokens per second" agrees with "1,200 tokens/s" and with "1,200 tokens", not with "1,200 tokens per
minute".
"""

import re

from bot.checks.numbers import Number
from bot.checks.stemming import stems
from bot.checks.units import unit_of

_PER = re.compile(
    r"(?:[ -][\w-]+){0,3}? ?(?P<how>\bper|\ban?|\beach|\bevery|/) ?(?P<what>[^\W\d_]+)"
    r"(?:(?: per | and |/)(?P<also>[^\W\d_]+))?"
)
_REACH_CHARACTERS = 80


def rates_agree(claimed: Number, claim: str, stated: Number, statement: str) -> bool:
    """Whether two numbers, each in its text, may be per the same thing; a text need not say per what."""
    ours, theirs = _per_what(claim, claimed), _per_what(statement, stated)
    return not ours or not theirs or not ours.isdisjoint(theirs)


def _per_what(text: str, number: Number) -> frozenset[str]:
    """What a number is given per: units, or the stems of other words; empty if it is no rate.

    Without the word "per" only a unit makes a rate: "GB/s" and "a day", but not "precision/recall".
    """
    per = _PER.match(text[number.end : number.end + _REACH_CHARACTERS])
    if per is None or (per["how"].lower() != "per" and not unit_of(per["what"])):
        return frozenset()
    words = [word for word in (per["what"], per["also"]) if word]
    return frozenset[str]().union(*({unit} if (unit := unit_of(word)) else stems(word) for word in words))
