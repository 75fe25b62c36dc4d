from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from bot.digest.plan import PLAN, DigestRequest, Plan, anonymous, weekly_request, weekly_run_id
from bot.digest.weeks import Week, parse_week
from bot.papers.library import Library
from bot.schedule import Schedule
from storage.database import Database, Transaction
from storage.model import (
    Asker,
    AskScope,
    Conversation,
    ScopeKind,
    Subscription,
    Turn,
    WorkKind,
    delivery_key,
)
from tests.fakes.clock import StillClock
from tests.storage.records import announcement, delivery, digest, paper

THURSDAY = datetime(2026, 11, 19, 12, tzinfo=UTC)
FRIDAY_NINE = datetime(2026, 11, 20, 9, tzinfo=UTC)
WISH = Subscription(server_id=1, channel_id=2, categories=("cs.CL",), created_at=THURSDAY, admin_id=3)


class Told:
    """A messenger that only tells admins, and finds what stands in channels."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.reaches_admin = True
        self.standing = set[str]()

    async def find(self, channel_id: int, marker: str, *, since: datetime) -> int | None:
        return 1 if marker in self.standing else None

    async def tell_admin(
        self, server_id: int, channel_id: int | None, admin_id: int | None, text: str
    ) -> bool:
        self.words.append(text)
        return self.reaches_admin


class Bench:
    """A schedule whose clock and runs the test holds; it is never started, only ticked."""

    def __init__(self, database: Database) -> None:
        self.clock, self.told, self.started = StillClock(FRIDAY_NINE), Told(), list[DigestRequest]()
        self.in_hand = set[str]()
        self.left = set[int]()
        self.delivered_again: list[str] = []
        self.forgotten_before: datetime | None = None
        self._database = database
        self.restart()

    def restart(self) -> None:
        """What the schedule remembers by itself is gone."""
        self.schedule = Schedule(
            database=self._database,
            library=cast("Library", None),
            messenger=self.told,  # type: ignore[arg-type]  # it posts nothing
            runs=self,
            servers=self,
            clock=self.clock,
        )

    def has_left(self, server_id: int) -> bool:
        return server_id in self.left

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
        await tx.subscriptions.save(WISH)
    return Bench(database)


async def test_what_is_due_is_started_once(bench: Bench) -> None:
    await bench.schedule.tick()
    await bench.schedule.tick()

    (request,) = bench.started
    assert request.run_id == weekly_run_id(1, Week(2026, 47))
    assert (request.week, request.published, request.subscription) == ("2026-W47", True, anonymous(WISH))


async def test_nothing_is_started_before_its_time(bench: Bench) -> None:
    bench.clock.move_to(FRIDAY_NINE - timedelta(seconds=1))

    await bench.schedule.tick()

    assert bench.started == []


async def test_a_paused_subscription_gets_nothing(bench: Bench, database: Database) -> None:
    async with database.begin() as tx:
        await tx.subscriptions.set_paused(1, paused=True)

    await bench.schedule.tick()

    assert bench.started == []


async def test_a_server_that_the_bot_left_gets_nothing_until_it_is_invited_again(
    bench: Bench, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    await keep_digest(database, Week(2026, 46), made_at=THURSDAY)
    async with database.begin() as tx:
        await tx.deliveries.plan([delivery(server_id=1, week="2026-W46")])
    bench.left = {1}
    bench.clock.move_to(FRIDAY_NINE + timedelta(days=8))

    for _ in range(2):
        await bench.schedule.tick()

    assert (bench.started, bench.delivered_again, bench.told.words) == ([], [], [])
    assert len([record for record in caplog.records if "invited there again" in record.message]) == 1

    bench.left = set()
    await bench.schedule.tick()

    assert [request.week for request in bench.started] == ["2026-W48"]


async def test_a_persons_own_digest_needs_no_server_of_their_number(bench: Bench, database: Database) -> None:
    async with database.begin() as tx:
        await tx.subscriptions.save(replace(WISH, server_id=3))
    bench.left = {1, 3}

    await bench.schedule.tick()

    assert [request.subscription.server_id for request in bench.started] == [3]


async def test_what_was_due_while_down_is_caught_up_before_the_deadline(bench: Bench) -> None:
    bench.clock.move_to(FRIDAY_NINE + timedelta(days=6))

    await bench.schedule.tick()

    assert [request.week for request in bench.started] == ["2026-W47"]
    assert bench.told.words == []


async def test_a_week_that_was_missed_is_told_once_and_not_made(bench: Bench) -> None:
    bench.clock.move_to(FRIDAY_NINE + timedelta(days=8))

    await bench.schedule.tick()
    bench.restart()
    await bench.schedule.tick()

    assert {request.week for request in bench.started} == {"2026-W48"}
    (words,) = bench.told.words
    assert "2026-W47" in words


async def test_a_missed_week_that_a_run_looks_after_is_left_to_it(bench: Bench) -> None:
    bench.clock.move_to(FRIDAY_NINE + timedelta(days=8))
    bench.in_hand.add(weekly_run_id(1, Week(2026, 47)))

    await bench.schedule.tick()

    assert bench.told.words == []
    assert {request.week for request in bench.started} == {"2026-W48"}


async def test_a_week_whose_run_broke_off_is_told_by_the_process_that_started_it(bench: Bench) -> None:
    await bench.schedule.tick()
    bench.clock.move_to(FRIDAY_NINE + timedelta(days=8))

    for _ in range(2):
        await bench.schedule.tick()

    assert [request.week for request in bench.started] == ["2026-W47", "2026-W48"]
    (words,) = bench.told.words
    assert "2026-W47" in words


async def test_a_run_that_broke_off_is_started_anew_each_hour_until_it_stays(bench: Bench) -> None:
    hours = [0, 0.5, 1, 1.5, 2, 3, 4]
    for hour in hours:
        bench.clock.move_to(FRIDAY_NINE + timedelta(hours=hour))
        await bench.schedule.tick()
        if len(bench.started) == 3:
            bench.in_hand.add(weekly_run_id(1, Week(2026, 47)))

    assert [request.week for request in bench.started] == ["2026-W47"] * 3


async def test_a_delivery_that_broke_off_is_taken_up_an_hour_later(bench: Bench, database: Database) -> None:
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


async def test_all_weeks_that_were_missed_are_told_at_once(bench: Bench) -> None:
    bench.clock.move_to(FRIDAY_NINE + timedelta(days=22))

    for _ in range(2):
        bench.restart()
        await bench.schedule.tick()

    (words,) = bench.told.words
    assert words.startswith("The digests of 2026-W47, 2026-W48 and 2026-W49 were not made")
    assert {request.week for request in bench.started} == {"2026-W50"}


async def test_missed_weeks_are_told_back_to_one_that_was_made(bench: Bench, database: Database) -> None:
    await keep_digest(database, Week(2026, 48), made_at=FRIDAY_NINE + timedelta(days=7))
    bench.clock.move_to(FRIDAY_NINE + timedelta(days=29))

    await bench.schedule.tick()

    (words,) = bench.told.words
    assert words.startswith("The digests of 2026-W49 and 2026-W50 were not made")


async def test_weeks_that_stand_in_the_channel_were_not_missed_whatever_a_restored_database_says(
    bench: Bench,
) -> None:
    bench.told.standing = {delivery_key(WISH.server_id, 2, "2026-W48", 0)}
    bench.clock.move_to(FRIDAY_NINE + timedelta(days=22))

    await bench.schedule.tick()

    (words,) = bench.told.words
    assert words.startswith("The digest of 2026-W49 was not made")


async def test_missed_weeks_are_told_for_two_months_at_most(bench: Bench) -> None:
    bench.clock.move_to(FRIDAY_NINE + timedelta(weeks=20))

    await bench.schedule.tick()

    (words,) = bench.told.words
    assert words.startswith("The digests of 2027-W07, ")
    assert "2027-W12 and 2027-W13 were not made" in words
    assert "2027-W06" not in words


async def test_weeks_before_a_pause_ended_are_not_told(bench: Bench, database: Database) -> None:
    async with database.begin() as tx:
        await tx.subscriptions.delete(1)
        await tx.subscriptions.save(replace(WISH, created_at=FRIDAY_NINE + timedelta(days=10)))
    bench.clock.move_to(FRIDAY_NINE + timedelta(days=22))

    await bench.schedule.tick()

    (words,) = bench.told.words
    assert words.startswith("The digest of 2026-W49 was not made")


async def test_what_was_not_posted_of_earlier_weeks_goes_to_the_outbox_once(
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


async def test_a_digest_that_is_posted_is_left_alone(bench: Bench, database: Database) -> None:
    await keep_digest(database, Week(2026, 47), made_at=FRIDAY_NINE)
    posted = delivery(server_id=1, week="2026-W47")
    async with database.begin() as tx:
        await tx.deliveries.plan([posted])
        await tx.deliveries.mark_sent(posted.key, 9)

    await bench.schedule.tick()

    assert (bench.started, bench.delivered_again) == ([], [])


async def test_an_admin_who_was_not_reached_is_told_at_the_next_start(bench: Bench) -> None:
    bench.clock.move_to(FRIDAY_NINE + timedelta(days=8))
    bench.told.reaches_admin = False
    await bench.schedule.tick()
    await bench.schedule.tick()
    assert len(bench.told.words) == 1

    bench.told.reaches_admin = True
    for _ in range(2):
        bench.restart()
        await bench.schedule.tick()

    assert len(bench.told.words) == 2


async def change_to_thursday_evening(database: Database) -> None:
    async with database.begin() as tx:
        await tx.subscriptions.save(replace(WISH, weekday=3, hour=18))


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
async def test_an_earlier_weekday_brings_no_digest_and_no_alarm_of_the_week_before(
    bench: Bench, database: Database, passed: timedelta
) -> None:
    await keep_digest(database, Week(2026, 47), made_at=FRIDAY_NINE)
    await change_to_thursday_evening(database)
    bench.clock.move_to(FRIDAY_NINE + passed)

    await bench.schedule.tick()

    assert (bench.started, bench.told.words) == ([], [])


async def test_an_earlier_weekday_brings_no_digest_of_the_week_before_while_one_is_being_made(
    bench: Bench, database: Database
) -> None:
    bench.in_hand.add(weekly_run_id(1, Week(2026, 47)))
    await change_to_thursday_evening(database)

    await bench.schedule.tick()

    assert (bench.started, bench.told.words) == ([], [])


async def keep_plan(database: Database, wish: Subscription, week: Week) -> None:
    """What the run of a digest that was wished for so leaves."""
    request = weekly_request(wish, week)
    plan = Plan(
        request=request,
        highlights=(),
        noted=(),
        announced=0,
        considered=0,
        remarks=(),
        recipe="extract",
        day="2026-11-20",
    )
    async with database.begin() as tx:
        await tx.digests.save_plan(request.run_id, PLAN.dump(plan))


async def test_the_next_weeks_digest_asked_for_ahead_of_its_time_overtakes_nothing(
    bench: Bench, database: Database
) -> None:
    await change_to_thursday_evening(database)
    await keep_plan(database, replace(WISH, weekday=3, hour=18), Week(2026, 47))
    await keep_digest(database, Week(2026, 47), made_at=FRIDAY_NINE)

    await bench.schedule.tick()

    assert [request.week for request in bench.started] == ["2026-W46"]


async def test_the_next_weeks_digest_wished_for_at_another_time_overtakes(
    bench: Bench, database: Database
) -> None:
    await change_to_thursday_evening(database)
    await keep_plan(database, WISH, Week(2026, 47))
    await keep_digest(database, Week(2026, 47), made_at=FRIDAY_NINE)

    await bench.schedule.tick()

    assert bench.started == []


async def test_a_preview_of_the_next_week_takes_no_digests_place(bench: Bench, database: Database) -> None:
    await keep_digest(database, Week(2026, 48), made_at=FRIDAY_NINE, preview_id="preview:1")

    await bench.schedule.tick()

    assert [request.week for request in bench.started] == ["2026-W47"]


async def test_a_missed_week_is_told_though_the_next_was_made_by_then(
    bench: Bench, database: Database
) -> None:
    await keep_digest(database, Week(2026, 48), made_at=FRIDAY_NINE + timedelta(days=7))
    bench.clock.move_to(FRIDAY_NINE + timedelta(days=8))

    await bench.schedule.tick()

    (words,) = bench.told.words
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


async def test_previews_are_kept_for_a_week(bench: Bench, database: Database) -> None:
    kept = [
        digest(id=f"preview:{days}", published=False, created_at=FRIDAY_NINE - timedelta(days=days))
        for days in (6, 8)
    ]
    async with database.begin() as tx:
        for item in kept:
            await tx.digests.save(item)

    await bench.schedule.forget()

    async with database.begin() as tx:
        assert [await tx.digests.get(item.id) for item in kept] == [kept[0], None]


async def test_conversations_are_kept_for_a_day(bench: Bench, database: Database) -> None:
    kept = [
        Conversation(
            id=str(hours),
            user_id=1,
            server_id=1,
            scope=AskScope(kind=ScopeKind.WEEK),
            turns=(Turn(question="Why?", answer="Because."),),
            asked_at=FRIDAY_NINE - timedelta(hours=hours),
        )
        for hours in (23, 25)
    ]
    async with database.begin() as tx:
        for item in kept:
            await tx.conversations.save(item)

    await bench.schedule.forget()

    long_ago = FRIDAY_NINE - timedelta(days=2)
    async with database.begin() as tx:
        assert [await tx.conversations.get(item.id, now=long_ago) for item in kept] == [kept[0], None]


async def test_who_was_forgotten_is_known_for_a_day_and_so_is_what_the_limits_need(
    bench: Bench, database: Database
) -> None:
    people = {1: 23, 2: 25, 3: None}
    async with database.begin() as tx:
        for person, hours in people.items():
            for asked in (26, 1):
                await note_question(tx, person, FRIDAY_NINE - timedelta(hours=asked))
            if hours is not None:
                await tx.deletions.note(person, FRIDAY_NINE - timedelta(hours=hours))

    await bench.schedule.forget()

    async with database.begin() as tx:
        assert [await tx.deletions.of(person) is None for person in people] == [False, True, True]
        # What somebody asked for after they were forgotten is no part of it.
        assert [await tx.usage.count_of_user(person) for person in people] == [2, 1, 2]


async def note_question(tx: Transaction, user_id: int, at: datetime) -> None:
    asker = Asker(user_id=user_id, server_id=1)
    await tx.usage.save(asker, WorkKind.QUESTION, at=at, prompt_tokens=1, completion_tokens=1, cost_usd=None)


async def test_what_is_kept_for_a_day_is_not_kept_for_two(bench: Bench) -> None:
    jobs = bench.schedule._scheduler.get_jobs()

    (trigger,) = (job.trigger for job in jobs if job.func == bench.schedule.forget)

    next_time = trigger.get_next_fire_time(FRIDAY_NINE, FRIDAY_NINE)
    assert next_time <= FRIDAY_NINE + timedelta(hours=1)


async def test_vectors_of_papers_are_kept_for_half_a_year(bench: Bench, database: Database) -> None:
    weeks = {"2611.00025": 25, "2611.00027": 27}
    async with database.begin() as tx:
        await tx.papers.save(
            [paper(id_, published=FRIDAY_NINE - timedelta(weeks=ago)) for id_, ago in weeks.items()]
        )
        await tx.paper_vectors.save("minilm", list(weeks), np.eye(2, dtype=np.float32))

    await bench.schedule.forget()

    async with database.begin() as tx:
        assert list(await tx.paper_vectors.of("minilm", list(weeks))) == ["2611.00025"]


@pytest.mark.parametrize("month", [1, 7])
async def test_the_feed_is_read_once_it_is_the_days_and_before_the_week_is_complete(
    bench: Bench, month: int
) -> None:
    feed_changes = datetime(2026, month, 15, 0, 1, tzinfo=ZoneInfo("America/New_York"))
    jobs = bench.schedule._scheduler.get_jobs()

    (trigger,) = (job.trigger for job in jobs if job.func == bench.schedule.note_announcements)

    read_at = trigger.get_next_fire_time(None, feed_changes.replace(hour=0, minute=0))
    assert feed_changes < read_at < datetime(2026, month, 15, 6, tzinfo=UTC)


async def test_announcements_of_papers_that_never_came_are_kept_for_eight_weeks(
    bench: Bench, database: Database
) -> None:
    weeks = {"2611.00007": 7, "2611.00009": 9}
    async with database.begin() as tx:
        await tx.papers.announce(
            [announcement(id_, day=(FRIDAY_NINE - timedelta(weeks=ago)).date()) for id_, ago in weeks.items()]
        )

    await bench.schedule.forget()

    async with database.begin() as tx:
        await tx.papers.save([paper(id_) for id_ in weeks])
        assert [one.id for one in await tx.papers.many(list(weeks)) if one.licence] == ["2611.00007"]


async def test_answers_of_arxiv_are_kept_for_their_day_and_lists_for_half_a_year(
    bench: Bench, database: Database
) -> None:
    today = FRIDAY_NINE.date()
    async with database.begin() as tx:
        await tx.arxiv.remember("yesterday's", today - timedelta(days=1), ["2611.00001"])
        await tx.arxiv.remember("today's", today, ["2611.00001"])
        for weeks_ago in (26, 27):
            await tx.arxiv.keep_first_list("cs.CL", str(Week(2026, 47).plus(-weeks_ago)), ["2611.00001"])

    await bench.schedule.forget()

    async with database.begin() as tx:
        assert await tx.arxiv.cached("yesterday's", today - timedelta(days=1)) is None
        assert await tx.arxiv.cached("today's", today) == ["2611.00001"]
        assert await tx.arxiv.first_list("cs.CL", str(Week(2026, 47).plus(-26))) == ["2611.00001"]
        assert await tx.arxiv.first_list("cs.CL", str(Week(2026, 47).plus(-27))) is None


async def test_runs_are_kept_for_two_months(bench: Bench) -> None:
    await bench.schedule.forget()

    assert bench.forgotten_before == FRIDAY_NINE - timedelta(days=60)
