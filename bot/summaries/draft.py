"""A model's reply as a draft: cleaned and capped, not yet believed (pure)."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from bot.summaries.cues import MEANT_FOR_MODELS, META_TALK
from bot.summaries.sentences import sentences

SENTENCE_CHARACTERS = 400
PARAGRAPH_CHARACTERS = 600
FIELD_CHARACTERS = 120
QUOTE_CHARACTERS = 400
LIST_LENGTH = 6

_TAG = re.compile(
    r"</?[A-Za-z][\w-]{0,20}(?:\s+[\w:-]+\s*=[^<>\n]{0,80})?\s*/?>|<[@#:][^<>\s]{1,40}>"  # not "a<b and c>d"
)
_LINKED_WORDS = re.compile(r"!?\[([^\[\]\n]*)\]\([^()\s]*\)")
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_MARKDOWN = re.compile(r"(?<!\d)\*\*|\*\*(?!\d)|__|`+|~~")
_SPOILER = re.compile(
    r"(?<![\w|)])\|\|(?=[\d~]|[^|]*?\b[^\W\d_]{3,} [^\W\d_]{3,}\b)([^|]*[^\s|])\|\|(?![\w|^(])"
)
"""What hides words or values; `||x||` is a norm, and `p || q` may be a divergence."""
_EMPHASIS = re.compile(r"(?:^|(?<=[\s(]))([*_])(?=\w)([^*_]*\w)\1(?=\s|$|[.,;:!?)])")
"""In pairs only: the search is called A*."""
_LINE_START = re.compile(r"^\s*(?:#{1,6}\s+|[-*•]\s+|>\s+|\d{1,2}[.)]\s+(?=[A-Z]))")
_MENTION = re.compile(r"@(?=everyone\b|here\b)", re.IGNORECASE)
_CITATION = re.compile(r"\s?\[(?!0\b)(?:pages?\s)?\d{1,3}(?:\s?[,-]\s?\d{1,3})*\]", re.IGNORECASE)
_BEFORE_AN_INTERVAL = re.compile(
    r"(?:\b(?:in|to|from|over|within|between|ranges?|intervals?|scales?|domains?)|[∈⊂⊆=×])\s?\Z",
    re.IGNORECASE,
)
_SEVERAL_NUMBERS = re.compile(r"\s?\[\d+\s?[,-].*")
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
    """Sentences of the statements that talk to or about the model."""


def draft_from(data: Mapping[str, Any]) -> Draft:
    """Read a reply that follows the schema, or nearly; what is missing or of a wrong type becomes empty."""
    lists = [_items(data.get(field)) for field in ("method", "critique", "implications")]
    method, critique, implications = map(_statements, lists)
    told = [data.get("gist"), data.get("claim"), *chain.from_iterable(lists)]
    return Draft(
        gist=cleaned(data.get("gist"), SENTENCE_CHARACTERS),
        claim=cleaned(data.get("claim"), PARAGRAPH_CHARACTERS),
        method=method,
        results=_results(data.get("results")),
        critique=critique,
        implications=implications,
        left_out=sum(len(_model_talk(_as_line(text, PARAGRAPH_CHARACTERS))) for text in told),
    )


def cleaned(value: object, max_characters: int) -> str:
    """One field as a line of plain text: no formatting, links, mentions or talk to or about the model."""
    text = _as_line(value, max_characters)
    talk = _model_talk(text)
    if talk:
        text = " ".join(part for part in sentences(text) if part not in talk)
    return shortened(text, max_characters)


def _as_line(value: object, max_characters: int) -> str:
    if not isinstance(value, str):
        return ""
    text = unicodedata.normalize("NFC", value[: 8 * max_characters])
    text = "".join(
        " " if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} else c for c in text
    )
    text = _LINK.sub("", _LINKED_WORDS.sub(r"\1", _TAG.sub(" ", text)))
    text = _CITATION.sub(_kept_of_brackets, _MENTION.sub("", _unmarked(_LINE_START.sub("", text))))
    return " ".join(text.split())


def _unmarked(text: str) -> str:
    return _EMPHASIS.sub(r"\2", _SPOILER.sub(r"\1", _MARKDOWN.sub("", text)))


def _kept_of_brackets(match: re.Match[str]) -> str:
    """Nothing of a citation, all of an interval: "on a scale from [1, 5]"."""
    is_interval = _SEVERAL_NUMBERS.fullmatch(match[0]) and _BEFORE_AN_INTERVAL.search(
        match.string[: match.start()]
    )
    return match[0] if is_interval else ""


def _model_talk(text: str) -> list[str]:
    """The sentences that talk to or about the model."""
    patterns = MEANT_FOR_MODELS, META_TALK
    if not any(pattern.search(text) for pattern in patterns):
        return []
    return [part for part in sentences(text) if any(pattern.search(part) for pattern in patterns)]


def shortened(text: str, max_characters: int) -> str:
    """`text` up to that many characters, cut after a sentence that ends in its later half, else at a word."""
    if len(text) <= max_characters:
        return text
    head = text[: max_characters - 1]
    whole = ""
    for sentence in sentences(head)[:-1]:
        whole = f"{whole} {sentence}".strip()
    if len(whole) > max_characters // 2:
        return whole
    cut = max(head.rfind(mark) for mark in (", ", "; ", ": ", " ("))
    if cut < max_characters * 2 // 3:
        cut = head.rfind(" ")
    return (head[:cut] if cut > 0 else head).rstrip(" ,;:(-") + "…"


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
    """A quote keeps its marks: it is looked up, and the paper's own words are shown in its place."""
    text = " ".join(value.split()).strip('"“” ') if isinstance(value, str) else ""
    if len(text) <= QUOTE_CHARACTERS:
        return text
    return text[: text.rfind(" ", 0, QUOTE_CHARACTERS)] if " " in text[:QUOTE_CHARACTERS] else ""
