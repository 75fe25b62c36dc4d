"""Digests, what they show and what they cover."""

from dataclasses import dataclass
from datetime import date, datetime

from storage.model.papers import Paper
from storage.model.summaries import Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """One candidate as the week's ranking placed it."""

    paper: Paper
    score: float
    """Comparable within one week and one subscription only."""
    reason: str
    """Why it was picked, one line for a person."""
    exploration: bool = False
    """Whether it was picked to learn from: nobody knows yet whether papers like it are liked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Highlight:
    """A paper the digest summarises."""

    pick: Pick
    summary: Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A paper the digest mentions in one line."""

    pick: Pick
    gist: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """A paper that could not be read in full or failed, and why."""

    paper_key: str
    title: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a digest covers, and what it does not."""

    announced: int
    """Papers of the week in the subscription's categories, cross-lists once."""
    considered: int
    """Papers left without those seen before and those with excluded words."""
    read_in_full: int
    abstract_only: tuple[Shortfall, ...] = ()
    failed: tuple[Shortfall, ...] = ()
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = None
    statements_dropped: int = 0
    statements_marked: int = 0
    hidden_characters: int = 0
    """Characters that papers hid from their readers (and perhaps meant for a language model); they were left
    out."""
    remarks: tuple[str, ...] = ()
    """Anything else a reader should know: `chosen by words only: the embedding model is missing`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One subscription's papers of one ISO week."""

    id: str
    """The id of the durable run that made it: `digest:<server id>:<week>`, or `preview:...`."""
    server_id: int
    week: str
    """ISO week such as `2026-W47`."""
    first_day: date
    last_day: date
    highlights: tuple[Highlight, ...]
    noted: tuple[Noted, ...]
    receipt: Receipt
    model: str
    """The language model that wrote it; empty for an extract."""
    created_at: datetime
    chosen_at: datetime
    """When its papers were chosen: later votes did not count."""
    published: bool = True
    """False for previews and the command line: its papers may appear in a later digest."""
    categories: tuple[str, ...] = ()
    interests: str = ""

    @property
    def picks(self) -> tuple[Pick, ...]:
        """All papers it shows, the highlights first."""
        return (*(entry.pick for entry in self.highlights), *(entry.pick for entry in self.noted))


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestListing:
    """A published digest as an entry of a list, without its papers."""

    id: str
    week: str
    created_at: datetime
