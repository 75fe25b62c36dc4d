"""Who has seen papers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A server, or one person alone: in direct messages, or by what only they were shown.

    At least one of the two ids is 0.
    """

    server_id: int = 0
    user_id: int = 0

    @property
    def owner_id(self) -> int:
        """The id under which this reader's digests are stored: the server's or the person's.

        0 is the command line's, whose digests belong to no user of the bot. No server has a person's id.
        """
        return self.server_id or self.user_id
