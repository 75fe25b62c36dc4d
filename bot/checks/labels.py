"""Digits that are no value: of sections, citations, list items, years, spreads and confidence levels (pure).

"Table 3 (2019) gives 0.31 ± 0.02 with a 95 % CI [7]" has one value, 0.31.
"""

import re
from collections.abc import Iterator

_LABEL_BEFORE = re.compile(
    r"""(?:\b(?:sec(?:tion)?|fig(?:ure)?|tab(?:le)?|eq(?:uation|n)?|app(?:endix|endices)?|alg(?:orithm)?|
    theorem|thm|lemma|corollary|definition|proposition|prop|assumption|remark|chapter|page|pp?|footnote|
    line|ref|reference|arxiv|doi|stage|step|phase|version|vol|volume|RQ|hypothesis|claim|listing|part)s?\.?|§§?)
    [\s:]?\(?(?:[A-Z]\.)?(?:\d+(?:\.\d+)*(?:\s?(?:,|-|and|&|to)\s?)+)?$""",
    re.IGNORECASE | re.VERBOSE,
)
_CITATION = re.compile(r"\[\d{1,4}[a-z]?(?:\s?[,;-]\s?\d{1,4}[a-z]?)*\]")
_LIST_ITEM = re.compile(
    r"(?<!\S)\d{1,2}:(?=\s[^\W\d])|^\(?\d{1,2}[.)]\s(?=[A-Z])|^\d{1,2}(?:\.\d{1,2}){1,3}\.?\s(?=[A-Z])"
)
"""Line numbers of algorithms (3:), and numbers such as 4.2 at the start of a text."""
_BRACKETED = re.compile(r"(?<!\w)\((\d{1,2})\)(?=\s)")
_CLOSED = re.compile(r"(?<![\w(.,])\d{1,2}\)(?=\s)")
_CLAUSE_START = re.compile(r"(?:^|[.;:,]\s|\b(?:and|or)\s)$")
_NEAR_CHARACTERS = 8
_YEARS = range(1900, 2100)
_YEAR_BEFORE = re.compile(
    r"""(?:\b(?:in|between|since|from|until|till|by|during|of|year|early|late|before|after|to|and|spring|summer|fall|autumn|winter|
    january|february|march|april|may|june|july|august|september|october|november|december|al\.?|conference)\.?,?
    |[(,;'’-]|[A-Z][^\W\d_]+,?)\s?$""",
    re.IGNORECASE | re.VERBOSE,
)
_YEAR_AFTER = re.compile(
    r"(?:\^\{?\d{1,2}\}?)?\s?[a-f]?(?:[)\],;.:?!]|$|-(?:19|20)\d\d\b"
    r"|\s(?:[A-Z(]|and|to|the|by|was|were|is|with|or|until|but|has|have|we|it|our|they|as|for|on|in|from|across)\b)"
)
_SPREAD_BEFORE = re.compile(r"\d\s?[^\s\d]{0,7}\s?\(?(?:±|\+/-)\s?$")
_END = r"[+-]?(?:\d+(?:\.\d+)?|\.\d+) ?%?"
_INTERVAL_BEFORE = re.compile(
    r"\b(?:C\.?I\.?s?|(?:confidence|credib(?:le|ility)) intervals?|IQRs?|interquartile ranges?)"
    r"(?: (?:of|is|was|from|between))?[\s:=,]{0,3}[\[(]?[+-]?"
    rf"(?:{_END} ?(?:-|to|and|,) ?[+-]?)?$"
)
"""Neither end of "95 % CI 0.58 to 0.89" is a value: the value comes before the interval."""
_CONFIDENCE_BEFORE = re.compile(
    r"\b(?:confidence|credibility|significance)(?: (?:level|interval)s?)? ?(?:of|at|is|=|:) ?$", re.IGNORECASE
)
_CONFIDENCE_AFTER = re.compile(
    r"(?:\s?(?:,|/|and|or)\s?\d+\s?(?:%|percent))?[\s-](?:(?:bootstrap\w*|percentile|posterior|asymptotic|(?:one|two)-sided)\s)?"
    r"(?:CIs?\b|C\.?L\b|confiden(?:ce|t)\b|credib|significance\b)",
    re.IGNORECASE,
)


def is_label(before: str) -> bool:
    """Whether the text before makes it the number of a section, table, step and the like."""
    return _LABEL_BEFORE.search(before) is not None


def is_year(before: str, after: str, number: int) -> bool:
    """Whether a bare integer is a year, by its size and the words on both sides."""
    return (
        number in _YEARS
        and _YEAR_AFTER.match(after) is not None
        and (not before.strip() or _YEAR_BEFORE.search(before) is not None)
    )


def may_be_year(before: str, number: int) -> bool:
    """Whether a bare integer may be a year whatever follows: "In 2019 profits grew"."""
    return number in _YEARS and _YEAR_BEFORE.search(before) is not None


def is_spread(before: str) -> bool:
    """Whether it follows a value and ±, or is an end of an interval. "Within ±2 %" is a value itself."""
    return bool(_SPREAD_BEFORE.search(before) or _INTERVAL_BEFORE.search(before))


def is_confidence(before: str, after: str, written: str) -> bool:
    """Whether it is the level of an interval or a test, as in "95 % CI"."""
    is_share = written.endswith(("%", "percent", "per cent"))
    return is_share and bool(_CONFIDENCE_AFTER.match(after) or _CONFIDENCE_BEFORE.search(before))


def label_spans(text: str) -> Iterator[tuple[int, int]]:
    """The spans of citations and of the numbers of list items."""
    for pattern in (_CITATION, _LIST_ITEM):
        yield from (match.span() for match in pattern.finditer(text))
    reached = 0
    for match in _BRACKETED.finditer(text):
        # Lists count up from (1), unlike "the level (99) of all" and "the first (95) beats the second (94)".
        is_next = int(match[1]) == reached + 1
        reached += is_next
        if is_next or _begins_clause(text, match.start()):
            yield match.span()
    for match in _CLOSED.finditer(text):
        is_inside = text.rfind("(", 0, match.start()) > text.rfind(")", 0, match.start())
        if not is_inside and _begins_clause(text, match.start()):
            yield match.span()


def _begins_clause(text: str, start: int) -> bool:
    return _CLAUSE_START.search(text[max(0, start - _NEAR_CHARACTERS) : start]) is not None
