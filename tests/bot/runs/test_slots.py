"""Who may work: a few at a time, and nobody keeps a place while it only waits."""

import asyncio

import pytest

from bot.runs.slots import Slot


class Bench:
    """Two places, and workers who note what they do."""

    def __init__(self) -> None:
        self.places = asyncio.Semaphore(2)
        self.began: list[str] = []
        self.let_end = {name: asyncio.Event() for name in "abcd"}

    async def work(self, name: str) -> None:
        async with Slot(self.places):
            self.began.append(name)
            await self.let_end[name].wait()

    async def wait_in_between(self, name: str) -> None:
        async with Slot(self.places) as slot:
            self.began.append(name)
            async with slot.given_back():
                await self.let_end[name].wait()
            self.began.append(f"{name} again")


@pytest.fixture
def bench() -> Bench:
    return Bench()


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_only_so_many_work_at_once_and_the_first_comes_first(bench: Bench) -> None:
    async with asyncio.TaskGroup() as group:
        for name in "abcd":
            group.create_task(bench.work(name))
        await settle()
        assert bench.began == ["a", "b"]

        for name in "bacd":
            bench.let_end[name].set()

    assert bench.began == ["a", "b", "c", "d"]


async def test_who_waits_lets_others_work_and_queues_up_again(bench: Bench) -> None:
    async with asyncio.TaskGroup() as group:
        for name in "ab":
            group.create_task(bench.wait_in_between(name))
        for name in "cd":
            group.create_task(bench.work(name))
        await settle()
        assert bench.began == ["a", "b", "c", "d"]

        bench.let_end["a"].set()
        await settle()
        assert bench.began == ["a", "b", "c", "d"]

        for event in bench.let_end.values():
            event.set()

    assert bench.began[4:] == ["a again", "b again"]


async def test_who_ends_while_waiting_takes_no_place_and_gives_none(bench: Bench) -> None:
    waiting = asyncio.create_task(bench.wait_in_between("a"))
    await settle()

    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)

    for _ in range(2):
        await asyncio.wait_for(bench.places.acquire(), 1)
    assert bench.places.locked()


async def test_who_ends_while_queueing_up_again_gives_no_place_away(bench: Bench) -> None:
    waiting = asyncio.create_task(bench.wait_in_between("a"))
    await settle()
    others = [asyncio.create_task(bench.work(name)) for name in "bcd"]
    bench.let_end["a"].set()
    await settle()

    waiting.cancel()
    await settle()

    assert bench.began == ["a", "b", "c"]
    for event in bench.let_end.values():
        event.set()
    await asyncio.gather(*others)
