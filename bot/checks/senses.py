"""In what sense a number is used: what the words around it say about it (pure).

A small model wrote "reduces memory by 12.5 %" where the paper keeps 12.5 %: the number was the paper's, the
statement was not. So a number counts only in a sense that the paper's does not contradict.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.checks import bounds, conditions, ends, kinds, quantities
from bot.checks.directions import direction
from bot.checks.kinds import Kind
from bot.checks.negation import is_negated
from bot.checks.numbers import Number, Role
from bot.checks.significance import significance
from bot.checks.units import unit_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Sense:
    """How a number is used."""

    kind: Kind
    amount: int
    """1: something grows, -1: it shrinks, 0: not said."""
    worth: int
    """1: something gets better, -1: worse, 0: not said."""
    by_worth: bool
    """Whether only a word of worth was found (`faster`), so that the amount is a guess."""
    bound: int
    """1: `at most` or `up to`, -1: `at least` or `more than`, 0: neither."""
    is_limit: bool
    """Whether the bound says more than that the number is reached: `less than`, but not `up to`."""
    range_end: int
    """1: the upper end of a range such as `2-8x`, -1: its lower end, 0: neither."""
    end: int
    """1: the end of a change, -1: its start, 0: neither."""
    ends_span: bool
    """Whether it is the upper end in "models from 1B to 70B", where nothing speaks of a change."""
    negated: bool
    significance: int
    """1: it goes with something significant, -1: with something that is not, 0: not said."""
    present: frozenset[str]
    """The stems of what it holds `with`."""
    absent: frozenset[str]
    """The stems of what it holds `without`."""


_CLAUSE_BREAK = re.compile(
    r"[;:] |, (?:while|whereas|but|and|which|with) |\b(?:while|whereas|but) ", re.IGNORECASE
)
_START_OF_RANGE = re.compile(r"(?<!\w)[\d.,]+ ?(?P<unit>%|x|×)? ?(?:-|to|±) ?$", re.IGNORECASE)
_LISTED_BEFORE = re.compile(
    r"(?<![\w.,])\d[\d.,]*(?<![.,]) ?(?P<unit>%|x|×|times|points?|percent)?(?: ?\([^()]{1,30}\))?"
    r"(?:,? (?:and|or)|[,/]) ?$",
    re.IGNORECASE,
)
_SHARE = re.compile(r"half|halv|doubl", re.IGNORECASE)
_WINDOW_CHARACTERS = 90
_LONGEST_WORD = 25
"""Characters; bounds the work on texts without spaces."""


@lru_cache(maxsize=4096)
def sense(text: str, number: Number) -> Sense:
    """How `number` is used in `text`, where it was found."""
    before, after = _clause(text, number)
    masked = quantities.masked(_before_first(before, number), after, number)
    kind = Kind.SHARE if _SHARE.match(text, number.start) else kinds.kind(*masked, number)
    if number.role is Role.YEAR:
        kind = Kind.UNKNOWN  # "in 2019 sales grew" is no change of 2019
    amount, worth, by_worth = direction(*masked, number, kind, sides=(before, after))
    bound = bounds.bound(before, after)
    present, absent = conditions.conditions(before, after)
    return Sense(
        kind=kind,
        amount=amount,
        worth=worth,
        by_worth=by_worth,
        bound=bound,
        is_limit=bound != 0 and bounds.is_limit(before, number),
        range_end=bounds.range_end(before, after, number),
        end=0 if number.role is Role.YEAR else ends.change_end(before, after),
        ends_span=bounds.is_end_of_span(before, number) and not ends.speaks_of_change(before),
        negated=is_negated(before, after),
        significance=significance(before, after),
        present=present,
        absent=absent,
    )


def says_change(text: str, number: Number) -> bool:
    """Whether the number is the size of a change."""
    return sense(text, number).kind is Kind.CHANGE


def contradicts(claimed: Sense, stated: Sense) -> bool:
    """Whether the paper's use of a number (`stated`) rules out the claim's (`claimed`)."""
    if (
        claimed.negated != stated.negated
        or claimed.end * stated.end < 0
        or claimed.significance * stated.significance < 0
        or _conditions_differ(claimed, stated)
    ):
        return True
    if claimed.kind is Kind.CHANGE and stated.kind is not Kind.CHANGE:
        return True
    if (claimed.kind is Kind.LEVEL and stated.kind is Kind.CHANGE) or _bounds_differ(claimed, stated):
        return True
    if not {claimed.kind, stated.kind}.isdisjoint({Kind.SHARE, Kind.UNKNOWN}):
        return False
    if claimed.amount and stated.amount and not (claimed.by_worth and stated.by_worth):
        return claimed.amount != stated.amount
    return claimed.worth * stated.worth < 0


def _conditions_differ(claimed: Sense, stated: Sense) -> bool:
    return not (claimed.present.isdisjoint(stated.absent) and claimed.absent.isdisjoint(stated.present))


def _bounds_differ(claimed: Sense, stated: Sense) -> bool:
    stated_bound = stated.bound or stated.range_end
    if claimed.bound * stated_bound < 0:
        return True
    if stated_bound > 0 and (claimed.bound or claimed.range_end or claimed.ends_span) <= 0:
        return True  # neither "up to 61 %" nor "40-61 %" supports "61 %"; "more than 10x" does support "10x"
    return claimed.is_limit and not stated_bound  # "90 %" does not support "more than 90 %"


def around(text: str, number: Number, *, words: int) -> str:
    """The number with up to `words` words on each side."""
    reach = words * _LONGEST_WORD
    before = text[max(0, number.start - reach) : number.start].split()[-words:]
    after = text[number.end : number.end + reach].split()[:words]
    return " ".join((*before, text[number.start : number.end], *after))


def _clause(text: str, number: Number) -> tuple[str, str]:
    """The words before and after a number, as far as its clause."""
    before = text[max(0, number.start - _WINDOW_CHARACTERS) : number.start]
    breaks = list(_CLAUSE_BREAK.finditer(before))
    if breaks and not re.search(r":\s$", breaks[-1][0]):
        before = before[breaks[-1].end() :]
    after = text[number.end : number.end + _WINDOW_CHARACTERS]
    stop = _CLAUSE_BREAK.search(after)
    return before, after[: stop.start()] if stop else after


def _before_first(before: str, number: Number) -> str:
    """The words before the first of the numbers with one verb: "gains 3.1 (CoQA) and 2.4 points", "by 3-5 %".

    A number in another unit does not share it: "falls by 37 % to 5.2 GB".
    """
    for pattern in (_START_OF_RANGE, _LISTED_BEFORE, _LISTED_BEFORE, _LISTED_BEFORE, _LISTED_BEFORE):
        earlier = pattern.search(before)
        if earlier is not None and unit_of(earlier["unit"] or "") in {"", number.unit}:
            before = before[: earlier.start()]
    return before
