"""The part of arXiv's query language that weekly searches need (pure).

`cat:cs.CL`, `submittedDate:[202611121900 TO 202611191900]` (GMT, both ends included), AND, OR, parentheses.
Source: https://info.arxiv.org/help/api/user-manual.html#query_details
"""

import re
from collections.abc import Callable

from storage.model import Paper

Condition = Callable[[Paper], bool]

_TOKEN = re.compile(r"\s*(\(|\)|(?:\w+:)?(?:\[[^\]]*\]|[^\s()]+))")
_RANGE = re.compile(r"\[\s*(\d{8,14})\s+TO\s+(\d{8,14})\s*\]")


class QueryError(ValueError):
    """The query is malformed, or uses more than this module understands."""


def parse_query(query: str) -> Condition:
    """The condition that a `search_query` puts on papers. AND binds tighter than OR, as on arXiv.

    Raises:
        QueryError: the query can't be parsed.
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
    parts = [_one(tokens)]
    while tokens and tokens[0] == "AND":
        tokens.pop(0)
        parts.append(_one(tokens))
    return lambda paper: all(part(paper) for part in parts)


def _one(tokens: list[str]) -> Condition:
    if not tokens or tokens[0] in {"AND", "OR", ")"}:
        raise QueryError("a term is missing")
    term = tokens.pop(0)
    if term != "(":
        return _term(term)
    inner = _either(tokens)
    if not tokens or tokens.pop(0) != ")":
        raise QueryError("a parenthesis is open")
    return inner


def _term(term: str) -> Condition:
    field, _, value = term.partition(":")
    if field == "cat":
        return lambda paper: value in paper.categories
    if field == "submittedDate":
        return _submitted(value)
    raise QueryError(f"unknown field {field}")


def _submitted(value: str) -> Condition:
    match = _RANGE.fullmatch(value)
    if match is None:
        raise QueryError(f"not a range: {value}")
    first, last = match[1].ljust(14, "0"), match[2].ljust(14, "0")
    return lambda paper: first <= f"{paper.published:%Y%m%d%H%M%S}" <= last
