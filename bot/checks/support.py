"""Whether a paper supports the numbers of a sentence (pure).

A number is supported if the paper has the same value in a unit that agrees, or the same amount in another
unit, in a sentence about the same things and in the same sense: as a change or a level, up or down, better or
worse. It is not if the claim fits the number next to it better (`bot.checks.neighbours`). Numbers of
sections, tables and citations support nothing, years only years, and confidence levels only each other.
Nor are a claim's numbers supported if it repeats a sentence of the paper with others (`bot.checks.repeats`).

A number that the paper does not have still passes as the difference or the ratio of two others, if both are
in the claim (so that a reader can do the sum) and in one sentence of the paper: "the F1 rises by 5 points,
from 71 to 76".
"""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import permutations

from bot.checks.amounts import SHARES, amounts_agree
from bot.checks.averages import averages_agree
from bot.checks.contraries import is_contrary
from bot.checks.counts import counted_thing
from bot.checks.dates import dates, dates_agree
from bot.checks.evidence import Evidence, Occurrence
from bot.checks.kinds import Kind
from bot.checks.labels import may_be_year
from bot.checks.metrics import is_of_another_metric
from bot.checks.neighbours import Among, belongs_to_another
from bot.checks.numbers import Number, Role, in_name, names, numbers
from bot.checks.parallels import belongs_to_parallel, is_set_apart
from bot.checks.rates import rates_agree
from bot.checks.repeats import are_said_less_often, replaces_number
from bot.checks.senses import around, contradicts, sense
from bot.checks.siblings import is_said_of_sibling
from bot.checks.stemming import content_words, stems
from bot.checks.totals import sum_or_part
from bot.checks.units import in_all_units
from bot.checks.vocabulary import FUNCTION_WORDS, LEANS_ON_OTHERS

