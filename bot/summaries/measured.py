"""Reads metric, value, baseline and data set out of a sentence, where they are clear (pure)."""

import re
from dataclasses import dataclass

from bot.summaries.numbers import Number, Role, numbers
from bot.summaries.wording import Kind, sense

_METRIC = re.compile(
    r"""\b(?:(?:exact\s|top-\d\s|zero-shot\s|few-shot\s|average\s|test\s|macro[-\s]|micro[-\s]|relative\s|error\s)?
    (?:accuracy|f1(?:[-\s]scores?)?|bleu(?:-\d)?|rouge(?:-[\dl])?|meteor|bertscore|recall(?:@\d+)?|precision(?:@\d+)?|
    auc|auroc|map|mrr|ndcg(?:@\d+)?|hits@\d+|r@\d+|pass@\d+|exact\smatch|em|perplexity|ppl|wer|cer|rmse|mae|iou|
    win\srate|success\srate|pass\srate|agreement|correlation|kappa|latency|throughput|speed-?ups?|memory(?:\susage|\sconsumption|\sfootprint)?|
    (?:training\s|inference\s)?time|error\srate|error|parameters|tokens\sper\ssecond|flops|energy|cost|likelihood|
    gains?|improvements?|reductions?|scores?))\b""",
    re.IGNORECASE | re.VERBOSE,
)
_WEAK = re.compile(
    r"^(?:gains?|improvements?|reductions?|scores?|time|cost|parameters|error|em|map)$", re.IGNORECASE
)
_DATASET = re.compile(
    r"\bon\s(?:the\s)?(?P<name>(?:[A-Z][\w/@.-]*[A-Z\d][\w/@-]*|[A-Z][\w-]+)(?:\s(?:[A-Z][\w/-]*|\d+[A-Z]?\b))*)"
    r"(?=\s(?:dataset|benchmark|corpus|task|test|dev|and|with|by|over|in|using)|[,.;)]|$)"
)
_BASELINE = re.compile(
    r"\b(?:compared\s(?:to|with)|than|over|versus|vs\.?|against)\s(?:the\s|an?\s)?"
    r"(?P<name>(?:[\w./-]+\s){0,4}?(?:[A-Z][\w/-]*\d?[\w/-]*|baselines?|unoptimized\s\w+|models?))(?=[\s,.;)]|$)"
)
_MAX_NUMBERS = 8
_REACH_CHARACTERS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one sentence reports."""

    metric: str
    value: str
    baseline: str | None
    dataset: str | None


def measured_result(sentence: str) -> Measured | None:
    """The sentence's first value that stands close to the name of a metric; None where nothing is clear."""
    found = [number for number in numbers(sentence) if number.role is Role.MEASURE]
    if not found or len(found) > _MAX_NUMBERS:
        return None
    metrics = [match for match in _METRIC.finditer(sentence)]
    pairs = [
        (_distance(number, metric), number, metric)
        for number in found
        if _measures(number)
        for metric in metrics
        if not _WEAK.match(metric[0]) or number.unit
    ]
    near = [pair for pair in pairs if pair[0] <= _REACH_CHARACTERS]
    if not near:
        return None
    _, number, metric = min(near, key=lambda pair: (pair[1].start, pair[0]))
    dataset, baseline = _DATASET.search(sentence), _BASELINE.search(sentence)
    return Measured(
        metric=metric[0],
        value=_value(sentence, number, found),
        baseline=baseline["name"] if baseline else None,
        dataset=dataset["name"] if dataset else None,
    )


def _measures(number: Number) -> bool:
    """Whether it may be a value of a metric: it has a unit or decimals."""
    return bool(number.unit and number.unit != "token") or number.value != number.value.to_integral_value()


def _distance(number: Number, metric: re.Match[str]) -> int:
    return max(number.start - metric.end(), metric.start() - number.end, 0)


def _value(sentence: str, number: Number, found: list[Number]) -> str:
    """The number as written, with its range, and "by" in front where it is a change."""
    start, end = number.start, number.end
    following = next((other for other in found if other.start > number.start), None)
    if following is not None and re.fullmatch(r"\s?(?:-|to|±)\s?", sentence[end : following.start]):
        end = following.end
    value = sentence[start:end]
    use = sense(sentence, number)
    prefix = "up to " if use.bound > 0 else "more than " if use.bound < 0 else ""
    return (
        f"by {prefix}{value}"
        if use.kind is Kind.CHANGE and re.search(r"\bby\b", sentence[:start][-25:])
        else prefix + value
    )
