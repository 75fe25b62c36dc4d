"""Makes true sentences false by changing their numbers."""

import re
from itertools import pairwise
from typing import TypeAlias

from bot.checks.numbers import Number, Role, numbers

_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_Written: TypeAlias = tuple[Number, str]


def with_other_number(text: str, known: str) -> str | None:
    """The text with its first suitable number replaced by one not in `known`; None if there is none."""
    for number, written in _measured(text):
        whole, point, decimals = written.partition(".")
        other = f"{int(whole) + 3}{point}{decimals}"
        if other not in known:
            return text[: number.start] + other + text[number.start + len(written) :]
    return None


def with_number_repeated(text: str) -> str | None:
    """The text with one of two neighbouring numbers of one unit in both places; None if there are none."""
    if (pair := _neighbours(text)) is None:
        return None
    (first, one), (_, other) = pair
    return text[: first.start] + other + text[first.start + len(one) :]


def with_numbers_exchanged(text: str) -> str | None:
    """The text with two neighbouring numbers of one unit exchanged; None if there are none."""
    if (pair := _neighbours(text)) is None:
        return None
    (first, one), (second, other) = pair
    between = text[first.start + len(one) : second.start]
    return text[: first.start] + other + between + one + text[second.start + len(other) :]


def _neighbours(text: str) -> tuple[_Written, _Written] | None:
    """The first two neighbouring numbers with the same unit and different values."""
    for one, other in pairwise(_measured(text)):
        if one[0].unit == other[0].unit and one[0].value != other[0].value:
            return one, other
    return None


def _measured(text: str) -> list[_Written]:
    """The numbers that measure something, each with its digits as written."""
    return [
        (number, written[0])
        for number in numbers(text)
        if number.role is Role.MEASURE and (written := _DIGITS.match(text, number.start)) is not None
    ]
