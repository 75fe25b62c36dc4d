"""Which number of a sentence is the value of which metric, where that is clear (pure)."""

import re
from collections.abc import Sequence

from bot.checks.metrics import metric_stems
from bot.checks.neighbours import Among
from bot.checks.numbers import Number
from bot.checks.senses import says_change
from bot.checks.stemming import content_words
from bot.summaries.metric_names import METRIC, WEAK
from bot.summaries.values import CHARACTERS_BEFORE, changes_at, is_named_at, may_be_value

_WEAK_CHARACTERS = 40
"""How much farther from its value a metric with a specific name may be than one with a weak name."""
_OF_SIZE = re.compile(
    r"latency|throughput|speed-?ups?|memory.*|.*time|parameters|flops|energy|cost", re.IGNORECASE
)
"""What can be faster or smaller, unlike an accuracy."""

_COMPARED_AFTER = re.compile(
    r" ?(?:(?P<size>faster|slower|smaller|larger|bigger|cheaper|lighter|shorter|longer)"
    r"|(?:higher|lower|better|worse|more|less) "
    r"(?!th[ae]n|in|on|for|when|with|over|to|by|if|at|under|across))\b",
    re.IGNORECASE,
)
_FORMER = re.compile(
    r"\b(?:[Pp]revious|[Pp]rior|[Ee]arlier|[Ee]xisting)(?:ly)? (?:[\w-]{1,30} ){0,3}$|\b[Bb]aseline $"
)
"""What stands before the metrics of others' systems."""
_STATE_OF_THE_ART = re.compile(r"The (?:current )?state-of-the-art ")
_LEADS_TO_VALUE = re.compile(r"[^,.;:]*\b(?:from|to|by|of|is|was|as (?:high|low) as) $", re.IGNORECASE)
_CLAUSE_BREAK = re.compile(
    r"; |\b(?:while|whereas|but|if|whenever|until|unless) |, and (?:each|it|we|they|our|this) "
    r"|\band (?:evaluated|reported|measured|compared|computed|used|trained|tested) "
)
_NEXT_IN_LIST = re.compile(r",? and ")
_LIST_JOINT = re.compile(r",? and |, ")
_NO_LIST = (0, 1)
"""The place of what stands alone."""
_AFTER_ASIDE = re.compile(r"[^()]*\), ")
_WITH_A = re.compile(r" with (?:only )?an? ")


def pairs(
    sentence: str, found: Sequence[Number], metrics: Sequence[re.Match[str]]
) -> list[tuple[Number, re.Match[str]]]:
    """The numbers that may be values, each with every metric that it may be a value of.

    Args:
        sentence: Where both were found.
        found: Its measures and spreads.
        metrics: Its matches of `METRIC`.
    """
    return [
        (number, metric)
        for number in found
        if may_be_value(sentence, number, found)
        for metric in metrics
        if (not WEAK.fullmatch(metric[0]) or number.unit)
        and not _is_of_others(sentence, number, metric)
        and not _is_of_another_name(sentence, number, metric)
        and _may_be_compared(sentence, number, metric)
        and not _has_another_value(sentence, number, metric, found)
        and not _in_other_clause(sentence, number, metric)
        and (not _is_listed(sentence, number) or _is_paired(number, metric, found, metrics))
        and _is_paired_in_lists(sentence, number, metric, found, metrics)
        and _may_be_of(Among(sentence, number, found), metric[0])
    ]


def distance(number: Number, metric: re.Match[str]) -> int:
    """The characters between both, and more where the metric's name is a weak one."""
    weakness = _WEAK_CHARACTERS if WEAK.fullmatch(metric[0]) else 0
    return len(gap((number.start, number.end), metric.span())) + weakness


def gap(one: tuple[int, int], other: tuple[int, int]) -> range:
    """The characters between two places of a sentence; empty where they overlap."""
    first, last = sorted((one, other))
    return range(first[1], last[0])


def _is_of_others(sentence: str, number: Number, metric: re.Match[str]) -> bool:
    """Whether the metric is a former system's, unless the number says by how much it was changed."""
    before = sentence[max(0, metric.start() - CHARACTERS_BEFORE) : metric.start()]
    is_former = _FORMER.search(before) or _STATE_OF_THE_ART.match(sentence)
    return bool(is_former) and not says_change(sentence, number)


