"""What Broadsheet asks of the place it posts to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that goes with a message; its components call it `attachment://<name>`."""

    name: str
    content: bytes = field(repr=False)


class Messenger(Protocol):
    """Posts messages to channels. Implementations own time-outs; they never retry a post by themselves."""

    async def post(self, channel_id: int, payload: Mapping[str, Any], *, nonce: str) -> int:
        """Post once and return the message's id.

        Raises:
            DeliveryRefusedError: definitely not stored, and trying again is pointless; a ChannelRefusedError
                says so of every message to this channel.
            DeliveryUnclearError: perhaps stored.
        """
        ...

    async def find(self, channel_id: int, marker: str, *, since: datetime) -> int | None:
        """The id of our own message since `since` that shows `marker`; None when there is none.

        Raises:
            DeliveryRefusedError: the history cannot be read (Discord shows an empty list, not an error); a
                ChannelGoneError says that the channel was deleted, so that nothing stands there.
            DeliveryUnclearError: no answer.
        """
        ...

    async def is_gone(self, channel_id: int) -> bool:
        """Whether a channel was deleted, and all in it; one that is closed to the bot is still there.

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
        """Put this in place of one of our messages, and the file in place of those it had; repeatable.

        Raises:
            DeliveryRefusedError: the message is as it was, and trying again is pointless; a MessageGoneError
                says that it was deleted.
            DeliveryUnclearError: perhaps it was changed; try again.
        """
        ...

    def refusal(self, channel_id: int) -> str | None:
        """Why this channel would take no message, in words for an admin; None where nothing is known."""
        ...

    def upload_limit(self, channel_id: int) -> int:
        """The most bytes that a file in this channel may have."""
        ...

    async def open_thread(self, channel_id: int, message_id: int, name: str) -> int:
        """Open a thread from a message and return its id; a thread that is already there is a success.

        Raises:
            MessageGoneError: the message was deleted.
            DeliveryError: as for `post`.
        """
        ...

    async def direct_channel(self, user_id: int) -> int:
        """The id of the channel of direct messages with a person; whether they take any, a post tells.

        Raises:
            DeliveryError: as for `post`.
        """
        ...

    async def tell_admin(
        self, server_id: int, channel_id: int | None, admin_id: int | None, text: str
    ) -> bool:
        """Tell a server's admin something, by direct message, else in the channel.

        Returns whether it reached anyone; never raises a ServiceError.
        """
        ...
