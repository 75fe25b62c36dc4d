"""Who asked for work, and what it used."""

from dataclasses import dataclass
from enum import StrEnum


class WorkKind(StrEnum):
    """What somebody asked for. What is served from storage is no work."""

    QUESTION = "question"
    SUMMARY = "summary"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """The person who asks, and where."""

    user_id: int
    server_id: int | None
    """None in direct messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageTotal:
    """What a server's members used of one kind in some span of time."""

    kind: WorkKind
    requests: int
    people: int
    prompt_tokens: int
    completion_tokens: int
    cost_usd: float | None
    """None where no prices were set."""
