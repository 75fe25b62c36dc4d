"""Whether a sentence sets two numbers side by side, and a claim has the words of the other one (pure).

"Prevalence was 12.5 % in women and 8.1 % in men" does not support "prevalence in men was 12.5 %".
"""

import re
from functools import lru_cache

from bot.summaries.neighbours import Among, is_alike, words_near
from bot.summaries.numbers import Number
from bot.summaries.stemming import content_words

_PLACED = r"(?P<how>in|on|at|for|among|during|under|with|without|by|from) (?:(?:the|an?|all|our|its|their) )?"
_WORD = r"[^\W\d_][\w-]*"
_NO_WORD = r"(?!(?:and|or|but|is|are|was|were|the|an?|in|on|at|for|of|with|by)\b)"
_WORDS = rf"(?P<what>{_WORD}(?: {_NO_WORD}{_WORD}){{0,2}})"
_AFTER = re.compile(rf"(?: ?[^\W\d][\w/-]*)?? ?\b{_PLACED}{_WORDS}", re.IGNORECASE)
"""Behind the number or what it counts."""
_BEFORE = re.compile(
    rf"(?:^|.*[\s(]){_PLACED}{_WORDS}(?: (?:the (?:[\w-]+ ){{1,3}})?(?:is|are|was|were|it is|it was))?,? ?$",
    re.IGNORECASE | re.DOTALL,
)
_SUBJECT = re.compile(
    rf"(?:^|.*(?:[,;]|\b(?:and|but|while|whereas))) ?(?:the |an? |its |our )?{_WORDS} "
    r"(?P<how>is|are|was|were|has|have|had|takes?|needs?|uses?|reach(?:es)?|gets?|holds?|yields?) $",
    re.IGNORECASE | re.DOTALL,
)
_STOP = re.compile(r"[,;.] |(?<= )(?:and|but|while|whereas|versus|vs\.?|against|compared|than) ")
_MOST_TOGETHER = 10


def is_of_parallel(claimed: Among, stated: Among) -> bool:
    """Whether a claim has all the words in which another number beside it differs, and none of its own.

    Args:
        claimed: With all numbers of the claim.
        stated: The same value in a sentence of the paper, with those near it.
    """
    others = [
        other
        for other in stated.numbers
        if other.value != stated.number.value and is_alike(other, stated.number)
    ]
    if not others or len(claimed.numbers) > _MOST_TOGETHER:
        return False
    said = words_near(claimed, is_cut=len(claimed.numbers) > 1)
    for other in others:
        for form in (_after, _before, _subject):
            own, theirs = form(stated, stated.number), form(stated, other)
            if own is None or theirs is None or own[0] != theirs[0]:
                continue
            its_words, their_words = own[1] - theirs[1], theirs[1] - own[1]
            if its_words and their_words and their_words <= said and its_words.isdisjoint(said):
                return True
    return False


_Phrase = tuple[str, frozenset[str]]
"""The word that leads it, and the stems of the others."""


def _after(place: Among, number: Number) -> _Phrase | None:
    """What stands behind the number, as in "12.5 % in women"."""
    following = min((one.start for one in place.numbers if one.start >= number.end), default=len(place.text))
    return _read(_AFTER, _STOP.split(place.text[number.end : following])[0])


def _before(place: Among, number: Number) -> _Phrase | None:
    """What stands before it, as in "in women it was 12.5 %"."""
    return _read(_BEFORE, place.text[_end_before(place, number) : number.start])


def _subject(place: Among, number: Number) -> _Phrase | None:
    """What has it, as in "the encoder has 12"."""
    return _read(_SUBJECT, place.text[_end_before(place, number) : number.start])


def _end_before(place: Among, number: Number) -> int:
    return max((one.end for one in place.numbers if one.end <= number.start), default=0)


@lru_cache(maxsize=4096)
def _read(pattern: re.Pattern[str], text: str) -> _Phrase | None:
    found = pattern.match(text)
    return (found["how"].lower(), content_words(found["what"])) if found else None
