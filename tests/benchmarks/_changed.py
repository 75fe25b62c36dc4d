"""Makes true sentences false by changing one thing; None where a sentence does not have it."""

import re
from itertools import pairwise
from typing import TypeAlias

from bot.checks.numbers import Number, Role, numbers

_AUXILIARY = re.compile(r"\b(is|are|was|were|can|does|do|will|has|have)\b(?! not)")
_OPPOSITES = {
    "increases": "decreases",
    "increase": "decrease",
    "increased": "decreased",
    "improves": "degrades",
    "improve": "degrade",
    "improved": "degraded",
    "reduces": "increases",
    "reduce": "increase",
    "reduced": "increased",
    "higher": "lower",
    "lower": "higher",
    "better": "worse",
    "worse": "better",
    "outperforms": "underperforms",
    "outperform": "underperform",
}
_DIRECTION = re.compile(rf"\b(?:{'|'.join(_OPPOSITES)})\b")
_PAIRS = """
after/before backward/forward bad/good best/worst complex/simple correct/incorrect decoder/encoder
different/similar difficult/easy dynamic/static early/late female/male few/many first/last formal/informal
global/local high/low input/output known/unknown labeled/unlabeled large/small largest/smallest least/most
left/right less/more long/short monolingual/multilingual multiple/single new/old offline/online
positive/negative source/target strong/weak supervised/unsupervised
"""
_CONTRARIES = {
    one: other for pair in _PAIRS.split() for one, other in (pair.split("/"), reversed(pair.split("/")))
}
_CONTRARY = re.compile(rf"\b(?:{'|'.join(_CONTRARIES)})\b")
_ALL = {
    "some": "all",
    "several": "all",
    "many": "all",
    "most": "all",
    "sometimes": "always",
    "often": "always",
}
_NOT_ALL = re.compile(rf"\b(?:{'|'.join(_ALL)})\b")
_SUPPOSING = re.compile(
    r"\b(?:may|might|perhaps|possibly|probably|potentially|plan to|intend to|hope to|would like to) "
    r"|\b[Ww]e (?:hypothesize|conjecture|speculate|suspect) that "
)
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


def with_other_negation(text: str) -> str | None:
    """Without its first `not`, or with one."""
    if " not " in text:
        return text.replace(" not ", " ", 1)
    return _AUXILIARY.sub(r"\1 not", text, count=1) if _AUXILIARY.search(text) else None


def with_other_direction(text: str) -> str | None:
    """With the opposite of its only word of change."""
    if len(_DIRECTION.findall(text)) != 1:
        return None
    return _DIRECTION.sub(lambda match: _OPPOSITES[match[0]], text)


def with_contrary(text: str) -> str | None:
    """With the contrary of its only word that has one in `_PAIRS`."""
    found = _CONTRARY.findall(text)
    if len(found) != 1 or _CONTRARIES[found[0]] in text:
        return None
    return _CONTRARY.sub(_CONTRARIES[found[0]], text)


def with_all(text: str) -> str | None:
    """With "all" or "always" for its only "some", "most", "often" and the like."""
    if len(_NOT_ALL.findall(text)) != 1 or re.search(r"\b(?:all|always)\b", text):
        return None
    return _NOT_ALL.sub(lambda match: _ALL[match[0]], text)


def with_certainty(text: str) -> str | None:
    """Without its "may", "plan to" and the like."""
    return _SUPPOSING.sub("", text) if _SUPPOSING.search(text) else None


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
