"""Extracts metric, value, baseline and data set from a sentence, where they are clear (pure)."""

import re
from dataclasses import dataclass

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
    rf"(?<![\w-])(?:(?:exact|top-\d|zero-shot|few-shot|average|test|macro"
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
    r"\bon (?:the )?(?P<name>(?!Tables?\b|Fig|Section|Appendix)(?:[A-Z][\w/@.-]*[A-Z\d][\w/@-]*|[A-Z][\w-]+)"
    r"(?: (?:[A-Z][\w/-]*|\d+[A-Z]?\b))*)(?= [a-z]|[,.;)]|$)"
)
_BASELINE = re.compile(
    r"\b(?:compared (?:to|with)|than|over|versus|vs\.?|against) (?:the |an? )?"
    r"(?P<name>(?:[\w./-]+ ){0,4}?(?:[A-Z][\w/-]*\d?[\w/-]*|baselines?|unoptimized \w+|models?))(?=[ ,.;)]|$)"
)
_VARIABLE_BEFORE = re.compile(
    r"(?:\b[a-zα-ω]|\brates?) ?(?:[<>≤≥]|equals?|stays? below|is|of) ?$", re.IGNORECASE
)
_LEADS_TO_VALUE = re.compile(r"[^,.;:]*\b(?:from|to|by|of) $", re.IGNORECASE)
_BY_BEFORE = re.compile(r"\bby (?:[\w~≈]+ ){0,3}$")
_CLAUSE_BREAK = re.compile(r"; |\b(?:while|whereas|but) ")
_RANGE = re.compile(r"\s?(?:-|to|±)\s?")
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
    found = [number for number in numbers(sentence) if number.role in {Role.MEASURE, Role.SPREAD}]
    if not found or len(found) > _MAX_NUMBERS:
        return None
    pairs = [
        (_distance(number, metric), number.start, number, metric)
        for number in found
        if _measures(sentence, number) and _VARIABLE_BEFORE.search(sentence[: number.start]) is None
        for metric in _METRIC.finditer(sentence)
        if (not _WEAK.fullmatch(metric[0]) or number.unit)
        and not _has_another_value(sentence, number, metric, found)
        and not _in_other_clause(sentence, number, metric)
        and _may_be_of(Among(sentence, number, found), metric[0])
    ]
    near = [pair for pair in pairs if pair[0] <= _REACH_CHARACTERS]
    if not near:
        return None
    _, _, number, metric = min(near, key=lambda pair: pair[:2])
    is_change = sense(sentence, number).kind is Kind.CHANGE
    nearby = sentence[max(0, number.start - _REACH_CHARACTERS) : number.end + _REACH_CHARACTERS]
    dataset, baseline = _DATASET.search(nearby), _BASELINE.search(nearby)
    return Measured(
        metric=f"{metric[0]} (difference)"
        if is_change and not _NAMES_CHANGE.fullmatch(metric[0])
        else metric[0],
        value=_value(sentence, number, found),
        baseline=baseline["name"] if baseline else None,
        dataset=dataset["name"] if dataset else None,
    )


def _measures(sentence: str, number: Number) -> bool:
    """Whether it may be a value of a metric: in digits, unlike "twice", and with a unit or decimals."""
    if number.role is Role.SPREAD or not any(map(str.isdigit, sentence[number.start : number.end])):
        return False
    return bool(number.unit and number.unit != "token") or number.value != number.value.to_integral_value()


def _has_another_value(sentence: str, number: Number, metric: re.Match[str], found: list[Number]) -> bool:
    """Whether a metric named after the number has its own: "to 51.6 % and raises accuracy from 71 %"."""
    if metric.start() <= number.end + 1:
        return False
    following = next((other for other in found if other.start >= metric.end()), None)
    return following is not None and bool(_LEADS_TO_VALUE.fullmatch(sentence[metric.end() : following.start]))


def _in_other_clause(sentence: str, number: Number, metric: re.Match[str]) -> bool:
    """Whether a new clause starts between the two."""
    first, last = sorted(((number.start, number.end), metric.span()))
    return _CLAUSE_BREAK.search(sentence, first[1], last[0]) is not None


def _may_be_of(place: Among, metric: str) -> bool:
    """Whether the sentence does not clearly give the number to another metric."""
    named = metric_stems(place, place.number)
    others = (content_words(other[0]) for other in _METRIC.finditer(place.text))
    return not named.isdisjoint(content_words(metric)) or all(map(named.isdisjoint, others))


def _distance(number: Number, metric: re.Match[str]) -> int:
    weakness = _WEAK_CHARACTERS if _WEAK.fullmatch(metric[0]) else 0
    return max(number.start - metric.end(), metric.start() - number.end, 0) + weakness


def _value(sentence: str, number: Number, found: list[Number]) -> str:
    """The number as written, with its range, and "by" in front where it is a change."""
    start, end = number.start, number.end
    following = next((other for other in found if other.start > number.start), None)
    if following is not None and _RANGE.fullmatch(sentence[end : following.start]):
        end = following.end
    earlier = next((other for other in reversed(found) if other.start < number.start), None)
    if earlier is not None and _RANGE.fullmatch(sentence[earlier.end : start]):
        start = earlier.start
    use = sense(sentence, number)
    words = "by " if use.kind is Kind.CHANGE and _BY_BEFORE.search(sentence[:start]) else ""
    bound = "up to " if use.bound > 0 else "more than " if use.bound < 0 else ""
    return words + bound + sentence[start:end]
