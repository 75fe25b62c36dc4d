"""Reads numbers written as words: "ninety", "two hundred million", "twice", "a third of" (pure).

"Half of the 12 heads" has 50 with the unit %, while "half a million" and "a third party" have no number here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from bot.checks.vocabulary import COMPARATIVE

_WORDS_FROM_ONE = """
one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen
"""
_WORDS_FROM_TWENTY = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = {word: value for value, word in enumerate(_WORDS_FROM_ONE.split(), start=1)}
_TENS = {word: 10 * value for value, word in enumerate(_WORDS_FROM_TWENTY.split(), start=2)}
_HUNDRED = 100
SCALES = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}
"""The power of ten of each word."""

_BELOW_TEN = "|".join(list(_SMALL)[:9])
_SMALLER = rf"(?:(?:{'|'.join(_TENS)})(?:[\s-](?:{_BELOW_TEN}))?|{'|'.join(_SMALL)})"
_BELOW_THOUSAND = rf"(?:(?:an?|{_SMALLER})[\s-]hundred(?:(?:[\s-]|\sand\s){_SMALLER})?|{_SMALLER})"
_SCALE = "|".join(SCALES)
_SPELLED = re.compile(
    rf"(?<![\w.-])(?:(?:{_BELOW_THOUSAND}|an?)[\s-](?:{_SCALE})"
    rf"(?:,?\s{_BELOW_THOUSAND}[\s-](?:{_SCALE}))*(?:,?\s{_BELOW_THOUSAND})?|{_BELOW_THOUSAND})"
    # "Between one hundred and two hundred" has two numbers; "twenty-first" and "two and a half" have none.
    r"(?:(?![\w])|(?=fold\b))(?!\shundred)(?!-(?:first|second|third|\w+th)\b)(?!\sand\sa\s(?:half|quarter))",
    re.IGNORECASE,
)
_VAGUE_BEFORE = re.compile(r"\b(?:half|quarter|few|couple|several|many|some|per|every)\s$", re.IGNORECASE)
_NEAR_CHARACTERS = 10
_TIMES = re.compile(
    r"(?<![\w.-])(?<!and a )(?:(?P<half>half(?! an? )|halv(?:e[sd]?|ing))"
    r"|(?P<two>doubl(?:e[sd]?|ing)|twice)"
    # Not the triples of a graph.
    r"|(?P<three>thrice|tripl(?:ed|ing|es?(?= (?:the|its|their|our|this|that)\b)))"
    r"|(?P<four>quadrupl(?:ed|ing|es?(?= (?:the|its|their|our|this|that)\b))))(?![\w-])",
    re.IGNORECASE,
)
_PARTS = {
    "third": 3,
    "quarter": 4,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "eighth": 8,
    "tenth": 10,
    "hundredth": 100,
    "thousandth": 1000,
}
_PART = re.compile(
    rf"(?<![\w.-])(?<!and a )(?P<count>an?|{_BELOW_TEN})[ -](?P<part>{'|'.join(_PARTS)})s?(?![\w-])",
    re.IGNORECASE,
)
_FRACTION = re.compile(r"(?<![\w.,/-])(?<!\d )(?P<count>[1-9])/(?P<part>[2-68]|10|100)(?![\w/-]|[.,]\d)")
_STOP = r"(?=[,.;:)]|$| (?:in|on|for|with|without|while|and|when|at|over|compared|relative)\b)"
_OF_AFTER = re.compile(r" of\b(?! an? )", re.IGNORECASE)
_COMPARED_AFTER = re.compile(rf" (?:(?:less|fewer)\b|{COMPARATIVE}(?: than\b|{_STOP}))", re.IGNORECASE)
_STOP_AFTER = re.compile(_STOP)
_BY_BEFORE = re.compile(
    r"\bby (?:about |around |nearly |almost |roughly |over |up to |(?:more|less) than |at (?:least|most) )?$",
    re.IGNORECASE,
)
_BY_CHARACTERS = 16
_ORDERS = re.compile(
    rf"(?<![\w.-])(?<!half )(?:(?P<first>[1-9]|{_BELOW_TEN})(?: ?- ?| to | or ))?"
    rf"(?P<last>an?|[1-9]|{_BELOW_TEN})[\s-]orders?[\s-]of[\s-]magnitude\b",
    re.IGNORECASE,
)
_DOZEN = re.compile(r"(?<![\w.-])(?P<count>an?|two|three|four|five) dozen\b", re.IGNORECASE)
_OF_THE = r"(?P<of>of(?: the| all| our| its| these| those)?)"
_OUT_OF_AFTER = re.compile(
    rf" (?:{_OF_THE}|in|out of) (?:{_BELOW_TEN}|ten|\d{{1,3}})(?![\w.,-]*\d|\w)",
    re.IGNORECASE,
)
_OUT_OF_BEFORE = re.compile(
    rf"(?<![\w.,-])(?:(?P<one>one)|{_BELOW_TEN}|\d{{1,3}}) (?:{_OF_THE}|in|out of) $",
    re.IGNORECASE,
)
_OUT_OF_CHARACTERS = 24


@dataclass(frozen=True, slots=True)
class Spelled:
    """A run of words that stands for a number."""

    value: Decimal
    start: int
    end: int
    unit: str = ""
    """`%` for a half, `x` for twice; if empty, the next word may be the unit."""
    sign: int = 0
    """1 where something grows by the factor, as in "tripled"."""


def spelled(text: str) -> Iterator[Spelled]:
    """The numbers in words, in order; neither ordinals nor "half a million" and the like."""
    for match in _SPELLED.finditer(text):
        if not _VAGUE_BEFORE.search(text, max(0, match.start() - _NEAR_CHARACTERS), match.start()):
            yield Spelled(Decimal(_value(match[0])), match.start(), match.end())


def shares(text: str) -> Iterator[Spelled]:
    """Shares and multiples in words: "halved" is 50 %, "twice" 2x, "a quarter of" 25 %."""
    for match in _TIMES.finditer(text):
        name = match.lastgroup or ""
        value, unit = (Decimal(50), "%") if name == "half" else (Decimal(_SMALL[name]), "x")
        grows = name in {"three", "four"} and match[0].lower() != "thrice"
        yield Spelled(value, match.start(), match.end(), unit, sign=int(grows))
    for match in _PART.finditer(text):
        if _is_share(text, match):
            value = Decimal(100 * _count(match["count"])) / _PARTS[match["part"].lower()]
            yield Spelled(value, match.start(), match.end(), "%")


def fractions(text: str) -> Iterator[Spelled]:
    """Shares written as fractions: "1/3 of" is the same as "a third of"."""
    for match in _FRACTION.finditer(text) if "/" in text else ():
        count, part = int(match["count"]), int(match["part"])
        if count < part and _is_share(text, match):
            yield Spelled(Decimal(100 * count) / part, match.start(), match.end(), "%")


def orders_of_magnitude(text: str) -> Iterator[Spelled]:
    """Orders of magnitude as factors: one is 10x, "2-3 orders of magnitude" are 100x and 1000x."""
    for match in _ORDERS.finditer(text) if "magnitude" in text else ():
        if match["first"]:
            yield Spelled(Decimal(10) ** _count(match["first"]), match.start(), match.end("first"), "x")
        yield Spelled(Decimal(10) ** _count(match["last"]), match.start("last"), match.end(), "x")


def dozens(text: str) -> Iterator[Spelled]:
    """Definite numbers of dozens: "a dozen", "two dozen", but not "dozens"."""
    for match in _DOZEN.finditer(text):
        if not _VAGUE_BEFORE.search(text, max(0, match.start() - _NEAR_CHARACTERS), match.start()):
            yield Spelled(Decimal(12 * _count(match["count"])), match.start(), match.end())


def is_out_of_total(text: str, found: Spelled) -> bool:
    """Whether it is part of "two of the five" or "one in five"; "one of five" may just introduce an item."""
    after = _OUT_OF_AFTER.match(text, found.end)
    if after is not None:
        return found.value > 1 or after["of"] is None
    before = _OUT_OF_BEFORE.search(text, max(0, found.start - _OUT_OF_CHARACTERS), found.start)
    return before is not None and not (before["one"] and before["of"])


def _is_share(text: str, match: re.Match[str]) -> bool:
    """Whether the fraction is a part of something, unlike "a third party"."""
    if _OF_AFTER.match(text, match.end()) or _COMPARED_AFTER.match(text, match.end()):
        return True
    is_by = _BY_BEFORE.search(text, max(0, match.start() - _BY_CHARACTERS), match.start()) is not None
    return is_by and _STOP_AFTER.match(text, match.end()) is not None


def _count(words: str) -> int:
    return int(words) if words.isdigit() else _SMALL.get(words.lower(), 1)


def in_digits(text: str) -> str:
    """`text` with its number words as digits: "ten papers" -> "10 papers"."""
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
