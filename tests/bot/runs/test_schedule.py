import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from unittest.mock import AsyncMock
from zoneinfo import ZoneInfo

import pytest

from bot.digest.plan import PLAN, DigestRequest, Plan, anonymous, weekly_request, weekly_run_id
from bot.errors import ArxivError
from bot.papers.library import Library
from bot.runs.schedule import Schedule
from bot.speech.podcasts import Podcasts
from bot.weeks import Week, parse_week
from storage.database import Database
from storage.digests import Digests as StoredDigests
from storage.failures import StorageFailure
from storage.model import AskScope, Conversation, ScopeKind, Subscription, Turn, delivery_key
from tests.fakes.clock import StillClock
from tests.storage.records import delivery, digest

THURSDAY = datetime(2026, 11, 19, 12, tzinfo=UTC)
FRIDAY_NINE = datetime(2026, 11, 20, 9, tzinfo=UTC)
SUBSCRIPTION = Subscription(server_id=1, channel_id=2, categories=("cs.CL",), created_at=THURSDAY, admin_id=3)


class AdminMessenger:
    """A messenger that only tells admins, and finds what is already posted."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.reaches_admin = True
        self.posted = set[str]()
        self.on_find: Callable[[], None] = lambda: None

    async def find(self, channel_id: int, key: str, *, since: datetime) -> int | None:
        self.on_find()
        return 1 if key in self.posted else None

    async def tell_admin(
        self, server_id: int, channel_id: int | None, admin_id: int | None, text: str
    ) -> bool:
        self.told.append(text)
        return self.reaches_admin


class Feed:
    """A library that only notes announcements."""

    def __init__(self) -> None:
        self.read: list[Sequence[str]] = []
        self.failure: ArxivError | None = None
        self.day: date | None = FRIDAY_NINE.date()

    async def note_announcements(self, categories: Sequence[str]) -> date | None:
        self.read.append(categories)
        if self.failure is not None:
            raise self.failure
        return self.day


class Bench:
    """A schedule whose clock and runs the test controls; most tests only call its jobs."""

    def __init__(self, database: Database) -> None:
        self.clock, self.started = StillClock(FRIDAY_NINE), list[DigestRequest]()
        self.messenger = AdminMessenger()
        self.in_hand = set[str]()
        self.feed = Feed()
        self.left = set[int]()
        self.delivered_again: list[str] = []
        self.forgotten_before: datetime | None = None
        self._database = database
        self.restart()

    def restart(self) -> None:
        """Replace the schedule: what it kept in memory is lost."""
        self.schedule = Schedule(
            database=self._database,
            library=cast("Library", self.feed),
            messenger=self.messenger,  # type: ignore[arg-type]  # it posts nothing
            podcasts=Podcasts(
                database=self._database, voice=None, folder=Path("no-recordings"), clock=self.clock
            ),
            runs=self,
            servers=self,
            clock=self.clock,
        )

    def has_left(self, server_id: int) -> bool:
        return server_id in self.left

    def is_in(self, server_id: int) -> bool:
        return server_id not in self.left

    async def is_in_hand(self, run_id: str) -> bool:
        return run_id in self.in_hand

    async def works_on(self, run_id: str) -> bool:
        raise NotImplementedError

    async def deliver_again(self, request: DigestRequest) -> bool:
        self.delivered_again.append(request.run_id)
        return True

    async def forget(self, *, over_before: datetime) -> None:
        self.forgotten_before = over_before

    async def start_digest(self, request: DigestRequest) -> None:
        if request.subscription.server_id == 666:
            raise ValueError("broken")
        self.started.append(request)


@pytest.fixture
async def bench(database: Database) -> Bench:
    async with database.begin() as tx:
        await tx.subscriptions.save(SUBSCRIPTION)
    return Bench(database)


async def test_a_due_digest_is_started_once(bench: Bench) -> None:
    await bench.schedule.tick()
    await bench.schedule.tick()

    (request,) = bench.started
    assert request.run_id == weekly_run_id(1, Week(2026, 47))
    assert (request.week, request.published) == ("2026-W47", True)
    assert request.subscription == anonymous(SUBSCRIPTION)


async def test_what_a_schedule_remembers_does_not_grow_with_the_weeks(bench: Bench) -> None:
    async def remembered_after(weeks: int) -> int:
        for _ in range(weeks):
            await bench.schedule.tick()
            bench.clock.move_to(bench.clock.now() + timedelta(weeks=1))
        return sum(len(kept) for kept in vars(bench.schedule).values() if isinstance(kept, dict | set))

    assert await remembered_after(weeks=2) == await remembered_after(weeks=6) > 0


async def test_nothing_is_started_before_its_time(bench: Bench) -> None:
    bench.clock.move_to(FRIDAY_NINE - timedelta(seconds=1))

    await bench.schedule.tick()

    assert bench.started == []


async def test_a_paused_subscription_gets_nothing(bench: Bench, database: Database) -> None:
    async with database.begin() as tx:
        await tx.subscriptions.set_paused(1, paused=True)

    await bench.schedule.tick()

    assert bench.started == []


async def test_a_server_that_removed_the_bot_gets_nothing_until_it_invites_it_again(
    bench: Bench, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    await keep_digest(database, Week(2026, 46), made_at=THURSDAY)
    async with database.begin() as tx:
        await tx.deliveries.plan([delivery(server_id=1, week="2026-W46")])
    bench.left = {1}
    bench.clock.move_to(FRIDAY_NINE + timedelta(days=8))

    for _ in range(2):
        await bench.schedule.tick()

    assert (bench.started, bench.delivered_again, bench.messenger.told) == ([], [], [])
    assert len([record for record in caplog.records if "invited again" in record.message]) == 1

    bench.left = set()
    await bench.schedule.tick()

    assert [request.week for request in bench.started] == ["2026-W48"]


async def test_a_personal_digest_needs_no_server_with_the_persons_id(
    bench: Bench, database: Database
) -> None:
    async with database.begin() as tx:
        await tx.subscriptions.save(replace(SUBSCRIPTION, server_id=3))
    bench.left = {1, 3}

    await bench.schedule.tick()

    assert [request.subscription.server_id for request in bench.started] == [3]


async def test_a_digest_due_while_the_bot_was_down_is_made_before_its_deadline(bench: Bench) -> None:
    bench.clock.move_to(FRIDAY_NINE + timedelta(days=6))

    await bench.schedule.tick()

    assert [request.week for request in bench.started] == ["2026-W47"]
    assert bench.messenger.told == []


async def test_a_missed_week_is_reported_once_and_not_made(bench: Bench) -> None:
    bench.clock.move_to(FRIDAY_NINE + timedelta(days=8))

    await bench.schedule.tick()
    bench.restart()
    await bench.schedule.tick()

    assert {request.week for request in bench.started} == {"2026-W48"}
    (words,) = bench.messenger.told
    assert "2026-W47" in words


async def test_a_missed_week_is_reported_while_the_next_ones_digest_is_made(bench: Bench) -> None:
    bench.clock.move_to(FRIDAY_NINE + timedelta(days=7))
    bench.in_hand.add(weekly_run_id(1, Week(2026, 48)))

    await bench.schedule.tick()

    (words,) = bench.messenger.told
    assert words.startswith("The digest of 2026-W47 was not made")


async def test_a_missed_week_that_a_run_takes_care_of_is_left_to_it(bench: Bench) -> None:
    bench.clock.move_to(FRIDAY_NINE + timedelta(days=8))
    bench.in_hand.add(weekly_run_id(1, Week(2026, 47)))

    await bench.schedule.tick()

    assert bench.messenger.told == []
    assert {request.week for request in bench.started} == {"2026-W48"}


async def test_a_week_whose_run_broke_off_is_reported_by_the_process_that_started_it(bench: Bench) -> None:
    await bench.schedule.tick()
    bench.clock.move_to(FRIDAY_NINE + timedelta(days=8))

    for _ in range(2):
        await bench.schedule.tick()

    assert [request.week for request in bench.started] == ["2026-W47", "2026-W48"]
    (words,) = bench.messenger.told
    assert "2026-W47" in words


async def test_a_run_that_broke_off_is_restarted_every_hour_until_it_lasts(bench: Bench) -> None:
    hours = [0, 0.5, 1, 1.5, 2, 3, 4]
    for hour in hours:
        bench.clock.move_to(FRIDAY_NINE + timedelta(hours=hour))
        await bench.schedule.tick()
        if len(bench.started) == 3:
            bench.in_hand.add(weekly_run_id(1, Week(2026, 47)))

    assert [request.week for request in bench.started] == ["2026-W47"] * 3


async def test_a_clock_set_back_does_not_delay_the_next_look_at_a_run(bench: Bench) -> None:
    for moment in (FRIDAY_NINE + timedelta(days=2), FRIDAY_NINE):
        bench.clock.move_to(moment)
        await bench.schedule.tick()

    assert [request.week for request in bench.started] == ["2026-W47"] * 2


async def test_a_delivery_that_broke_off_is_resumed_an_hour_later(bench: Bench, database: Database) -> None:
    await bench.schedule.tick()
    await keep_digest(database, Week(2026, 47), made_at=FRIDAY_NINE)
    async with database.begin() as tx:
        await tx.deliveries.plan([delivery(server_id=1, week="2026-W47")])
    bench.clock.move_to(FRIDAY_NINE + timedelta(hours=1))

    await bench.schedule.tick()

    assert bench.delivered_again == [weekly_run_id(1, Week(2026, 47))]
    assert len(bench.started) == 1


@pytest.mark.parametrize("passed", [timedelta(hours=1), timedelta(days=8)], ids=["in time", "too late"])
async def test_a_digest_whose_run_broke_off_before_it_was_posted_goes_to_the_outbox(
    bench: Bench, database: Database, passed: timedelta
) -> None:
    await keep_digest(database, Week(2026, 47), made_at=FRIDAY_NINE)
    async with database.begin() as tx:
        await tx.deliveries.plan([delivery(server_id=1, week="2026-W47")])
    bench.clock.move_to(FRIDAY_NINE + passed)

    for _ in range(2):
        await bench.schedule.tick()

    assert bench.delivered_again == [weekly_run_id(1, Week(2026, 47))]
    assert "2026-W47" not in {request.week for request in bench.started}


async def test_a_person_is_told_of_a_missed_week_without_a_servers_commands(
    bench: Bench, database: Database
) -> None:
    async with database.begin() as tx:
        await tx.subscriptions.delete(1)
        await tx.subscriptions.save(replace(SUBSCRIPTION, server_id=3))
    bench.clock.move_to(FRIDAY_NINE + timedelta(days=8))

    await bench.schedule.tick()

    (words,) = bench.messenger.told
    assert "2026-W47" in words
    assert "/digest" not in words


async def test_all_missed_weeks_are_reported_together(bench: Bench) -> None:
    bench.clock.move_to(FRIDAY_NINE + timedelta(days=22))

    for _ in range(2):
        bench.restart()
        await bench.schedule.tick()

    (words,) = bench.messenger.told
    assert words.startswith("The digests of 2026-W47, 2026-W48 and 2026-W49 were not made")
    assert {request.week for request in bench.started} == {"2026-W50"}


async def test_missed_weeks_are_reported_back_to_the_last_one_made(bench: Bench, database: Database) -> None:
    await keep_digest(database, Week(2026, 48), made_at=FRIDAY_NINE + timedelta(days=7))
    bench.clock.move_to(FRIDAY_NINE + timedelta(days=29))

    await bench.schedule.tick()

    (words,) = bench.messenger.told
    assert words.startswith("The digests of 2026-W49 and 2026-W50 were not made")


async def test_weeks_already_in_the_channel_were_not_missed_whatever_a_restored_database_says(
    bench: Bench,
) -> None:
    bench.messenger.posted = {delivery_key(SUBSCRIPTION.server_id, 2, "2026-W48", 0)}
    bench.clock.move_to(FRIDAY_NINE + timedelta(days=22))

    await bench.schedule.tick()

    (words,) = bench.messenger.told
    assert words.startswith("The digest of 2026-W49 was not made")


async def test_missed_weeks_are_reported_for_two_months_at_most(bench: Bench) -> None:
    bench.clock.move_to(FRIDAY_NINE + timedelta(weeks=20))

    await bench.schedule.tick()

    (words,) = bench.messenger.told
    assert words.startswith("The digests of 2027-W07, ")
    assert "2027-W12 and 2027-W13 were not made" in words
    assert "2027-W06" not in words


async def test_weeks_before_a_pause_ended_are_not_reported(bench: Bench, database: Database) -> None:
    async with database.begin() as tx:
        await tx.subscriptions.delete(1)
        await tx.subscriptions.save(replace(SUBSCRIPTION, created_at=FRIDAY_NINE + timedelta(days=10)))
    bench.clock.move_to(FRIDAY_NINE + timedelta(days=22))

    await bench.schedule.tick()

    (words,) = bench.messenger.told
    assert words.startswith("The digest of 2026-W49 was not made")


async def test_unposted_messages_of_earlier_weeks_go_to_the_outbox_once(
    bench: Bench, database: Database
) -> None:
    weeks = ("2026-W46", "2026-W47", "2026-W48")
    for week in weeks:
        await keep_digest(database, parse_week(week), made_at=FRIDAY_NINE)
    async with database.begin() as tx:
        await tx.deliveries.plan(
            [delivery(part, server_id=1, week=week) for week in weeks for part in (0, 1)]
        )
    bench.clock.move_to(FRIDAY_NINE + timedelta(days=22))

    for _ in range(2):
        await bench.schedule.tick()

    assert bench.delivered_again == [weekly_run_id(1, parse_week(week)) for week in weeks]


async def test_a_posted_digest_is_left_alone(bench: Bench, database: Database) -> None:
    await keep_digest(database, Week(2026, 47), made_at=FRIDAY_NINE)
    posted = delivery(server_id=1, week="2026-W47")
    async with database.begin() as tx:
        await tx.deliveries.plan([posted])
        await tx.deliveries.mark_sent(posted.key, 9)

    await bench.schedule.tick()

    assert (bench.started, bench.delivered_again) == ([], [])


async def test_what_is_due_does_not_wait_for_the_look_at_earlier_weeks(
    bench: Bench, database: Database
) -> None:
    async with database.begin() as tx:
        await tx.subscriptions.save(replace(SUBSCRIPTION, server_id=5))
    bench.clock.move_to(FRIDAY_NINE + timedelta(days=8))
    started = list[int]()
    bench.messenger.on_find = lambda: started.append(len(bench.started))

    await bench.schedule.tick()

    assert started == [2, 2]


async def test_a_missed_week_is_still_reported_after_later_ones_were_made(
    bench: Bench, database: Database
) -> None:
    bench.clock.move_to(FRIDAY_NINE + timedelta(days=8))
    bench.messenger.reaches_admin = False
    await bench.schedule.tick()
    bench.messenger.reaches_admin = True
    await keep_digest(database, Week(2026, 48), made_at=bench.clock.now())
    bench.clock.move_to(FRIDAY_NINE + timedelta(days=15))
    bench.restart()

    await bench.schedule.tick()

    assert [words.split(" was ")[0] for words in bench.messenger.told] == ["The digest of 2026-W47"] * 2


async def test_an_admin_who_was_not_reached_is_told_at_the_next_start(bench: Bench) -> None:
    bench.clock.move_to(FRIDAY_NINE + timedelta(days=8))
    bench.messenger.reaches_admin = False
    await bench.schedule.tick()
    await bench.schedule.tick()
    assert len(bench.messenger.told) == 1

    bench.messenger.reaches_admin = True
    for _ in range(2):
        bench.restart()
        await bench.schedule.tick()

    assert len(bench.messenger.told) == 2


async def change_to_thursday_evening(database: Database) -> None:
    async with database.begin() as tx:
        await tx.subscriptions.save(replace(SUBSCRIPTION, weekday=3, hour=18))


async def keep_digest(
    database: Database, week: Week, *, made_at: datetime, preview_id: str | None = None
) -> None:
    kept = digest(
        1,
        str(week),
        id=preview_id or weekly_run_id(1, week),
        published=preview_id is None,
        created_at=made_at,
    )
    async with database.begin() as tx:
        await tx.digests.save(kept)


@pytest.mark.parametrize("passed", [timedelta(hours=1), timedelta(days=6, hours=10)])
async def test_after_moving_to_an_earlier_weekday_the_previous_week_is_neither_made_nor_reported(
    bench: Bench, database: Database, passed: timedelta
) -> None:
    await keep_digest(database, Week(2026, 47), made_at=FRIDAY_NINE)
    await change_to_thursday_evening(database)
    bench.clock.move_to(FRIDAY_NINE + passed)

    await bench.schedule.tick()

    assert (bench.started, bench.messenger.told) == ([], [])


async def test_after_moving_to_an_earlier_weekday_the_previous_week_is_not_made_during_another_run(
    bench: Bench, database: Database
) -> None:
    bench.in_hand.add(weekly_run_id(1, Week(2026, 47)))
    await change_to_thursday_evening(database)

    await bench.schedule.tick()

    assert (bench.started, bench.messenger.told) == ([], [])


async def keep_plan(database: Database, subscription: Subscription, week: Week) -> None:
    """Store the plan that the run for this subscription would leave."""
    request = weekly_request(subscription, week)
    plan = Plan(
        request=request,
        highlights=(),
        noted=(),
        announced=0,
        considered=0,
        remarks=(),
        recipe="extract",
        chosen_at=FRIDAY_NINE,
    )
    async with database.begin() as tx:
        await tx.digests.save_plan(request.run_id, PLAN.dump(plan))


async def test_the_next_weeks_digest_requested_ahead_of_its_time_overtakes_nothing(
    bench: Bench, database: Database
) -> None:
    await change_to_thursday_evening(database)
    await keep_plan(database, replace(SUBSCRIPTION, weekday=3, hour=18), Week(2026, 47))
    await keep_digest(database, Week(2026, 47), made_at=FRIDAY_NINE)

    await bench.schedule.tick()

    assert [request.week for request in bench.started] == ["2026-W46"]


async def test_the_next_weeks_digest_planned_for_another_time_overtakes_this_weeks(
    bench: Bench, database: Database
) -> None:
    await change_to_thursday_evening(database)
    await keep_plan(database, SUBSCRIPTION, Week(2026, 47))
    await keep_digest(database, Week(2026, 47), made_at=FRIDAY_NINE)

    await bench.schedule.tick()

    assert bench.started == []


async def test_a_preview_of_the_next_week_replaces_no_digest(bench: Bench, database: Database) -> None:
    await keep_digest(database, Week(2026, 48), made_at=FRIDAY_NINE, preview_id="preview:1")

    await bench.schedule.tick()

    assert [request.week for request in bench.started] == ["2026-W47"]


async def test_a_missed_week_is_reported_even_if_the_next_one_was_made(
    bench: Bench, database: Database
) -> None:
    await keep_digest(database, Week(2026, 48), made_at=FRIDAY_NINE + timedelta(days=7))
    bench.clock.move_to(FRIDAY_NINE + timedelta(days=8))

    await bench.schedule.tick()

    (words,) = bench.messenger.told
    assert "2026-W47" in words


async def test_one_broken_subscription_does_not_stop_the_others(bench: Bench, database: Database) -> None:
    async with database.begin() as tx:
        await tx.subscriptions.save(
            Subscription(server_id=666, channel_id=2, categories=("cs.CL",), created_at=THURSDAY)
        )
        await tx.subscriptions.save(
            Subscription(server_id=777, channel_id=2, categories=("cs.CL",), created_at=THURSDAY)
        )

    await bench.schedule.tick()

    assert sorted(request.subscription.server_id for request in bench.started) == [1, 777]


async def trigger_of(bench: Bench, job: Callable[[Schedule], Awaitable[None]]) -> Any:
    """The trigger of one of the schedule's jobs."""
    async with bench.schedule:
        return bench.schedule._timer._scheduler.get_job(job.__name__).trigger


