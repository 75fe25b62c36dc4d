"""Which of several processes is connected, and what becomes of the work of one that falls silent."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from unittest.mock import AsyncMock

import pytest

from bot.clock import Clock
from bot.errors import ServiceError
from bot.runs.presence import BEAT_SECONDS, SILENT_SECONDS, Presence
from storage.database import Database
from storage.failures import StorageFailure
from storage.processes import Processes as StoredProcesses
from tests.databases import NOW
from tests.fakes.clock import StillClock
from tests.waiting import until

AWAY = StorageFailure("The database is away.")


class SharedClock:
    """The clock of a process that sleeps while others work."""

    def __init__(self, clock: Clock, others_work: Callable[[], Awaitable[None]]) -> None:
        self._clock, self._others_work = clock, others_work

    def now(self) -> datetime:
        return self._clock.now()

    async def sleep(self, seconds: float) -> None:
        await self._clock.sleep(seconds)
        await self._others_work()


class FastClock:
    """The clock of another machine, which is ahead."""

    def __init__(self, clock: StillClock, ahead: timedelta) -> None:
        self._clock, self._ahead = clock, ahead

    def now(self) -> datetime:
        return self._clock.now() + self._ahead

    async def sleep(self, seconds: float) -> None:
        await self._clock.sleep(seconds)


class Processes:
    """Some processes on one database, whose clock and runs the test controls."""

    def __init__(self, database: Database) -> None:
        self.clock, self.taken_over = StillClock(NOW), list[str]()
        self.at_work = set[str]()
        self.failure: Exception | None = None
        self._database = database

    def process(
        self,
        name: str,
        *,
        meanwhile: Callable[[], Awaitable[None]] | None = None,
        ahead: timedelta = timedelta(),
        is_alone: bool = False,
    ) -> Presence:
        """A process, not yet started; `meanwhile` is what others do each time it has slept."""
        clock: Clock = FastClock(self.clock, ahead)
        if meanwhile is not None:
            clock = SharedClock(clock, meanwhile)
        return Presence(database=self._database, clock=clock, name=name, is_alone=is_alone)

    async def pass_time(self, seconds: float, *living: Presence) -> None:
        """Let time pass while the living processes send heartbeats and look after the others."""
        for _ in range(int(seconds / BEAT_SECONDS)):
            await self.clock.sleep(BEAT_SECONDS)
            for process in living:
                await process.beat()
            for process in living:
                await process.take_over_from_the_silent(self)

    async def owners(self) -> set[str]:
        return self.at_work

    async def take_over(self, process_name: str) -> None:
        self.taken_over.append(process_name)
        if self.failure is not None:
            raise self.failure
        self.at_work.discard(process_name)


@pytest.fixture
def processes(database: Database) -> Processes:
    return Processes(database)


async def test_the_first_connects_and_the_second_stands_by_until_the_first_stops(
    processes: Processes,
) -> None:
    async with AsyncExitStack() as first_life, processes.process("b") as second:
        first = await first_life.enter_async_context(processes.process("a"))
        assert (second.may_connect.is_set(), first.may_connect.is_set()) == (True, False)

    async with AsyncExitStack() as first_life:
        first = await first_life.enter_async_context(processes.process("a"))
        async with processes.process("b") as second:
            await processes.pass_time(60, first, second)
            assert not second.may_connect.is_set()

            await first_life.aclose()
            await second.beat()

            assert second.may_connect.is_set()


async def test_a_process_that_stands_by_says_once_for_whom(
    processes: Processes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with processes.process("a") as first, processes.process("b") as second:
        await processes.pass_time(60, first, second)

    assert caplog.messages == ["a connects to Discord", "standing by: a holds the connection to Discord"]


async def test_a_lease_that_is_released_while_it_is_asked_for_is_taken_at_the_next_heartbeat(
    processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def just_released(*_: object) -> None:
        return None

    with monkeypatch.context() as patched:
        patched.setattr("storage.processes.Processes.hold", just_released)
        async with processes.process("a") as first:
            assert not first.may_connect.is_set()
            patched.undo()
            await first.beat()
            assert first.may_connect.is_set()


@pytest.mark.parametrize("name", ["a", "b"])
async def test_a_process_that_can_have_no_others_waits_for_none_that_was_killed(
    processes: Processes, name: str
) -> None:
    async with processes.process("a") as killed:
        processes.at_work = {"a"}
        alone = processes.process(name, is_alone=True)

        await alone.wait_for_name()
        async with alone:
            await alone.take_over_from_the_silent(processes)

            assert alone.may_connect.is_set()
            assert processes.taken_over == ["a"] * (name != "a")
            assert processes.clock.slept == []
            with pytest.raises(ServiceError):
                await killed.beat()


async def test_the_work_of_a_process_that_stopped_is_taken_over_at_once(processes: Processes) -> None:
    async with processes.process("b") as second:
        async with processes.process("a") as first:
            await processes.pass_time(SILENT_SECONDS, first, second)

        await processes.pass_time(BEAT_SECONDS, second)

    assert processes.taken_over == ["a"]


async def test_a_process_that_falls_silent_is_replaced_once(processes: Processes) -> None:
    async with processes.process("a") as silent, processes.process("b") as second:
        await processes.pass_time(SILENT_SECONDS, silent, second)
        assert processes.taken_over == []

        await processes.pass_time(2 * SILENT_SECONDS, second)

        assert processes.taken_over == ["a"]
        assert second.may_connect.is_set()


@pytest.mark.parametrize("ahead", [timedelta(minutes=30), timedelta(minutes=-30)])
async def test_processes_whose_clocks_differ_leave_each_other_alone_until_one_falls_silent(
    processes: Processes, ahead: timedelta
) -> None:
    async with processes.process("a", ahead=ahead) as first, processes.process("b") as second:
        await processes.pass_time(3 * SILENT_SECONDS, first, second)
        assert processes.taken_over == []

        await processes.pass_time(SILENT_SECONDS + 2 * BEAT_SECONDS, second)

        assert processes.taken_over == ["a"]


async def test_a_process_that_is_cut_off_from_the_database_leaves_its_work_to_the_others(
    processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with processes.process("a") as cut_off, processes.process("b"):
        await cut_off.beat()
        monkeypatch.setattr(StoredProcesses, "beat", AsyncMock(side_effect=AWAY))

        with pytest.raises(ServiceError, match="a has no database, so another process may take over"):
            await asyncio.wait_for(cut_off.keep(), 10)

    assert sum(processes.clock.slept) == SILENT_SECONDS + BEAT_SECONDS


async def test_a_process_that_stands_by_outlasts_the_databases_absence(
    processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with processes.process("a"), processes.process("b") as standby:
        await standby.beat()
        monkeypatch.setattr(StoredProcesses, "beat", AsyncMock(side_effect=[*[AWAY] * 100, False]))

        with pytest.raises(ServiceError, match="has taken over the work of b"):
            await standby.keep()


async def test_a_process_without_living_others_outlasts_the_databases_absence(
    processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with processes.process("a") as process:
        async with processes.process("b"):
            await process.beat()
        await process.beat()
        monkeypatch.setattr(StoredProcesses, "beat", AsyncMock(side_effect=[*[AWAY] * 100, False]))

        with pytest.raises(ServiceError, match="has taken over the work of a"):
            await process.keep()

    assert processes.clock.slept == [BEAT_SECONDS] * 100


async def test_a_process_that_was_only_asleep_stops_itself(processes: Processes) -> None:
    async with processes.process("a") as asleep, processes.process("b") as second:
        await processes.pass_time(2 * SILENT_SECONDS, second)

        with pytest.raises(ServiceError, match="has taken over the work of a"):
            await asleep.beat()


async def test_what_a_process_took_up_after_its_runs_were_taken_over_is_taken_over_too(
    processes: Processes,
) -> None:
    async with processes.process("a"), processes.process("b") as second:
        await processes.pass_time(2 * SILENT_SECONDS, second)
        processes.at_work = {"a", "b"}  # a wakes, and is killed before its next heartbeat

        await processes.pass_time(2 * BEAT_SECONDS, second)

    assert processes.taken_over == ["a", "a"]


async def test_the_runs_of_processes_that_send_heartbeats_are_left_to_them(processes: Processes) -> None:
    processes.at_work = {"a", "b"}
    async with processes.process("a") as first, processes.process("b") as second:
        await processes.pass_time(2 * SILENT_SECONDS, first, second)

    assert processes.taken_over == []


@pytest.mark.parametrize("asleep_seconds", [SILENT_SECONDS, 0.6 * SILENT_SECONDS])
async def test_a_process_that_was_asleep_itself_declares_nobody_dead(
    processes: Processes, asleep_seconds: float
) -> None:
    async with processes.process("a") as first, processes.process("b") as second:
        await processes.pass_time(SILENT_SECONDS, first, second)
        await processes.clock.sleep(asleep_seconds)  # as when the database was away

        await processes.pass_time(SILENT_SECONDS / 2, second)
        await processes.pass_time(2 * SILENT_SECONDS, first, second)

    assert processes.taken_over == []


@pytest.mark.parametrize("asleep_seconds", [2 * SILENT_SECONDS, 0.6 * SILENT_SECONDS])
async def test_a_process_that_was_asleep_looks_after_nobody_before_its_own_heartbeat(
    processes: Processes, asleep_seconds: float
) -> None:
    async with processes.process("a") as first, processes.process("b") as second:
        await processes.pass_time(SILENT_SECONDS, first, second)
        await processes.pass_time(SILENT_SECONDS / 2, second)
        await processes.clock.sleep(asleep_seconds)
        await second.take_over_from_the_silent(processes)

    assert processes.taken_over == []


async def test_a_process_that_was_declared_dead_does_not_take_the_connection(processes: Processes) -> None:
    async with AsyncExitStack() as first_life:
        first = await first_life.enter_async_context(processes.process("a"))
        asleep = await first_life.enter_async_context(processes.process("b"))
        processes.failure = RuntimeError()  # so that the dead one stays listed
        with pytest.raises(RuntimeError):
            await processes.pass_time(2 * SILENT_SECONDS, first)

    with pytest.raises(ServiceError, match="has taken over the work of b"):
        await asleep.beat()

    async with processes.process("c") as third:
        assert third.may_connect.is_set()


async def test_a_process_that_has_just_started_declares_nobody_dead(processes: Processes) -> None:
    async with processes.process("a"):
        await processes.clock.sleep(SILENT_SECONDS)

        async with processes.process("b") as second:
            await processes.pass_time(SILENT_SECONDS / 2, second)

    assert processes.taken_over == []


async def test_a_takeover_that_failed_is_repeated(processes: Processes) -> None:
    async with processes.process("a"), processes.process("b") as second:
        processes.failure = RuntimeError()
        with pytest.raises(RuntimeError):
            await processes.pass_time(2 * SILENT_SECONDS, second)
        processes.failure = None

        await processes.pass_time(2 * BEAT_SECONDS, second)

    assert processes.taken_over == ["a", "a"]


async def test_an_unexpected_failure_is_an_incident_and_the_loop_goes_on(
    processes: Processes, caplog: pytest.LogCaptureFixture
) -> None:
    processes.failure = RuntimeError("nobody thought of this")

    async def beat() -> None:
        await second.beat()

    second = processes.process("b", meanwhile=beat)

    async with processes.process("a"), second:
        for _ in range(int(2 * SILENT_SECONDS / BEAT_SECONDS)):
            await processes.clock.sleep(BEAT_SECONDS)
            await second.beat()

        looking = asyncio.create_task(second.look_after_others(processes))
        await until(lambda: len(processes.taken_over) > 1)
        looking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await looking

    assert "looking after other processes" in caplog.text
    assert "nobody thought of this" in caplog.text


async def test_heartbeats_keep_their_interval_while_the_database_fails_and_that_is_no_incident(
    processes: Processes, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with processes.process("a") as process:
        with monkeypatch.context() as patched:
            busy = StorageFailure("The database is busy.")
            beats = AsyncMock(side_effect=[True, busy, busy, True, False])
            patched.setattr(StoredProcesses, "beat", beats)
            with pytest.raises(ServiceError):
                await process.keep()

    assert processes.clock.slept == [BEAT_SECONDS] * 4
    assert [(record.message, record.exc_info) for record in caplog.records] == [
        ("a connects to Discord", None),
        ("the database failed: The database is busy.", None),
        ("the database failed: The database is busy.", None),
    ]


async def test_a_process_stops_even_if_it_cannot_hand_over(
    processes: Processes, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with processes.process("a"):
        failing = AsyncMock(side_effect=AWAY)
        monkeypatch.setattr(StoredProcesses, "leave", failing)

    assert "stops without handing over: The database is away." in caplog.text


async def test_a_failure_to_ask_for_the_name_is_left_to_the_start_that_follows(
    processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = AsyncMock(side_effect=AWAY)
    monkeypatch.setattr(StoredProcesses, "last_beats", failing)

    await processes.process("a").wait_for_name()

    failing.assert_awaited_once()


async def test_a_process_that_was_replaced_ends_its_loop(processes: Processes) -> None:
    async with processes.process("a") as killed, processes.process("a"):
        with pytest.raises(ServiceError, match="has taken over the work of a"):
            await asyncio.wait_for(killed.keep(), 10)


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(minutes=30)])
async def test_a_second_process_of_the_same_name_waits_until_the_first_stops(
    processes: Processes, caplog: pytest.LogCaptureFixture, ahead: timedelta
) -> None:
    waits = 0

    async def work_meanwhile() -> None:
        nonlocal waits
        waits += 1
        await first.beat() if waits < 5 else await first_life.aclose()

    async with AsyncExitStack() as first_life:
        first = await first_life.enter_async_context(processes.process("a"))
        await processes.clock.sleep(BEAT_SECONDS)
        await processes.process("a", meanwhile=work_meanwhile, ahead=ahead).wait_for_name()

    assert waits == 5
    assert caplog.text.count("its own BROADSHEET_PROCESS") == 1


async def test_a_name_is_free_if_its_process_stopped_or_died_or_never_existed(processes: Processes) -> None:
    await processes.process("a").wait_for_name()
    async with processes.process("a"):
        pass
    await processes.process("a").wait_for_name()
    assert processes.clock.slept == []

    async with processes.process("a"):  # then it is killed
        began = processes.clock.now()
        await processes.process("a").wait_for_name()
        assert processes.clock.now() - began == timedelta(seconds=2 * BEAT_SECONDS)


async def test_a_restart_under_the_same_name_is_connected_at_once(processes: Processes) -> None:
    async with (
        processes.process("a") as killed,
        processes.process("b") as second,
        processes.process("a") as restarted,
    ):
        assert restarted.may_connect.is_set()
        assert not second.may_connect.is_set()

        with pytest.raises(ServiceError, match="BROADSHEET_PROCESS"):
            await killed.beat()
