"""A model's reply as a draft: cleaned and capped, but not checked yet (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from bot.checks.cleaning import SENTENCE_CHARACTERS, cleaned, model_talk_in

PARAGRAPH_CHARACTERS = 600
FIELD_CHARACTERS = 120
QUOTE_CHARACTERS = 400
LIST_LENGTH = 6

_NOTHING = frozenset(
    {"", "none", "n/a", "na", "null", "-", "not stated", "not reported", "unknown", "not specified"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftResult:
    """A result as the model claims it."""

    metric: str
    value: str
    baseline: str | None
    dataset: str | None
    page: int | None
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A summary as the model claims it."""

    gist: str
    claim: str
    method: tuple[str, ...] = ()
    results: tuple[DraftResult, ...] = ()
    critique: tuple[str, ...] = ()
    implications: tuple[str, ...] = ()
    left_out: int = 0
    """How many sentences were left out because they talk to or about the model."""


def draft_from(data: Mapping[str, Any]) -> Draft:
    """Read a reply that roughly follows the schema; what is missing or of the wrong type becomes empty."""
    lists = [_items(data.get(field)) for field in ("method", "critique", "implications")]
    method, critique, implications = map(_statements, lists)
    statements = [data.get("gist"), data.get("claim"), *chain.from_iterable(lists)]
    return Draft(
        gist=cleaned(data.get("gist"), SENTENCE_CHARACTERS),
        claim=cleaned(data.get("claim"), PARAGRAPH_CHARACTERS),
        method=method,
        results=_results(data.get("results")),
        critique=critique,
        implications=implications,
        left_out=sum(len(model_talk_in(text, PARAGRAPH_CHARACTERS)) for text in statements),
    )


def _items(value: object) -> list[object]:
    return value[:LIST_LENGTH] if isinstance(value, list) else [value]


def _statements(items: Sequence[object]) -> tuple[str, ...]:
    texts = (cleaned(item, PARAGRAPH_CHARACTERS) for item in items)
    return tuple(dict.fromkeys(text for text in texts if text))


def _results(value: object) -> tuple[DraftResult, ...]:
    items = value if isinstance(value, list) else []
    return tuple(_result(item) for item in items[: 2 * LIST_LENGTH] if isinstance(item, Mapping))


def _result(item: Mapping[str, Any]) -> DraftResult:
    page = item.get("page")
    return DraftResult(
        metric=cleaned(item.get("metric"), FIELD_CHARACTERS),
        value=cleaned(_as_text(item.get("value")), FIELD_CHARACTERS),
        baseline=_optional(_as_text(item.get("baseline"))),
        dataset=_optional(item.get("dataset")),
        page=page if isinstance(page, int) and not isinstance(page, bool) else None,
        quote=_quote(item.get("quote")),
    )


def _as_text(value: object) -> object:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return str(value) if is_number else value


def _optional(value: object) -> str | None:
    text = cleaned(value, FIELD_CHARACTERS)
    return None if text.strip(" .").casefold() in _NOTHING else text


def _quote(value: object) -> str:
    """Quotes are not cleaned: each is looked up, and the paper's own words are shown in its place."""
    text = " ".join(value.split()).strip('"“” ') if isinstance(value, str) else ""
    if len(text) <= QUOTE_CHARACTERS:
        return text
    return text[: text.rfind(" ", 0, QUOTE_CHARACTERS)] if " " in text[:QUOTE_CHARACTERS] else ""
