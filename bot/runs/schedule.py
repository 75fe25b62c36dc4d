"""When a digest is due: a timer ticks, the database decides.

A tick only looks; the subscription and the existing digests say what is due. So a tick that comes late,
twice, or after days of downtime does no harm: the newest due digest is made unless its deadline has passed,
and the admin is told once of older weeks that no run takes care of. A digest that was made but not posted,
because its run broke off, is delivered; if it is too late for that, the outbox tells the admin. A run that
broke off is restarted once an hour until its deadline.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol, Self

from bot.clock import Clock
from bot.delivery.port import Messenger
from bot.delivery.standing import is_already_posted
from bot.digest.plan import PLAN, DigestRequest, weekly_request, weekly_run_id
from bot.errors import ArxivError, BroadsheetError
from bot.logs import incident
from bot.papers.library import Library
from bot.runs.departures import Servers, forget_left_servers
from bot.runs.missed import MissedWeeks
from bot.runs.retention import RUNS_KEPT, clear_up, forget_people
from bot.runs.timer import Timer
from bot.speech.podcasts import Podcasts
from bot.weeks import Week, deadline, due_at, latest_due_week, parse_week
from storage.database import Database
from storage.failures import StorageFailure
from storage.model import Subscription

log = logging.getLogger(__name__)

TICK_SECONDS = 30
_ANNOUNCEMENTS_AT = {"hour": 5, "minute": 30}
"""UTC: after the feeds change, at midnight Eastern and some seconds, which is 05:00 in winter
(https://info.arxiv.org/help/rss.html), and before any digest can be due."""
_CAUGHT_UP_ON_FROM_HOUR, _GIVEN_UP_FROM_HOUR, _SATURDAY = 6, 12, 5
"""UTC: arXiv is sometimes hours late, and on holidays its feed stays empty or yesterday's."""
_NOTED_ON = "announcements noted on"
"""Key of the UTC day on which they were last noted."""
_LOOK_AGAIN_AFTER = timedelta(hours=1)
"""A week is looked at only so often: its run may have broken off, and may do so every time."""
_WEEKS_TO_LOOK_BACK = 7
"""Weeks before the due one; their runs' records still exist, including those of runs that gave up."""


class Runs(Protocol):
    """What the schedule asks of the durable runs (`bot.runs.control.Runs`)."""

    async def start_digest(self, request: DigestRequest) -> None:
        """Start a digest's run, unless it was started before."""
        ...

    async def deliver_again(self, request: DigestRequest) -> bool:
        """Deliver the planned messages of an existing digest, unless a run under way does so."""
        ...

    async def is_in_hand(self, run_id: str) -> bool:
        """Whether a started run will deliver its digest or tell the admin why not, or has done so."""
        ...

    async def works_on(self, run_id: str) -> bool:
        """Whether a run is making or delivering this digest, or waiting to."""
        ...

    async def forget(self, *, over_before: datetime) -> None:
        """Delete the records of runs that ended before then."""
        ...


class Schedule:
    """Starts what is due, while its context lasts."""

    def __init__(
        self,
        *,
        database: Database,
        library: Library,
        messenger: Messenger,
        podcasts: Podcasts,
        runs: Runs,
        servers: Servers,
        clock: Clock,
        tick_seconds: float = TICK_SECONDS,
    ) -> None:
        self._database = database
        self._library = library
        self._messenger = messenger
        self._podcasts = podcasts
        self._runs = runs
        self._servers = servers
        self._clock = clock
        self._seen_to: dict[int, tuple[str, datetime]] = {}
        self._missed = MissedWeeks(database, messenger, clock)
        self._looked_back_at: dict[int, str] = {}
        self._left: set[int] = set()
        self._troubles: dict[int, str] = {}
        self._timer = Timer(clock.now)
        self._timer.every(self.tick, seconds=tick_seconds)
        self._timer.every(self.forget, hours=1)
        self._timer.every(self.clear_up, days=1)
        self._timer.at(self.note_announcements, day_of_week="mon-fri", **_ANNOUNCEMENTS_AT)
        self._timer.every(self.catch_up_on_announcements, hours=1)

    async def __aenter__(self) -> Self:
        await self._timer.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._timer.__aexit__()

    async def tick(self) -> None:
        """Start every digest that is due; one subscription's failure does not affect the others."""
        async with self._database.begin() as tx:
            subscriptions = await tx.subscriptions.active()
        left = {one.server_id for one in subscriptions if self._is_for_nobody(one)}
        for server_id in left - self._left:
            log.warning("server %d: no digests until the bot is invited again", server_id)
        self._left = left
        present = [one for one in subscriptions if one.server_id not in left]
        # What is due does not wait for a look at earlier weeks, which asks Discord.
        troubles = await self._for_each(present, self._look_at) | await self._for_each(
            present, self._look_back
        )
        for server_id, trouble in troubles.items():
            if self._troubles.get(server_id) != trouble:
                log.warning("server %s: %s", server_id, trouble)
        self._troubles = troubles

    async def _for_each(
        self, subscriptions: Sequence[Subscription], look: Callable[[Subscription], Awaitable[None]]
    ) -> dict[int, str]:
        """Look at each; returns the troubles by server, such as a time zone that no longer exists."""
        troubles = dict[int, str]()
        for subscription in subscriptions:
            try:
                await look(subscription)
            except (BroadsheetError, StorageFailure) as error:
                troubles[subscription.server_id] = str(error)
            except Exception as error:  # noqa: BLE001 - the loop must go on
                incident(log, f"the schedule of server {subscription.server_id}", error)
        return troubles

    def _is_for_nobody(self, subscription: Subscription) -> bool:
        """Whether the bot was removed from the server, perhaps while it was offline.

        Its digest would cost money and could not be posted.
        """
        return not subscription.is_personal and self._servers.has_left(subscription.server_id)

    async def _look_at(self, subscription: Subscription) -> None:
        week = latest_due_week(self._clock.now(), subscription)
        run_id = weekly_run_id(subscription.server_id, week)
        if not _was_subscribed(subscription, week) or self._was_just_seen_to(subscription, run_id):
            return
        if week in await self._unfinished(subscription):
            await self._runs.deliver_again(weekly_request(subscription, week))
        if not await self._is_settled(subscription, week):
            await self._runs.start_digest(weekly_request(subscription, week))
        self._seen_to[subscription.server_id] = run_id, self._clock.now()

    async def next_week(self, subscription: Subscription) -> Week:
        """The week whose digest starts next, as things stand and unless paused: within minutes if due."""
        week = latest_due_week(self._clock.now(), subscription)
        while not _was_subscribed(subscription, week) or await self._is_settled(subscription, week):
            week = week.plus(1)
        return week

    async def week_being_made(self, subscription: Subscription) -> Week | None:
        """The due week, or the one after, if a run is making its digest or waiting to; else None."""
        due = latest_due_week(self._clock.now(), subscription)
        for week in (due.plus(1), due):
            run_id = weekly_run_id(subscription.server_id, week)
            async with self._database.begin() as tx:
                is_made = await tx.digests.is_made(run_id)
            if not is_made and await self._runs.works_on(run_id):
                return week
        return None

    def _was_just_seen_to(self, subscription: Subscription, run_id: str) -> bool:
        now = self._clock.now()
        seen_to, at = self._seen_to.get(subscription.server_id, ("", now))
        # The clock may have been set back since.
        return seen_to == run_id and at <= now < at + _LOOK_AGAIN_AFTER

    async def _is_settled(self, subscription: Subscription, week: Week) -> bool:
        """Whether the week has a digest or a run that takes care of it, or was overtaken."""
        run_id = weekly_run_id(subscription.server_id, week)
        async with self._database.begin() as tx:
            is_made = await tx.digests.is_made(run_id)
        return is_made or await self._runs.is_in_hand(run_id) or await self._is_overtaken(subscription, week)

    async def _unfinished(self, subscription: Subscription) -> list[Week]:
        """The weeks whose digests still have messages to deliver, oldest first."""
        async with self._database.begin() as tx:
            unfinished = await tx.deliveries.unfinished(subscription.server_id)
        return [parse_week(week) for week in dict.fromkeys(delivery.week for delivery in unfinished)]

    async def _look_back(self, subscription: Subscription) -> None:
        """Settle the weeks before the due one: deliver what was made, tell the admin what was not."""
        due = latest_due_week(self._clock.now(), subscription)
        last = weekly_run_id(subscription.server_id, due.plus(-1))
        if self._looked_back_at.get(subscription.server_id) != last:
            for week in await self._unfinished(subscription):
                if week < due:
                    await self._runs.deliver_again(weekly_request(subscription, week))
            await self._missed.note(subscription, await self._missed_before(subscription, due))
            self._looked_back_at[subscription.server_id] = last
        await self._missed.tell(subscription)

    async def _missed_before(self, subscription: Subscription, due: Week) -> list[Week]:
        """The weeks without a digest, oldest first, back to the last one that is settled or was noted."""
        missed = list[Week]()
        for back in range(1, _WEEKS_TO_LOOK_BACK + 1):
            week = due.plus(-back)
            if not _was_subscribed(subscription, week) or await self._missed.is_noted(subscription, week):
                break
            if await self._is_settled(subscription, week):
                break
            if await is_already_posted(self._messenger, subscription, week):
                break  # it was made: the database was restored from an older backup
            missed.insert(0, week)
        return missed

    async def _is_overtaken(self, subscription: Subscription, week: Week) -> bool:
        """Whether the next week's digest was made, or is under way, before this week's deadline.

        That happens when the subscription's time was changed in between: by the new time, this week looks due
        or missed. A digest requested ahead of an unchanged time overtakes nothing.
        """
        next_run_id = weekly_run_id(subscription.server_id, week.plus(1))
        until = deadline(week, subscription)
        async with self._database.begin() as tx:
            following = await tx.digests.get(next_run_id)
            plan = await tx.digests.plan(next_run_id)
        if plan is not None:
            planned = PLAN.load(plan).request.subscription
            if due_at(week, planned) == due_at(week, subscription):
                return False
        if following is not None:
            return following.created_at < until
        return self._clock.now() < until and await self._runs.is_in_hand(next_run_id)

    async def note_announcements(self) -> None:
        """Store today's announcement days and licences for all categories in active subscriptions.

        The day counts as noted once the feed is its own; one whose feed is not there by noon is a holiday.
        """
        async with self._database.begin() as tx:
            subscriptions = await tx.subscriptions.active()
        categories = sorted({category for one in subscriptions for category in one.categories})
        if not categories:
            return
        now = self._clock.now()
        today = now.date()
        try:
            newest = await self._library.note_announcements(categories)
        except ArxivError as error:
            log.warning("today's announcements were not read: %s", error)
            return
        if newest == today or now.hour >= _GIVEN_UP_FROM_HOUR:
            async with self._database.begin() as tx:
                await tx.state.set(_NOTED_ON, today.isoformat())

    async def catch_up_on_announcements(self) -> None:
        """Note today's announcements if they were late or the bot was not running: tomorrow they are gone."""
        now = self._clock.now()
        is_out = now.weekday() < _SATURDAY and now.hour >= _CAUGHT_UP_ON_FROM_HOUR
        async with self._database.begin() as tx:
            is_noted = await tx.state.get(_NOTED_ON) == now.date().isoformat()
        if is_out and not is_noted:
            await self.note_announcements()

    async def forget(self) -> None:
        """Delete expired data about people."""
        await forget_people(self._database, self._clock.now())

    async def clear_up(self) -> None:
        """Delete all other expired data: takes a second with 100,000 stored papers."""
        now = self._clock.now()
        await clear_up(self._database, now)
        await forget_left_servers(self._database, self._podcasts, self._servers, now)
        await self._runs.forget(over_before=now - RUNS_KEPT)


def _was_subscribed(subscription: Subscription, week: Week) -> bool:
    return subscription.created_at is None or subscription.created_at <= due_at(week, subscription)
