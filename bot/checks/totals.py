"""Whether a claim says of a total what the paper says of one of its parts (pure).

"500 images (400 for training and 100 for testing)" supports "500 images for training and testing", but not
"500 images for testing"; nor does "the agent solved 12 of the 164 tasks" support "it solved 164 tasks".
"""

import re
from collections.abc import Iterator, Sequence

from bot.checks.counts import counted_thing
from bot.checks.neighbours import BREAK, Among, are_comparable
from bot.checks.numbers import Number, numbers
from bot.checks.stemming import content_words, content_words_in_order

_REACH_CHARACTERS = 60
_END = re.compile(rf"[()]|{BREAK.pattern}")
_OUT_OF = re.compile(
    r"(?: [\w-]{1,30})? out of (?:the |all |our )?| of (?:the |all the |all |our |these |their )?"
)
_CLAUSE_START = re.compile(r"[,;:] |\b(?:and|but|while|whereas|that) ")
_HEDGE = re.compile(r"\b(?:nearly|almost|roughly|approximately|exactly) $", re.IGNORECASE)
_ASIDE = re.compile(
    r"(?: (?:in|of|from|with|on|at|for|among) (?:the |an? |our |this |these )?[\w-]{1,30}){0,2}"
)
"""What may stand between a thing and its verb: "412 patients in the study died"."""
_PEOPLE = re.compile(r" (?:[\w-]{1,30} )?(children|people|women|men|mice)\b")
"""Things counted whose plural has no `s`."""
_DONE = re.compile(r"(?: [\w-]{1,30}){0,2}? ([\w-]{1,30}ed)\b")
_SHARE_OF = re.compile(
    r"\b(?P<share>most|some|few|many|several|part|half|third|quarter|majority|minority) of"
    r" (?:the |all |our |these )?$",
    re.IGNORECASE,
)
_SHARES = {
    "most": (0.5, 1.0),
    "majority": (0.5, 1.0),
    "few": (0.0, 0.5),
    "minority": (0.0, 0.5),
    "half": (0.4, 0.6),
    "third": (0.25, 0.4),
    "quarter": (0.2, 0.3),
}
"""From which share to which these words may mean; others may mean any."""
_OF_WHICH = re.compile(r"\bof (?:which|whom|these|those|them)\b", re.IGNORECASE)


def sum_or_part(claimed: Among, stated: Among) -> int:
    """Whether the claim describes all parts of the paper's number, or only some.

    Args:
        claimed: With all numbers of the claim.
        stated: The same value in a sentence of the paper, with those near it.

    Returns:
        1 if the parts add up and the claim has words of each; -1 if it has words of some and no other number,
        or the verb of some of the whole ("12 of the 164") without their number; otherwise 0, also if the
        paper gives no parts.
    """
    if _is_said_of_some(claimed, stated):
        return -1
    said = content_words(claimed.text)
    for parts, is_sum in _parts(stated):
        words = [_words_after(stated, part) for part in parts]
        of_whole = _words_beside(stated, parts)
        shared = [
            bool(said & own.difference(of_whole, *words[:i], *words[i + 1 :])) for i, own in enumerate(words)
        ]
        if is_sum and all(shared):
            return 1
        if any(shared) and len(claimed.numbers) == 1:
            return -1
    return 0


def _is_said_of_some(claimed: Among, stated: Among) -> bool:
    place = stated.numbers.index(stated.number)
    part = stated.numbers[place - 1] if place else stated.number
    is_part = _OUT_OF.fullmatch(stated.text, part.end, stated.number.start)
    if is_part is None or part.unit not in {"", "%", stated.number.unit}:
        return False
    if _is_share(claimed, part, stated.number):
        return False
    if any(one.value == part.value for one in numbers(claimed.text, small_words=True)):
        return False
    return not _verb(stated, part).isdisjoint(content_words(claimed.text))


def _is_share(claimed: Among, part: Number, whole: Number) -> bool:
    """Whether the claim speaks of a share of the whole as large as the part: "most of the 164 tasks"."""
    start = claimed.number.start
    found = _SHARE_OF.search(claimed.text, max(0, start - _REACH_CHARACTERS), start)
    if found is None:
        return False
    least, most = _SHARES.get(found["share"].lower(), (0.0, 1.0))
    return least <= float(part.value) / (100.0 if part.unit == "%" else float(whole.value) or 1.0) <= most


def _verb(whole: Among, part: Number) -> frozenset[str]:
    """The words beside "12 of the 164 tasks" that say what these do, or what is done to them.

    Where it is not clear that the next word is a verb, only one in -ed is taken: the next word may be of the
    thing itself, such as the asthma in "12 of the 164 patients with severe asthma improved".
    """
    start, end = max(0, part.start - _REACH_CHARACTERS), whole.number.end
    before = _CLAUSE_START.split(_HEDGE.sub("", whole.text[start : part.start]))[-1]
    people = _PEOPLE.match(whole.text, end)
    thing = people[1] if people else counted_thing(whole.text, whole.number)
    if thing:
        end = whole.text.index(thing, end) + len(thing)
    aside = _ASIDE.match(whole.text, end)
    if thing and (aside is None or not aside[0]):
        after = _END.split(whole.text[end : end + _REACH_CHARACTERS], maxsplit=1)[0]
    else:
        done = _DONE.match(whole.text, aside.end() if aside else end)
        after = done[1] if done else ""
    return frozenset().union(*content_words_in_order(before)[-1:], *content_words_in_order(after)[:1])


def _parts(whole: Among) -> Iterator[tuple[Sequence[Number], bool]]:
    """(parts, whether they add up): the numbers next to one that sum to it, and those after "of which"."""
    place = whole.numbers.index(whole.number)
    before, behind = whole.numbers[:place][::-1], whole.numbers[place + 1 :]
    for beside in (before, behind):
        for count in range(2, len(beside) + 1):
            parts = beside[:count]
            is_sum = sum(part.value for part in parts) == whole.number.value
            if is_sum and all(are_comparable(part, whole.number) for part in parts):
                yield parts, True
    if behind and _OF_WHICH.search(whole.text, whole.number.end, behind[0].start):
        yield behind, False


def _words_after(place: Among, number: Number) -> frozenset[str]:
    """The words after a number, up to the next number, bracket or break."""
    following = (other.start for other in place.numbers if other.start >= number.end)
    end = min(following, default=number.end + _REACH_CHARACTERS)
    return content_words(_END.split(place.text[number.end : end], maxsplit=1)[0])


def _words_beside(whole: Among, parts: Sequence[Number]) -> frozenset[str]:
    """The words around the total: before its parts, or after it where the parts come first."""
    first = min(part.start for part in parts)
    if whole.number.start < first:
        return content_words(whole.text[max(0, whole.number.start - _REACH_CHARACTERS) : first])
    return content_words(whole.text[whole.number.end : whole.number.end + _REACH_CHARACTERS])
