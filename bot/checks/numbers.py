"""Reads numbers as papers write them: value, unit, and whether they measure anything (pure).

"It keeps 12.5 % of 2 million tokens [3]" has 12.5 with the unit %, 2,000,000 with the unit `token`, and the
label 3. Texts must be in plain characters (`bot.checks.sentences.plain`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum

from bot.checks.dates import ISO_DATE
from bot.checks.labels import is_confidence, is_label, is_spread, is_year, label_spans
from bot.checks.notation import VALUE, is_raised, value_of
from bot.checks.number_words import (
    Spelled,
    dozens,
    fractions,
    is_out_of_total,
    orders_of_magnitude,
    shares,
    spelled,
)
from bot.checks.suffixes import GLUED_WORD, POWERS, unit_after
from bot.checks.units import CURRENCY_BEFORE, MEASURED_UNITS, UNITS, unit_glued, unit_of
from bot.checks.vocabulary import FUNCTION_WORDS


class Role(Enum):
    """What a number does in its sentence."""

    MEASURE = "measure"
    YEAR = "year"
    SPREAD = "spread"
    """The uncertainty of a value: 0.02 in "0.31 ± 0.02", and the ends of its interval."""
    CONFIDENCE = "confidence"
    """The level of an interval: 95 in "a 95 % confidence interval"."""
    LABEL = "label"
    """The number of a section, table, citation or list item: it measures nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One numeric token."""

    value: Decimal
    """Scaled by suffixes: 2.7B is 2,700,000,000."""
    unit: str
    """`%`, `points`, `x` (a factor), a physical unit such as `ms`, a currency such as `$`, or empty."""
    noun: str
    """The next word in lower case, where it may be the thing counted: `layers`; else empty."""
    sign: int
    """-1 or 1 where a sign is written, else 0."""
    role: Role
    start: int
    end: int


_NAME = re.compile(
    r"""(?<![\w.-])(?=[\w@/.+-]*\d)[^\W\d_][^\W_]*(?:[-@/._+]?[^\W_]+(?:\.\d+)?)*""",
    re.VERBOSE,
)
_MODEL = "model"
_SIZE_IN_NAME = re.compile(r"(?<=[-_])(\d+(?:\.\d+)?[BMKbmk])(?![^\W_])")
_JOINT = re.compile(r"\s?(?:-|to|and|or|/|±|\+/-|,|, and|vs\.?|versus)\s?")
_ERRORS = re.compile(r"\s?\(?\s?\+\s?[\d.]+ ?(?:%|[^\W\d]{1,4})?[\s,/]{0,3}-\s?[\d.]+.*")
_WORD_AFTER = re.compile(r"(?:\s|-)\(?(?P<word>[^\W\d_]{2,})")
_LINK = re.compile(r"(?:https?://|www\.|doi\.org|arxiv:)\S+", re.IGNORECASE)
_SMALLEST_IN_WORDS = 10
_SMALLEST_MEASURED_IN_WORDS = 2
"""Not one: "one day" and "one time" are idioms."""
_NEAR_CHARACTERS = 40
"""How far to look on either side of a number; bounds the work on long texts."""


def numbers(text: str, *, small_words: bool = False) -> list[Number]:
    """All numbers in `text` in order, in digits or words, except digits inside names such as GPT-4.

    A size inside a name counts: Llama-2-7B has 7B. Words below ten only count before a unit or out of a total
    ("two of the five"), as statements use them freely, unless `small_words` asks for the others too.
    """
    wholes = list(_wholes(text))
    blocked = [*(match.span() for match in _LINK.finditer(text)), *(span for span, _ in wholes)]
    found = [number for _, inside in wholes for number in inside]
    found += _in_digits(text, blocked)
    taken = [*blocked, *((number.start, number.end) for number in found)]
    found += _spelled(text, taken, small_words=small_words)
    found.sort(key=lambda number: number.start)
    return _with_shared_units(text, _with_errors(text, found))


def in_name(text: str, number: Number) -> bool:
    """Whether the number is a size inside a name: the 7B of Llama-2-7B."""
    return number.noun == _MODEL and text[number.start - 1 : number.start] in {"-", "_"}


def names(text: str) -> list[str]:
    """The words of `text` that contain digits but are not numbers: GPT-4, F1, Recall@5, 3D, 2nd."""
    link_free = _LINK.sub(" ", text)
    found = [name[0] for name in _names(link_free)]
    found += [
        match[0]
        for match in re.finditer(r"(?<![\w.-])\d+[A-Za-z]{1,12}\b", link_free)
        if _is_name_from_digit(match[0])
    ]
    return found


def _wholes(text: str) -> Iterator[tuple[tuple[int, int], list[Number]]]:
    """Whatever is read as one piece (names, fractions, orders of magnitude, dates): its span and numbers."""
    for name in _names(text):
        yield name.span(), [_size(name.start(), size) for size in _SIZE_IN_NAME.finditer(name[0])]
    for whole in (*orders_of_magnitude(text), *fractions(text)):
        yield (whole.start, whole.end), [_from_words(text, whole, whole.unit, whole.end)]
    for date in ISO_DATE.finditer(text):
        year, day = (
            _from_words(text, Spelled(Decimal(date[part]), *date.span(part)), "", date.end(part))
            for part in ("year", "day")
        )
        yield date.span(), [replace(year, role=Role.YEAR), day]  # the same two numbers as in "11 July 2024"


def _in_digits(text: str, blocked: Sequence[tuple[int, int]]) -> Iterator[Number]:
    """The numbers in digits outside the blocked spans."""
    labels = list(label_spans(text))
    position = 0
    while (match := VALUE.search(text, position)) is not None:
        position = match.end()
        inside = next((end for start, end in blocked if start <= match.start() < end), None)
        if inside is not None:
            position = max(position, inside)
            continue
        number = None if is_raised(text, match.start()) else _number(text, match)
        if number is None:
            continue
        position = max(position, number.end)
        is_label = any(start <= match.start() < end for start, end in labels)
        yield replace(number, role=Role.LABEL) if is_label else number


def _names(text: str) -> Iterator[re.Match[str]]:
    return (name for name in _NAME.finditer(text) if GLUED_WORD.match(name[0]) is None)


def _spelled(text: str, taken: Sequence[tuple[int, int]], *, small_words: bool) -> Iterator[Number]:
    for found in (*spelled(text), *shares(text), *dozens(text)):
        if any(start < found.end and found.start < end for start, end in taken):
            continue
        unit, scale, end = (found.unit, 0, found.end) if found.unit else unit_after(text, found.end)
        is_share = unit == "%" or "percent" in text[found.end : end]
        is_measured = unit in {"x", "points"} or unit in MEASURED_UNITS
        least = _SMALLEST_MEASURED_IN_WORDS if is_measured or small_words else _SMALLEST_IN_WORDS
        if not is_share and found.value < least and not is_out_of_total(text, found):
            continue
        yield _from_words(text, replace(found, value=found.value.scaleb(scale)), unit or "", end)


def _from_words(text: str, found: Spelled, unit: str, end: int) -> Number:
    return Number(
        value=found.value,
        unit=unit,
        noun=_noun(text, end),
        sign=found.sign,
        role=_role(text, found.start, end, ""),
        start=found.start,
        end=end,
    )


def _is_name_from_digit(token: str) -> bool:
    """Whether the letters after the digits are neither unit nor scale: 3D and 2nd, but not 40GB and 7B."""
    suffix = token.lstrip("0123456789")
    return not unit_glued(suffix) and suffix.lower() not in POWERS and suffix not in {"X", "e", "E"}


def _size(offset: int, size: re.Match[str]) -> Number:
    value = Decimal(size[1][:-1]).scaleb(POWERS[size[1][-1].lower()])
    return Number(
        value=value,
        unit="",
        noun=_MODEL,
        sign=0,
        role=Role.MEASURE,
        start=offset + size.start(),
        end=offset + size.end(),
    )


def _number(text: str, match: re.Match[str]) -> Number | None:
    unit, scale, end = unit_after(text, match.end())
    if unit is None:
        return None
    before = text[max(0, match.start() - _NEAR_CHARACTERS) : match.start()]
    if not unit and (currency := CURRENCY_BEFORE.search(before)) is not None:
        unit = unit_of(currency["unit"])
    sign = {"+": 1, "-": -1}.get((match["sign"] or " ")[0], 0)
    bare = match["body"] is not None and end == match.end() and match["body"].isdigit()
    role = _role(text, match.start(), end, match["body"] if bare else "")
    return Number(
        value=value_of(match).scaleb(scale),
        unit=unit,
        noun=_noun(text, end),
        sign=sign,
        role=role,
        start=match.start(),
        end=end,
    )


def _noun(text: str, end: int) -> str:
    after = _WORD_AFTER.match(text, end)
    return after["word"].lower() if after and after["word"].lower() not in FUNCTION_WORDS else ""


def _role(text: str, start: int, end: int, digits: str) -> Role:
    before, after = text[max(0, start - _NEAR_CHARACTERS) : start], text[end : end + _NEAR_CHARACTERS]
    if is_label(before):
        return Role.LABEL
    if is_confidence(before, after, text[start:end]):
        return Role.CONFIDENCE
    if is_spread(before):
        return Role.SPREAD
    return Role.YEAR if digits and is_year(before, after, int(digits)) else Role.MEASURE


def _with_errors(text: str, found: list[Number]) -> list[Number]:
    """Mark the error of "12.5 +0.3 -0.2 km" as a spread; all three numbers share the unit."""
    for position in range(len(found) - 2):
        value, upper, lower = found[position : position + 3]
        if upper.sign > 0 and _ERRORS.fullmatch(text, value.end, lower.end):
            found[position] = replace(value, unit=value.unit or lower.unit, noun=value.noun or lower.noun)
            found[position + 1] = replace(upper, role=Role.SPREAD, unit=upper.unit or lower.unit)
            found[position + 2] = replace(lower, role=Role.SPREAD, sign=-1)
    return found


def _with_shared_units(text: str, found: list[Number]) -> list[Number]:
    """Give the earlier numbers of "2-8x" and "80.1 and 76.9 %" the unit that follows the last."""
    for position in range(len(found) - 2, -1, -1):
        number, following = found[position], found[position + 1]
        between = text[number.end : following.start]
        if number.unit or not following.unit or following.unit not in UNITS:
            continue
        if _JOINT.fullmatch(between) and number.role is Role.MEASURE and not number.noun.isalpha():
            found[position] = replace(number, unit=following.unit)
    return found
