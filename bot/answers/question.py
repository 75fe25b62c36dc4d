"""A question with its context, and the answer it gets."""

from dataclasses import dataclass
from datetime import datetime

from storage.model import Answer, Asker, AskScope, Conversation, Reader, Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question with its context."""

    text: str
    scope: AskScope
    asker: Asker | None = None
    """None for the command line, which may search all papers."""
    after: Conversation | None = None
    """The conversation that this continues."""
    is_reply: bool = False
    """Whether its scope is what the message above is about: like a follow-up, it may ask beyond that."""
    keeps_to_scope: bool = False
    """Whether nothing but an id or a link may lead from the scope's paper to another, because others would
    learn from the answer what else this person has read."""

    @property
    def reader(self) -> Reader | None:
        """Whose papers are searched: the server's or, outside servers, the person's."""
        return None if self.asker is None else self.asker.reader

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The earlier turns."""
        return () if self.after is None else self.after.turns


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answer, and what a follow-up needs."""

    answer: Answer
    conversation_id: str
    """Empty if it cannot be continued: on the command line, and where it could not be stored."""
    scope: AskScope
    """What was searched in the end."""
    asked_at: datetime
    """Before the work started."""
