"""The outbox: each message of a digest reaches its channel exactly once, whatever breaks in between.

A row is marked `sending`, and that is committed, before its message is posted. While it is unknown whether
the post was stored, the channel is searched for the row's key before anything is posted again; the same nonce
lets Discord catch what the search may miss. Measured by killing the process: nothing twice, nothing lost,
whereas a nonce alone posted a quarter of the messages twice. A digest whose papers an earlier process chose
is also searched for before its first post: a backup may have been restored since.
"""

import logging
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.delivery.marker import nonce, shows
from bot.delivery.notices import Notices, Problem, Trouble, forget_notices_of_retried, note
from bot.delivery.port import Messenger
from bot.delivery.threads import Threads
from bot.errors import (
    ChannelGoneError,
    ChannelRefusedError,
    DeliveryError,
    DeliveryRefusedError,
    DeliveryUnclearError,
)
from bot.weeks import parse_week
from storage.database import Database, Transaction
from storage.model import Delivery, DeliveryState

log = logging.getLogger(__name__)

_PAUSES_SECONDS = (2.0, 15.0, 60.0)
"""Between the tries of one run, times up to 1.5: within the minutes that Discord remembers a nonce."""
_CLOCKS_APART = timedelta(minutes=15)
"""How far our clock may differ from Discord's: an unsynchronised one drifts by seconds a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReport:
    """The state of a digest's messages after a run."""

    sent: int
    failed: int
    expired: int
    waiting: int
    """Planned, possibly posted, or without a thread that Discord may still open: deliver again later."""
    untold: int = 0
    """Notices that have reached nobody yet: deliver again later to send them."""
    problems: tuple[Problem, ...] = ()

    @property
    def is_finished(self) -> bool:
        """Whether another run would have nothing to post or tell."""
        return self.waiting == self.untold == 0


class Outbox:
    """Posts the messages that storage says are still to be posted."""

    def __init__(self, database: Database, messenger: Messenger, clock: Clock) -> None:
        self._database = database
        self._messenger = messenger
        self._clock = clock
        self._notices = Notices(database, messenger, clock)
        self._threads = Threads(database, messenger, clock, pauses_seconds=_PAUSES_SECONDS)
        self._began_at = clock.now()

    async def deliver(self, server_id: int, week: str) -> DeliveryReport:
        """Post the unfinished messages of a server's week in order, open their threads, report problems.

        May be repeated at any time, but only one run at a time per server and week. What is still unclear
        after some tries waits for the next run.

        Raises:
            StorageFailure: the database failed; repeat later.
        """
        problems, stopped = list[Problem](), set[int]()
        since = await self._perhaps_posted_since(server_id, week)
        for delivery in await self._deliveries(server_id, week):
            if not delivery.is_unfinished or delivery.channel_id in stopped:
                continue
            if delivery.first_try_at is None and since is not None:
                if await self._is_posted(delivery, since):
                    continue
                since = None  # nor are those after it, as they are posted in order
            problem = await self._send(delivery)
            if problem is None:
                continue
            problems.append(problem)
            if problem.trouble not in {Trouble.MESSAGE, Trouble.EXPIRED}:
                stopped.add(delivery.channel_id)
        problems += await self._threads.open(await self._deliveries(server_id, week))
        untold = await self._notices.tell(server_id, week, problems)
        report = _report(await self._deliveries(server_id, week), problems, untold=untold)
        if report.is_finished:
            log.info(
                "server %d: the messages of %s are done, %d sent, %d refused, %d expired",
                *(server_id, week, report.sent, report.failed, report.expired),
            )
        return report

    async def _deliveries(self, server_id: int, week: str) -> list[Delivery]:
        async with self._database.begin() as tx:
            return await tx.deliveries.of(server_id, week)

    async def _perhaps_posted_since(self, server_id: int, week: str) -> datetime | None:
        """Since when messages unknown to the database may have been posted; None if there can be none.

        A database restored from a backup has forgotten what was posted since. Nobody restores one while the
        bot runs, so digests whose papers this process chose need no search.
        """
        async with self._database.begin() as tx:
            digest = await tx.digests.for_week(server_id, week)
        return digest.chosen_at if digest is not None and digest.chosen_at < self._began_at else None

    async def _is_posted(self, delivery: Delivery, since: datetime) -> bool:
        """Whether a message was posted after all, as far as Discord tells; if so, mark it."""
        try:
            found = await find_posted(self._messenger, delivery, since)
        except DeliveryError:
            return False
        if found is not None:
            await self._mark_sent(delivery, found)
        return found is not None

    async def _send(self, delivery: Delivery) -> Problem | None:
        """Complete one delivery, with some tries; None if it was sent."""
        if not shows(delivery.payload, delivery.key):
            raise ValueError(
                f"the message {delivery.key} does not show its marker: it could not be found again"
            )
        first_try_at = delivery.first_try_at
        for pause in (0.0, *_PAUSES_SECONDS):
            await self._clock.sleep(pause * random.uniform(1, 1.5))  # noqa: S311 - only spreads the load
            began_at = self._clock.now()
            try:
                return await self._try(delivery, first_try_at)
            except DeliveryUnclearError as error:
                log.info("delivery %s is unclear: %s", delivery.key, error)
                first_try_at = first_try_at or began_at
        return Problem(trouble=Trouble.UNCLEAR, channel_id=delivery.channel_id, words="")  # nobody is told

    async def _try(self, delivery: Delivery, first_try_at: datetime | None) -> Problem | None:
        """Check whether it was posted, if it may have been, and post it if not.

        Raises:
            DeliveryUnclearError: it is unknown whether it is in the channel.
        """
        overdue = self._clock.now() >= delivery.deadline
        if first_try_at is not None:
            try:
                found = await find_posted(self._messenger, delivery, first_try_at)
            except DeliveryUnclearError:
                if not overdue:
                    raise
                found = None
            except DeliveryRefusedError as refusal:
                if not overdue:
                    if isinstance(refusal, ChannelGoneError):
                        return await self._fail(delivery, refusal)
                    return Problem.of(Trouble.UNREADABLE, delivery, refusal)
                found = None
            if found is not None:
                await self._mark_sent(delivery, found)
                return None
        if overdue:
            return await self._expire(delivery)
        return await self._post(delivery)

    async def _expire(self, delivery: Delivery) -> Problem:
        words = f"It was due by {delivery.deadline:%Y-%m-%d %H:%M} UTC."
        problem = Problem(trouble=Trouble.EXPIRED, channel_id=delivery.channel_id, words=words)
        async with self._database.begin() as tx:
            await tx.deliveries.mark_expired(delivery.key)
            await note(tx, delivery.server_id, delivery.week, problem)
        log.warning("delivery %s expired: %s", delivery.key, words)
        return problem

    async def _post(self, delivery: Delivery) -> Problem | None:
        async with self._database.begin() as tx:
            await tx.deliveries.mark_sending(delivery.key, self._clock.now())
        try:
            message_id = await self._messenger.post(
                delivery.channel_id, delivery.payload, nonce=nonce(delivery.key)
            )
        except DeliveryRefusedError as refusal:
            return await self._fail(delivery, refusal)
        await self._mark_sent(delivery, message_id)
        return None

    async def _mark_sent(self, delivery: Delivery, message_id: int) -> None:
        async with self._database.begin() as tx:
            await tx.deliveries.mark_sent(delivery.key, message_id)

    async def _fail(self, refused: Delivery, refusal: DeliveryRefusedError) -> Problem:
        """Mark a message as refused, and if the channel is closed, the rest of its messages too."""
        whole_channel = isinstance(refusal, ChannelRefusedError)
        problem = Problem.of(Trouble.CHANNEL if whole_channel else Trouble.MESSAGE, refused, refusal)
        async with self._database.begin() as tx:
            await tx.deliveries.mark_failed(refused.key, problem.words)
            # Repeated 403s get the whole bot banned for a while, in all its servers.
            for delivery in await tx.deliveries.of(refused.server_id, refused.week) if whole_channel else ():
                if delivery.channel_id == refused.channel_id and delivery.state is DeliveryState.PLANNED:
                    await tx.deliveries.mark_failed(delivery.key, problem.words)
            await note(tx, refused.server_id, refused.week, problem)
            if whole_channel:
                await _pause_of_unreachable(tx, refused)
        what = "and the rest of its channel's were" if whole_channel else "was"
        log.warning("delivery %s %s refused: %s", refused.key, what, problem.words)
        return problem


