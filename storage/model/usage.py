"""Who asked for work, and what it used."""

from dataclasses import dataclass
from enum import StrEnum

from storage.model.readers import Reader


class WorkKind(StrEnum):
    """What somebody asked for. What is served from storage does not count as work."""

    QUESTION = "question"
    SUMMARY = "summary"
    DIGEST = "digest"
    """An extra digest: a server's, such as a preview, counted for the server and no person; or a personal
    digest, counted for the person without what it used."""


NOBODY = 0
"""The user id for a server's extra digests: who asked for them is not recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """The person who asks, and where."""

    user_id: int
    server_id: int | None
    """None in direct messages."""

    @property
    def reader(self) -> Reader:
        """Who reads the answer: their server, or in direct messages they alone."""
        return Reader(server_id=self.server_id) if self.server_id else Reader(user_id=self.user_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageTotal:
    """What a server's members used for one kind of work in a span of time."""

    kind: WorkKind
    requests: int
    people: int
    prompt_tokens: int
    completion_tokens: int
    cost_usd: float | None
    """Of the requests whose cost is known; None if no prices were set."""
    priced: int
    """How many of the requests have a known cost, or used nothing that costs."""
