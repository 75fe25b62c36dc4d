"""What a run that waits makes of a subscription that changes meanwhile.

Where it is paused, or gone, the run ends, unless a part of the digest stands: that is finished. Another
channel is posted to as long as nothing stands in the old one, or once that was deleted with all that stood
there. For a channel that was deleted, or is closed to the bot, before the papers are chosen, nothing is made;
nor where the digest stands there already.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from bot.clock import Clock
from bot.delivery.outbox import find_posted
from bot.delivery.port import Messenger
from bot.delivery.standing import stands_already
from bot.digest.messages import deliveries, votes_shown
from bot.digest.plan import DigestRequest, anonymous
from bot.errors import DeliveryError, DeliveryUnclearError
from bot.weeks import parse_week
from storage.database import Database, Transaction
from storage.failures import StorageFailure
from storage.model import Delivery, DeliveryState, Subscription

log = logging.getLogger(__name__)

PAUSED = "The weekly digest was paused."
"""Why a run made no digest that nobody is told of: who paused it knows."""


_CHANNEL_GONE = (
    "its channel was deleted. Name another `channel` by `/setup`, then `/digest now` makes the digest."
)
_CHANNEL_CLOSED = "{why} When that is put right, `/digest now` makes the digest."
_STANDS_ALREADY = (
    "nothing was made, as it stands in its channel already; the bot has no record of it, as after a restored "
    "backup. To have it made again, delete it there, then use `{command}`."
)


class Course(StrEnum):
    """What is to be done about a digest's messages now."""

    DELIVER = "deliver"
    WAIT = "wait"
    """Nobody can tell yet whether one of them stands."""
    END = "end"


class Changes:
    """Looks at subscriptions as they are now."""

    def __init__(self, *, database: Database, messenger: Messenger, clock: Clock) -> None:
        self._database = database
        self._messenger = messenger
        self._clock = clock

    async def heeded(self, request: DigestRequest) -> DigestRequest | None:
        """The request by the subscription as it is now; None where that was paused since, or is gone.

        Whether it was paused when it was asked for stays: such a digest is wanted all the same. A preview
        stays as it is.

        Raises:
            StorageFailure: the database failed.
        """
        async with self._database.begin() as tx:
            return await _heeded(tx, request)

    async def whom_to_tell(self, request: DigestRequest) -> Subscription:
        """The subscription with the channel and the admin of now, as far as the database tells."""
        try:
            async with self._database.begin() as tx:
                present = await tx.subscriptions.get(request.subscription.server_id)
        except StorageFailure as failure:
            log.warning("who is to be told of %s is not known: %s", request.run_id, failure)
            return request.subscription
        return present or request.subscription

    async def why_nowhere(self, request: DigestRequest) -> str | None:
        """Why a digest that is to be posted has no channel that is to get it, as far as Discord tells.

        It would be paid for all the same, each week anew. Where its channel has it already, a database that
        was restored from a backup would have it made, and posted, a second time.
        """
        wish = request.subscription
        channel_id = wish.channel_id
        if not request.published or channel_id is None:
            return None
        try:
            if await self._messenger.is_gone(channel_id):
                return _CHANNEL_GONE
        except DeliveryUnclearError:
            return None
        if (refusal := self._messenger.refusal(channel_id)) is not None:
            return _CHANNEL_CLOSED.format(why=refusal)
        if await stands_already(self._messenger, wish, parse_week(request.week)):
            command = "/digest mine" if wish.is_personal else "/digest now"
            return _STANDS_ALREADY.format(command=command)
        return None

    async def before_delivery(self, request: DigestRequest) -> Course:
        """What to do about the digest's messages; where none stands, the present channel gets them.

        Raises:
            StorageFailure: the database failed.
        """
        async with self._database.begin() as tx:
            wish = await _heeded(tx, request)
            planned = await tx.deliveries.of(request.subscription.server_id, request.week)
        is_over = not any(delivery.is_unfinished for delivery in planned)
        if is_over or (wish is not None and not _lead_elsewhere(planned, wish)):
            return Course.DELIVER
        otherwise = Course.END if wish is None else Course.DELIVER
        try:
            if await self._stand(planned):
                return Course.DELIVER
        except DeliveryUnclearError:
            is_due = all(self._clock.now() < delivery.deadline for delivery in planned)
            return Course.WAIT if is_due else otherwise
        except DeliveryError:
            return otherwise
        if wish is not None:
            await self._plan_anew(wish, planned)
        return otherwise

    async def _stand(self, planned: Sequence[Delivery]) -> bool:
        """Whether one of the messages is posted, in a channel that is still there.

        Raises:
            DeliveryRefusedError: nobody may look.
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
        """The channels that got messages, or perhaps did, and were deleted.

        Raises:
            DeliveryUnclearError: Discord cannot be asked now.
        """
        channels = {delivery.channel_id for delivery in planned if delivery.first_try_at is not None}
        return {channel_id for channel_id in channels if await self._messenger.is_gone(channel_id)}

    async def _plan_anew(self, wish: DigestRequest, old: Sequence[Delivery]) -> None:
        async with self._database.begin() as tx:
            digest = await tx.digests.get(wish.run_id)
            if digest is not None:
                votes = await votes_shown(tx, wish.subscription, digest.highlights)
                new = deliveries(digest, wish, parse_week(wish.week), votes)
                await tx.deliveries.replace(old, new)


async def _heeded(tx: Transaction, request: DigestRequest) -> DigestRequest | None:
    asked = request.subscription
    if not request.published:
        return request
    present = await tx.subscriptions.get(asked.server_id)
    if present is None or (present.paused and not asked.paused):
        return None
    return replace(request, subscription=replace(anonymous(present), paused=asked.paused))


def _lead_elsewhere(planned: Sequence[Delivery], wish: DigestRequest) -> bool:
    channel_id = wish.subscription.channel_id
    return channel_id is not None and any(delivery.channel_id != channel_id for delivery in planned)
