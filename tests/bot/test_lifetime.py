"""What ends a process, and what becomes then of the work it depends on."""

import asyncio
import signal
import subprocess
import sys

import pytest

from bot.errors import ServiceError
from bot.lifetime import STOP_SECONDS, Lifetime


class Work:
    """Lasts until it is cancelled, or fails when told to."""

    def __init__(self) -> None:
        self.error = asyncio.Future[None]()
        self.ended = False

    async def last(self) -> None:
        try:
            await self.error
        finally:
            await asyncio.sleep(0)  # such as a connection that is closed
            self.ended = True


@pytest.fixture
def countdowns(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The countdowns that were started, in seconds; none ends this process."""
    started = list[float]()
    monkeypatch.setattr("bot.lifetime._leave_within", started.append)
    return started


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_and_a_second_one_gives_it_no_more_time(
    number: signal.Signals, countdowns: list[float]
) -> None:
    life, work = Lifetime(), Work()

    async with life.depending_on(work.last()):
        signal.raise_signal(number)
        await life.lasts()
        assert countdowns == [STOP_SECONDS]
        signal.raise_signal(number)
        assert not await life.reaches(asyncio.sleep(0))

    assert work.ended
    assert countdowns == [STOP_SECONDS]


async def test_what_ends_it_is_raised_also_while_something_else_is_awaited() -> None:
    life, lasting, failing = Lifetime(), Work(), Work()
    never = Work()

    async with life.depending_on(lasting.last()), life.depending_on(failing.last()):
        assert await life.reaches(asyncio.sleep(0))
        failing.error.set_exception(ServiceError("Another process took over."))
        assert not await life.reaches(never.last())
        with pytest.raises(ServiceError, match="took over"):
            await life.lasts()

    assert lasting.ended
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert never.ended


async def test_after_a_signal_it_ends_well_even_if_what_it_depends_on_fails(countdowns: list[float]) -> None:
    life, failing = Lifetime(), Work()

    async with life.depending_on(failing.last()):
        signal.raise_signal(signal.SIGTERM)
        failing.error.set_exception(ServiceError("Discord closed the connection."))
        await asyncio.wait([*asyncio.all_tasks() - {asyncio.current_task()}])
        await life.lasts()

    assert countdowns


async def test_what_it_depends_on_is_ended_also_when_the_rest_does_not_start() -> None:
    life, work = Lifetime(), Work()

    async def start() -> None:
        async with life.depending_on(work.last()):
            await asyncio.sleep(0)
            raise ServiceError("The port is taken.")

    with pytest.raises(ServiceError, match="taken"):
        await start()

    assert work.ended


STUCK = """
    signal.raise_signal(signal.SIGTERM)
    await asyncio.sleep(0.1)
    while True:
        time.sleep(60)
"""
CLEAN = """
    signal.raise_signal(signal.SIGTERM)
    await life.lasts()
    raise SystemExit(3)
"""


@pytest.mark.parametrize(
    ("stop_seconds", "body", "code"), [(0.5, STUCK, 0), (3600, CLEAN, 3)], ids=["stuck", "clean"]
)
def test_a_stop_is_cut_short_where_it_is_stuck_and_a_clean_one_is_not_held_up(
    stop_seconds: float, body: str, code: int
) -> None:
    script = f"""
import asyncio, signal, time
from bot import lifetime
lifetime.STOP_SECONDS = {stop_seconds}
async def main():
    life = lifetime.Lifetime()
{body}
asyncio.run(main())
"""
    assert subprocess.run([sys.executable, "-c", script], timeout=60, check=False).returncode == code
