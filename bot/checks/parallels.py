"""Whether a sentence contrasts two numbers, and a claim has the words of the other one (pure).

"Prevalence was 12.5 % in women and 8.1 % in men" does not support "prevalence in men was 12.5 %", nor does
"training takes 3 hours, inference 5 minutes" support "inference takes 3 hours".
"""

import re
from functools import lru_cache

from bot.checks.neighbours import BREAK, MOST_TOGETHER, REACH_CHARACTERS, Among, are_comparable
from bot.checks.numbers import Number
from bot.checks.stemming import content_words

_CONTRAST = re.compile(r"(?<= )(?:but|while|whereas|unlike|versus|vs\.?|against|compared|than) (?!$)")
"""What divides a claim with one number, whose words may come in any order; "more than 90" does not divide
it."""
_TELLING = re.compile(r"\b(?:before|after|during|small|large|high|low)\b|\b\d+(?:[.,]\d+)*\b")
"""Not content words, but may be all that tells two parts of a sentence apart."""
_TELLS_NOTHING = frozenset({"one", "got", "get", "scor", "attain", "yield"})
"""Stems that only link a number to its owner: "men scored 61, women got 74", "the large one 24"."""


def belongs_to_parallel(claimed: Among, stated: Among) -> bool:
    """Whether a claim has all words that set another number's part apart, and lacks as many of this one's.

    The second part often omits what both share, so the first may differ in more words than set it apart.

    Args:
        claimed: With all numbers of the claim.
        stated: The same value in a sentence of the paper, with those near it.
    """
    if len(claimed.numbers) > MOST_TOGETHER or not are_comparable(claimed.number, stated.number):
        return False
    said = _said(claimed, claimed.number)
    for other in stated.comparable:
        if not _are_divided(stated.text, stated.number, other):
            continue
        said_of_other = [_said(claimed, rival) for rival in claimed.numbers if rival.value == other.value]
        own, others = (_words_beside(stated.text, one, BREAK) for one in (stated.number, other))
        for its, theirs in zip(own, others, strict=True):
            only_its, only_theirs = its - theirs, theirs - its
            least = min(len(only_its), len(only_theirs))
            is_anothers = only_theirs <= said and len(only_its - said) >= least
            if least and is_anothers and not any(only_theirs <= words for words in said_of_other):
                return True
    return False


def is_set_apart(claimed: Among, stated: Among) -> bool:
    """Whether a claim says what sets a number's part apart from others, and not all that sets those apart.

    The first part often says what the second leaves out: "86 % of the books in Basque, and 71 % in Danish".

    Args:
        claimed: With all numbers of the claim.
        stated: The same value in a sentence of the paper, with those near it.
    """
    others = stated.comparable
    values = {number.value for number in claimed.numbers}
    if not any(other.start < stated.number.start for other in others):
        return False
    said, own = _words(claimed.text), _part(stated.text, stated.number)
    return all(
        other.value not in values
        and _are_divided(stated.text, stated.number, other)
        and _is_told(own - theirs, said)
        and not theirs - own <= said
        for other in others
        for theirs in (_part(stated.text, other),)
    )


def _is_told(own: frozenset[str], said: frozenset[str]) -> bool:
    return bool(own) and own <= said


def _part(text: str, number: Number) -> frozenset[str]:
    return frozenset().union(*_words_beside(text, number, BREAK))


def _said(claim: Among, number: Number) -> frozenset[str]:
    """The words of the part of the claim that has this number."""
    return frozenset().union(
        *_words_beside(claim.text, number, BREAK if len(claim.numbers) > 1 else _CONTRAST)
    )


def _are_divided(text: str, one: Number, other: Number) -> bool:
    first, last = sorted((one, other), key=lambda number: number.start)
    return BREAK.search(text, first.end, last.start) is not None


def _words_beside(text: str, number: Number, end_of_part: re.Pattern[str]) -> tuple[frozenset[str], ...]:
    """(the words before a number, those after it), in its part of the sentence."""
    before = text[max(0, number.start - REACH_CHARACTERS) : number.start]
    after = text[number.end : number.end + REACH_CHARACTERS]
    return _words(end_of_part.split(before)[-1]), _words(end_of_part.split(after, maxsplit=1)[0])


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    return (content_words(text) - _TELLS_NOTHING) | frozenset(_TELLING.findall(text.lower()))
