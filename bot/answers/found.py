"""What answers need of retrieval."""

from dataclasses import dataclass
from typing import Protocol

from storage.model import NearPaper, Passage


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which papers are searched."""

    paper_keys: tuple[str, ...] | None = None
    """None: everything stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPassage:
    """A passage, and how well it fits."""

    passage: Passage
    paper_key: str
    title: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search came back with."""

    question: str
    """As it was searched for: without the name of a paper."""
    passages: tuple[FoundPassage, ...] = ()
    """The best first."""
    nearest: tuple[NearPaper, ...] = ()
    """The papers most likely meant, the nearest first."""
    confidence: float = 0.0


class Finder(Protocol):
    """Finds passages."""

    async def find(self, question: str, scope: Scope, *, max_words: int = 1500) -> Found:
        """The passages of the scope that are most likely to answer, up to so many words."""
        ...
