"""Whether two numbers, each in its text, are the same amount (pure).

They are if value and unit are the same, if one converts to the other (.812 is 81.2 %, 90 minutes are 1.5
hours), or if one has no unit and may have the other's (an accuracy of 81 may be 81 %, but 37 patients are not
37 %).
"""

import re

from bot.checks.numbers import Number
from bot.checks.senses import around, says_change
from bot.checks.units import in_unit, mentions_unit

SHARES = frozenset({"%", "points", ""})
"""The units a share may have."""
_ABSOLUTE = re.compile(r"\babsolute(?:ly)?\b", re.IGNORECASE)
_ABSOLUTE_WITHIN_WORDS = 4
_PLURALS = frozenset({"people", "men", "women", "children", "mice", "data", "criteria"})
_OF_AFTER = re.compile(
    r" ?(?:out )?of\b|/\d{3}|/\d+ (?:(?!(?:and|at|by|for|in|of|on|with)\b)[a-z]\w* )?[a-z][\w-]*s\b"
)
_OF_BEFORE = re.compile(r"\d (?:out )?of (?:the |all |our )?$")
_FACTOR_WORDS = re.compile(r"\b(?:speed-?ups?|faster|slower|times|factor|ratio|fold)\b|×", re.IGNORECASE)
_SCORES = re.compile(r"\b(?:accurac|f1|bleu|rouge|score|precision|recall|auc|mrr|ndcg)", re.IGNORECASE)
_SCORE_WITHIN_WORDS = 3
_MODEL_SIZE = 10**6
_NEAR_CHARACTERS = 20


def amounts_agree(claimed: Number, claim: str, stated: Number, statement: str) -> bool:
    """Whether two numbers are the same value in units that agree, or convert if in digits: .812 is 81.2 %."""
    if abs(claimed.value) == abs(stated.value):
        return units_agree(claimed, claim, stated, statement)
    return in_unit(abs(claimed.value), claimed.unit, stated.unit) == abs(stated.value) and all(
        text[number.start : number.end].strip("+-.")[:1].isdigit()
        and (number.unit or _is_part_of_one(text, number))
        for text, number in ((claim, claimed), (statement, stated))
    )


def units_agree(claimed: Number, claim: str, stated: Number, statement: str) -> bool:
    """Whether two numbers of the same value, each in its text, can have the same unit.

    A table has its units in the header, so a bare number takes any unit that its text mentions.
    """
    if claimed.unit == stated.unit:
        return True
    if claimed.unit in SHARES and stated.unit in SHARES:
        if claimed.unit and stated.unit:
            share, text = (claimed, claim) if claimed.unit == "%" else (stated, statement)
            return _ABSOLUTE.search(around(text, share, words=_ABSOLUTE_WITHIN_WORDS)) is not None
        bare, text = (claimed, claim) if not claimed.unit else (stated, statement)
        return not _is_count(text, bare) and not (claimed.unit == "%" and _is_part_of_one(text, bare))
    if "x" in {claimed.unit, stated.unit}:
        bare_text = claim if not claimed.unit else statement
        return "" in {claimed.unit, stated.unit} and _FACTOR_WORDS.search(bare_text) is not None
    if not claimed.unit:
        return not _is_score(claim, claimed) or mentions_unit(claim, stated.unit)
    # A 7B model has 7 billion parameters.
    is_size = claimed.unit == "parameter" and stated.noun.startswith("model") and stated.value >= _MODEL_SIZE
    return not stated.unit and (is_size or mentions_unit(statement, claimed.unit))


def _is_count(text: str, number: Number) -> bool:
    """Whether a bare number is a count and not a share: "20 layers", "37 of 412"."""
    if number.value != number.value.to_integral_value():
        return False
    is_word = not any(map(str.isdigit, text[number.start : number.end]))
    is_plural = number.noun.endswith("s") or number.noun in _PLURALS
    before = text[max(0, number.start - _NEAR_CHARACTERS) : number.start]
    is_part = _OF_AFTER.match(text, number.end) or _OF_BEFORE.search(before)
    return is_word or is_plural or is_part is not None


def _is_part_of_one(text: str, number: Number) -> bool:
    """Whether a bare number is a share of 1, not of 100: an accuracy of .847, but not "a gain of 0.8"."""
    return abs(number.value) < 1 and not says_change(text, number) and not mentions_unit(text, "%")


def _is_score(text: str, number: Number) -> bool:
    """Whether a bare number is the value of a metric without a unit: 3.5 hours don't support an F1 of 3.5."""
    return _SCORES.search(around(text, number, words=_SCORE_WITHIN_WORDS)) is not None
