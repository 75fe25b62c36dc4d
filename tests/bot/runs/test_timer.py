import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.runs.timer import Job, Timer
from storage.failures import StorageFailure
from tests.fakes.clock import StillClock

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Jobs:
    """A job that records each start, and then does what the test wants."""

    def __init__(self, then: Job | None = None) -> None:
        self.started = asyncio.Queue[asyncio.Task[None]]()
        self._then = then

    async def work(self) -> None:
        task = asyncio.current_task()
        assert task is not None
        await self.started.put(task)
        if self._then is not None:
            await self._then()


async def lasts() -> None:
    await asyncio.Event().wait()


async def fails() -> None:
    raise StorageFailure("The database is busy.")


async def breaks() -> None:
    raise ValueError("broken")


async def test_jobs_keep_running_when_the_clock_is_set_back() -> None:
    clock, jobs = StillClock(NOON), Jobs()
    timer = Timer(clock.now, look_seconds=0.001)
    timer.every(jobs.work, hours=1)
    async with timer, asyncio.timeout(10):
        await jobs.started.get()

        clock.move_to(NOON - timedelta(hours=2))

        await jobs.started.get()

    assert asyncio.all_tasks() == {asyncio.current_task()}


@pytest.mark.parametrize(
    ("then", "logged"),
    [(lasts, []), (fails, [("bot.runs.timer", "WARNING")]), (breaks, [("bot.runs.timer", "ERROR")])],
)
async def test_however_a_job_ends_the_scheduler_logs_no_traceback(
    then: Job, logged: list[tuple[str, str]], caplog: pytest.LogCaptureFixture
) -> None:
    jobs = Jobs(then)
    timer = Timer(StillClock(NOON).now)
    timer.every(jobs.work, hours=1)
    async with timer:
        task = await jobs.started.get()
    await asyncio.wait([task])

    assert [(record.name, record.levelname) for record in caplog.records] == logged


@pytest.mark.parametrize("turns", range(6))
async def test_the_scheduler_logs_no_traceback_for_a_job_due_at_the_stop(
    turns: int, caplog: pytest.LogCaptureFixture
) -> None:
    jobs, loop = Jobs(), asyncio.get_running_loop()
    timer = Timer(StillClock(NOON).now)
    timer.every(jobs.work, hours=1)

    def become_due_after(turns: int) -> None:
        if turns:
            loop.call_soon(become_due_after, turns - 1)
        elif timer._scheduler.running:
            timer._scheduler.modify_job("work", next_run_time=datetime.now(UTC))

    async with timer:
        await asyncio.wait([await jobs.started.get()])
        become_due_after(turns)
    await asyncio.sleep(0.01)

    assert not caplog.records