@pytest.mark.parametrize(
    ("job", "within"),
    [
        (Schedule.tick, timedelta(seconds=30)),
        (Schedule.forget, timedelta(hours=1)),  # what is kept for a day is not kept for two
        (Schedule.catch_up_on_announcements, timedelta(hours=1)),
        (Schedule.clear_up, timedelta(days=1)),
    ],
)
async def test_recurring_jobs_run_often_enough(
    bench: Bench, job: Callable[[Schedule], Awaitable[None]], within: timedelta
) -> None:
    trigger = await trigger_of(bench, job)

    assert trigger.get_next_fire_time(FRIDAY_NINE, FRIDAY_NINE) <= FRIDAY_NINE + within


@pytest.mark.parametrize("month", [1, 7])
async def test_the_feed_is_read_after_its_daily_change_and_before_the_week_is_complete(
    bench: Bench, month: int
) -> None:
    feed_changes = datetime(2026, month, 15, 0, 1, tzinfo=ZoneInfo("America/New_York"))
    trigger = await trigger_of(bench, Schedule.note_announcements)

    read_at = trigger.get_next_fire_time(None, feed_changes.replace(hour=0, minute=0))
    assert feed_changes < read_at < datetime(2026, month, 15, 6, tzinfo=UTC)


async def test_missed_announcements_are_noted_once_later_that_day(bench: Bench) -> None:
    bench.feed.failure = ArxivError("arXiv does not answer.")
    await bench.schedule.note_announcements()
    await bench.schedule.catch_up_on_announcements()
    bench.feed.failure = None

    for _ in range(3):
        await bench.schedule.catch_up_on_announcements()
        bench.restart()

    assert bench.feed.read == [["cs.CL"]] * 3


