"""Who has seen papers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A server, or one person by themselves: in direct messages, or by what only they were shown.

    One of the two is 0.
    """

    server_id: int = 0
    user_id: int = 0
