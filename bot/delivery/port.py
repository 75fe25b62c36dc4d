"""What Broadsheet needs of the place it posts to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file sent with a message; components refer to it as `attachment://<name>`."""

    name: str
    content: bytes = field(repr=False)


class Messenger(Protocol):
    """Posts messages to channels. Implementations own time-outs; they never retry a post themselves."""

    async def post(self, channel_id: int, payload: Mapping[str, Any], *, nonce: str) -> int:
        """Post once and return the message's id.

        Raises:
            DeliveryRefusedError: definitely not stored, and retrying is pointless; a ChannelRefusedError
                means the same for every message to this channel.
            DeliveryUnclearError: possibly stored.
        """
        ...

    async def find(self, channel_id: int, key: str, *, since: datetime) -> int | None:
        """The id of our own message since `since` that shows the marker of `key`; None if there is none.

        Raises:
            DeliveryRefusedError: the history cannot be read (Discord returns an empty list, not an error); a
                ChannelGoneError means the channel was deleted, and everything in it.
            DeliveryUnclearError: no answer.
        """
        ...

    async def is_gone(self, channel_id: int) -> bool:
        """Whether a channel was deleted with everything in it; one closed to the bot still exists.

        Raises:
            DeliveryUnclearError: no answer.
        """
        ...

    async def edit(
        self,
        channel_id: int,
        message_id: int,
        payload: Mapping[str, Any],
        *,
        attachment: Attachment | None = None,
    ) -> None:
        """Replace one of our messages, and its files by the attachment (or none); repeatable.

        Raises:
            DeliveryRefusedError: the message is unchanged, and retrying is pointless; a MessageGoneError
                means it was deleted.
            DeliveryUnclearError: it may have been changed; try again.
        """
        ...

    def refusal(self, channel_id: int) -> str | None:
        """Why this channel would refuse messages, worded for an admin; None if unknown or it would not."""
        ...

    def upload_limit(self, channel_id: int) -> int:
        """The largest file this channel takes, in bytes."""
        ...

    async def open_thread(self, channel_id: int, message_id: int, name: str) -> int:
        """Open a thread from a message and return its id; an existing one counts.

        Raises:
            MessageGoneError: the message was deleted.
            DeliveryError: as for `post`.
        """
        ...

    async def direct_channel(self, user_id: int) -> int:
        """The id of a person's direct-message channel; only a post shows whether they accept messages.

        Raises:
            DeliveryError: as for `post`.
        """
        ...

    async def tell_admin(
        self, server_id: int, channel_id: int | None, admin_id: int | None, text: str
    ) -> bool:
        """Tell a server's admin something, by direct message or else in the channel.

        Returns whether it reached anyone; never raises a ServiceError.
        """
        ...
