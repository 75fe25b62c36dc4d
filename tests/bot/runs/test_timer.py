import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.runs.timer import Job, Timer
from storage.failures import StorageFailure
from tests.fakes.clock import StillClock

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Jobs:
    """A job that counts how often it was begun, and does what it is told to."""

    def __init__(self, then: Job | None = None) -> None:
        self.begun = asyncio.Queue[asyncio.Task[None]]()
        self._then = then

    async def work(self) -> None:
        task = asyncio.current_task()
        assert task is not None
        await self.begun.put(task)
        if self._then is not None:
            await self._then()


async def lasts() -> None:
    await asyncio.Event().wait()


async def fails() -> None:
    raise StorageFailure("The database is busy.")


async def breaks() -> None:
    raise ValueError("broken")


async def test_jobs_go_on_where_the_clock_is_set_back() -> None:
    clock, jobs = StillClock(NOON), Jobs()
    timer = Timer(clock.now, look_seconds=0.001)
    timer.every(jobs.work, hours=1)
    async with timer, asyncio.timeout(10):
        await jobs.begun.get()

        clock.move_to(NOON - timedelta(hours=2))

        await jobs.begun.get()

    assert asyncio.all_tasks() == {asyncio.current_task()}


@pytest.mark.parametrize(
    ("then", "told"),
    [(lasts, []), (fails, [("bot.runs.timer", "WARNING")]), (breaks, [("bot.runs.timer", "ERROR")])],
)
async def test_no_end_of_a_job_is_a_traceback_of_the_schedulers(
    then: Job, told: list[tuple[str, str]], caplog: pytest.LogCaptureFixture
) -> None:
    jobs = Jobs(then)
    timer = Timer(StillClock(NOON).now)
    timer.every(jobs.work, hours=1)
    async with timer:
        task = await jobs.begun.get()
    await asyncio.wait([task])

    assert [(record.name, record.levelname) for record in caplog.records] == told


@pytest.mark.parametrize("turns", range(6))
async def test_a_job_that_is_due_at_the_stop_is_no_traceback_of_the_schedulers(
    turns: int, caplog: pytest.LogCaptureFixture
) -> None:
    jobs, loop = Jobs(), asyncio.get_running_loop()
    timer = Timer(StillClock(NOON).now)
    timer.every(jobs.work, hours=1)

    def is_due_after(turns: int) -> None:
        if turns:
            loop.call_soon(is_due_after, turns - 1)
        elif timer._scheduler.running:
            timer._scheduler.modify_job("work", next_run_time=datetime.now(UTC))

    async with timer:
        await asyncio.wait([await jobs.begun.get()])
        is_due_after(turns)
    await asyncio.sleep(0.01)

    assert not caplog.records
