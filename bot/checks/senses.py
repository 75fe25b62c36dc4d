"""What the words around a number say about it (pure).

A small model wrote "reduces memory by 12.5 %" where the paper keeps 12.5 %: the number is the paper's, the
statement is not. So a number is compared together with what is done to it.
"""

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from bot.checks import bounds, conditions, ends, quantities
from bot.checks.negation import is_negated
from bot.checks.numbers import Number, Role
from bot.checks.significance import significance
from bot.checks.units import unit_of
from bot.checks.vocabulary import (
    BETTER,
    CHANGE_NOUN,
    CHANGING,
    COMPARATIVE,
    DIRECTIONS,
    GROWING,
    HIGHER_IS_BETTER,
    KEEPING,
    LOWER_IS_BETTER,
    SHRINKING,
    WORSE,
    beginning_with,
)


class Kind(Enum):
    """Whether a number is a difference or a state."""

    CHANGE = "change"
    """The size of a difference: reduced *by*, a gain *of*, 20 % *faster*."""
    LEVEL = "level"
    """A state: reduced *to*, keeps, reaches, an accuracy *of*."""
    SHARE = "share"
    """Half or double, in words: half is left when half is gone."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sense:
    """How a number is used."""

    kind: Kind
    amount: int
    """1: something grows, -1: it shrinks, 0: not said."""
    worth: int
    """1: something gets better, -1: worse, 0: not said."""
    by_worth: bool
    """Whether words of worth tell it (`faster`), from which the amount is only guessed."""
    bound: int
    """1: `at most` or `up to`, -1: `at least` or `more than`, 0: neither."""
    is_limit: bool
    """Whether the bound says more than that the number is reached: `less than`, but not `up to`."""
    range_end: int
    """1: the upper end of a range such as `2-8x`, -1: its lower end, 0: neither."""
    end: int
    """1: what a change leads to, -1: what it begins with, 0: neither."""
    spans: bool
    """Whether it is the upper end in "models from 1B to 70B", where nothing speaks of a change."""
    negated: bool
    significance: int
    """1: it goes with something significant, -1: with something that is not, 0: not said."""
    present: frozenset[str]
    """The word it is said to be `with`, as its stems."""
    absent: frozenset[str]
    """The word it is said to be `without`, as its stems."""


_CHANGE_WORD = beginning_with([*GROWING, *SHRINKING, *BETTER, *WORSE])
_CHANGE_VERB = beginning_with(CHANGING)
_KEEP_VERB = rf"(?!(?:training|running)\b){beginning_with(KEEPING)}"
"""The time of training is cut, and keeps nothing."""
_HEDGES = (
    r"(?:(?:up to|as (?:much|many|high|low|little|few) as|at (?:least|most)|(?:more|less|fewer|higher"
    r"|lower) than|over|"
    r"nearly|about|around|roughly|almost|approximately|approx\.?|only|just|even|merely|an?|the|another|"
    r"(?:average|mean|maximum|additional|further|relative|absolute|total|factor)(?: of)?|~|≈|<|>|≥|≤|=) ?)*"
)


def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(source, re.IGNORECASE)


_DIRECTIONS = (
    *DIRECTIONS,
    (_pattern(r"\bas (?:high|large|long|many|much)\b"), 1, 0),
    (_pattern(r"\bas (?:fast|quick)"), 0, 1),
)
_AS_AFTER = _pattern(r"^ as (?:high|large|long|many|much|fast|quick|slow)")
_BY = _pattern(rf"\bby {_HEDGES}$")
_CHANGE_IN_WHAT = r"(?: (?:in|of|over|for|on) (?:(?!(?:at|by|from|of|to|with)\b)[\w-]+ ){1,4}| )"
_CHANGE_OF = _pattern(
    # "A higher accuracy of 81 %" and "a reduced size of 3 GB" are levels.
    rf"(?!{COMPARATIVE}\b|\w+ed )\b{_CHANGE_WORD} (?:[\w-]+ )?of {_HEDGES}$"
    rf"|{CHANGE_NOUN}{_CHANGE_IN_WHAT}of {_HEDGES}$"
)
_CHANGE_IS = _pattern(
    rf"{CHANGE_NOUN}{_CHANGE_IN_WHAT}(?:is|are|was|were|reach(?:es|ed)?|averages?|exceeds?|=) {_HEDGES}$"
)
_CHANGE_BOUND = _pattern(
    r"\b(?:rose|rises?|fell|falls?|grew|grows?|shrank|climbed|(?:drop|declin|increas|decreas|improv)\w{1,3})"
    rf" (?:more|less) than {_HEDGES}$"
)
"""It falls more than 40 ms as it falls by more than that; to drop more than 40 % of it is no change."""
_CHANGE_BEFORE = _pattern(rf"(?!{COMPARATIVE} (?:than )?{_HEDGES}$)\b{_CHANGE_WORD}(?: [\w-]+)? {_HEDGES}$")
_CHANGE_VERB_NEAR = _pattern(
    rf"{_CHANGE_VERB} (?:(?!(?:to|from|of|at|and|while|but|with)\b)[\w'-]+ ){{0,4}}{_HEDGES}$"
)
_SPANNED = (
    r"(?:(?!(?:across|and|at|by|for|in|of|on|than|to|with)\b)[\w-]+ ){0,4}?"
    r"(?:(?:data)?sets?|splits?|data|corpus|corpora|benchmarks|tasks|runs|seeds|trials|folds|examples|samples"
    r"|instances|questions|queries|languages|classes|categories|domains|documents|sentences|participants"
    r"|patients|users|days|weeks|months|years|epochs|period|range|course)\b"
)
"""What a value is taken over, unlike what it is compared with."""
_CHANGE_AFTER = _pattern(
    rf"^[ -](?!or )(?:(?:(?!(?:and|but|is|are|was|were|which)\b)[\w-]+ ){{0,2}}{_CHANGE_WORD}\b"
    r"|(?:(?!(?:than|of|to|with|and|on|in|averaged|measured|computed)\b)[\w-]+ ){0,2}(?:over|above|below) "
    rf"(?!{_SPANNED})[a-z])"
)
_VERB_AFTER = _pattern(
    r"^[ -](?:[\w-]+ ){0,2}(?:increases|raises|grows|rises|doubles|reduces|decreases|lowers|drops|falls|cuts"
    r"|shrinks|loses|saves|improves|gains(?= \d)|outperforms|boosts|surpasses|exceeds|beats|accelerates"
    r"|degrades|helps|hurts|harms|slows|weakens|trails|lags|rose|fell|grew)\b"
)
"""What is done by that of which there are so many."""
_BY_WHOM = _pattern(
    r"\b(?:reached|achieved|attained|reported|experienced|preferred|favou?red|chosen|selected|used|shared"
    r"|accepted|rejected|solved|answered|completed|met|passed)(?: in [\w-]+)? "
    rf"(?:by [^;]{{0,60}}\band )?by {_HEDGES}$"
)
"""By so many, not by so much."""
_EXCEEDS_BEFORE = _pattern(rf"\b(?:exceed|surpass)(?:s|es|ed|ing)? {_HEDGES}$")
_LEVEL_BEFORE = _pattern(
    rf"(?:\b(?:to|into|from|at|is|are|was|were|be|between|than|with)|{_KEEP_VERB}) "
    rf"(?:(?!(?:reduc|decreas|increas|improv|accelerat|compress|cut\b)(?:ed\b)?)[\w-]+ )?{_HEDGES}$"
)
_LEVEL_NOUN_OF = _pattern(rf"\b[\w@-]+ ?(?:\bof|=|:) ?{_HEDGES}$")
_SHARE_AFTER = _pattern(r"^ ?of\b")
_COMPARISON = _pattern(r"\b(?:more|less|fewer|higher|lower|larger|smaller|better|worse) than\b")
_COSTS = _pattern(rf"\b(?:cost(?:s|ing)? (?:(?!of\b)[\w-]+ ){{0,3}}?|at (?:a|the) cost of ){_HEDGES}$")
_HIGHER_IS_BETTER = _pattern(rf"{beginning_with(HIGHER_IS_BETTER)}|\bm?ap\b")
_LOWER_IS_BETTER = _pattern(rf"{beginning_with(LOWER_IS_BETTER)}|\b(?:fid|mse|nll|time|wer)s?\b")
_CLAUSE_BREAK = _pattern(r"[;:] |, (?:while|whereas|but|and|which|with) |\b(?:while|whereas|but) ")
_START_OF_RANGE = _pattern(r"(?<!\w)[\d.,]+ ?(?P<unit>%|x|×)? ?(?:-|to|±) ?$")
_END_OF_RANGE = _pattern(
    r"^ ?(?:%|x|×)? ?(?:-|to|and|±) ?[\d.,]*\d ?(?:%|x|×|times|points?|percent)?(?=[ -])"
)
_LISTED_BEFORE = _pattern(
    r"(?<![\w.,])\d[\d.,]*(?<![.,]) ?(?P<unit>%|x|×|times|points?|percent)?(?: ?\([^()]{1,30}\))?"
    r"(?:,? (?:and|or)|[,/]) ?$"
)
_SHARE = _pattern(r"half|halv|doubl")
_WINDOW_CHARACTERS = 90
_LONGEST_WORD = 25
"""Characters; bounds the work on texts without spaces."""


@lru_cache(maxsize=4096)
def sense(text: str, number: Number) -> Sense:
    """How `number`, found in `text`, is used there."""
    before, after = _clause(text, number)
    veiled = quantities.veiled(_first_of(before, number), after, number)
    kind = Kind.SHARE if _SHARE.match(text, number.start) else _kind(*veiled, number)
    if number.role is Role.YEAR:
        kind = Kind.UNKNOWN  # "in 2019 sales grew" is no change of 2019
    amount, worth, by_worth = _axes(*veiled, number, kind, sides=(before, after))
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
        end=0 if number.role is Role.YEAR else ends.end(before, after),
        spans=bounds.is_end_of_span(before, number) and not ends.speaks_of_change(before),
        negated=is_negated(before, after),
        significance=significance(before, after),
        present=present,
        absent=absent,
    )


def contradicts(claimed: Sense, stated: Sense) -> bool:
    """Whether a number cannot be used as `claimed` when the paper uses it as `stated`."""
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
    if stated_bound > 0 and (claimed.bound or claimed.range_end or claimed.spans) <= 0:
        return True  # "up to 61 %" is not "61 %", nor is "40-61 %"; "more than 10x" may well be called 10x
    return claimed.is_limit and not stated_bound  # "90 %" is not "more than 90 %"


def around(text: str, number: Number, *, words: int) -> str:
    """The words next to a number, up to that many on each side."""
    reach = words * _LONGEST_WORD
    before = text[max(0, number.start - reach) : number.start].split()[-words:]
    after = text[number.end : number.end + reach].split()[:words]
    return " ".join((*before, text[number.start : number.end], *after))


def _clause(text: str, number: Number) -> tuple[str, str]:
    before = text[max(0, number.start - _WINDOW_CHARACTERS) : number.start]
    breaks = list(_CLAUSE_BREAK.finditer(before))
    if breaks and not re.search(r":\s$", breaks[-1][0]):
        before = before[breaks[-1].end() :]
    after = text[number.end : number.end + _WINDOW_CHARACTERS]
    stop = _CLAUSE_BREAK.search(after)
    return before, after[: stop.start()] if stop else after


def _kind(before: str, after: str, number: Number) -> Kind:
    after = _END_OF_RANGE.sub("", after)
    is_by = _BY.search(before) and not _BY_WHOM.search(before)
    if (
        number.sign > 0
        or is_by
        or _costs(before, number)
        or _compares(after, number)
        or _CHANGE_OF.search(before)
        or (_CHANGE_BOUND.search(before) and not _SHARE_AFTER.match(after))
        or _CHANGE_IS.search(before)
    ):
        return Kind.CHANGE
    if _LEVEL_BEFORE.search(before):
        return Kind.LEVEL
    if _EXCEEDS_BEFORE.search(before):
        return Kind.UNKNOWN
    if _CHANGE_VERB_NEAR.search(before) or _CHANGE_BEFORE.search(before):
        return Kind.CHANGE
    if _LEVEL_NOUN_OF.search(before) or (number.unit == "%" and _SHARE_AFTER.match(after)):
        return Kind.LEVEL
    return Kind.UNKNOWN


def _first_of(before: str, number: Number) -> str:
    """The words before the first of the numbers with one verb: "gains 3.1 (CoQA) and 2.4 points", "by 3-5 %".

    One in another unit is none of them, as in "falls by 37 % to 5.2 GB".
    """
    for pattern in (_START_OF_RANGE, _LISTED_BEFORE, _LISTED_BEFORE, _LISTED_BEFORE, _LISTED_BEFORE):
        earlier = pattern.search(before)
        if earlier is not None and unit_of(earlier["unit"] or "") in {"", number.unit}:
            before = before[: earlier.start()]
    return before


def _costs(before: str, number: Number) -> bool:
    """Whether it is what something makes worse: "costs 2.1 points"."""
    return number.unit == "points" and _COSTS.search(before) is not None


def _compares(after: str, number: Number) -> bool:
    """Whether what follows makes it a difference: "20 % faster", "10 times as fast"."""
    if _VERB_AFTER.match(after):
        return False
    is_multiple = number.unit == "x" and number.value > 1
    return bool(_CHANGE_AFTER.match(after) or (is_multiple and _AS_AFTER.match(after)))


def _axes(
    before: str, after: str, number: Number, kind: Kind, *, sides: tuple[str, str]
) -> tuple[int, int, bool]:
    """(amount, worth, by worth) of the change word nearest to the number; `sides` are all words of both."""
    if _costs(before, number):
        return *_completed(0, -1, after, "".join(sides)), True
    before = _COMPARISON.sub(lambda match: " " * len(match[0]), before)
    nearest: tuple[int, int, int] | None = None
    beside = sides[0]
    follows = kind is Kind.CHANGE and _compares(after, number)
    for pattern, amount, worth in _DIRECTIONS:
        for match in pattern.finditer(before):
            distance = len(before) - match.end()
            if nearest is None or distance < nearest[0]:
                nearest, beside = (distance, amount, worth), sides[0]
        ahead = pattern.search(after[:40]) if follows else None
        if ahead is not None and (nearest is None or ahead.start() < nearest[0]):
            nearest, beside = (ahead.start(), amount, worth), sides[1]
    amount, worth = nearest[1:] if nearest else (number.sign, 0)
    return *_completed(amount, worth, beside, "".join(sides)), not amount and worth != 0


def _completed(amount: int, worth: int, beside: str, words: str) -> tuple[int, int]:
    """Each of the two follows from the other: more is better, unless the words are of costs or errors.

    Those on the change word's side of the number tell first: "accuracy rises by 12 % at the same latency".
    """
    for text in (beside, words):
        higher, lower = bool(_HIGHER_IS_BETTER.search(text)), bool(_LOWER_IS_BETTER.search(text))
        if higher and lower:
            return amount, worth
        if higher or lower:
            break
    direction = -1 if lower else 1
    return amount or worth * direction, worth or amount * direction
