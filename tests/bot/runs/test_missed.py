"""Admins are told of missed weeks, however long that takes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.delivery.untold import Untold
from bot.digest.plan import MISSED, weekly_run_id
from bot.runs.missed import MissedWeeks
from bot.weeks import Week
from storage.database import Database
from tests.bot.runs.test_schedule import FRIDAY_NINE, SUBSCRIPTION, AdminMessenger, keep_digest
from tests.fakes.clock import StillClock

WEEKS = [Week(2026, 45), Week(2026, 46)]
OTHER = replace(SUBSCRIPTION, server_id=12)
"""Its id starts with the other's."""


@pytest.fixture
def clock() -> StillClock:
    return StillClock(FRIDAY_NINE)


@pytest.fixture
def messenger() -> AdminMessenger:
    return AdminMessenger()


@pytest.fixture
def missed(database: Database, messenger: AdminMessenger, clock: StillClock) -> MissedWeeks:
    return MissedWeeks(database, messenger, clock)  # type: ignore[arg-type]  # it posts nothing


async def test_nobody_is_told_of_nothing(missed: MissedWeeks, messenger: AdminMessenger) -> None:
    await missed.note(SUBSCRIPTION, [])

    await missed.tell(SUBSCRIPTION)

    assert messenger.told == []


async def test_a_notice_that_reached_nobody_is_sent_again_after_an_hour(
    missed: MissedWeeks, messenger: AdminMessenger, clock: StillClock
) -> None:
    messenger.reaches_admin = False
    await missed.note(SUBSCRIPTION, WEEKS)
    await missed.tell(SUBSCRIPTION)
    messenger.reaches_admin = True

    told = []
    for minutes in (59, 1, 60, 60):
        clock.move_to(clock.now() + timedelta(minutes=minutes))
        await missed.tell(SUBSCRIPTION)
        told.append(len(messenger.told))

    assert told == [1, 2, 2, 2]
    assert messenger.told[1].startswith("The digests of 2026-W45 and 2026-W46 were not made")


async def test_a_notice_outlives_the_process(
    missed: MissedWeeks, database: Database, messenger: AdminMessenger, clock: StillClock
) -> None:
    await missed.note(SUBSCRIPTION, WEEKS)

    after = MissedWeeks(database, messenger, clock)  # type: ignore[arg-type]  # it posts nothing
    await after.tell(SUBSCRIPTION)

    assert len(messenger.told) == 1
    assert await after.is_noted(SUBSCRIPTION, WEEKS[0])
    assert not await after.is_noted(SUBSCRIPTION, Week(2026, 44))


async def test_someone_who_is_not_reached_for_a_day_is_tried_daily_for_two_months(
    missed: MissedWeeks, messenger: AdminMessenger, clock: StillClock
) -> None:
    messenger.reaches_admin = False
    await missed.note(SUBSCRIPTION, WEEKS)

    tried = []
    for days in (1, 2, 3, 100):
        while clock.now() < FRIDAY_NINE + timedelta(days=days):
            await missed.tell(SUBSCRIPTION)
            clock.move_to(clock.now() + timedelta(minutes=30))
        tried.append(len(messenger.told))

    assert tried == [24, 25, 26, 80]


async def test_a_week_missed_since_is_told_at_once_and_hourly_although_others_are_tried_daily(
    missed: MissedWeeks, messenger: AdminMessenger, clock: StillClock
) -> None:
    messenger.reaches_admin = False
    await missed.note(SUBSCRIPTION, WEEKS[:1])
    for _ in range(25):
        await missed.tell(SUBSCRIPTION)
        clock.move_to(clock.now() + timedelta(hours=1))
    daily = len(messenger.told)

    await missed.note(SUBSCRIPTION, WEEKS[1:])
    for _ in range(3):
        await missed.tell(SUBSCRIPTION)
        clock.move_to(clock.now() + timedelta(hours=1))

    assert len(messenger.told) == daily + 3
    assert messenger.told[-1].startswith("The digests of 2026-W45 and 2026-W46 were not made")


async def test_a_digest_made_since_is_not_called_missed(
    missed: MissedWeeks, database: Database, messenger: AdminMessenger
) -> None:
    await missed.note(SUBSCRIPTION, WEEKS)
    await keep_digest(database, WEEKS[0], made_at=FRIDAY_NINE)

    await missed.tell(SUBSCRIPTION)

    (words,) = messenger.told
    assert words.startswith("The digest of 2026-W46 was not made")


async def test_a_digest_that_was_given_up_is_told_of_in_its_own_words(
    missed: MissedWeeks, database: Database, messenger: AdminMessenger, clock: StillClock
) -> None:
    given_up = weekly_run_id(SUBSCRIPTION.server_id, Week(2026, 47))
    words = "There is no digest for 2026-W47: arXiv rejected the query."
    async with database.begin() as tx:
        await tx.state.set(f"{MISSED}{given_up}", str(Untold(words=words)))
    messenger.reaches_admin = False
    await missed.tell(SUBSCRIPTION)
    messenger.reaches_admin = True
    await missed.note(SUBSCRIPTION, WEEKS)

    for hours in range(3):
        clock.move_to(FRIDAY_NINE + timedelta(hours=hours))
        await missed.tell(SUBSCRIPTION)

    alone, together = messenger.told
    assert alone == words
    assert together.startswith("The digests of 2026-W45 and 2026-W46 were not made")
    assert together.endswith(f"\n{words}")


async def test_of_digests_that_were_given_up_the_newest_comes_first_as_the_end_may_be_cut_off(
    missed: MissedWeeks, database: Database, messenger: AdminMessenger
) -> None:
    async with database.begin() as tx:
        for week in WEEKS:
            run = weekly_run_id(SUBSCRIPTION.server_id, week)
            await tx.state.set(f"{MISSED}{run}", str(Untold(words=f"There is no digest for {week}.")))

    await missed.tell(SUBSCRIPTION)

    assert messenger.told == ["There is no digest for 2026-W46.\nThere is no digest for 2026-W45."]


async def test_another_server_is_told_of_its_own(missed: MissedWeeks, messenger: AdminMessenger) -> None:
    await missed.note(OTHER, WEEKS)

    await missed.tell(SUBSCRIPTION)
    assert messenger.told == []
    await missed.tell(OTHER)

    assert len(messenger.told) == 1


async def test_a_clock_set_back_does_not_delay_the_next_try(
    missed: MissedWeeks, messenger: AdminMessenger, clock: StillClock
) -> None:
    messenger.reaches_admin = False
    await missed.note(SUBSCRIPTION, WEEKS)
    await missed.tell(SUBSCRIPTION)
    clock.move_to(FRIDAY_NINE - timedelta(days=2))

    await missed.tell(SUBSCRIPTION)

    assert len(messenger.told) == 2
