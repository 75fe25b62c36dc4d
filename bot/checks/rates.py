"""What a rate counts by: the second of "1,200 tokens per second" (pure)."""

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
    """Whether two numbers, each in its text, may count by the same, as per second and per minute do not."""
    ours, theirs = _counted_by(claim, claimed), _counted_by(statement, stated)
    return not ours or not theirs or not ours.isdisjoint(theirs)


def _counted_by(text: str, number: Number) -> frozenset[str]:
    """The units, or else stems of the words, that a number in a text is given for each of; empty without any.

    Where no "per" is written only a unit makes a rate: "GB/s" and "a day", but not "precision/recall".
    """
    per = _PER.match(text[number.end : number.end + _REACH_CHARACTERS])
    if per is None or (per["how"].lower() != "per" and not unit_of(per["what"])):
        return frozenset()
    words = [word for word in (per["what"], per["also"]) if word]
    return frozenset[str]().union(*({unit} if (unit := unit_of(word)) else stems(word) for word in words))
