import asyncio
import gc
from contextlib import suppress

import pytest

from bot.single_flight import SingleFlight


class Work:
    def __init__(self) -> None:
        self.started = 0
        self.go_on = asyncio.Event()

    async def __call__(self) -> int:
        self.started += 1
        await self.go_on.wait()
        return self.started


async def test_two_callers_at_once_share_one_piece_of_work() -> None:
    flights, work = SingleFlight[int](), Work()

    callers = [asyncio.create_task(flights.run("a", work)) for _ in range(2)]
    await asyncio.sleep(0)
    work.go_on.set()

    assert await asyncio.gather(*callers) == [1, 1]


async def test_a_later_caller_starts_anew() -> None:
    flights, work = SingleFlight[int](), Work()
    work.go_on.set()

    assert [await flights.run("a", work), await flights.run("a", work)] == [1, 2]


async def test_a_cancelled_caller_does_not_disturb_the_other() -> None:
    flights, work = SingleFlight[int](), Work()
    leaving, staying = (asyncio.create_task(flights.run("a", work)) for _ in range(2))
    await asyncio.sleep(0)

    leaving.cancel()
    await asyncio.sleep(0)
    work.go_on.set()

    assert await staying == 1


async def test_work_is_cancelled_with_its_last_caller() -> None:
    flights, work = SingleFlight[int](), Work()
    caller = asyncio.create_task(flights.run("a", work))
    await asyncio.sleep(0)

    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    work.go_on.set()

    assert await flights.run("a", work) == 2


async def test_an_error_reaches_every_caller_and_is_forgotten() -> None:
    flights = SingleFlight[int]()

    async def fail() -> int:
        await asyncio.sleep(0)
        raise ValueError("broken")

    results = await asyncio.gather(*(flights.run("a", fail) for _ in range(2)), return_exceptions=True)

    assert [str(result) for result in results] == ["broken", "broken"]
    assert await flights.run("a", lambda: asyncio.sleep(0, 7)) == 7


async def test_the_last_caller_waits_until_the_cancelled_work_has_ended() -> None:
    flights, ended = SingleFlight[int](), asyncio.Event()

    async def undone_slowly() -> int:
        try:
            return await Work()()
        finally:
            await asyncio.sleep(0.01)
            ended.set()

    caller = asyncio.create_task(flights.run("a", undone_slowly))
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller

    assert ended.is_set()


async def test_work_that_fails_as_it_is_cancelled_is_no_error_that_nobody_handled(
    caplog: pytest.LogCaptureFixture,
) -> None:
    flights = SingleFlight[int]()

    async def undone_in_vain() -> int:
        try:
            return await Work()()
        finally:
            raise ValueError("broken")

    async def cancel_halfway() -> None:
        caller = asyncio.create_task(flights.run("a", undone_in_vain))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        caller.cancel()
        with suppress(asyncio.CancelledError):
            await caller

    await asyncio.create_task(cancel_halfway())
    await asyncio.sleep(0)  # only now does nothing hold the work any more
    gc.collect()

    assert not caplog.records
