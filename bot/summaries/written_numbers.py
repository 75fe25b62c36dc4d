"""Reads numbers in digits as readers of a language do: "12.500", "2,7 Milliarden", "1万2500" (pure)."""

import re
from dataclasses import dataclass
from decimal import Decimal

from bot.checks.units import MEASURED_UNITS, unit_of
from bot.languages import language
from bot.summaries.scale_words import scale_after

_SIGN = r"(?P<sign>(?<![\w)\]%×°.])[+-])?"
_GROUPED = r"(?<!\d)\d{1,3}(?:,\d{3})+(?!\d)"
_INDIAN = r"(?<!\d)\d{1,2}(?:,\d\d){1,7},\d{3}(?!\d)"
_POINT = re.compile(rf"{_SIGN}(?P<body>(?:{_GROUPED}|\d+)(?:\.\d+)?|(?<!\d)\.\d+)")
_LAKHS = re.compile(rf"{_SIGN}(?P<body>(?:{_GROUPED}|{_INDIAN}|\d+)(?:\.\d+)?|(?<!\d)\.\d+)")
"""Also 12,34,567."""
_COMMA = re.compile(
    _SIGN + r"(?P<body>(?<![\d.,])[1-9]\d{0,2}(?P<mark>[. '])\d{3}(?:(?P=mark)\d{3})*(?:,\d+)?(?![\d])"
    r"|\d+[.,]\d+|\d+|(?<!\d)[.,]\d+)"
)
_WITH_LAKHS = "hi"
_JOINTS = {code: re.compile("[零〇]?") for code in ("zh", "zh-Hant", "ja")} | {
    code: re.compile(r"\s?") for code in ("ko", "hi")
}
"""What may stand between the parts of one number, in languages that write it in parts."""
_PERCENT = re.compile(r"\s?(?:[%٪]|퍼센트|프로\b|प्रतिशत)")
_UNIT = re.compile(r"\s?(?P<word>[°$€£¥₹]|[A-Za-zµμ]+)")
_SMALLEST_APART = 100
"""What follows a blank without a word for a power of ten has at least three digits: 2만 500, not 2만 30."""
_MOST_DIGITS = 25
"""Decimals are exact to 28 figures; none of a paper has as many."""
_SMALLEST_BARE = 10
"""1万2 is 10,002 to some readers and 12,000 to others."""


@dataclass(frozen=True, slots=True)
class Written:
    """One number in a text."""

    value: Decimal | None
    """None if it is in doubt."""
    start: int
    end: int
    """Where it ends, with the word for its power of ten."""


@dataclass(frozen=True, slots=True)
class _Part:
    count: Decimal
    """As its digits say."""
    power: int | None
    """Of ten, in words; None if it is in doubt."""
    is_signed: bool
    start: int
    end: int

    @property
    def value(self) -> Decimal | None:
        if self.power is None or len(self.count.as_tuple().digits) + self.power > _MOST_DIGITS:
            return None
        return self.count.scaleb(self.power)


def written(text: str, code: str) -> list[Written]:
    """The numbers in digits, in order.

    Args:
        text: In NFKC, with every script's digits as 0 to 9.
        code: The language's.
    """
    found = list[Written]()
    last: _Part | None = None
    for match in _pattern(code).finditer(text):
        scale = scale_after(text, match.end(), code)
        part = _Part(_count(match), scale.power, match["sign"] is not None, match.start(), scale.end)
        if last is not None and _goes_on(text, last, part, code):
            found[-1] = Written(_sum(found[-1], part), found[-1].start, part.end)
        else:
            found.append(Written(part.value, part.start, part.end))
        last = part
    return found


def _pattern(code: str) -> re.Pattern[str]:
    if code == _WITH_LAKHS:
        return _LAKHS
    return _COMMA if language(code).decimal_comma else _POINT


def _count(match: re.Match[str]) -> Decimal:
    body = match["body"]
    if match.re is _COMMA:
        body = body.replace(match["mark"] or "", "").replace(",", ".")
    count = Decimal(body.replace(",", ""))
    return -count if match["sign"] == "-" else count


def _goes_on(text: str, last: _Part, part: _Part, code: str) -> bool:
    """Whether it is the next part of the same number: the 2500 of 1万2500, the 5천 of 2만 5천."""
    joint = _JOINTS.get(code)
    if joint is None or joint.fullmatch(text, last.end, part.start) is None or part.is_signed:
        return False
    if not last.power or last.value is None or part.value is None:
        return False
    if last.count % 1 or part.value % 1 or _stands_alone(text, last, part):
        return False
    is_glued = last.end == part.start
    return part.value < Decimal(10) ** last.power and (part.value >= _SMALLEST_BARE or is_glued)


def _stands_alone(text: str, last: _Part, part: _Part) -> bool:
    """Whether it is a number of its own after a blank: the 30 % of "샘플 2만 30% 노이즈"."""
    if part.power or not text[last.end : part.start].isspace():
        return False
    return part.count < _SMALLEST_APART or _has_unit(text, part.end)


def _has_unit(text: str, end: int) -> bool:
    unit = _UNIT.match(text, end)
    is_measured = unit is not None and unit_of(unit["word"]) in MEASURED_UNITS
    return is_measured or _PERCENT.match(text, end) is not None


def _sum(whole: Written, part: _Part) -> Decimal | None:
    if whole.value is None or part.value is None or part.value < _SMALLEST_BARE:
        return None
    return whole.value + part.value.copy_sign(whole.value)
