"""Summaries and what they state."""

from dataclasses import dataclass
from enum import StrEnum

from storage.model.papers import TextSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One sentence or short paragraph of a summary.

    `checked` is False if it has a number that the paper's text does not have; rendering then marks it.
    """

    text: str
    page: int | None = None
    checked: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One measured result, as the paper states it; every number in it is in the paper."""

    metric: str
    value: str
    baseline: str | None
    dataset: str | None
    quote: str
    """Verbatim words of the paper."""
    page: int | None
    """The page with the quote; None if only the abstract was read."""


class SummaryKind(StrEnum):
    """Who wrote a summary."""

    MODEL = "model"
    EXTRACT = "extract"


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The structured summary of one paper version by one recipe, in plain text without formatting."""

    paper_id: str
    version: int
    recipe: str
    """Model and prompt version, such as `gpt-5-mini/3`; `extract/2` without a language model."""
    kind: SummaryKind
    model: str
    """The model's name; empty for an extract."""
    gist: Statement
    claim: Statement
    method: tuple[Statement, ...]
    results: tuple[Result, ...]
    critique: tuple[Statement, ...]
    implications: tuple[Statement, ...]
    source: TextSource
    pages_read: int
    page_count: int
    not_read: str | None = None
    """What was left unread, in words for a user: `pages 13-20 (appendix)`; None when everything was read."""
    statements_dropped: int = 0
    """Statements and results left out because their numbers or quotes are not in the paper."""
    statements_marked: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = None
    """Estimated from the price settings; None when no prices are set."""
    language: str = "en"
    statements_untranslated: int = 0
    """How many of `statements` are in English, not in this language."""

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All with words, in order, each text once: the claim of some papers repeats the gist."""
        said = (self.gist, self.claim, *self.method, *self.critique, *self.implications)
        return tuple({one.text: one for one in reversed(said) if one.text}.values())[::-1]
