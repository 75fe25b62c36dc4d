"""Whether words make a number a bound or an end of a range (pure).

8 is an upper bound in "up to 8x", 90 a lower one in "more than 90 %", and in "2-8x" 2 and 8 are the lower
and the upper end of a range.
"""

import re
from decimal import Decimal

from bot.checks.numbers import Number, Role
from bot.checks.units import unit_of

_REACHED = r"up to|as (?:much|many|high|long|large) as"
_OF_WHAT = r"(?: (?!(?:and|at|by|for|from|in|on|or|over|to|with)\b)[\w-]+){0,3}?(?: of| is|:)?"
_UPPER = re.compile(
    rf"(?:\b(?:{_REACHED}|at most"
    r"|(?:(?<!no )(?:less|fewer|lower|smaller|shorter)|no (?:more|longer|larger|higher)) than"
    rf"|below|under|within|(?:limited|capped) (?:to|at)|max(?:imum|imal|\.)?{_OF_WHAT})"
    r"|[<≤]) ?(?:an? )?$",
    re.IGNORECASE,
)
_LOWER = re.compile(
    r"(?:\b(?:at least|(?:more|greater|larger|longer|higher|no (?:less|fewer)) than|over|above|beyond"
    r"|(?:exceed|surpass)(?:s|es|ed|ing)?(?: (?:(?!by|to|with|at|on|in|from|and)[\w-]+ ){1,3}of)?"
    rf"|(?<!\d)(?<!\d )min(?:imum|imal|\.)?{_OF_WHAT})|[>≥]) ?(?:an? )?$",
    re.IGNORECASE,
)
_UPPER_AFTER = re.compile(r"[ -](?:at most|or (?:less|fewer|below))\b", re.IGNORECASE)
_LOWER_AFTER = re.compile(r"[ -](?:at least|or (?:more|above))\b|\+(?= )", re.IGNORECASE)
_REACHED_BEFORE = re.compile(rf"\b(?:{_REACHED}) ?(?:an? |the )?$", re.IGNORECASE)
_ACROSS = re.compile(r"\b(?:over|under|(?P<within>within)) ?(?:an? |the )?$", re.IGNORECASE)
_TIMES = frozenset({"min", "h", "day", "week", "month", "year"})
_MANY = 1000

_OPENING = (
    r"(?:(?P<between>(?<!gap )(?<!difference )\bbetween) |(?P<range>\b(?:rang|var|span)\w* from) "
    r"|(?P<change>\bfrom(?: an? [\w-]+ of)?) )"
)
_DIGITS = r"\d{1,3}(?:[, ]\d{3})+|\d+(?:\.\d+)?"
_OPENING_BEFORE = re.compile(rf"{_OPENING}$", re.IGNORECASE)
_LOWER_END_BEFORE = re.compile(
    rf"{_OPENING}?(?<![\w.,-])(?P<end>{_DIGITS}) ?(?:(?P<unit>%|x\b|×)|[^\W\d_]{{1,7}})?"
    r"(?P<joint>-| to | and )$",
    re.IGNORECASE,
)
_UPPER_END_AFTER = re.compile(rf" ?(?:%|x|×)?(?P<joint>-| to | and )(?P<end>{_DIGITS})(?![\d.,-]*\d)")


def bound(before: str, after: str) -> int:
    """1 for an upper bound ("at most", "up to"), -1 for a lower one ("at least", "more than"), else 0."""
    if _UPPER.search(before) or _UPPER_AFTER.match(after):
        return 1
    return -1 if _LOWER.search(before) or _LOWER_AFTER.match(after) else 0


def is_limit(before: str, number: Number) -> bool:
    """Whether a bound says more than that the number is reached.

    "Less than 8x" does. "Up to 8x" does not, nor do "over 3 runs" and "within 18,000 steps", which are no
    bounds.
    """
    if _REACHED_BEFORE.search(before):
        return False
    across = _ACROSS.search(before)
    if across is None:
        return True
    is_few = number.value < _MANY or across["within"] is not None
    return not (number.unit in _TIMES or (not number.unit and is_few))


def range_end(before: str, after: str, number: Number) -> int:
    """1 for the upper end of a range such as `2-8x`, -1 for its lower end, else 0.

    "From 31 to 71" is a change, not a range, and so is anything that goes down. For years it is 0: a span of
    years reaches both ends.
    """
    if number.role is Role.YEAR:
        return 0
    lower = _LOWER_END_BEFORE.search(before)
    if lower is not None and _value(lower) < number.value:
        is_of_its_unit = unit_of(lower["unit"] or "") in {"", number.unit}  # unlike "by 3 % to 5 GB"
        if is_of_its_unit and _makes_range(lower, lower["joint"]):
            return 1
    upper = _UPPER_END_AFTER.match(after)
    if upper is not None and number.value < _value(upper):
        return -1 if _makes_range(_OPENING_BEFORE.search(before), upper["joint"]) else 0
    return 0


def is_end_of_span(before: str, number: Number) -> bool:
    """Whether the number ends "from 1B to 70B", which is a range unless the words speak of a change."""
    lower = _LOWER_END_BEFORE.search(before)
    return (
        lower is not None
        and lower["change"] is not None
        and lower["joint"] == " to "
        and _value(lower) < number.value
    )


def _value(end: re.Match[str]) -> Decimal:
    return Decimal(re.sub("[, ]", "", end["end"]))


def _makes_range(opening: re.Match[str] | None, joint: str) -> bool:
    """Whether opening and joint fit: "between" with "and"; "ranges from" or nothing with "to" or a hyphen."""
    if opening is not None and opening["change"]:
        return False
    is_between = opening is not None and opening["between"] is not None
    return is_between == (joint == " and ")
