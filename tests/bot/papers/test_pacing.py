import asyncio
from datetime import timedelta

import pytest

from bot.errors import ArxivError
from bot.papers.pacing import DatabasePacer
from storage.database import Database
from tests.bot.papers.loopback import NOON
from tests.fakes.clock import StillClock


async def test_the_first_caller_goes_at_once(database: Database) -> None:
    clock = StillClock(NOON)

    await DatabasePacer(database, clock, delay_seconds=3).wait()

    assert clock.now() == NOON


async def test_the_next_caller_waits_its_turn(database: Database) -> None:
    clock = StillClock(NOON)
    pacer = DatabasePacer(database, clock, delay_seconds=3)

    await pacer.wait()
    await pacer.wait()
    await pacer.wait()

    assert clock.now() == NOON + timedelta(seconds=6)


async def test_two_processes_share_the_slots(database: Database) -> None:
    clocks = [StillClock(NOON) for _ in range(4)]

    await asyncio.gather(*(DatabasePacer(database, clock, delay_seconds=3).wait() for clock in clocks))

    assert sorted(clock.now() - NOON for clock in clocks) == [
        timedelta(seconds=3 * slot) for slot in range(4)
    ]


async def test_silence_is_kept_by_the_next_process_too(database: Database) -> None:
    clock = StillClock(NOON)
    await DatabasePacer(database, clock, delay_seconds=3).be_silent(NOON + timedelta(hours=1))
    other = DatabasePacer(database, clock, delay_seconds=3)

    with pytest.raises(ArxivError, match="until 13:00 UTC") as told:
        await other.wait()
    assert told.value.passes
    clock.move_to(NOON + timedelta(minutes=59, seconds=30))
    await other.wait()

    assert clock.now() == NOON + timedelta(hours=1)


async def test_after_a_silence_the_pace_is_kept(database: Database) -> None:
    clocks = [StillClock(NOON) for _ in range(3)]
    pacers = [DatabasePacer(database, clock, delay_seconds=3) for clock in clocks]
    await pacers[0].be_silent(NOON + timedelta(seconds=30))

    await asyncio.gather(*(pacer.wait() for pacer in pacers))

    assert sorted(clock.now() - NOON for clock in clocks) == [
        timedelta(seconds=seconds) for seconds in (30, 33, 36)
    ]


async def test_a_short_silence_does_not_end_a_long_one(database: Database) -> None:
    clock = StillClock(NOON)
    pacer = DatabasePacer(database, clock, delay_seconds=3)
    await pacer.be_silent(NOON + timedelta(hours=1))
    await pacer.be_silent(NOON + timedelta(seconds=5))

    with pytest.raises(ArxivError, match="until 13:00 UTC"):
        await pacer.wait()


async def test_what_a_wrong_clock_left_behind_keeps_nobody_waiting(database: Database) -> None:
    wrong, clock = StillClock(NOON + timedelta(days=3650)), StillClock(NOON)
    before = DatabasePacer(database, wrong, delay_seconds=3)
    await before.wait()
    await before.be_silent(wrong.now() + timedelta(hours=1))

    await DatabasePacer(database, clock, delay_seconds=3).wait()

    assert clock.now() == NOON


async def test_a_clock_set_back_by_minutes_keeps_nobody_waiting_for_as_long(database: Database) -> None:
    clock = StillClock(NOON)
    pacer = DatabasePacer(database, clock, delay_seconds=3)
    await pacer.wait()
    clock.move_to(NOON - timedelta(minutes=30))

    await pacer.wait()

    assert clock.now() == NOON - timedelta(minutes=30)


async def test_after_a_pause_nobody_waits(database: Database) -> None:
    clock = StillClock(NOON)
    pacer = DatabasePacer(database, clock, delay_seconds=3)
    await pacer.wait()
    clock.move_to(NOON + timedelta(minutes=1))

    await pacer.wait()

    assert clock.now() == NOON + timedelta(minutes=1)
