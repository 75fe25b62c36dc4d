"""Subscriptions: what `/setup` stores."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DigestStyle(StrEnum):
    """How a digest looks in its channel.

    `full`: a message for each highlight; `compact`: one head message with a menu.
    """

    FULL = "full"
    COMPACT = "compact"


class ThreadPolicy(StrEnum):
    """Which threads a digest opens."""

    EACH = "each"
    DIGEST = "digest"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Where, when and about what a server wants its weekly digest. A server has at most one."""

    server_id: int
    """Discord's guild id; 0 for the command line."""
    channel_id: int | None
    """None: the digest is made but not posted."""
    weekday: int = 4
    """0 is Monday, as `datetime.weekday()`."""
    hour: int = 9
    zone: str = "UTC"
    """IANA name, such as `Europe/Berlin`."""
    categories: tuple[str, ...] = ()
    interests: str = ""
    excluded_words: tuple[str, ...] = ()
    highlights: int = 8
    """Papers summarised in full each week, 1 to 25."""
    style: DigestStyle = DigestStyle.FULL
    threads: ThreadPolicy = ThreadPolicy.NONE
    paused: bool = False
    publication: str | None = None
    """The title of the server's public pages and podcast; None if its digests are not public."""
    created_at: datetime | None = None
    """When it was created or last resumed: what was due before is not wanted."""
    admin_id: int | None = None
    """Who ran `/setup` last: the person told when something needs attention and the channel cannot be
    used."""

    @property
    def has_unusable_threads(self) -> bool:
        """Whether it asks for a thread per highlight, but in a style without a message per highlight."""
        return self.style is DigestStyle.COMPACT and self.threads is ThreadPolicy.EACH

    @property
    def is_personal(self) -> bool:
        """Whether it is for a personal digest: then the person's id takes the place of the server's.

        Discord's ids are unique across users and servers, so no server has a user's id
        (https://docs.discord.com/developers/reference#snowflakes).
        """
        return self.admin_id == self.server_id
