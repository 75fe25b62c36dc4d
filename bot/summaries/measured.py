"""Extracts metric, value, baseline and data set from a sentence, where they are clear (pure)."""

import re
from dataclasses import dataclass
from itertools import pairwise

from bot.checks.numbers import Number, Role, numbers
from bot.checks.senses import says_change, sense
from bot.checks.vocabulary import COMPARATIVE, SHRINKING, beginning_with
from bot.summaries.metric_names import METRIC
from bot.summaries.pairing import distance, gap, pairs
from bot.summaries.values import AND, BETWEEN, change_label, is_difference, is_range, is_share

_NAMES_CHANGE = re.compile(r"(?:average )?(?:gain|improvement|reduction|speed-?up)s?", re.IGNORECASE)
_DATASET = re.compile(
    r"(?<!mprove )(?<!mproves )(?<!mproved )(?<!mproving )(?<!ased )(?<!rained )\b[Oo]n (?:the )?"
    r"(?P<name>(?!Tables?\b|Fig|Section|Appendix|[AHV]100|[GTC]PU|NVIDIA|Nvidia|RTX)"
    r"(?:[A-Z\d][\w/@.-]{0,40}[A-Z][\w/@-]{0,40}|[A-Z][\w/@.-]{0,40}\d[\w/@-]{0,40}|[A-Z][\w-]{1,40})"
    r"(?: (?:[A-Z][\w/-]{0,40}|\d{1,4}(?:\.\d+)?[A-Z]?\b)){0,5})(?= [a-z]|[,.;)]|$)"
)
"""Not what something improves on, is based on, was trained on or runs on. Names are bounded, here and below:
else each sentence of one endless word, in a hostile paper, would take a second."""
_BASELINE = re.compile(
    r"\b(?:compared (?:to|with)|than|over|versus|vs\.?|against) (?:the |an? )?"
    r"(?P<name>(?!\d|(?:those|that|what|when|if|in|on|for|with|by|from) )"
    r"(?:(?!and |or |\d)[\w./-]{1,40} ){0,4}?"
    r"(?:[A-Z][\w/-]{0,40}(?: [A-Z][\w/-]{0,40}){0,4}(?: (?:baseline|model|system)s?)?"
    r"|baselines?|unoptimized \w{1,40}|models?))(?=[ ,.;)]|$)"
)
_COMPARED = re.compile(rf" (?:more|{COMPARATIVE})\b(?! or\b)")
"""As in "4 % slower", which says more than "4 %" does."""
_OF_AMOUNTS = {"fewer", "less", "lower", "smaller", "shorter", "cheaper", "narrow"}
_TAKES_AWAY = re.compile(rf"{beginning_with(['avoid', *sorted({*SHRINKING} - _OF_AMOUNTS)])}[^,;]*$")
"""What makes less of what there is more of: "saves 30 % more memory"."""
_BY_BEFORE = re.compile(r"\bby (?:[\w~≈]+ ){0,3}$")
_JOINTS = {AND, ", "}
_MAX_NUMBERS, _MAX_METRICS = 8, 8
_REACH_CHARACTERS = 70


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one sentence reports."""

    metric: str
    value: str
    baseline: str | None
    dataset: str | None


def measured_result(sentence: str) -> Measured | None:
    """The value that is closest to the name of a metric, and what it belongs to; None if nothing is clear."""
    metrics = list(METRIC.finditer(sentence))
    if not 0 < len(metrics) <= _MAX_METRICS:
        return None
    found = [number for number in numbers(sentence) if number.role in {Role.MEASURE, Role.SPREAD}]
    if not 0 < len(found) <= _MAX_NUMBERS:
        return None
    near = [pair for pair in pairs(sentence, found, metrics) if distance(*pair) <= _REACH_CHARACTERS]
    if not near:
        return None
    number, metric = min(near, key=lambda pair: (distance(*pair), pair[0].start))
    span = _span(sentence, number, found)
    first = next(one for one in found if one.start == span[0])
    baseline = _nearest(_BASELINE, sentence, span)
    named, value = _labelled(sentence, first, metric), _value(sentence, first, span)
    if compared := _COMPARED.match(sentence, span[1]):
        is_taken = _TAKES_AWAY.search(sentence[: span[0]]) is not None
        named, value = (f"{metric[0]} (difference)", value) if is_taken else (metric[0], value + compared[0])
    return Measured(
        metric=named,
        value=value,
        baseline=baseline["name"] if baseline else None,
        dataset=_dataset(sentence, span, found),
    )


def _labelled(sentence: str, number: Number, metric: re.Match[str]) -> str:
    if _NAMES_CHANGE.fullmatch(metric[0]):
        return metric[0]
    if is_difference(sentence, number, metric):
        return f"{metric[0]} ({change_label(sentence, number)})"
    return f"{metric[0]} (share)" if is_share(sentence, number) else metric[0]


def _dataset(sentence: str, span: tuple[int, int], found: list[Number]) -> str | None:
    """The data set that a value is of; None if another value stands between them.

    None as well where values are a list, as names may be one too: "81.2 and 76.9 on A and B".
    """
    nearest = _nearest(_DATASET, sentence, span)
    if nearest is None or "respectively" in sentence or METRIC.search(nearest["name"]):
        return None
    apart = gap(span, nearest.span())
    is_apart = any(apart.start <= other.start < apart.stop for other in found)
    is_listed = any(
        sentence[one.end : span[0]] in _JOINTS or sentence[span[1] : one.start] in _JOINTS for one in found
    )
    return None if is_apart or is_listed else nearest["name"]


def _nearest(name: re.Pattern[str], sentence: str, span: tuple[int, int]) -> re.Match[str] | None:
    """The name of this kind that stands closest to a place, whole within reach."""
    first, last = span[0] - _REACH_CHARACTERS, span[1] + _REACH_CHARACTERS
    near = [match for match in name.finditer(sentence) if first <= match.start() and match.end() <= last]
    return min(near, key=lambda match: _distance_in(sentence, span, match.span()), default=None)


def _distance_in(sentence: str, one: tuple[int, int], other: tuple[int, int]) -> int:
    """The gap's length, and more if another statement starts in it: "on A and has 81.2 precision on B"."""
    apart = gap(one, other)
    return len(apart) + (_REACH_CHARACTERS if AND in sentence[apart.start : apart.stop] else 0)


def _span(sentence: str, number: Number, found: list[Number]) -> tuple[int, int]:
    """Where the number stands, with the range or the spread that it belongs to."""
    start, end = number.start, number.end
    for first, second in pairwise(found):
        if number in {first, second} and is_range(sentence, first, second):
            start, end = min(start, first.start), max(end, second.end)
    return start, end


def _value(sentence: str, number: Number, span: tuple[int, int]) -> str:
    """The value as written, with "between" in front, or "by" where it is a change, or its bound."""
    start, end = span
    if AND in sentence[start:end]:
        return BETWEEN + sentence[start:end]
    use = sense(sentence, number)
    words = "by " if says_change(sentence, number) and _BY_BEFORE.search(sentence[:start]) else ""
    bound = "up to " if use.bound > 0 else "more than " if use.bound < 0 else ""
    return words + bound + sentence[start:end]