async def find_posted(messenger: Messenger, delivery: Delivery, first_try_at: datetime) -> int | None:
    """The id of a possibly posted message, if it is in its channel; else None.

    Raises:
        DeliveryRefusedError: the channel cannot be read.
        DeliveryUnclearError: Discord cannot be asked now.
    """
    return await messenger.find(delivery.channel_id, delivery.key, since=first_try_at - _CLOCKS_APART)


async def _pause_of_unreachable(tx: Transaction, refused: Delivery) -> None:
    """Pause a weekly personal digest if the person accepted no messages the week before either.

    Someone who left all the bot's servers, or blocked it, cannot be told, and every digest would cost money.
    """
    subscription = await tx.subscriptions.get(refused.server_id)
    if subscription is None or not subscription.is_personal:
        return
    before = await tx.deliveries.of(refused.server_id, str(parse_week(refused.week).plus(-1)))
    if before and all(delivery.state is DeliveryState.FAILED for delivery in before):
        await tx.subscriptions.set_paused(refused.server_id, paused=True)
        log.info("a personal digest was paused: the person accepts no messages")


async def plan_again(tx: Transaction, server_id: int, week: str) -> int:
    """Plan the refused messages of a week again, on request; another refusal is reported again.

    Returns how many messages are waiting to be posted or for a thread.
    """
    await forget_notices_of_retried(tx, server_id, week)
    return await tx.deliveries.plan_again(server_id, week)


def _report(deliveries: Sequence[Delivery], problems: Sequence[Problem], *, untold: int) -> DeliveryReport:
    states = Counter(delivery.state for delivery in deliveries)
    unclear = {problem.channel_id for problem in problems if problem.trouble is Trouble.UNCLEAR}
    threads = sum(delivery.lacks_thread and delivery.channel_id in unclear for delivery in deliveries)
    return DeliveryReport(
        sent=states[DeliveryState.SENT],
        failed=states[DeliveryState.FAILED],
        expired=states[DeliveryState.EXPIRED],
        waiting=states[DeliveryState.PLANNED] + states[DeliveryState.SENDING] + threads,
        untold=untold,
        problems=tuple(problems),
    )
