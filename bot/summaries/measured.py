"""Extracts metric, value, baseline and data set from a sentence, where they are clear (pure)."""

import re
from dataclasses import dataclass
from itertools import pairwise

from bot.checks.kinds import Kind
from bot.checks.metrics import metric_stems
from bot.checks.neighbours import Among
from bot.checks.numbers import Number, Role, numbers
from bot.checks.senses import sense
from bot.checks.stemming import content_words

_METRIC_NAMES = (
    r"accuracy|f1(?:[- ]scores?)?|bleu(?:-\d)?|rouge(?:-[\dl])?|meteor|bertscore|(?:recall|precision"
    r"|ndcg|hits|pass|"
    r"[rp]\d*)@\d+|recall|precision|auc|auroc|map|mrr|ndcg|exact match|em|perplexity|ppl|wer|cer|rmse"
    r"|mae|iou|"
    r"(?:win|success|pass|error) rate|agreement|pearson r|correlation|kappa|latency|throughput|speed-?ups?|"
    r"memory(?: usage| consumption| footprint)?|(?:training |inference )?time|error|parameters|flops"
    r"|energy|cost|"
    r"gains?|improvements?|reductions?|scores?"
)
_METRIC = re.compile(
    rf"(?<![\w-])(?<!each )(?<!every )(?:(?:exact|top-\d|zero-shot|few-shot|average|test|macro"
    rf"|micro)[- ])?(?:{_METRIC_NAMES})(?![\w-])",
    re.IGNORECASE,
)
_WEAK = re.compile(
    r"gains?|improvements?|reductions?|scores?|time|cost|parameters|error|em|map", re.IGNORECASE
)
_NAMES_CHANGE = re.compile(r"(?:average )?(?:gain|improvement|reduction|speed-?up)s?", re.IGNORECASE)
_WEAK_CHARACTERS = 40
"""How much farther from its value a metric with a specific name may be than one with a weak name."""
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
    r"(?P<name>(?!\d|(?:those|that|what|when|if|in|on|for|with|by|from) )(?:[\w./-]{1,40} ){0,4}?"
    r"(?:[A-Z][\w/-]{0,40}|baselines?|unoptimized \w{1,40}|models?))(?=[ ,.;)]|$)"
)
_VARIABLE_BEFORE = re.compile(
    r"(?:\b[a-zα-ω]|\brates?) ?(?:[<>≤≥]|equals?|stays? below|is|of) ?$", re.IGNORECASE
)
_VERSIONED = re.compile(r"\b(?P<name>[A-Z]\w{0,40}[A-Z]\w{0,40}) $")
"""What a version follows, such as "MultiWOZ 2.1"."""
_COUNTED = re.compile(r"\d+(?:-gram| times(?! (?:as|that|the|[a-z]+er|more|less)\b))")
"""Unlike "4 times faster", which measures something."""
_CONCEDED = re.compile(r"^(?:While|Whereas|Although|Though)\b(?!.*\b(?:we|our)\b)[^,]*$", re.IGNORECASE)
_OF_A_SPREAD = re.compile(r"\b(?:deviation|variance)\b[^,;]*$", re.IGNORECASE)
_LEADS_TO_VALUE = re.compile(r"[^,.;:]*\b(?:from|to|by|of) $", re.IGNORECASE)
_BY_BEFORE = re.compile(r"\bby (?:[\w~≈]+ ){0,3}$")
_CLAUSE_BREAK = re.compile(r"; |\b(?:while|whereas|but) ")
_NEXT_IN_LIST = re.compile(r",? and ")
_RANGE = re.compile(r"\s?(?:-|to|±)\s?")
_BETWEEN, _AND = "between ", " and "
_MAX_NUMBERS = 8
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
    metrics = list(_METRIC.finditer(sentence))
    if not metrics:
        return None
    found = [number for number in numbers(sentence) if number.role in {Role.MEASURE, Role.SPREAD}]
    if not found or len(found) > _MAX_NUMBERS:
        return None
    pairs = [
        (_distance(number, metric), number.start, number, metric)
        for number in found
        if _measures(sentence, number)
        and _VARIABLE_BEFORE.search(sentence[: number.start]) is None
        and not _is_version(sentence, number)
        and not _is_aside(sentence, number, found)
        for metric in metrics
        if (not _WEAK.fullmatch(metric[0]) or number.unit)
        and not _has_another_value(sentence, number, metric, found)
        and not _in_other_clause(sentence, number, metric)
        and ("respectively" not in sentence or _is_paired(number, metric, found, metrics))
        and _may_be_of(Among(sentence, number, found), metric[0])
    ]
    near = [pair for pair in pairs if pair[0] <= _REACH_CHARACTERS]
    if not near:
        return None
    _, _, number, metric = min(near, key=lambda pair: pair[:2])
    span = _span(sentence, number, found)
    baseline = _nearest(_BASELINE, sentence, span)
    is_change = sense(sentence, number).kind is Kind.CHANGE
    return Measured(
        metric=f"{metric[0]} (difference)"
        if is_change and not _NAMES_CHANGE.fullmatch(metric[0])
        else metric[0],
        value=_value(sentence, number, span),
        baseline=baseline["name"] if baseline else None,
        dataset=_dataset(sentence, span, found),
    )


