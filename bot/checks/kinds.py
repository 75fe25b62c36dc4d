"""Whether a number is the size of a change or a level (pure).

Its words decide: 12 is a change in "reduced by 12 %", "a gain of 12 points" and "12 % faster", and a level in
"reduced to 12 %" and "an accuracy of 12 %".
"""

from enum import Enum

from bot.checks.numbers import Number
from bot.checks.vocabulary import CHANGE_NOUN, CHANGE_WORD, CHANGING, COMPARATIVE, KEEPING, beginning_with
from bot.texts.patterns import caseless


class Kind(Enum):
    """Whether a number is a difference or a level."""

    CHANGE = "change"
    """The size of a difference: reduced *by*, a gain *of*, 20 % *faster*."""
    LEVEL = "level"
    """A value that something has: reduced *to*, keeps, reaches, an accuracy *of*."""
    SHARE = "share"
    """Half or double, in words: may be either, as half is left when half is gone."""
    UNKNOWN = "unknown"


_CHANGE_VERB = beginning_with(CHANGING)
_KEEP_VERB = rf"(?!(?:training|running)\b){beginning_with(KEEPING)}"
"""In "training time is cut" the first word is no verb."""
_HEDGES = (
    r"(?:(?:up to|as (?:much|many|high|low|little|few) as|at (?:least|most)|(?:more|less|fewer|higher"
    r"|lower) than|over|"
    r"nearly|about|around|roughly|almost|approximately|approx\.?|only|just|even|merely|an?|the|another|"
    r"(?:average|mean|maximum|additional|further|relative|absolute|total|factor)(?: of)?|~|≈|<|>|≥|≤|=) ?)*"
)