_NAME_BEFORE = re.compile(r"\b([A-Z][\w-]*[^\W\d_])[ ']$")
_TOP = re.compile(r"\btop (?=\d{1,2} (?:accuracy|error|precision|recall)\b)", re.IGNORECASE)
"""Here the number is part of a metric's name; in "the top 10 %" it counts."""
_VERSION = re.compile(r"v\d[\d.]*")
_NEAR_CHARACTERS = 20
_SPREAD_WORDS = re.compile(
    r"±|\+/-|\b(?:standard (?:deviation|error)|std\b|s\.?d\b|uncertain|deviat|varia|error bar"
    r"|margin of error|spread|plus or minus|confidence|credib|intervals?\b|C\.?I\b|IQR|interquartile)",
    re.IGNORECASE,
)
_SPREAD_WITHIN_WORDS = 6
_UNREADABLE = "\ufffd"
"""Unicode's replacement character: a character that extraction could not read."""
_VALUE_BEFORE = re.compile(r"\d[^\w,;]{1,4}$")
"""As in "81.2 (0.3)"."""
_CLAIM_WORDS = 12
_STATED_WORDS = 30
_TABLE_WORDS = 60
"""A longer "sentence" is a table or a list; this many of its words are its header."""
_SHORT_SENTENCE_WORDS = 15
_COUNTED_WITHIN_WORDS = 6
_MIN_SHARED = 0.34
"""The share of the claim's words near the number that the paper must have too; of few words, one is
enough."""
_FEW_WORDS = 3
_MIN_ALIKE = 0.5
"""The share of the words near a small number word that a count of the same things must have to contradict it.
With the share above, more of what introductions and conclusions of QASPER's training papers say would be
lost."""
_MAX_OCCURRENCES = 100
"""The most places of one value that are checked: a hostile paper may repeat it endlessly."""
_MAX_TERMS = 10
"""In a sentence with more numbers none passes as the difference or ratio of two others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """Where the paper says a number."""

    occurrence: Occurrence
    shared_words: int


def supports(
    evidence: Evidence, text: str, *, admits: Callable[[Number, Occurrence], bool] = lambda *_: True
) -> list[Support] | None:
    """Where the paper supports each number in `text` (plain characters).

    Returns None if a number, a name with digits or a date has no support. `admits` may refuse an occurrence
    that would support a number.
    """
    text = _TOP.sub("top-", text)  # the same length, so positions stay
    claimed = [
        number for number in numbers(text) if number.role is not Role.LABEL and not in_name(text, number)
    ]
    if not all(evidence.has_name(name) or _is_version(evidence, text, name) for name in names(text)):
        return None
    given = dates(text)
    if is_said_of_sibling(evidence, text) or (given and not dates_agree(given, evidence.dates)):
        return None
    starts = {number.start for number in claimed}
    small = [number for number in numbers(text, small_words=True) if number.start not in starts]
    if any(_is_counted_otherwise(evidence, text, number) for number in small):
        return None
    found = [(number, _supports(evidence, text, number, claimed, admits)) for number in claimed]
    missing = [number for number, places in found if not places and not _ends_name(evidence, text, number)]
    best = [(number, max(places, key=lambda one: one.shared_words)) for number, places in found if places]
    if (
        not all(_is_derived(text, number, claimed, evidence) for number in missing)
        or are_said_less_often((number, [one.occurrence for one in places]) for number, places in found)
        or replaces_number(evidence, text, [(number, support.occurrence) for number, support in best])
    ):
        return None
    return [support for _, support in best]


def agrees(claimed: Number, claim: str, stated: Number, statement: str) -> bool:
    """Whether two numbers, each in its text, are the same amount and agree in role, rate, sign and sense."""
    return (
        amounts_agree(claimed, claim, stated, statement)
        and _roles_agree(claimed, claim, stated, statement)
        and rates_agree(claimed, claim, stated, statement)
        and averages_agree(claimed, claim, stated, statement)
        and _signs_agree(claimed, claim, stated, statement)
        and not contradicts(sense(claim, claimed), sense(statement, stated))
    )


def _ends_name(evidence: Evidence, text: str, number: Number) -> bool:
    """Whether the number ends a name of the paper, however joined: the 3.1 of "Llama 3.1" for Llama-3.1."""
    word = _NAME_BEFORE.search(text, max(0, number.start - _NEAR_CHARACTERS), number.start)
    if word is None or word[1].lower() in FUNCTION_WORDS or evidence.has_in_lower_case(word[1]):
        return False  # "Only 24" is no name
    return evidence.has_name(f"{word[1]}-{text[number.start : number.end]}")


def _is_version(evidence: Evidence, text: str, name: str) -> bool:
    """Whether `name` is a version that ends a name of the paper: the v2.0 of "SQuAD v2.0" for SQuAD2.0."""
    if _VERSION.fullmatch(name) is None:
        return False
    words = [_NAME_BEFORE.search(text[: found.start()]) for found in re.finditer(re.escape(name), text)]
    return all(word is not None and evidence.has_name(f"{word[1]}-{name[1:]}") for word in words)


def _supports(
    evidence: Evidence,
    text: str,
    number: Number,
    claimed: Sequence[Number],
    admits: Callable[[Number, Occurrence], bool],
) -> list[Support]:
    """The places that support one number."""
    return [
        Support(occurrence=occurrence, shared_words=shared)
        for value in in_all_units(abs(number.value), number.unit)
        for occurrence in evidence.occurrences.get(value, ())[:_MAX_OCCURRENCES]
        if agrees(number, text, occurrence.number, occurrence.sentence.text)
        and not _fits_another(text, number, claimed, occurrence)
        and admits(number, occurrence)
        and (shared := _shared_words(evidence, text, number, occurrence)) is not None
        and not _is_contrary(evidence, text, number, occurrence)
    ]


def _fits_another(text: str, number: Number, claimed: Sequence[Number], occurrence: Occurrence) -> bool:
    """Whether the paper says what is claimed, but of another number beside this one."""
    statement, stated = occurrence.sentence.text, occurrence.number
    ours, theirs = sense(text, number), sense(statement, stated)
    claim, place = Among(text, number, claimed), Among(statement, stated, occurrence.near)
    if said := sum_or_part(claim, place):
        return said < 0
    if is_of_another_metric(claim, place) or belongs_to_parallel(claim, place):
        return True
    if ours.end * theirs.end > 0 or ours.absent & theirs.absent:
        return False  # "to 9 from 6 hours" means "from 6 to 9 hours", and both may be without the cache
    return belongs_to_another(claim, place) and not is_set_apart(claim, place)


def _is_contrary(evidence: Evidence, text: str, number: Number, occurrence: Occurrence) -> bool:
    """Whether the paper says the contrary about this number."""
    return is_contrary(
        text,
        f"{occurrence.sentence.text} {_context(evidence, occurrence)}",
        near_claimed=around(text, number, words=_CLAIM_WORDS),
        near_stated=around(occurrence.sentence.text, occurrence.number, words=_CLAIM_WORDS),
    )


def _shared_words(evidence: Evidence, text: str, number: Number, occurrence: Occurrence) -> int | None:
    """How many content words claim and paper share around the number; None if too few."""
    stated = _context(evidence, occurrence)
    thing = counted_thing(text, number)
    nearby = around(occurrence.sentence.text, occurrence.number, words=_COUNTED_WITHIN_WORDS)
    if not occurrence.number.noun and not occurrence.number.unit:
        nearby = occurrence.sentence.text  # "A needs 18k steps, B needs 65k"
    if thing and not stems(thing) <= stems(nearby):
        return None
    wanted = _words_beside(text, number)
    shared = len(wanted & content_words(stated))
    needed = min(len(wanted), 1) if len(wanted) <= _FEW_WORDS else math.ceil(_MIN_SHARED * len(wanted))
    return shared if shared >= needed else None


def _is_counted_otherwise(evidence: Evidence, text: str, number: Number) -> bool:
    """Whether the paper counts the same things in a similar context, but never with this number.

    "Two annotators" needs no support, as a reader may have counted them, unless the paper has "3 annotators".
    """
    places = [place for stem in stems(counted_thing(text, number)) for place in evidence.counts.get(stem, ())]
    if any(place.number.value == number.value for place in places):
        return False
    wanted = _words_beside(text, number)
    contexts = (content_words(_context(evidence, place)) for place in places[:_MAX_OCCURRENCES])
    return any(len(wanted & words) >= _MIN_ALIKE * len(wanted) for words in contexts)


def _words_beside(text: str, number: Number) -> frozenset[str]:
    """The content words near a claim's number, without those of the number itself."""
    near = around(text, number, words=_CLAIM_WORDS)
    return content_words(near) - content_words(text[number.start : number.end])