@pytest.mark.parametrize("before", [THURSDAY.date(), None], ids=["yesterday's", "empty"])
async def test_a_late_feed_is_read_every_hour_until_it_is_todays(bench: Bench, before: date | None) -> None:
    bench.feed.day = before
    bench.clock.move_to(FRIDAY_NINE.replace(hour=5, minute=30))
    await bench.schedule.note_announcements()

    for hour in range(6, 24):
        bench.clock.move_to(FRIDAY_NINE.replace(hour=hour))
        if hour == 8:
            bench.feed.day = FRIDAY_NINE.date()
        await bench.schedule.catch_up_on_announcements()

    assert len(bench.feed.read) == len(["05:30", "06:00", "07:00", "08:00"])


async def test_on_a_holiday_the_feed_is_read_until_noon(bench: Bench) -> None:
    bench.feed.day = THURSDAY.date()

    for hour in range(24):
        bench.clock.move_to(FRIDAY_NINE.replace(hour=hour))
        await bench.schedule.catch_up_on_announcements()

    assert len(bench.feed.read) == len(range(6, 13))


async def test_no_feed_is_read_without_subscriptions(bench: Bench, database: Database) -> None:
    async with database.begin() as tx:
        await tx.subscriptions.delete(SUBSCRIPTION.server_id)

    await bench.schedule.note_announcements()

    assert bench.feed.read == []


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 20, 5, 59, tzinfo=UTC),  # the daily job has yet to run, or is running
        datetime(2026, 11, 21, 9, tzinfo=UTC),  # a Saturday
    ],
)
async def test_announcements_are_not_caught_up_on_before_the_days_feed_is_out(
    bench: Bench, moment: datetime
) -> None:
    bench.clock.move_to(moment)

    await bench.schedule.catch_up_on_announcements()

    assert bench.feed.read == []


