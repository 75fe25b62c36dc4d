"""How often a step is tried, and how long the pauses are."""

import asyncio

import pytest

from bot.runs.slots import Slot
from bot.runs.tries import Tries
from storage.failures import StorageFailure


class Steps:
    """A step that fails, or is not done, a given number of times."""

    def __init__(self, failures: int, *, retryable: bool = True) -> None:
        self.paused = list[float]()
        self.tries = Tries((1, 5), sleep=self._sleep)
        self._failures = failures
        self._retryable = retryable

    async def _sleep(self, seconds: float) -> None:
        self.paused.append(seconds)

    async def fails(self) -> str:
        if await self.is_done():
            return "done"
        raise StorageFailure("The disk is full.", retryable=self._retryable)

    async def is_done(self) -> bool:
        self._failures -= 1
        return self._failures < 0


async def test_a_step_is_repeated_while_the_database_fails_and_the_last_pause_repeats() -> None:
    steps = Steps(3)

    assert await steps.tries.repeated(steps.fails, most=None) == "done"
    assert steps.paused == [1, 5, 5]


@pytest.mark.parametrize(("steps", "paused"), [(Steps(4), [1, 5, 5]), (Steps(1, retryable=False), [])])
async def test_a_step_that_fails_every_time_or_permanently_raises(steps: Steps, paused: list[float]) -> None:
    with pytest.raises(StorageFailure):
        await steps.tries.repeated(steps.fails, most=4)

    assert steps.paused == paused


@pytest.mark.parametrize(("most", "is_done"), [(4, True), (3, True), (2, False)])
async def test_a_step_is_repeated_until_it_is_done_or_was_tried_often_enough(
    most: int, *, is_done: bool
) -> None:
    steps = Steps(2)

    async with Slot(asyncio.Semaphore(1)) as slot:
        assert await steps.tries.until(steps.is_done, slot, most=most) == is_done

    assert steps.paused == [1, 5][: most - 1]


async def test_a_pause_gives_the_turn_to_others_and_none_follows_the_last_try() -> None:
    places, free = asyncio.Semaphore(1), list[bool]()

    async def sleep(_: float) -> None:
        free.append(not places.locked())

    async with Slot(places) as slot:
        await Tries((1, 5), sleep=sleep).until(Steps(9).is_done, slot, most=3)
        assert places.locked()

    assert free == [True, True]
