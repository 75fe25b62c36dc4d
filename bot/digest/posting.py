"""How a digest's run reaches Discord: where its messages go now, and who hears that there will be none."""

import logging

from bot.delivery.outbox import Outbox
from bot.delivery.port import Messenger
from bot.digest.changes import Changes, Course
from bot.digest.plan import DigestRequest
from storage.failures import StorageFailure

log = logging.getLogger(__name__)


class Posting:
    """For the digests of subscriptions; a preview among them is not posted either."""

    def __init__(self, *, changes: Changes, outbox: Outbox, messenger: Messenger) -> None:
        self._changes = changes
        self._outbox = outbox
        self._messenger = messenger

    async def heeded(self, request: DigestRequest) -> DigestRequest | None:
        """The request by the subscription as it is now; None where that was paused since."""
        return await self._changes.heeded(request)

    async def why_nowhere(self, request: DigestRequest) -> str | None:
        """Why the digest has no channel that is to get it, as far as is known."""
        return await self._changes.why_nowhere(request)

    async def deliver(self, request: DigestRequest) -> bool:
        """Post what can be posted; returns whether nothing is left to do, as far as the database tells.

        Raises:
            StorageFailure: the database failed for good.
        """
        if not request.published:
            return True
        try:
            course = await self._changes.before_delivery(request)
            if course is not Course.DELIVER:
                return course is Course.END
            report = await self._outbox.deliver(request.subscription.server_id, request.week)
        except StorageFailure as failure:
            if not failure.retryable:
                raise
            log.warning("the delivery of %s waits: %s", request.run_id, failure)
            return False
        return report.is_finished

    async def give_up(self, request: DigestRequest, problem: str) -> bool:
        """Tell the admin that a week's digest cannot be made; returns whether they were reached."""
        if not request.published:
            return True
        told = await self._changes.whom_to_tell(request)
        words = f"There is no digest for {request.week}: {problem}"
        return await self._messenger.tell_admin(told.server_id, told.channel_id, told.admin_id, words)


class Unposted:
    """For digests that go nowhere, as those of the command line."""

    async def heeded(self, request: DigestRequest) -> DigestRequest | None:
        """Nothing changes it."""
        return request

    async def why_nowhere(self, _: DigestRequest) -> str | None:
        """It needs no channel."""
        return None

    async def deliver(self, _: DigestRequest) -> bool:
        """Nothing is left to do."""
        return True

    async def give_up(self, _: DigestRequest, _problem: str) -> bool:
        """Nobody is left to tell: who asked for the digest waits for it."""
        return True