async def test_what_people_asked_is_forgotten_after_a_day(bench: Bench, database: Database) -> None:
    asked = Conversation(
        id="1",
        user_id=1,
        scope=AskScope(kind=ScopeKind.WEEK),
        turns=(Turn(question="Why?", answer="Because.", user_id=1, asked_at=FRIDAY_NINE),),
        asked_at=FRIDAY_NINE - timedelta(hours=25),
    )
    async with database.begin() as tx:
        await tx.conversations.save(asked)

    await bench.schedule.forget()

    async with database.begin() as tx:
        assert await tx.conversations.get("1", now=asked.asked_at) is None


async def test_no_job_is_left_once_the_schedule_ends(bench: Bench) -> None:
    async with bench.schedule:
        pass
    await asyncio.sleep(0)

    assert not bench.schedule._timer._scheduler.running


async def test_runs_are_kept_for_two_months_and_previews_for_a_week(bench: Bench, database: Database) -> None:
    made_at = FRIDAY_NINE - timedelta(days=8)
    await keep_digest(database, Week(2026, 46), made_at=made_at, preview_id="preview:1")

    await bench.schedule.clear_up()

    assert bench.forgotten_before == FRIDAY_NINE - timedelta(days=60)
    async with database.begin() as tx:
        assert await tx.digests.get("preview:1") is None


