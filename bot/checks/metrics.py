"""Which metric a number is the value of, where a sentence says it plainly (pure).

"An accuracy of 81.2 and an F1 of 76.9" does not support "an F1 of 81.2", though every word and number is
there. Nor does "an accuracy of 81.2" support "a recall of 81.2", with the name of a metric that is not there.
"""

import re
from functools import lru_cache

from bot.checks.counts import PLURAL, counted_thing
from bot.checks.metric_names import named_metrics
from bot.checks.neighbours import BREAK, Among
from bot.checks.numbers import Number
from bot.checks.stemming import content_words
from bot.checks.vocabulary import CHANGE_WORD, FUNCTION_WORDS

_LONGEST_CHARACTERS = 600
"""A longer "sentence" is a table or a list."""
_REACH_CHARACTERS = 120
_HEDGES = (
    r"(?:(?:up to|about|around|only|just|over|roughly|nearly|almost|approximately|as (?:high|low|much) as"
    r"|(?:more|less) than|at (?:least|most)|an?|the|average|mean|[~≈<>≥≤$€£]) ?)*"
)
"""Not the list of `kinds`: the measured shares of what is kept depend on both as they are."""
_WORDS = r"[^\W\d_][\w@-]*(?: [^\W\d_][\w@-]*)?"
_JOINT = (
    r"(?: (?:of|on|for|in) (?:[\w-]+ ){1,5}?| ?)(?:(?:is|are|was|were) \w+(?:ed|t) (?=to|by))?"
    rf"(?:of|to|by|=|:|(?P<verb>is|was|are|were|reach(?:es|ed)?|at)) ?{_HEDGES}$"
)
_NAME_BEFORE = re.compile(rf"(?<![\w@-])(?P<name>{_WORDS}){_JOINT}", re.IGNORECASE)
_NAME_BEFORE_FROM = re.compile(
    rf"(?<![\w@-])(?P<name>{_WORDS})(?: (?:of|on|for|in) (?:[\w-]+ ){{1,5}}?| )from {_HEDGES}$", re.IGNORECASE
)
_CHANGE = re.compile(CHANGE_WORD, re.IGNORECASE)
_NAMES_BEFORE = re.compile(
    rf"(?<![\w@-])(?P<names>{_WORDS}(?:(?:,? and |, ){_WORDS})+){_JOINT}", re.IGNORECASE
)
_NAME_AFTER = re.compile(rf" ?(?:(?:in|of) (?:the |its |all )?)?(?P<name>{_WORDS})", re.IGNORECASE)
_BETWEEN_NAMES = re.compile(r",? and |, ")


def is_of_another_metric(claimed: Among, stated: Among) -> bool:
    """Whether the paper names another metric than the claim, or gives the claim's to a number beside it.

    Args:
        claimed: With all numbers of the claim.
        stated: The same value in a sentence of the paper, with those near it.
    """
    if len(stated.text) > _LONGEST_CHARACTERS:
        return False
    if _is_named_otherwise(claimed, stated):
        return True
    wanted, found = metric_stems(claimed, claimed.number), metric_stems(stated, stated.number)
    if not wanted or not found or wanted <= found or found <= _words_near(claimed):
        return False
    return any(wanted <= metric_stems(stated, other) for other in stated.comparable)


def _is_named_otherwise(claimed: Among, stated: Among) -> bool:
    """Whether the claim names one metric, and the paper only others, of which one is beside the number.

    In "81.2 % of the turns are right with an F1 of 76.9", F1 is not beside 81.2, but the next number's.
    """
    named = named_metrics(claimed.text)
    if len(named) != 1 or counted_thing(claimed.text, claimed.number):
        return False  # "with 12 layers accuracy rises"
    beside = named_metrics(_part(stated)) - _of_next(stated)
    return bool(beside) and named.isdisjoint(named_metrics(stated.text))


def _of_next(place: Among) -> frozenset[str]:
    """The metrics that the text names after a number, before their own values."""
    following = (one.start for one in place.numbers if one.start > place.number.start)
    before = (place.text[max(place.number.end, start - _REACH_CHARACTERS) : start] for start in following)
    found = (_NAME_BEFORE.search(text) for text in before)
    return frozenset[str]().union(*(named_metrics(name["name"]) for name in found if name))


