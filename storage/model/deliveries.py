"""Deliveries: the outbox."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class DeliveryState(StrEnum):
    """The state of a delivery. `sending` means: perhaps posted, look before trying again."""

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message of a digest that has to reach a channel: the outbox row."""

    server_id: int
    channel_id: int
    week: str
    part: int
    """The place in the digest: 0 is its first message."""
    payload: dict[str, Any] = field(hash=False)
    """The frozen message body as Discord's API takes it, without its nonce."""
    deadline: datetime
    """After this moment it is not posted any more."""
    paper_key: str | None = None
    """The highlight it is about; None if it shows the digest as a whole."""
    thread_name: str | None = None
    """Open a thread of this name from the message once it is sent."""
    state: DeliveryState = DeliveryState.PLANNED
    first_try_at: datetime | None = None
    message_id: int | None = None
    thread_id: int | None = None
    error: str | None = None

    @property
    def is_unfinished(self) -> bool:
        """Whether it is still to be posted, or nobody knows yet whether it was."""
        return self.state in {DeliveryState.PLANNED, DeliveryState.SENDING}

    @property
    def key(self) -> str:
        """The unique key."""
        return delivery_key(self.server_id, self.channel_id, self.week, self.part)

    @property
    def lacks_thread(self) -> bool:
        """Whether its message is posted, but not yet the thread that is to be opened from it."""
        return self.message_id is not None and self.thread_name is not None and self.thread_id is None


def delivery_key(server_id: int, channel_id: int, week: str, part: int) -> str:
    """A delivery's key, which is also what the message shows as its marker."""
    return f"{server_id}-{channel_id}-{week}-{part}"