def _context(evidence: Evidence, occurrence: Occurrence) -> str:
    """What tells what the number is about: heading, nearby words, a table's header, a sentence leant on."""
    sentence = occurrence.sentence
    words = sentence.text.split()
    parts = [sentence.heading, around(sentence.text, occurrence.number, words=_STATED_WORDS)]
    if len(words) > _TABLE_WORDS:
        parts.append(" ".join(words[:_TABLE_WORDS]))
    if len(words) < _SHORT_SENTENCE_WORDS and LEANS_ON_OTHERS.match(sentence.text):
        parts.append(evidence.previous_text(sentence))
    return " ".join(parts)


def _roles_agree(claimed: Number, claim: str, stated: Number, statement: str) -> bool:
    """Whether both are used alike: years and confidence levels only match their own kind.

    A spread is no value, but a text may write it like one: "81.2 (0.3)", "a standard deviation of 0.3".
    """
    roles = {claimed.role, stated.role}
    if len(roles) == 1:
        return True
    if roles == {Role.YEAR, Role.MEASURE}:
        text, number = (claim, claimed) if stated.role is Role.YEAR else (statement, stated)
        written = text[number.start : number.end]
        before = text[max(0, number.start - _NEAR_CHARACTERS) : number.start]
        return written.isdigit() and may_be_year(before, int(written))
    if Role.SPREAD not in roles:
        return roles.isdisjoint({Role.YEAR, Role.CONFIDENCE})
    text, number = (claim, claimed) if stated.role is Role.SPREAD else (statement, stated)
    nearby = around(text, number, words=_SPREAD_WITHIN_WORDS)
    is_beside_value = _VALUE_BEFORE.search(text[max(0, number.start - _NEAR_CHARACTERS) : number.start])
    return is_beside_value is not None or _SPREAD_WORDS.search(nearby) is not None


def _signs_agree(claimed: Number, claim: str, stated: Number, statement: str) -> bool:
    if statement[: stated.start].endswith(_UNREADABLE):
        return False  # perhaps a lost minus
    if claimed.sign * stated.sign < 0:
        return False
    if claimed.sign == stated.sign or claimed.sign + stated.sign > 0:
        return True
    # One of the two says "-0.3", so the other must say in words that it fell.
    said = sense(claim, claimed) if not claimed.sign else sense(statement, stated)
    return said.kind is Kind.CHANGE and (said.amount < 0 or said.worth < 0)


def _is_derived(text: str, number: Number, claimed: Sequence[Number], evidence: Evidence) -> bool:
    """Whether the number is a change that a reader can compute from two other numbers of the claim."""
    if number.role is Role.YEAR or (number.unit not in SHARES and number.unit != "x"):
        return False
    kind = sense(text, number).kind
    if kind not in {Kind.CHANGE, Kind.SHARE}:
        return False
    others = [other for other in claimed if other.start != number.start and other.role is Role.MEASURE]
    return len(others) <= _MAX_TERMS and any(
        (larger.value == 2 * smaller.value if kind is Kind.SHARE else _follows(number, larger, smaller))
        and _stand_together(larger, smaller, text, evidence)
        for larger, smaller in permutations(others, 2)
        if larger.value > smaller.value
    )


def _follows(number: Number, larger: Number, smaller: Number) -> bool:
    """Whether the number is the difference of the two, or a factor their ratio, to its last digit."""
    if number.unit != "x":
        return larger.value - smaller.value == abs(number.value)
    if smaller.value <= 0:
        return False
    last_digit = Decimal(1).scaleb(int(number.value.as_tuple().exponent))
    # Not quantize(): it fails where the ratio has more digits than a Decimal, as 10^40 to 5 has.
    return 2 * abs(larger.value / smaller.value - number.value) <= last_digit


def _stand_together(first: Number, second: Number, text: str, evidence: Evidence) -> bool:
    """Whether one sentence of the paper has both numbers."""

    def places(number: Number) -> Iterator[int]:
        for occurrence in evidence.occurrences.get(abs(number.value), ())[:_MAX_OCCURRENCES]:
            if agrees(number, text, occurrence.number, occurrence.sentence.text):
                yield occurrence.sentence.ordinal

    return not set(places(first)).isdisjoint(places(second))
