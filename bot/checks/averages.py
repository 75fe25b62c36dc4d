"""Whether a number is a mean or a median, where a sentence says so: the one is not the other (pure)."""

import re

from bot.checks.numbers import Number

_MEAN = re.compile(r"\bmean\b|\baverag", re.IGNORECASE)
_MEDIAN = re.compile(r"\bmedian", re.IGNORECASE)
_BEFORE_CHARACTERS, _AFTER_CHARACTERS = 60, 20
_BREAK = re.compile(r"[,;]|\b(?:and|but|while|whereas|versus|vs)\b|\d")


def averages_agree(claimed: Number, claim: str, stated: Number, statement: str) -> bool:
    """Whether it is not a mean in the one text and a median in the other."""
    ours, theirs = _named(claimed, claim), _named(stated, statement)
    return not ours or not theirs or ours == theirs


def _named(number: Number, text: str) -> str:
    """Which of both it is said to be; empty where neither is said, or both are."""
    before = text[max(0, number.start - _BEFORE_CHARACTERS) : number.start]
    after = text[number.end : number.end + _AFTER_CHARACTERS]
    near = f"{_BREAK.split(before)[-1]} | {_BREAK.split(after)[0]}"
    is_mean, is_median = _MEAN.search(near), _MEDIAN.search(near)
    if bool(is_mean) == bool(is_median):
        return ""
    return "mean" if is_mean else "median"
