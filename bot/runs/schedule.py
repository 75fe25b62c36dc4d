"""When a digest is due: a timer ticks, the database decides.

The tick only looks; whether something is due is told by the subscription and by what was made. So a tick that
comes late, twice, or after days of downtime does no harm: the newest due week is made while its deadline has
not passed, and older ones that no run looks after are told to the admin once. What was made and not
posted, as its run broke off in between, is delivered; the outbox tells the admin where it is too late. A run
that broke off is started anew while its week lasts, once an hour.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol, Self

from bot.clock import Clock
from bot.delivery.port import Messenger
from bot.delivery.standing import stands_already
from bot.digest.plan import MISSED, PLAN, DigestRequest, weekly_request, weekly_run_id
from bot.errors import ArxivError, BroadsheetError
from bot.logs import incident
from bot.papers.library import Library
from bot.runs.departures import Servers, forget_left_servers
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
_CAUGHT_UP_ON_FROM_HOUR, _SATURDAY = 6, 5
_NOTED_ON = "announcements noted on"
"""The name of the fact that says of which UTC day they were."""
_LOOKED_AT_AGAIN = timedelta(hours=1)
"""After a week was seen to: its run may have broken off, and may do so each time."""
_WEEKS_LOOKED_BACK = 7
"""Before the week that is due: the runs of all of them are kept still, also of those that gave up."""


class Runs(Protocol):
    """What the schedule asks of the durable runs (`bot.runs.control.Runs`)."""

    async def start_digest(self, request: DigestRequest) -> None:
        """Start a digest's run; one that was started before is left as it is."""
        ...

    async def deliver_again(self, request: DigestRequest) -> bool:
        """Deliver what is planned of a digest that was made before, unless a run that is under way does."""
        ...

    async def is_in_hand(self, run_id: str) -> bool:
        """Whether a run was started that delivers its digest or tells the admin why not, or has done so."""
        ...

    async def works_on(self, run_id: str) -> bool:
        """Whether a run makes or delivers this digest, or waits to."""
        ...

    async def forget(self, *, over_before: datetime) -> None:
        """Delete the records of runs that were over by then."""
        ...


