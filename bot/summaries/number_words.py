"""Numbers that are written as words: "ninety", "two hundred million" (pure)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_WORDS_FROM_ONE = """
one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen
"""
_WORDS_FROM_TWENTY = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = {word: value for value, word in enumerate(_WORDS_FROM_ONE.split(), start=1)}
_TENS = {word: 10 * value for value, word in enumerate(_WORDS_FROM_TWENTY.split(), start=2)}
_HUNDRED = 100
SCALES = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}
"""The power of ten that each stands for."""

_SMALLER = rf"(?:(?:{'|'.join(_TENS)})(?:[\s-](?:{'|'.join(list(_SMALL)[:9])}))?|{'|'.join(_SMALL)})"
_BELOW_THOUSAND = rf"(?:(?:an?|{_SMALLER})[\s-]hundred(?:(?:[\s-]|\sand\s){_SMALLER})?|{_SMALLER})"
_SCALE = "|".join(SCALES)
_SPELLED = re.compile(
    rf"(?<![\w.-])(?:(?:{_BELOW_THOUSAND}|an?)[\s-](?:{_SCALE})"
    rf"(?:,?\s{_BELOW_THOUSAND}[\s-](?:{_SCALE}))*(?:,?\s{_BELOW_THOUSAND})?|{_BELOW_THOUSAND})"
    # "Between one hundred and two hundred" are two numbers, "twenty-first" and "two and a half" are none.
    r"(?:(?![\w])|(?=fold\b))(?!\shundred)(?!-(?:first|second|third|\w+th)\b)(?!\sand\sa\s(?:half|quarter))",
    re.IGNORECASE,
)
_VAGUE_BEFORE = re.compile(
    r"\b(?:half|quarter|few|couple|several|many|some|per|every|out of)\s$", re.IGNORECASE
)
_NEAR_CHARACTERS = 10
_SHARE = re.compile(
    r"(?<![\w.-])(?<!and a )(?P<words>half(?! an? )|halv(?:e[sd]?|ing)|doubl(?:e[sd]?|ing)|twice"
    r"|(?:an?|one|two|three)[ -](?P<part>third|quarter|fifth|tenth)s?(?= of\b(?! an? )))(?![\w-])",
    re.IGNORECASE,
)
_PARTS = {"third": 3, "quarter": 4, "fifth": 5, "tenth": 10}


@dataclass(frozen=True, slots=True)
class Spelled:
    """A run of words that is a number."""

    value: Decimal
    start: int
    end: int
    unit: str = ""
    """`%` of a half, `x` of twice; else what follows may be the unit."""


def spelled(text: str) -> Iterator[Spelled]:
    """The numbers in words in order; not ordinals, nor "half a million" and the like."""
    for match in _SPELLED.finditer(text):
        if not _VAGUE_BEFORE.search(text, max(0, match.start() - _NEAR_CHARACTERS), match.start()):
            yield Spelled(Decimal(_value(match[0])), match.start(), match.end())


def shares(text: str) -> Iterator[Spelled]:
    """What is said of a whole in words, in order: "halved" is 50 %, "twice" 2x, "a quarter of" 25 %."""
    for match in _SHARE.finditer(text):
        first = match["words"].lower()
        if match["part"]:
            count = _SMALL.get(re.split("[ -]", first)[0], 1)
            value, unit = Decimal(100 * count) / _PARTS[match["part"].lower()], "%"
        else:
            value, unit = (Decimal(50), "%") if first.startswith("hal") else (Decimal(2), "x")
        yield Spelled(value, match.start(), match.end(), unit)


def in_digits(text: str) -> str:
    """`text` with its numbers in words as digits: "ten papers" is "10 papers"."""
    parts, reached = [], 0
    for found in spelled(text):
        parts += [text[reached : found.start], str(found.value)]
        reached = found.end
    return "".join((*parts, text[reached:]))


def _value(words: str) -> int:
    total, current = 0, 0
    for word in re.findall(r"[a-z]+", words.lower()):
        if word in SCALES:
            total, current = total + (current or 1) * 10 ** SCALES[word], 0
        elif word == "hundred":
            current = (current or 1) * _HUNDRED
        else:
            current += _SMALL.get(word, 0) + _TENS.get(word, 0)
    return total + current
