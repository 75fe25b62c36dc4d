"""Our buttons, menus and modals, and the custom ids that tell them apart (pure)."""

from enum import StrEnum
from typing import Self

_PREFIX = "broadsheet"


class Component(StrEnum):
    """A kind of button, menu or modal (window), each with its own handler in a cog.

    Custom ids have the form `broadsheet:<component>:<argument>`. They hold everything the handler needs, so
    that old messages keep working after a restart; values here must therefore never change.
    """

    UP = "up"
    """👍; the argument is the paper's versionless id."""
    DOWN = "down"
    """👎; the argument is the same."""
    VOTE = "vote"
    """A menu of papers to vote on; the argument is the digest's id, an option's value a versionless id."""
    OPEN = "open"
    """A menu of summaries; the argument is the digest's id, an option's value a paper's key."""
    FULL = "full"
    """Shows a summary that a digest shortened; the argument is the digest's id, `/`, the paper's key."""
    SUMMARIZE = "summarize"
    """Summarises a newer version; the argument is the paper's key, `/`, a language code."""
    RESULTS = "results"
    """Shows a summary that /summarize shortened; the argument is as for SUMMARIZE."""
    ASK = "ask"
    """Opens the modal for a question about a paper; the argument is the paper's key."""
    ASKED = "asked"
    """That modal, with the same argument."""
    MORE = "more"
    """Opens the modal for a follow-up question; the argument is the conversation's id."""
    ASKED_MORE = "asked-more"
    """That modal, with the same argument."""
    FORGET = "forget"
    """Deletes everything kept about the person who presses it."""
    RESET = "reset"
    """Forgets a server's taste."""

    @property
    def prefix(self) -> str:
        """The start of its custom ids, before the argument."""
        return f"{_PREFIX}:{self.value}:"

    def custom_id(self, argument: str) -> str:
        """Its custom id with this argument."""
        return self.prefix + argument

    @classmethod
    def of(cls, custom_id: str) -> tuple[Self, str] | None:
        """The component and the argument of a custom id; None if it is not one of ours."""
        prefix, _, rest = custom_id.partition(":")
        value, _, argument = rest.partition(":")
        if prefix != _PREFIX or value not in [each.value for each in cls]:
            return None
        return cls(value), argument
