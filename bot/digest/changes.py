"""How a waiting run reacts when its subscription changes meanwhile.

If the subscription is paused or deleted, the run ends, unless part of the digest is already posted: then it
is finished. A new channel is used as long as nothing is posted in the old one, or if the old one was deleted
with everything in it. If, before the papers are chosen, the channel turns out to be deleted or closed to the
bot, or already has the digest, nothing is made.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from bot.clock import Clock
from bot.delivery.outbox import find_posted
from bot.delivery.port import Messenger
from bot.delivery.standing import is_already_posted
from bot.digest.messages import deliveries, votes_shown
from bot.digest.plan import DigestRequest, anonymous
from bot.errors import DeliveryError, DeliveryUnclearError
from bot.weeks import parse_week
from storage.database import Database, Transaction
from storage.failures import StorageFailure
from storage.model import Delivery, DeliveryState, Subscription

log = logging.getLogger(__name__)

PAUSED = "The weekly digest was paused."
"""The problem of a run whose subscription was paused; nobody needs to be told."""

_CHANNEL_GONE = (
    "its channel was deleted. Choose another `channel` with `/setup`, then `/digest now` makes the digest."
)
_CHANNEL_CLOSED = "{why} Once that is fixed, `/digest now` makes the digest."
_ALREADY_POSTED = (
    "it is already in its channel, so nothing was made. The bot has no record of it, perhaps because a "
    "backup was restored. To have it made again, delete it there, then use `{command}`."
)


class Course(StrEnum):
    """What to do about a digest's messages now."""

    DELIVER = "deliver"
    WAIT = "wait"
    """It is not yet known whether one of them is posted."""
    END = "end"


class Changes:
    """Compares requests with the current subscriptions."""

    def __init__(self, *, database: Database, messenger: Messenger, clock: Clock) -> None:
        self._database = database
        self._messenger = messenger
        self._clock = clock

    async def refreshed(self, request: DigestRequest) -> DigestRequest | None:
        """The request with the current subscription; None if that was paused since, or deleted.

        If it was already paused when the digest was requested, the digest is still wanted. A preview is
        returned unchanged.

        Raises:
            StorageFailure: the database failed.
        """
        async with self._database.begin() as tx:
            return await _refreshed(tx, request)

    async def whom_to_tell(self, request: DigestRequest) -> Subscription:
        """The current subscription, for its channel and admin; the request's if the database fails."""
        try:
            async with self._database.begin() as tx:
                present = await tx.subscriptions.get(request.subscription.server_id)
        except StorageFailure as failure:
            log.warning("cannot look up whom to tell of %s: %s", request.run_id, failure)
            return request.subscription
        return present or request.subscription

    async def why_not_to_make(self, request: DigestRequest) -> str | None:
        """Why a digest should not be made: its channel is unusable or already has it, so far as is known.

        Making it would cost money for nothing, perhaps every week. If the channel already has the digest, a
        database restored from a backup would otherwise have it made and posted a second time.
        """
        subscription = request.subscription
        channel_id = subscription.channel_id
        if not request.published or channel_id is None:
            return None
        try:
            if await self._messenger.is_gone(channel_id):
                return _CHANNEL_GONE
        except DeliveryUnclearError:
            return None
        if (refusal := self._messenger.refusal(channel_id)) is not None:
            return _CHANNEL_CLOSED.format(why=refusal)
        if await is_already_posted(self._messenger, subscription, parse_week(request.week)):
            command = "/digest mine" if subscription.is_personal else "/digest now"
            return _ALREADY_POSTED.format(command=command)
        return None

    async def before_delivery(self, request: DigestRequest) -> Course:
        """What to do about the digest's messages; if none is posted, they move to the current channel.

        Raises:
            StorageFailure: the database failed.
        """
        async with self._database.begin() as tx:
            current = await _refreshed(tx, request)
            planned = await tx.deliveries.of(request.subscription.server_id, request.week)
        is_over = not any(delivery.is_unfinished for delivery in planned)
        if is_over or (current is not None and not _any_elsewhere(planned, current)):
            return Course.DELIVER
        otherwise = Course.END if current is None else Course.DELIVER
        try:
            if await self._is_any_posted(planned):
                return Course.DELIVER
        except DeliveryUnclearError:
            is_in_time = all(self._clock.now() < delivery.deadline for delivery in planned)
            return Course.WAIT if is_in_time else otherwise
        except DeliveryError:
            return otherwise
        if current is not None:
            await self._replan(current, planned)
        return otherwise

    async def _is_any_posted(self, planned: Sequence[Delivery]) -> bool:
        """Whether one of the messages is posted in a channel that still exists.

        Raises:
            DeliveryRefusedError: the channel cannot be read.
            DeliveryUnclearError: Discord cannot be asked now.
        """
        gone = await self._gone(planned)
        there = [delivery for delivery in planned if delivery.channel_id not in gone]
        if any(delivery.state is DeliveryState.SENT for delivery in there):
            return True
        for delivery in there:
            if delivery.is_unfinished and delivery.first_try_at is not None:
                found = await find_posted(self._messenger, delivery, delivery.first_try_at)
                if found is not None:
                    return True
        return False

    async def _gone(self, planned: Sequence[Delivery]) -> set[int]:
        """The deleted channels among those that messages were, or perhaps were, posted to.

        Raises:
            DeliveryUnclearError: Discord cannot be asked now.
        """
        channels = {delivery.channel_id for delivery in planned if delivery.first_try_at is not None}
        return {channel_id for channel_id in channels if await self._messenger.is_gone(channel_id)}

    async def _replan(self, current: DigestRequest, old: Sequence[Delivery]) -> None:
        async with self._database.begin() as tx:
            digest = await tx.digests.get(current.run_id)
            if digest is not None:
                votes = await votes_shown(tx, current.subscription, digest.highlights)
                new = deliveries(digest, current, parse_week(current.week), votes)
                await tx.deliveries.replace(old, new)


async def _refreshed(tx: Transaction, request: DigestRequest) -> DigestRequest | None:
    asked = request.subscription
    if not request.published:
        return request
    present = await tx.subscriptions.get(asked.server_id)
    if present is None or (present.paused and not asked.paused):
        return None
    return replace(request, subscription=replace(anonymous(present), paused=asked.paused))


def _any_elsewhere(planned: Sequence[Delivery], current: DigestRequest) -> bool:
    channel_id = current.subscription.channel_id
    return channel_id is not None and any(delivery.channel_id != channel_id for delivery in planned)
