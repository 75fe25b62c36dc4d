"""Numbers as papers write them: value, unit, and whether they measure anything (pure).

Texts have to be in plain characters (`bot.checks.sentences.plain`).
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
    SCALES,
    Spelled,
    dozens,
    fractions,
    is_of_so_many,
    orders_of_magnitude,
    shares,
    spelled,
)
from bot.checks.units import CURRENCY_BEFORE, MEASURED_UNITS, UNITS, unit_glued, unit_of
from bot.checks.vocabulary import FUNCTION_WORDS


class Role(Enum):
    """What a number does in its sentence."""

    MEASURE = "measure"
    YEAR = "year"
    SPREAD = "spread"
    """How far a value may be off: 0.02 in "0.31 ± 0.02", and the ends of its interval."""
    CONFIDENCE = "confidence"
    """How sure an interval is: 95 in "a 95 % confidence interval"."""
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
    """The word that follows, in lower case, where it may be what is counted: `layers`; else empty."""
    sign: int
    """-1 or 1 where a sign is written, else 0."""
    role: Role
    start: int
    end: int


_SCALES = {"k": 3, "m": 6, "mn": 6, "b": 9, "bn": 9, "t": 12} | SCALES

_NAME = re.compile(
    r"""(?<![\w.-])(?=[\w@/.+-]*\d)[^\W\d_][^\W_]*(?:[-@/._+]?[^\W_]+(?:\.\d+)?)*""",
    re.VERBOSE,
)
_GLUED_WORD = re.compile(
    r"(?:of|by|to|is|at|in|and|from|with|than|the|for|on|are|was|about|over|only)(?=\d)", re.IGNORECASE
)
_MODEL = "model"
_SIZE_IN_NAME = re.compile(r"(?<=[-_])(\d+(?:\.\d+)?[BMKbmk])(?![^\W_])")
_POINTS = re.compile(
    r"[\s-]?(?:%|per\s?cent(?:age)?)[\s-]?(?:absolute|points?|pts?|pp?)\b|[\s-]absolute\spoints?"
)
_SOLAR = r"[MLR]_?\{?(?:\s?[⊙☉⨀⊕]|sun\b)\}?"
_SUFFIX = re.compile(rf"{_SOLAR}|%|×|°\s?[CF]\b|[°$€£¥₹]|[A-Za-zμÅΩ]+")
_SPACED = re.compile(
    rf"(?:\s|-)(?P<word>{_SOLAR}|solar\s(?:mass|luminosit|radi)\w*"
    r"|%|×|per\s?cent|°\s?[CF]\b|[°$€£¥₹](?!\d)|degrees?\s(?:celsius|fahrenheit)|kelvins?"
    r"|\w*(?:watt|electron)-\w+|[^\W\d_]+(?=[23]?(?!\w)))",
    re.IGNORECASE,
)
_MULTIPLIED = re.compile(r"\s?(?:\d|(?:N(?:VIDIA|vidia) )?(?:[ABHKLPTV]\d|[GR]TX\b|[GT]PU))")
"""What there may be so many of, as in 3x3 and 8×A100; a 3x F1 gain is a factor."""
_UNIT_JOINTS = re.compile(r"[\s_{}]")
_JOINT = re.compile(r"\s?(?:-|to|and|or|/|±|\+/-|,|, and|vs\.?|versus)\s?")
_ERRORS = re.compile(r"\s?\(?\s?\+\s?[\d.]+ ?(?:%|[^\W\d]{1,4})?[\s,/]{0,3}-\s?[\d.]+.*")
_WORD_AFTER = re.compile(r"(?:\s|-)\(?(?P<word>[^\W\d_]{2,})")
_LINK = re.compile(r"(?:https?://|www\.|doi\.org|arxiv:)\S+", re.IGNORECASE)
_COUNTED_IN_WORDS = 10
_SMALLEST_MEASURED = 2
"""In words: "one day" and "one time" are idioms."""
_NEAR_CHARACTERS = 40
"""What is looked at before a number, so that long texts take no longer than they must."""


def numbers(text: str, *, small_words: bool = False) -> list[Number]:
    """All numbers of `text` in order, in digits or words; digits inside names such as GPT-4 are none of them.

    A size inside a name counts: Llama-2-7B holds 7B. Of words below ten only those before a unit and those of
    so many ("two of the five") do, as statements count freely, unless `small_words` asks for the others too.
    """
    blocked = [match.span() for match in _LINK.finditer(text)]
    labels = list(label_spans(text))
    found: list[Number] = []
    for name, start, end in _names(text):
        blocked.append((start, end))
        found += [_size(start, size) for size in _SIZE_IN_NAME.finditer(name)]
    for whole in (*orders_of_magnitude(text), *fractions(text)):
        blocked.append((whole.start, whole.end))
        found.append(_of_words(text, whole, whole.unit, whole.end))
    for date in ISO_DATE.finditer(text):
        blocked.append(date.span())
        year, day = (
            _of_words(text, Spelled(Decimal(date[part]), *date.span(part)), "", date.end(part))
            for part in ("year", "day")
        )
        found += [replace(year, role=Role.YEAR), day]  # as "11 July 2024" has them
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
        if any(start <= match.start() < end for start, end in labels):
            number = replace(number, role=Role.LABEL)
        found.append(number)
    taken = [*blocked, *((number.start, number.end) for number in found)]
    found += _spelled(text, taken, small_words=small_words)
    found.sort(key=lambda number: number.start)
    return _with_shared_units(text, _with_errors(text, found))


def in_name(text: str, number: Number) -> bool:
    """Whether it is the size inside a name: the 7B of Llama-2-7B."""
    return number.noun == _MODEL and text[number.start - 1 : number.start] in {"-", "_"}


def names(text: str) -> list[str]:
    """The words of `text` that hold digits without being numbers: GPT-4, F1, Recall@5, 3D, 2nd."""
    link_free = _LINK.sub(" ", text)
    found = [name for name, _, _ in _names(link_free)]
    found += [
        match[0] for match in re.finditer(r"(?<![\w.-])\d+[A-Za-z]{1,12}\b", link_free) if _is_odd(match[0])
    ]
    return found


def _names(text: str) -> Iterator[tuple[str, int, int]]:
    for match in _NAME.finditer(text):
        glued = _GLUED_WORD.match(match[0])
        # Extraction loses spaces: "accuracy of81.2" holds a number.
        if glued is None:
            yield match[0], match.start(), match.end()


def _spelled(text: str, taken: Sequence[tuple[int, int]], *, small_words: bool) -> Iterator[Number]:
    for found in (*spelled(text), *shares(text), *dozens(text)):
        if any(start < found.end and found.start < end for start, end in taken):
            continue
        unit, scale, end = (found.unit, 0, found.end) if found.unit else _unit(text, found.end)
        is_share = unit == "%" or "percent" in text[found.end : end]
        is_measured = unit in {"x", "points"} or unit in MEASURED_UNITS
        least = _SMALLEST_MEASURED if is_measured or small_words else _COUNTED_IN_WORDS
        if not is_share and found.value < least and not is_of_so_many(text, found):
            continue
        yield _of_words(text, replace(found, value=found.value.scaleb(scale)), unit or "", end)


def _of_words(text: str, found: Spelled, unit: str, end: int) -> Number:
    return Number(
        value=found.value,
        unit=unit,
        noun=_noun(text, end),
        sign=found.sign,
        role=_role(text, found.start, end, ""),
        start=found.start,
        end=end,
    )


def _is_odd(token: str) -> bool:
    suffix = token.lstrip("0123456789")
    return not unit_glued(suffix) and suffix.lower() not in _SCALES and suffix not in {"X", "e", "E"}


def _size(offset: int, size: re.Match[str]) -> Number:
    value = Decimal(size[1][:-1]).scaleb(_SCALES[size[1][-1].lower()])
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
    value = value_of(match)
    end = match.end()
    unit, scale, end = _unit(text, end)
    if unit is None:
        return None
    before = text[max(0, match.start() - _NEAR_CHARACTERS) : match.start()]
    if not unit and (currency := CURRENCY_BEFORE.search(before)) is not None:
        unit = unit_of(currency["unit"])
    sign = {"+": 1, "-": -1}.get((match["sign"] or " ")[0], 0)
    bare = match["body"] is not None and end == match.end() and match["body"].isdigit()
    role = _role(text, match.start(), end, match["body"] if bare else "")
    return Number(
        value=value.scaleb(scale),
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


def _unit(text: str, end: int) -> tuple[str | None, int, int]:
    """(unit, scale as a power of ten, end); the unit is None where the digits begin a name such as 3D."""
    scale = 0
    if (points := _POINTS.match(text, end)) is not None:
        return "points", 0, points.end()
    attached = _SUFFIX.match(text, end)
    if attached is not None:
        suffix, end = attached[0], attached.end()
        if suffix in {"x", "X", "×"} and _MULTIPLIED.match(text, end):
            return "", 0, end - 1  # 3x3 is a shape, 8×A100 a count
        unit = "x" if suffix == "X" else unit_glued(_UNIT_JOINTS.sub("", suffix))
        if unit:
            return unit, 0, end
        if suffix.lower() not in _SCALES:
            # "3D" and "2nd" are names; "81.2on" lost its space.
            return ("", 0, end - len(suffix)) if _GLUED_WORD.match(suffix + "0") else (None, 0, end)
        scale = _SCALES[suffix.lower()]
    spaced = _SPACED.match(text, end)
    if spaced is not None and not scale and (exponent := _spaced_scale(spaced["word"])):
        end, scale = spaced.end(), exponent
        spaced = _SPACED.match(text, end)
    if spaced is None:
        return "", scale, end
    unit = _spaced_unit(spaced["word"], text, spaced.end())
    return (unit, scale, spaced.end()) if unit else ("", scale, end)


def _spaced_scale(word: str) -> int:
    """The power of ten of `million` or, in capitals, of the letters of million and billion; else 0."""
    return _SCALES.get(word.lower(), 0) if len(word) > 1 or word in "BM" else 0


def _spaced_unit(word: str, text: str, end: int) -> str:
    if word in {"x", "×"} and _MULTIPLIED.match(text, end):
        return ""
    return unit_of(_UNIT_JOINTS.sub("", word))


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
    """Take the ends of an error for no values, as in "12.5 +0.3 -0.2 km"; the unit is that of all three."""
    for position in range(len(found) - 2):
        value, upper, lower = found[position : position + 3]
        if upper.sign > 0 and _ERRORS.fullmatch(text, value.end, lower.end):
            found[position] = replace(value, unit=value.unit or lower.unit, noun=value.noun or lower.noun)
            found[position + 1] = replace(upper, role=Role.SPREAD, unit=upper.unit or lower.unit)
            found[position + 2] = replace(lower, role=Role.SPREAD, sign=-1)
    return found


def _with_shared_units(text: str, found: list[Number]) -> list[Number]:
    """Give the earlier numbers of "2-8x" and "80.1 and 76.9 %" the unit that stands behind the last."""
    for position in range(len(found) - 2, -1, -1):
        number, following = found[position], found[position + 1]
        between = text[number.end : following.start]
        if number.unit or not following.unit or following.unit not in UNITS:
            continue
        if _JOINT.fullmatch(between) and number.role is Role.MEASURE and not number.noun.isalpha():
            found[position] = replace(number, unit=following.unit)
    return found
