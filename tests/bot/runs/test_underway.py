"""The tasks of runs: which end when, and that none starts late."""

import asyncio

import pytest

from bot.runs.underway import Underway


class Work:
    """Tasks that last until they are cancelled."""

    def __init__(self) -> None:
        self.underway = Underway()

    async def start(self, name: str) -> asyncio.Task[None]:
        task = asyncio.create_task(self._last(name))
        await asyncio.sleep(0)
        return task

    async def _last(self, name: str) -> None:
        with self.underway.cancelled_on_stop(name):
            await asyncio.Event().wait()


async def test_only_what_runs_under_a_given_name_is_ended() -> None:
    work = Work()
    first, second = await work.start("first"), await work.start("second")

    await work.underway.end({"first", "unknown"})

    assert (first.cancelled(), second.done()) == (True, False)
    assert work.underway.names == {"second"}
    await work.underway.stop()


async def test_a_stop_ends_everything_and_nothing_starts_after_it() -> None:
    work = Work()
    running = [await work.start("first"), await work.start("second")]

    await work.underway.stop()

    assert [task.cancelled() for task in running] == [True, True]
    late = await work.start("third")
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(late, 10)
    assert work.underway.names == set()


async def test_nothing_starts_while_a_stop_waits_for_what_ends_slowly() -> None:
    work, may_end = Work(), asyncio.Event()

    async def end_slowly() -> None:
        with work.underway.cancelled_on_stop("slow"):
            try:
                await asyncio.Event().wait()
            finally:
                await may_end.wait()

    slow = asyncio.create_task(end_slowly())
    await asyncio.sleep(0)
    stopping = asyncio.create_task(work.underway.stop())
    await asyncio.sleep(0)

    late = await work.start("late")
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(late, 10)

    may_end.set()
    await stopping
    assert slow.cancelled()