class Schedule:
    """Starts what is due, for as long as its context lasts."""

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
        self._seen_to_at: dict[str, datetime] = {}
        self._looked_back_at: set[str] = set()
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
        """Start every digest that is due; one subscription's trouble does not touch the others."""
        async with self._database.begin() as tx:
            wishes = await tx.subscriptions.active()
        left = {wish.server_id for wish in wishes if self._is_for_nobody(wish)}
        for server_id in left - self._left:
            log.warning("server %d: no digest is made until the bot is invited there again", server_id)
        self._left = left
        for wish in wishes:
            if wish.server_id in left:
                continue
            try:
                await self._look_at(wish)
                self._troubles.pop(wish.server_id, None)
            except (BroadsheetError, StorageFailure) as error:
                # Such as a time zone that is no more: told once, and not at each tick.
                if self._troubles.get(wish.server_id) != str(error):
                    log.warning("server %s: %s", wish.server_id, error)
                self._troubles[wish.server_id] = str(error)
            except Exception as error:  # noqa: BLE001 - the edge of a loop that must go on
                incident(log, f"the schedule of server {wish.server_id}", error)

    def _is_for_nobody(self, wish: Subscription) -> bool:
        """Whether it is a server's that the bot was taken out of, as it may be while the bot is away.

        Its digest could be posted nowhere, and would be paid for all the same.
        """
        return not wish.is_personal and self._servers.has_left(wish.server_id)

    async def _look_at(self, wish: Subscription) -> None:
        week = latest_due_week(self._clock.now(), wish)
        await self._look_back(wish, week)
        run_id = weekly_run_id(wish.server_id, week)
        if not _was_subscribed(wish, week) or self._was_just_seen_to(run_id):
            return
        if week in await self._unfinished(wish):
            await self._runs.deliver_again(weekly_request(wish, week))
        if not await self._is_settled(wish, week):
            await self._runs.start_digest(weekly_request(wish, week))
        self._seen_to_at[run_id] = self._clock.now()

    async def next_week(self, wish: Subscription) -> Week:
        """The week whose digest is started next, as things stand: soon where it is due.

        That it is active is taken for granted.
        """
        week = latest_due_week(self._clock.now(), wish)
        while not _was_subscribed(wish, week) or await self._is_settled(wish, week):
            week = week.plus(1)
        return week

    async def week_being_made(self, wish: Subscription) -> Week | None:
        """The week whose digest a run makes, or waits to make: the one that is due, or the one after."""
        due = latest_due_week(self._clock.now(), wish)
        for week in (due.plus(1), due):
            run_id = weekly_run_id(wish.server_id, week)
            async with self._database.begin() as tx:
                is_made = await tx.digests.get(run_id) is not None
            if not is_made and await self._runs.works_on(run_id):
                return week
        return None

    def _was_just_seen_to(self, run_id: str) -> bool:
        seen_to_at = self._seen_to_at.get(run_id)
        # A clock that was set back may show less.
        return seen_to_at is not None and seen_to_at <= self._clock.now() < seen_to_at + _LOOKED_AT_AGAIN

    async def _is_settled(self, wish: Subscription, week: Week) -> bool:
        """Whether the week has a digest, or a run that sees to it, or is overtaken."""
        run_id = weekly_run_id(wish.server_id, week)
        async with self._database.begin() as tx:
            is_made = await tx.digests.get(run_id) is not None
        return is_made or await self._runs.is_in_hand(run_id) or await self._is_overtaken(wish, week)

    async def _unfinished(self, wish: Subscription) -> list[Week]:
        """The weeks whose digests were made and are not delivered as far as they can be, oldest first."""
        async with self._database.begin() as tx:
            unfinished = await tx.deliveries.unfinished(wish.server_id)
        return [parse_week(week) for week in dict.fromkeys(delivery.week for delivery in unfinished)]

    async def _look_back(self, wish: Subscription, due: Week) -> None:
        """Settle the weeks before the one that is due: deliver what was made, tell what was not."""
        last = weekly_run_id(wish.server_id, due.plus(-1))
        if last in self._looked_back_at:
            return
        for week in await self._unfinished(wish):
            if week < due:
                await self._runs.deliver_again(weekly_request(wish, week))
        missed = await self._missed_before(wish, due)
        self._looked_back_at.add(last)
        # Noted once it is told: a bot that dies in between tells it again, which Discord knows by its nonce.
        if missed and await self._messenger.tell_admin(
            wish.server_id, wish.channel_id, wish.admin_id, _missed_words(missed, wish)
        ):
            async with self._database.begin() as tx:
                for week in missed:
                    await tx.state.set(_told_of(wish, week), self._clock.now().isoformat())

    async def _missed_before(self, wish: Subscription, due: Week) -> list[Week]:
        """The weeks that were not made, oldest first, back to one that needs no word any more."""
        missed = list[Week]()
        for back in range(1, _WEEKS_LOOKED_BACK + 1):
            week = due.plus(-back)
            async with self._database.begin() as tx:
                is_told = await tx.state.get(_told_of(wish, week)) is not None
            if is_told or not _was_subscribed(wish, week) or await self._is_settled(wish, week):
                break
            if await stands_already(self._messenger, wish, week):
                break  # it was made: the database is older, as one that was restored
            missed.insert(0, week)
        return missed

    async def _is_overtaken(self, wish: Subscription, week: Week) -> bool:
        """Whether the next week's digest came, or is on its way, before this week's time was over.

        That happens where the subscription's time was changed in between: by the new one, this week seems to
        be due or missed. What was asked for ahead of an unchanged time overtakes nothing.
        """
        next_run_id = weekly_run_id(wish.server_id, week.plus(1))
        until = deadline(week, wish)
        async with self._database.begin() as tx:
            following = await tx.digests.get(next_run_id)
            plan = await tx.digests.plan(next_run_id)
        if plan is not None and due_at(week, PLAN.load(plan).request.subscription) == due_at(week, wish):
            return False
        if following is not None:
            return following.created_at < until
        return self._clock.now() < until and await self._runs.is_in_hand(next_run_id)

    async def note_announcements(self) -> None:
        """Keep today's announcement days and licences for all categories that anybody follows."""
        async with self._database.begin() as tx:
            wishes = await tx.subscriptions.active()
        categories = sorted({category for wish in wishes for category in wish.categories})
        if not categories:
            return
        today = self._clock.now().date()
        try:
            await self._library.note_announcements(categories)
        except ArxivError as error:
            log.warning("today's announcements were not read: %s", error)
            return
        async with self._database.begin() as tx:
            await tx.state.set(_NOTED_ON, today.isoformat())

    async def catch_up_on_announcements(self) -> None:
        """Note today's where that failed, or the bot was not running then: the next day they are gone."""
        now = self._clock.now()
        is_there = now.weekday() < _SATURDAY and now.hour >= _CAUGHT_UP_ON_FROM_HOUR
        async with self._database.begin() as tx:
            is_noted = await tx.state.get(_NOTED_ON) == now.date().isoformat()
        if is_there and not is_noted:
            await self.note_announcements()

    async def forget(self) -> None:
        """Delete what is kept about people and over."""
        await forget_people(self._database, self._clock.now())

    async def clear_up(self) -> None:
        """Delete what else is over: that takes a second where a hundred thousand papers are stored."""
        now = self._clock.now()
        await clear_up(self._database, now)
        await forget_left_servers(self._database, self._podcasts, self._servers, now)
        await self._runs.forget(over_before=now - RUNS_KEPT)


def _told_of(wish: Subscription, week: Week) -> str:
    return f"{MISSED}{weekly_run_id(wish.server_id, week)}"


def _missed_words(weeks: Sequence[Week], wish: Subscription) -> str:
    """That these digests were not made, the newest last."""
    *others, newest = map(str, weeks)
    why = "not made: the bot was not running, or failed, until"
    if others:
        words = f"The digests of {', '.join(others)} and {newest} were {why} their time was over."
        way_out = f"`/digest preview` still shows each of them, such as `week:{newest}`."
    else:
        words = f"The digest of {newest} was {why} its time was over."
        way_out = f"`/digest preview week:{newest}` still shows it."
    return words if wish.is_personal else f"{words} {way_out}"


def _was_subscribed(wish: Subscription, week: Week) -> bool:
    return wish.created_at is None or wish.created_at <= due_at(week, wish)
