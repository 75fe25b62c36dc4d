"""A messenger in memory, with Discord's nonce window and scripted faults."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.clock import Clock
from bot.delivery.marker import shows
from bot.delivery.port import Attachment
from bot.errors import (
    ChannelGoneError,
    ChannelRefusedError,
    DeliveryRefusedError,
    DeliveryUnclearError,
    MessageGoneError,
)


class Fault(StrEnum):
    """What happens to a call."""

    NONE = "none"
    LOST = "lost"
    """The outcome is unclear; the call was not carried out."""
    STORED = "stored"
    """The outcome is unclear; the call was carried out."""
    REFUSED = "refused"
    KILLED_BEFORE = "killed before"
    KILLED_AFTER = "killed after"


class Killed(BaseException):
    """Simulates that the process is killed here."""


@dataclass(frozen=True, slots=True)
class Posted:
    """One message in a channel."""

    id: int
    channel_id: int
    payload: Mapping[str, Any]
    nonce: str
    at: datetime


@dataclass
class FakeMessenger:
    """Records what was posted; all but `refusal`, `upload_limit` and `tell_admin` take the next fault."""

    clock: Clock
    posted: list[Posted] = field(default_factory=list)
    threads: dict[int, str] = field(default_factory=dict)
    """Names by message id."""
    attached: dict[int, Attachment] = field(default_factory=dict)
    """Files by message id."""
    told: list[str] = field(default_factory=list)
    """The notices that reached an admin."""
    addressed: list[tuple[int | None, int | None]] = field(default_factory=list)
    """The channel and the admin of each notice, whether it reached anyone or not."""
    faults: list[Fault] = field(default_factory=list)
    closed: set[int] = field(default_factory=set)
    """Channels that refuse messages."""
    known_closed: set[int] = field(default_factory=set)
    """Those of `closed` that are known to be closed before anything is posted."""
    gone: set[int] = field(default_factory=set)
    """Channels that were deleted."""
    unclear: set[int] = field(default_factory=set)
    """Channels where every post fails with an unclear outcome; nothing is posted."""
    can_read: bool = True
    can_open_threads: bool = True
    reaches_admin: bool = True
    unreached: int = 0
    """How many of the next attempts to notify an admin fail."""
    most_upload_bytes: int = 10 * 2**20
    nonce_window: timedelta = timedelta(minutes=5)

    async def post(self, channel_id: int, payload: Mapping[str, Any], *, nonce: str) -> int:
        fault = self._start(channel_id, allowed=channel_id not in self.closed)
        if channel_id in self.unclear:
            raise DeliveryUnclearError("Discord is having trouble (HTTP 500).")
        now = self.clock.now()
        known = [p for p in self.posted if p.nonce == nonce and now - p.at <= self.nonce_window]
        if not known:
            known = [Posted(len(self.posted) + 1, channel_id, payload, nonce, now)]
            self.posted += known
        self._end(fault)
        return known[0].id

    async def find(self, channel_id: int, key: str, *, since: datetime) -> int | None:
        fault = self._start(channel_id, allowed=self.can_read)
        self._end(fault)
        for message in self.posted:
            if message.channel_id == channel_id and message.at >= since and shows(message.payload, key):
                return message.id
        return None

    async def is_gone(self, channel_id: int) -> bool:
        try:
            self._end(self._start(channel_id, allowed=True))
        except DeliveryRefusedError as refusal:
            return isinstance(refusal, ChannelGoneError)
        return False

    async def edit(
        self,
        channel_id: int,
        message_id: int,
        payload: Mapping[str, Any],
        *,
        attachment: Attachment | None = None,
    ) -> None:
        fault = self._start(channel_id, allowed=channel_id not in self.closed)
        if message_id not in {message.id for message in self.posted}:
            raise MessageGoneError
        self.posted = [replace(m, payload=payload) if m.id == message_id else m for m in self.posted]
        self.attached.pop(message_id, None)
        if attachment is not None:
            self.attached[message_id] = attachment
        self._end(fault)

    def refusal(self, channel_id: int) -> str | None:
        return "The bot lacks permissions in #papers." if channel_id in self.known_closed else None

    def upload_limit(self, channel_id: int) -> int:
        return self.most_upload_bytes

    async def open_thread(self, channel_id: int, message_id: int, name: str) -> int:
        fault = self._start(channel_id, allowed=self.can_open_threads)
        if message_id not in {message.id for message in self.posted}:
            raise MessageGoneError
        self.threads.setdefault(message_id, name)
        self._end(fault)
        return message_id

    async def direct_channel(self, user_id: int) -> int:
        self._end(self._start(None, allowed=True))
        return -user_id

    async def tell_admin(
        self, server_id: int, channel_id: int | None, admin_id: int | None, text: str
    ) -> bool:
        self.addressed.append((channel_id, admin_id))
        if self.unreached or not self.reaches_admin:
            self.unreached = max(0, self.unreached - 1)
            return False
        self.told.append(text)
        return True

    def _start(self, channel_id: int | None, *, allowed: bool) -> Fault:
        fault = self.faults.pop(0) if self.faults else Fault.NONE
        if fault is Fault.KILLED_BEFORE:
            raise Killed
        if fault is Fault.LOST:
            raise DeliveryUnclearError("Discord is having trouble (HTTP 503).")
        if channel_id in self.gone:
            raise ChannelGoneError("Discord can't find the channel, or the bot isn't there any more.")
        if not allowed:
            raise ChannelRefusedError("The bot lacks permissions in #papers.")
        if fault is Fault.REFUSED:
            raise DeliveryRefusedError("Discord does not take the message.")
        return fault

    def _end(self, fault: Fault) -> None:
        if fault is Fault.KILLED_AFTER:
            raise Killed
        if fault is Fault.STORED:
            raise DeliveryUnclearError("The connection to Discord broke.")
