"""Numbers with those of their parts beside them: "500 images (400 for training and 100 for testing)" (pure).

What is said of all parts may be said of their sum, what is said of one part may not: the 500 images are for
training and testing, not for testing.
"""

import re
from collections.abc import Iterator, Sequence

from bot.checks.neighbours import BREAK, Among, is_alike
from bot.checks.numbers import Number
from bot.checks.stemming import content_words

_REACH_CHARACTERS = 60
_END = re.compile(rf"[()]|{BREAK.pattern}")
_OF_WHICH = re.compile(r"\bof (?:which|whom|these|those|them)\b", re.IGNORECASE)


def said_of_parts(claimed: Among, stated: Among) -> int:
    """Whether the paper tells the parts of its number, and what the claim says is said of these alone.

    Args:
        claimed: With all numbers of the claim.
        stated: The same value in a sentence of the paper, with those near it.

    Returns:
        1 where the parts add up and the claim has words of each, -1 where one of a single number has those of
        some, else 0.
    """
    said = content_words(claimed.text)
    for parts, is_sum in _parts(stated):
        words = [_words_behind(stated, part) for part in parts]
        of_whole = _words_beside(stated, parts)
        shared = [
            bool(said & own.difference(of_whole, *words[:i], *words[i + 1 :])) for i, own in enumerate(words)
        ]
        if is_sum and all(shared):
            return 1
        if any(shared) and len(claimed.numbers) == 1:
            return -1
    return 0


def _parts(whole: Among) -> Iterator[tuple[Sequence[Number], bool]]:
    """The numbers next to one that add up to it, and those behind "of which"."""
    place = whole.numbers.index(whole.number)
    before, behind = whole.numbers[:place][::-1], whole.numbers[place + 1 :]
    for beside in (before, behind):
        for count in range(2, len(beside) + 1):
            parts = beside[:count]
            is_sum = sum(part.value for part in parts) == whole.number.value
            if is_sum and all(is_alike(part, whole.number) for part in parts):
                yield parts, True
    if behind and _OF_WHICH.search(whole.text, whole.number.end, behind[0].start):
        yield behind, False


def _words_behind(place: Among, number: Number) -> frozenset[str]:
    """The words behind a number, up to the next one, a bracket or a break."""
    following = (other.start for other in place.numbers if other.start >= number.end)
    end = min(following, default=number.end + _REACH_CHARACTERS)
    return content_words(_END.split(place.text[number.end : end], maxsplit=1)[0])


def _words_beside(whole: Among, parts: Sequence[Number]) -> frozenset[str]:
    """The words of the sentence before its parts, or behind them where these stand first."""
    first = min(part.start for part in parts)
    if whole.number.start < first:
        return content_words(whole.text[max(0, whole.number.start - _REACH_CHARACTERS) : first])
    return content_words(whole.text[whole.number.end : whole.number.end + _REACH_CHARACTERS])
