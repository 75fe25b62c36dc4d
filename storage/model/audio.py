"""The spoken editions of digests."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A part of a spoken digest: its opening, one highlight, its closing."""

    title: str
    start_seconds: float
    paper_key: str | None = None
    """The highlight it reads; None for opening and closing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audio:
    """A digest as it was read aloud; its files are in the data folder under the digest's id."""

    digest_id: str
    seconds: float
    chapters: tuple[Chapter, ...]
    """In the order they are heard, the first at 0 seconds."""
    voice: str
    """The voice's name, such as `hibari` or `gpt-4o-mini-tts/alloy`."""
    created_at: datetime
    file_bytes: Mapping[str, int] = field(default_factory=dict)
    """The sizes of its files by suffix; empty if unknown. A file of another size belongs to another recording
    of the digest, made on another machine, or a power cut damaged it."""
