"""Digits that measure nothing: the numbers of sections, citations and list items (pure)."""

import re
from collections.abc import Iterator

LABEL_BEFORE = re.compile(
    r"""(?:\b(?:sec(?:tion)?|fig(?:ure)?|tab(?:le)?|eq(?:uation|n)?|app(?:endix|endices)?|alg(?:orithm)?|
    theorem|thm|lemma|corollary|definition|proposition|prop|assumption|remark|chapter|page|pp?|footnote|
    line|ref|reference|arxiv|doi|stage|step|phase|version|vol|volume|RQ|hypothesis|claim|listing|part)s?\.?|§§?)
    [\s:]?\(?(?:[A-Z]\.)?(?:\d+(?:\.\d+)*(?:\s?(?:,|-|and|&|to)\s?)+)?$""",
    re.IGNORECASE | re.VERBOSE,
)
"""What stands before the number of a section, table, step and the like."""
_CITATION = re.compile(r"\[\d{1,4}[a-z]?(?:\s?[,;-]\s?\d{1,4}[a-z]?)*\]")
_LIST_ITEM = re.compile(
    r"(?<!\S)\d{1,2}:(?=\s[^\W\d])|^\(?\d{1,2}[.)]\s(?=[A-Z])|^\d{1,2}(?:\.\d{1,2}){1,3}\.?\s(?=[A-Z])"
)
"""Lines of algorithms, 3:, and 4.2 at a start."""
_BRACKETED = re.compile(r"(?<!\w)\((\d{1,2})\)(?=\s)")
_CLOSED = re.compile(r"(?<![\w(.,])\d{1,2}\)(?=\s)")
_CLAUSE_START = re.compile(r"(?:^|[.;:,]\s|\b(?:and|or)\s)$")
_NEAR_CHARACTERS = 8


def label_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where citations and the numbers of list items stand."""
    for pattern in (_CITATION, _LIST_ITEM):
        yield from (match.span() for match in pattern.finditer(text))
    reached = 0
    for match in _BRACKETED.finditer(text):
        # In a row from (1) on, unlike "the level (99) of all" and "the first (95) beats the second (94)".
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