_AS_AFTER = caseless(r"^ as (?:high|large|long|many|much|fast|quick|slow)")
_BY = caseless(rf"\bby {_HEDGES}$")
_CHANGE_IN_WHAT = r"(?: (?:in|of|over|for|on) (?:(?!(?:at|by|from|of|to|with)\b)[\w-]+ ){1,4}| )"
_CHANGE_OF = caseless(
    # "A higher accuracy of 81 %" and "a reduced size of 3 GB" are levels.
    rf"(?!{COMPARATIVE}\b|\w+ed )\b{CHANGE_WORD} (?:[\w-]+ )?of {_HEDGES}$"
    rf"|{CHANGE_NOUN}{_CHANGE_IN_WHAT}of {_HEDGES}$"
)
_CHANGE_IS = caseless(
    rf"{CHANGE_NOUN}{_CHANGE_IN_WHAT}(?:is|are|was|were|reach(?:es|ed)?|averages?|exceeds?|=) {_HEDGES}$"
)
_CHANGE_BOUND = caseless(
    r"\b(?:rose|rises?|fell|falls?|grew|grows?|shrank|climbed|(?:drop|declin|increas|decreas|improv)\w{1,3})"
    rf" (?:more|less) than {_HEDGES}$"
)
"""As in "falls more than 40 ms", which falls by more than that; "drops more than 40 % of it" is no change."""
_CHANGE_BEFORE = caseless(rf"(?!{COMPARATIVE} (?:than )?{_HEDGES}$)\b{CHANGE_WORD}(?: [\w-]+)? {_HEDGES}$")
_CHANGE_VERB_NEAR = caseless(
    rf"{_CHANGE_VERB} (?:(?!(?:to|from|of|at|and|while|but|with)\b)[\w'-]+ ){{0,4}}{_HEDGES}$"
)
_SPANNED = (
    r"(?:(?!(?:across|and|at|by|for|in|of|on|than|to|with)\b)[\w,-]+ ){0,4}?"
    r"(?:(?:data)?sets?|splits?|data|corpus|corpora|benchmarks|tasks|runs|seeds|trials|folds|examples|samples"
    r"|instances|questions|queries|languages|classes|categories|domains|documents|sentences|participants"
    r"|patients|users|days|weeks|months|years|epochs|period|range|course)\b"
)
"""What a value is taken over ("over five runs"), unlike what it is compared with ("over the baseline")."""
_OF_ANOTHER_PHRASE = (
    r"and|but|is|are|was|were|which|with|without|at|by|under|despite|using|via|after|before|during|through|for|from"
    r"|to|on(?! average)|when|if|while|as|because"
    r"|in(?! (?:[\w-]+ ){0,2}(?:savings?|reductions?|improvements?|gains?|increases?)\b)"
)
"""Words after which a change is another's: "81 % with fewer weights" has no fewer than 81 %."""
_CHANGE_AFTER = caseless(
    rf"^[ -](?!or )(?:(?:(?!(?:{_OF_ANOTHER_PHRASE})\b)[\w-]+ ){{0,2}}{CHANGE_WORD}\b"
    r"|(?:(?!(?:than|of|to|with|and|on|in|averaged|measured|computed)\b)[\w-]+ ){0,2}(?:over|above|below) "
    rf"(?!{_SPANNED})[a-z])"
)
_VERB_AFTER = caseless(
    r"^[ -](?:[\w-]+ ){0,2}(?:increases|raises|grows|rises|doubles|reduces|decreases|lowers|drops|falls|cuts"
    r"|shrinks|loses|saves|improves|gains(?= \d)|outperforms|boosts|surpasses|exceeds|beats|accelerates"
    r"|degrades|helps|hurts|harms|slows|weakens|trails|lags|rose|fell|grew)\b"
)
"""Verbs whose subject has the number: "using 12 layers improves accuracy"."""
_BY_WHOM = caseless(
    r"\b(?:reached|achieved|attained|reported|experienced|preferred|favou?red|chosen|selected|used|shared"
    r"|accepted|rejected|solved|answered|completed|met|passed)(?: in [\w-]+)? "
    rf"(?:by [^;]{{0,60}}\band )?by {_HEDGES}$"
)
"""The number says by how many, not by how much: "preferred by 12 % of the readers"."""
_EXCEEDS_BEFORE = caseless(rf"\b(?:exceed|surpass)(?:s|es|ed|ing)? {_HEDGES}$")
_LEVEL_BEFORE = caseless(
    rf"(?:\b(?:to|into|from|at|is|are|was|were|be|between|than|with)|{_KEEP_VERB}) "
    rf"(?:(?!(?:reduc|decreas|increas|improv|accelerat|compress|cut\b)(?:ed\b)?)[\w-]+ )?{_HEDGES}$"
)
_LEVEL_NOUN_OF = caseless(rf"\b[\w@-]+ ?(?:\bof|=|:) ?{_HEDGES}$")
_SHARE_AFTER = caseless(r"^ ?of\b")
_COSTS = caseless(rf"\b(?:cost(?:s|ing)? (?:(?!of\b)[\w-]+ ){{0,3}}?|at (?:a|the) cost of ){_HEDGES}$")
_END_OF_RANGE = caseless(
    r"^ ?(?:%|x|×)? ?(?:-|to|and|±) ?[\d.,]*\d ?(?:%|x|×|times|points?|percent)?(?=[ -])"
)


def kind(before: str, after: str, number: Number) -> Kind:
    """The number's kind, by the words on both sides as `quantities.masked` gives them."""
    after = _END_OF_RANGE.sub("", after)
    is_by = _BY.search(before) and not _BY_WHOM.search(before)
    if (
        number.sign > 0
        or is_by
        or is_cost(before, number)
        or is_comparison(after, number)
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


def is_cost(before: str, number: Number) -> bool:
    """Whether the number is a loss in points: "costs 2.1 points"."""
    return number.unit == "points" and _COSTS.search(before) is not None


def is_comparison(after: str, number: Number) -> bool:
    """Whether the words after it make the number a difference: "20 % faster", "10 times as fast"."""
    if _VERB_AFTER.match(after):
        return False
    is_multiple = number.unit == "x" and number.value > 1
    return bool(_CHANGE_AFTER.match(after) or (is_multiple and _AS_AFTER.match(after)))
