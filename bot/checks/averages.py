"""Whether one text calls a number a mean and the other a median (pure).

"The median latency is 48 ms" does not support "a mean latency of 48 ms"; "a latency of 48 ms" supports
either.
"""

import re

from bot.checks.numbers import Number

_MEAN = re.compile(r"\bmean\b|\baverag", re.IGNORECASE)
_MEDIAN = re.compile(r"\bmedian", re.IGNORECASE)
_BEFORE_CHARACTERS, _AFTER_CHARACTERS = 60, 20
_BREAK = re.compile(r"[,;]|\b(?:and|but|while|whereas|versus|vs)\b|\d")


def averages_agree(claimed: Number, claim: str, stated: Number, statement: str) -> bool:
    """Whether the number is not a mean in one text and a median in the other."""
    ours, theirs = _average(claimed, claim), _average(stated, statement)
    return not ours or not theirs or ours == theirs


def _average(number: Number, text: str) -> str:
    """`mean` or `median`; empty where the words near the number say neither, or both."""
    before = text[max(0, number.start - _BEFORE_CHARACTERS) : number.start]
    after = text[number.end : number.end + _AFTER_CHARACTERS]
    near = f"{_BREAK.split(before)[-1]} | {_BREAK.split(after)[0]}"
    is_mean, is_median = _MEAN.search(near), _MEDIAN.search(near)
    if bool(is_mean) == bool(is_median):
        return ""
    return "mean" if is_mean else "median"
