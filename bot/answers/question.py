"""What somebody asks, and what they are given."""

from dataclasses import dataclass
from datetime import datetime

from storage.model import Answer, Asker, AskScope, Conversation, Reader, Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What somebody asks."""

    text: str
    scope: AskScope
    asker: Asker | None = None
    """None for the command line, whose are all papers."""
    after: Conversation | None = None
    """What this goes on from."""
    stays: bool = False
    """Whether a title must not lead from the scope's paper to another: where others would learn from the
    answer what else this person has read."""

    @property
    def reader(self) -> Reader | None:
        """Whose papers are searched: the server's, or the person's outside of one."""
        return None if self.asker is None else self.asker.reader

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What was said before."""
        return () if self.after is None else self.after.turns


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answer, and how to go on from it."""

    answer: Answer
    conversation_id: str
    """Empty where nobody can go on: on the command line, and where it could not be stored."""
    scope: AskScope
    """Where was looked in the end."""
    asked_at: datetime
    """Before the work began."""
