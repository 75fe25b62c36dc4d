"""Who has seen papers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A server, or one person by themselves: in direct messages, or by what only they were shown.

    One of the two is 0.
    """

    server_id: int = 0
    user_id: int = 0

    @property
    def owner_id(self) -> int:
        """Under whose id this reader's digests stand: the server's, or the person's own.

        0 is the command line's, whose digests are nobody's who talks to the bot. No server has a person's id.
        """
        return self.server_id or self.user_id
