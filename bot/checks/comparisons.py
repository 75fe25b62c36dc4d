"""What a sentence says is ahead of what, and in what respect (pure).

"Foldcache outperforms H2O" and "Foldcache needs 40 % less memory than H2O" have the same two systems, but are
about their worth and their memory: neither says anything of the other.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bot.checks.stemming import content_words

OVERTAKES = r"outperform\w*|surpass\w*|exceed\w*|beats?"
"""A pattern for verbs whose subject is the better one."""
_IS_OR_HAS = (
    r"(?:is|are|was|were|performs?|runs?|has|have|had|needs?|requires?|uses?|takes?|consumes?|costs?|achieves?"
    r"|reach(?:es)?|obtains?|attains?|yields?|gets?|gives?|shows?|makes?|scores?)"
)
_HOW_MUCH = (
    r"(?:(?:more|less|fewer) than (?=\d))?"
    r"(?:(?!(?:and|but|while|whereas|which|that|is|are|was|were|than)\b)(?:[\w%×-]|[.,](?=\d)){1,30} ){0,4}?"
)
"""As in "4.3 points better" and "on average 2.3 times faster"."""
_ON = r"(?:on|in|at|for|to|with|against)"
_WHAT = rf"(?P<what>(?: (?!{_ON}\b)[\w-]{{1,30}}){{0,3}}?)(?: {_ON} (?:[\w-]{{1,30}} ?){{1,3}}?)?"
_MORE = "more|better|stronger|faster|higher|larger|bigger|greater|longer"
_LESS = "less|fewer|worse|weaker|slower|lower|smaller|shorter"
_COMPARED = re.compile(
    rf"\b(?:(?P<wins>{OVERTAKES}|improv\w+ (?:(?:up)?on|over))"
    r"|(?P<loses>underperform\w*|trails?|lags? behind)"
    rf"|{_IS_OR_HAS} {_HOW_MUCH}(?:(?P<more>{_MORE})|(?P<less>{_LESS})){_WHAT} than)\b",
    re.IGNORECASE,
)
_PASSIVE = re.compile(r"\b(?:is|are|was|were|been) (?:\w+ )?$", re.IGNORECASE)
_CLAUSE_START = re.compile(r"[;,:] |\b(?:while|whereas|but|that) ")
_CLAUSE_END = re.compile(r"[;,:.] |\b(?:when|if|on|in|at|by|with|while|whereas|but|for) ")
_WORTH, _SPEED, _AMOUNT = "worth", "speed", "amount"
_RESPECTS = {
    **dict.fromkeys(("better", "stronger", "worse", "weaker"), _WORTH),
    **dict.fromkeys(("faster", "slower"), _SPEED),
}
_SIDE_CHARACTERS = 160
_MOST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two parts of a sentence, one of them ahead of the other: better, or with more of something."""

    ahead: str
    behind: str
    respects: frozenset[str]
    """`worth`, `speed` or `amount`, or the stems of what one has more of."""


def comparisons(text: str) -> Iterator[Comparison]:
    """The first comparisons of a text in plain characters: a hostile one may repeat them endlessly."""
    for match in islice(_COMPARED.finditer(text), _MOST):
        before = text[max(0, match.start() - _SIDE_CHARACTERS) : match.start()]
        after = text[match.end() : match.end() + _SIDE_CHARACTERS]
        subject = _CLAUSE_START.split(before)[-1]
        compared = _CLAUSE_END.split(after.removeprefix(" by"), maxsplit=1)[0]
        if _is_ahead(match):
            yield Comparison(ahead=subject, behind=compared, respects=_respects(match))
        else:
            yield Comparison(ahead=compared, behind=subject, respects=_respects(match))


def _is_ahead(match: re.Match[str]) -> bool:
    """Whether the subject is ahead: "is outperformed by" says that it is not."""
    verb = (match["wins"] or "").split()
    before = match.string[max(0, match.start() - _SIDE_CHARACTERS) : match.start()]
    is_passive = verb and verb[0].endswith("ed") and verb[-1] != "over" and _PASSIVE.search(before)
    return bool(verb or match["more"]) != bool(is_passive)


def _respects(match: re.Match[str]) -> frozenset[str]:
    word = match["more"] or match["less"]
    if word is None:
        return frozenset({_WORTH})
    return content_words(match["what"]) or frozenset({_RESPECTS.get(word.lower(), _AMOUNT)})
