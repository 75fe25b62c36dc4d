"""How a digest's run reaches Discord: delivering its messages, or telling the admin there will be none."""

import logging

from bot.delivery.outbox import Outbox
from bot.delivery.port import Messenger
from bot.delivery.untold import Untold
from bot.digest.changes import Changes, Course
from bot.digest.plan import MISSED, DigestRequest
from storage.database import Database
from storage.failures import StorageFailure

log = logging.getLogger(__name__)


class Posting:
    """For the digests of subscriptions; previews among them are not posted."""

    def __init__(self, *, database: Database, changes: Changes, outbox: Outbox, messenger: Messenger) -> None:
        self._database = database
        self._changes = changes
        self._outbox = outbox
        self._messenger = messenger

    async def refreshed(self, request: DigestRequest) -> DigestRequest | None:
        """The request with the current subscription; None if that was paused or deleted since."""
        return await self._changes.refreshed(request)

    async def why_not_to_make(self, request: DigestRequest) -> str | None:
        """Why the digest should not be made, as far as is known; None if nothing speaks against it."""
        return await self._changes.why_not_to_make(request)

    async def deliver(self, request: DigestRequest) -> bool:
        """Post what can be posted; returns whether the database shows nothing left to do.

        Raises:
            StorageFailure: the database failed permanently.
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
        log.warning("%s is given up: %s", request.run_id, problem)
        told = await self._changes.whom_to_tell(request)
        words = _given_up(request, problem)
        return await self._messenger.tell_admin(told.server_id, told.channel_id, told.admin_id, words)

    async def tell_later(self, request: DigestRequest, problem: str) -> None:
        """Store the notice that `give_up` could not deliver; the schedule goes on trying.

        Raises:
            StorageFailure: the database failed.
        """
        notice = Untold(words=_given_up(request, problem))
        async with self._database.begin() as tx:
            if await tx.subscriptions.get(request.subscription.server_id) is not None:
                await tx.state.set(f"{MISSED}{request.run_id}", str(notice))


def _given_up(request: DigestRequest, problem: str) -> str:
    return f"There is no digest for {request.week}: {problem}"


class Unposted:
    """For digests that are not posted, such as the command line's."""

    async def refreshed(self, request: DigestRequest) -> DigestRequest | None:
        """The request, unchanged."""
        return request

    async def why_not_to_make(self, _: DigestRequest) -> str | None:
        """None: nothing speaks against it."""
        return None

    async def deliver(self, _: DigestRequest) -> bool:
        """True: there is nothing to do."""
        return True

    async def give_up(self, _: DigestRequest, _problem: str) -> bool:
        """True: there is nobody to tell, as whoever asked for the digest is waiting for it."""
        return True

    async def tell_later(self, _: DigestRequest, _problem: str) -> None:
        """Nothing, for the same reason."""
