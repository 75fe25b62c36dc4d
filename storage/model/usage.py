"""Who asked for work, and what it used."""

from dataclasses import dataclass
from enum import StrEnum

from storage.model.readers import Reader


class WorkKind(StrEnum):
    """What somebody asked for. What is served from storage is no work."""

    QUESTION = "question"
    SUMMARY = "summary"
    DIGEST = "digest"
    """One beside the weekly ones, such as a preview: on its server's share and no person's, or that a person
    asked for one of their own, without what it used."""


NOBODY = 0
"""The id of no person: who asked for a digest is not noted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """The person who asks, and where."""

    user_id: int
    server_id: int | None
    """None in direct messages."""

    @property
    def reader(self) -> Reader:
        """Who reads what they are answered: their server, or outside of one they alone."""
        return Reader(server_id=self.server_id) if self.server_id else Reader(user_id=self.user_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageTotal:
    """What a server's members used of one kind in some span of time."""

    kind: WorkKind
    requests: int
    people: int
    prompt_tokens: int
    completion_tokens: int
    cost_usd: float | None
    """Of the requests whose cost is known; None where no prices were set."""
    priced: int
    """How many of the requests have a known cost, or used nothing that costs."""