def _part(place: Among) -> str:
    """The part of a sentence, between commas, conjunctions and the like, that has the number."""
    start, end = max(0, place.number.start - _REACH_CHARACTERS), place.number.end + _REACH_CHARACTERS
    before = BREAK.split(place.text[start : place.number.start])[-1]
    return before + BREAK.split(place.text[place.number.start : end], maxsplit=1)[0]


def _words_near(place: Among) -> frozenset[str]:
    """The words of the number's part of the claim, without the metrics of the claim's other numbers."""
    start = max((one.end for one in place.numbers if one.end <= place.number.start), default=0)
    end = min((one.start for one in place.numbers if one.start >= place.number.end), default=len(place.text))
    before = BREAK.split(place.text[start : place.number.start])[-1]
    after = BREAK.split(place.text[place.number.end : end])[0]
    others = (metric_stems(place, one) for one in place.numbers if one.start != place.number.start)
    return content_words(f"{before} {after}").difference(*others)


def metric_stems(place: Among, number: Number) -> frozenset[str]:
    """The stems of the metric that `number` is the value of; empty if the text does not say it plainly."""
    return _metric_stems(place.text, tuple((one.start, one.end) for one in place.numbers), number.start)


@lru_cache(maxsize=4096)
def _metric_stems(text: str, spans: tuple[tuple[int, int], ...], start: int) -> frozenset[str]:
    """The name in "NAME of 81.2" or "81.2 % NAME", or its own in "NAME and NAME are 81.2 and 76.9"."""
    position = next((i for i, span in enumerate(spans) if span[0] == start), None)
    if position is None:
        return frozenset()
    first, last = _listed(text, spans, position)
    if last > first:
        before = _before(text, spans, first)
        listed = _NAMES_BEFORE.search(before)
        names = _BETWEEN_NAMES.split(listed["names"]) if listed else []
        if len(names) == last - first + 1:
            return _name_stems(names[position - first])
    if position and text[spans[position - 1][1] : start] == " to ":
        begun = _NAME_BEFORE_FROM.search(_before(text, spans, position - 1))
        if begun is not None:
            return _name_stems(begun["name"])
    named, after = _NAME_BEFORE.search(_before(text, spans, first)), _after(text, spans, position)
    # "Foldcache reaches 81.2 F1", but "an F1 of 81.2 overall".
    if after and (named is None or named["verb"]):
        return after
    return _name_stems(named["name"]) if named else frozenset()


def _after(text: str, spans: tuple[tuple[int, int], ...], position: int) -> frozenset[str]:
    """The stems of the name after a number, up to the next number."""
    end = spans[position][1]
    stop = spans[position + 1][0] if position + 1 < len(spans) else end + _REACH_CHARACTERS
    found = _NAME_AFTER.match(text[end:stop])
    if found is None or found["name"].split()[0].lower() in FUNCTION_WORDS:
        return frozenset()
    first = found["name"].split()[0]
    return _name_stems(first if PLURAL.fullmatch(first) else found["name"])  # "with 8 heads accuracy is 74 %"


def _name_stems(name: str) -> frozenset[str]:
    """The stems of a name without its words of change: for "F1 rises" those of F1."""
    words = [word for word in name.split() if _CHANGE.fullmatch(word) is None]
    return content_words(" ".join(words) or name)


def _before(text: str, spans: tuple[tuple[int, int], ...], position: int) -> str:
    """The text before a number, back to the previous number."""
    start = spans[position][0]
    return text[max(spans[position - 1][1] if position else 0, start - _REACH_CHARACTERS) : start]


def _listed(text: str, spans: tuple[tuple[int, int], ...], position: int) -> tuple[int, int]:
    """The first and last position of the list with only "and" or commas between its numbers."""

    def joined(earlier: int) -> bool:
        between = text[spans[earlier][1] : spans[earlier + 1][0]]
        return _BETWEEN_NAMES.fullmatch(between) is not None

    first = last = position
    while first and joined(first - 1):
        first -= 1
    while last + 1 < len(spans) and joined(last):
        last += 1
    return first, last