def _is_of_another_name(sentence: str, number: Number, metric: re.Match[str]) -> bool:
    """Whether it names itself ("122M parameters"), or stands alone in brackets before the metric."""
    own = METRIC.search(sentence[number.start : number.end])
    if own is not None and own[0].lower() != metric[0].lower():
        return True
    in_brackets = sentence[number.start - 1 : number.start], sentence[number.end : number.end + 1]
    return in_brackets == ("(", ")") and metric.start() > number.end


def _may_be_compared(sentence: str, number: Number, metric: re.Match[str]) -> bool:
    """Whether words of comparison after the number don't give it to something else: "6 % higher recall"."""
    compared = _COMPARED_AFTER.match(sentence, number.end)
    if compared is None:
        return True
    if compared["size"]:
        return _OF_SIZE.fullmatch(metric[0]) is not None
    return is_named_at(sentence, compared.end(), metric)


def _has_another_value(sentence: str, number: Number, metric: re.Match[str], found: Sequence[Number]) -> bool:
    """Whether a metric named after the number has its own: "to 51.6 % and raises accuracy from 71 %"."""
    if metric.start() <= number.end + 1:
        return False
    following = next((other for other in found if other.start >= metric.end()), None)
    return following is not None and bool(_LEADS_TO_VALUE.fullmatch(sentence[metric.end() : following.start]))


def _in_other_clause(sentence: str, number: Number, metric: re.Match[str]) -> bool:
    """Whether a new clause or a new item starts between the two, as in "46.7 ROUGE-L and 44.8 BLEU"."""
    apart = gap((number.start, number.end), metric.span())
    between = sentence[apart.start : apart.stop]
    if apart.start == number.end and _WITH_A.search(between):
        return True  # "49.8 % in three classes, with a correlation"
    if apart.start == number.end and _AFTER_ASIDE.match(between):
        return True  # "(20 % of them in A and 27 % in B), accuracy"
    if between == ", " and changes_at(sentence, number.end):
        return True  # "a 3.6 % increase in F1, 1.4 % increase in recall"
    return _NEXT_IN_LIST.fullmatch(between) is not None or _CLAUSE_BREAK.search(between) is not None


def _is_listed(sentence: str, number: Number) -> bool:
    """Whether it stands in a list that goes with another: "81.2 and 76.9, respectively", "81.2/76.9"."""
    before, after = sentence[: number.start], sentence[number.end :]
    return "respectively" in sentence or before.rstrip().endswith("/") or after.lstrip().startswith("/")


def _is_paired(
    number: Number, metric: re.Match[str], found: Sequence[Number], metrics: Sequence[re.Match[str]]
) -> bool:
    """Whether both have the same place in two lists: "81.2 and 76.9 EM and F1, respectively"."""
    listed = [other.start() for other in metrics if other[0].isupper() or not WEAK.fullmatch(other[0])]
    if len(listed) <= 1:
        return True
    places = dict(zip(listed, found, strict=True)) if len(listed) == len(found) else {}
    return places.get(metric.start()) is number


def _is_paired_in_lists(
    sentence: str,
    number: Number,
    metric: re.Match[str],
    found: Sequence[Number],
    metrics: Sequence[re.Match[str]],
) -> bool:
    """Whether both have the same place, if both stand in lists: "7.1 % and 2.3 % in precision and F1"."""
    value = _place_in_list(sentence, (number.start, number.end), [(one.start, one.end) for one in found])
    name = _place_in_list(sentence, metric.span(), [one.span() for one in metrics])
    return _NO_LIST in {value, name} or value == name


def _place_in_list(sentence: str, span: tuple[int, int], spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Which one of how many that only commas and "and" part a span is; the first is 0."""
    lists: list[list[tuple[int, int]]] = []
    for one in spans:
        if lists and _LIST_JOINT.fullmatch(sentence[lists[-1][-1][1] : one[0]]):
            lists[-1].append(one)
        else:
            lists.append([one])
    own = next(listed for listed in lists if span in listed)
    return own.index(span), len(own)


def _may_be_of(place: Among, metric: str) -> bool:
    """Whether the sentence does not clearly give the number to another metric."""
    named = metric_stems(place, place.number)
    others = (content_words(other[0]) for other in METRIC.finditer(place.text))
    return not named.isdisjoint(content_words(metric)) or all(map(named.isdisjoint, others))
