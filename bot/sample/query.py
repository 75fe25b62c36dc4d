"""The part of arXiv's query language that weekly searches need (pure).

`cat:cs.CL`, `cat:cs.*`, `ti:`, `abs:`, `au:`, `co:`, `id:`, `all:` (also without a prefix), quoted phrases,
`submittedDate:[202611121900 TO 202611191900]` (GMT, both ends inside), AND, OR, ANDNOT and parentheses.
Source: https://info.arxiv.org/help/api/user-manual.html#query_details
"""

import re
from collections.abc import Callable
from fnmatch import fnmatchcase

from storage.model import Paper

Condition = Callable[[Paper], bool]

_TOKEN = re.compile(r"""\s*(\(|\)|(?:\w+:)?(?:\[[^\]]*\]|"[^"]*"|[^\s()]+))""")
_RANGE = re.compile(r"\[\s*(\d{8,14})\s+TO\s+(\d{8,14})\s*\]")
_TEXTS: dict[str, Callable[[Paper], str]] = {
    "ti": lambda paper: paper.title,
    "abs": lambda paper: paper.abstract,
    "au": lambda paper: ", ".join(paper.authors),
    "co": lambda paper: paper.comment or "",
    "id": lambda paper: paper.key,
    "all": lambda paper: " ".join((paper.title, paper.abstract, *paper.authors, *paper.categories)),
}


class QueryError(ValueError):
    """The query is not of the form above."""


def parse_query(query: str) -> Condition:
    """What `search_query` asks of a paper. AND binds tighter than OR, as on arXiv.

    Raises:
        QueryError: the query can't be read.
    """
    tokens = _TOKEN.findall(query)
    condition = _either(tokens)
    if tokens:
        raise QueryError(f"unexpected {tokens[0]}")
    return condition


def _either(tokens: list[str]) -> Condition:
    choices = [_both(tokens)]
    while tokens and tokens[0] == "OR":
        tokens.pop(0)
        choices.append(_both(tokens))
    return lambda paper: any(choice(paper) for choice in choices)


def _both(tokens: list[str]) -> Condition:
    wanted, unwanted = [_one(tokens)], list[Condition]()
    while tokens and tokens[0] in {"AND", "ANDNOT"}:
        (wanted if tokens.pop(0) == "AND" else unwanted).append(_one(tokens))
    return lambda paper: all(part(paper) for part in wanted) and not any(part(paper) for part in unwanted)


def _one(tokens: list[str]) -> Condition:
    if not tokens or tokens[0] in {"AND", "OR", "ANDNOT", ")"}:
        raise QueryError("a term is missing")
    term = tokens.pop(0)
    if term != "(":
        return _term(term)
    inner = _either(tokens)
    if not tokens or tokens.pop(0) != ")":
        raise QueryError("a parenthesis is open")
    return inner


def _term(term: str) -> Condition:
    field, colon, value = term.partition(":")
    if not colon:
        field, value = "all", term
    if field == "cat":
        return lambda paper: any(fnmatchcase(category, value) for category in paper.categories)
    if field == "submittedDate":
        return _submitted(value)
    if field not in _TEXTS:
        raise QueryError(f"unknown field {field}")
    text, wanted = _TEXTS[field], value.strip('"').replace("_", " ").lower()
    return lambda paper: wanted in text(paper).lower()


def _submitted(value: str) -> Condition:
    match = _RANGE.fullmatch(value)
    if match is None:
        raise QueryError(f"not a range: {value}")
    first, last = match[1].ljust(14, "0"), match[2].ljust(14, "0")
    return lambda paper: first <= f"{paper.published:%Y%m%d%H%M%S}" <= last