def _dataset(sentence: str, span: tuple[int, int], found: list[Number]) -> str | None:
    """The data set that a value is of; None if another value stands between them.

    None as well where values and names are two lists: "81.2 and 76.9 on A and B, respectively".
    """
    nearest = _nearest(_DATASET, sentence, span)
    if nearest is None or "respectively" in sentence or _METRIC.search(nearest["name"]):
        return None
    gap = _gap(span, nearest.span())
    is_apart = any(gap.start <= other.start < gap.stop for other in found)
    return None if is_apart else nearest["name"]


def _nearest(name: re.Pattern[str], sentence: str, span: tuple[int, int]) -> re.Match[str] | None:
    """The name of this kind that stands closest to a place, whole within reach."""
    first, last = span[0] - _REACH_CHARACTERS, span[1] + _REACH_CHARACTERS
    near = [match for match in name.finditer(sentence) if first <= match.start() and match.end() <= last]
    return min(near, key=lambda match: _distance_in(sentence, span, match.span()), default=None)


def _distance_in(sentence: str, one: tuple[int, int], other: tuple[int, int]) -> int:
    """The gap's length, and more if another statement starts in it: "on A and has 81.2 precision on B"."""
    gap = _gap(one, other)
    return len(gap) + (_REACH_CHARACTERS if _AND in sentence[gap.start : gap.stop] else 0)


def _gap(one: tuple[int, int], other: tuple[int, int]) -> range:
    """The characters between two places of a sentence; empty where they overlap."""
    first, last = sorted((one, other))
    return range(first[1], last[0])


def _measures(sentence: str, number: Number) -> bool:
    """Whether it may be a value of a metric: in digits, unlike "twice", and with a unit or decimals."""
    written = sentence[number.start : number.end]
    if number.role is Role.SPREAD or not any(map(str.isdigit, written)):
        return False
    if number.value != number.value.to_integral_value():
        return True
    return number.unit not in {"", "token"} and _COUNTED.match(sentence, number.start) is None


def _is_version(sentence: str, number: Number) -> bool:
    before = _VERSIONED.search(sentence[: number.start])
    return before is not None and not number.unit and _METRIC.fullmatch(before["name"]) is None


def _is_aside(sentence: str, number: Number, found: list[Number]) -> bool:
    """Whether it is of something else: of what was before ("from 20.8 to 22.7"), of others, or a spread."""
    before = sentence[: number.start]
    if _CONCEDED.search(before) or _OF_A_SPREAD.search(before):
        return True
    is_start = sense(sentence, number).end < 0
    later = next((other for other in found if other.start > number.start), None)
    return is_start and later is not None and not _is_range(sentence, number, later)


def _has_another_value(sentence: str, number: Number, metric: re.Match[str], found: list[Number]) -> bool:
    """Whether a metric named after the number has its own: "to 51.6 % and raises accuracy from 71 %"."""
    if metric.start() <= number.end + 1:
        return False
    following = next((other for other in found if other.start >= metric.end()), None)
    return following is not None and bool(_LEADS_TO_VALUE.fullmatch(sentence[metric.end() : following.start]))


def _in_other_clause(sentence: str, number: Number, metric: re.Match[str]) -> bool:
    """Whether a new clause starts between the two, or the number starts one: "46.7 ROUGE-L and 44.8 BLEU"."""
    gap = _gap((number.start, number.end), metric.span())
    between = sentence[gap.start : gap.stop]
    starts_one = gap.stop == number.start and _NEXT_IN_LIST.fullmatch(between) is not None
    return starts_one or _CLAUSE_BREAK.search(between) is not None


def _is_paired(
    number: Number, metric: re.Match[str], found: list[Number], metrics: list[re.Match[str]]
) -> bool:
    """Whether both have the same place in two lists: "81.2 and 76.9 EM and F1, respectively"."""
    listed = [other.start() for other in metrics if other[0].isupper() or not _WEAK.fullmatch(other[0])]
    if len(listed) <= 1:
        return True
    places = dict(zip(listed, found, strict=True)) if len(listed) == len(found) else {}
    return places.get(metric.start()) is number


def _may_be_of(place: Among, metric: str) -> bool:
    """Whether the sentence does not clearly give the number to another metric."""
    named = metric_stems(place, place.number)
    others = (content_words(other[0]) for other in _METRIC.finditer(place.text))
    return not named.isdisjoint(content_words(metric)) or all(map(named.isdisjoint, others))


def _distance(number: Number, metric: re.Match[str]) -> int:
    weakness = _WEAK_CHARACTERS if _WEAK.fullmatch(metric[0]) else 0
    return len(_gap((number.start, number.end), metric.span())) + weakness


def _span(sentence: str, number: Number, found: list[Number]) -> tuple[int, int]:
    """Where the number stands, with the range or the spread that it belongs to."""
    start, end = number.start, number.end
    for first, second in pairwise(found):
        if number in {first, second} and _is_range(sentence, first, second):
            start, end = min(start, first.start), max(end, second.end)
    return start, end


def _is_range(sentence: str, first: Number, second: Number) -> bool:
    joint = sentence[first.end : second.start]
    return bool(_RANGE.fullmatch(joint)) or (joint == _AND and sentence[: first.start].endswith(_BETWEEN))


def _value(sentence: str, number: Number, span: tuple[int, int]) -> str:
    """The value as written, with "between" in front, or "by" where it is a change, or its bound."""
    start, end = span
    if _AND in sentence[start:end]:
        return _BETWEEN + sentence[start:end]
    use = sense(sentence, number)
    words = "by " if use.kind is Kind.CHANGE and _BY_BEFORE.search(sentence[:start]) else ""
    bound = "up to " if use.bound > 0 else "more than " if use.bound < 0 else ""
    return words + bound + sentence[start:end]
