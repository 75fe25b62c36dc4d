"""What our buttons, menus and windows are for, and the custom ids that say so (pure)."""

from enum import StrEnum
from typing import Self

_PREFIX = "broadsheet"


class Component(StrEnum):
    """A kind of button, menu or window, each with its own handler in a cog.

    Custom ids read `broadsheet:<component>:<argument>`. They say all that the handler has to know, so that
    they outlive a restart; so a value here can be changed no more.
    """

    UP = "up"
    """👍; the argument is the paper's versionless id."""
    DOWN = "down"
    """👎; the same."""
    VOTE = "vote"
    """A menu of papers to vote on: the digest's id. An option's value is a versionless id."""
    OPEN = "open"
    """A menu of summaries: the digest's id. An option's value is a paper's key."""
    FULL = "full"
    """What a digest had to shorten: the digest's id, `/`, the paper's key."""
    SUMMARIZE = "summarize"
    """A newer version: the paper's key, `/`, a language's code."""
    RESULTS = "results"
    """What an answer had to shorten: as above."""
    ASK = "ask"
    """Opens the window for a question about a paper: the paper's key."""
    ASKED = "asked"
    """That window."""
    MORE = "more"
    """Opens the window for going on from an answer: the conversation's id."""
    ASKED_MORE = "asked-more"
    """That window."""
    FORGET = "forget"
    """Deletes what is kept about the person who presses it."""
    RESET = "reset"
    """Forgets a server's taste."""

    @property
    def prefix(self) -> str:
        """What its custom ids begin with; the argument follows."""
        return f"{_PREFIX}:{self.value}:"

    def custom_id(self, argument: str) -> str:
        """The custom id of one with this argument."""
        return self.prefix + argument

    @classmethod
    def of(cls, custom_id: str) -> tuple[Self, str] | None:
        """What a custom id is for, with its argument; None where it is none of ours."""
        prefix, _, rest = custom_id.partition(":")
        value, _, argument = rest.partition(":")
        if prefix != _PREFIX or value not in [each.value for each in cls]:
            return None
        return cls(value), argument