async def test_the_data_of_a_server_that_removed_the_bot_is_deleted_in_the_end(
    bench: Bench, database: Database
) -> None:
    bench.left.add(SUBSCRIPTION.server_id)
    await bench.schedule.clear_up()
    bench.clock.move_to(FRIDAY_NINE + timedelta(days=90))

    await bench.schedule.clear_up()

    async with database.begin() as tx:
        assert await tx.subscriptions.get(SUBSCRIPTION.server_id) is None


async def test_a_database_failure_for_one_server_is_no_incident(
    bench: Bench, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(StoredDigests, "get", AsyncMock(side_effect=StorageFailure("The database is busy.")))

    await bench.schedule.tick()

    (record,) = caplog.records
    assert (record.levelname, record.exc_info) == ("WARNING", None)


async def test_a_time_zone_that_no_longer_exists_is_logged_once(
    bench: Bench, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async with database.begin() as tx:
        await tx.subscriptions.save(replace(SUBSCRIPTION, zone="Nowhere/Atlantis"))

    for _ in range(3):
        await bench.schedule.tick()

    (record,) = caplog.records
    assert "“Nowhere/Atlantis” is not a time zone" in record.message


async def test_a_trouble_that_comes_back_is_logged_again(
    bench: Bench, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for hours in range(2):
        bench.clock.move_to(FRIDAY_NINE + timedelta(hours=hours))
        with monkeypatch.context() as patched:
            busy = StorageFailure("The database is busy.")
            patched.setattr(StoredDigests, "get", AsyncMock(side_effect=busy))
            await bench.schedule.tick()
        await bench.schedule.tick()

    assert len(caplog.records) == 2
