"""Whose turn it is when more ask than can be served."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.limits.fair_queue import FairQueue
from storage.model import Asker
from tests.bot.limits.doors import asker


@dataclass
class Crowd:
    """People who ask one after the other while nobody is answered; then their turns, in order."""

    queue: FairQueue = field(default_factory=lambda: FairQueue(1))
    turns: list[Asker] = field(default_factory=list)
    places: dict[Asker, list[int]] = field(default_factory=dict)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    @asynccontextmanager
    async def waiting(self, *askers: Asker) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.queue.turn(asker(0, 0), lambda _: None))
            for each in askers:
                self.tasks.append(asyncio.create_task(self._ask(each)))
                await asyncio.sleep(0)
            yield
        await asyncio.gather(*self.tasks, return_exceptions=True)

    async def _ask(self, each: Asker) -> None:
        async with self.queue.turn(each, self.places.setdefault(each, []).append):
            self.turns.append(each)


async def test_nobody_waits_while_there_is_room() -> None:
    queue, places = FairQueue(2), list[int]()

    async with queue.turn(asker(1), places.append), queue.turn(asker(2), places.append):
        pass

    assert places == []


async def test_servers_take_turns_however_many_one_of_them_has_waiting() -> None:
    crowd = Crowd()
    busy = [asker(user, 1) for user in range(10, 16)]

    async with crowd.waiting(*busy, asker(20, 2), asker(30, 3)):
        pass

    assert [each.server_id for each in crowd.turns[:4]] == [1, 2, 3, 1]


async def test_people_of_one_server_take_turns() -> None:
    crowd = Crowd()

    async with crowd.waiting(asker(1), asker(1), asker(1), asker(2)):
        pass

    assert [each.user_id for each in crowd.turns] == [1, 2, 1, 1]


async def test_everyone_is_told_their_place_as_it_changes() -> None:
    crowd = Crowd()

    async with crowd.waiting(asker(1, 1), asker(2, 1), asker(3, 2)):
        assert crowd.places == {asker(1, 1): [1], asker(2, 1): [2, 3], asker(3, 2): [2]}

    assert crowd.places[asker(2, 1)] == [2, 3, 2, 1]


async def test_distant_places_are_told_only_every_ten_steps() -> None:
    crowd = Crowd()
    people = [asker(user, user) for user in range(1, 31)]

    async with crowd.waiting(*people):
        pass

    assert crowd.places[people[-1]] == [30, 29, 19, 9, 5, 4, 3, 2, 1]


async def test_each_turn_is_told_to_only_a_few_of_many_who_came_at_once() -> None:
    queue, heard, until_turn = FairQueue(1), list[int](), list[int]()

    async def ask(each: Asker) -> None:
        async with queue.turn(each, heard.append):
            until_turn.append(len(heard))

    async with queue.turn(asker(0), heard.append):
        tasks = [asyncio.create_task(ask(asker(user))) for user in range(1, 101)]
        await asyncio.sleep(0)
    await asyncio.gather(*tasks)

    # The first five, and one of every ten behind them.
    assert max(later - earlier for earlier, later in itertools.pairwise(until_turn)) <= 15


@pytest.mark.parametrize("server_id", [1, 2], ids=["beside others of their server", "alone in it"])
async def test_someone_who_stops_waiting_leaves_no_gap(server_id: int) -> None:
    crowd = Crowd()

    async with crowd.waiting(asker(1, server_id), asker(2, 1), asker(3, 1)):
        crowd.tasks[0].cancel()
        await asyncio.sleep(0)
        assert crowd.places[asker(3, 1)] == [3, 2]

    assert crowd.turns == [asker(2, 1), asker(3, 1)]


async def test_a_turn_given_to_someone_who_has_just_left_goes_to_the_next() -> None:
    queue, turns = FairQueue(1), list[Asker]()

    async def ask(each: Asker) -> None:
        async with queue.turn(each, lambda _: None):
            turns.append(each)

    async with queue.turn(asker(0), lambda _: None):
        tasks = [asyncio.create_task(ask(asker(user))) for user in (1, 2)]
        await asyncio.sleep(0)
    tasks[0].cancel()  # it was given its turn, but has not run since

    async with asyncio.timeout(10):
        await asyncio.gather(*tasks, return_exceptions=True)
    assert turns == [asker(2)]


@pytest.mark.parametrize("others", [0, 1], ids=["nobody else waits", "another one waits"])
async def test_a_place_freed_while_the_next_person_is_leaving_is_not_lost(others: int) -> None:
    crowd = Crowd()

    async with crowd.waiting(*(asker(user) for user in range(1, 2 + others))):
        # The one at work finishes before the first waiter's task runs again.
        crowd.tasks[0].cancel()
    results = await asyncio.gather(*crowd.tasks, return_exceptions=True)

    assert [type(result) for result in results] == [asyncio.CancelledError] + [type(None)] * others
    async with asyncio.timeout(10), crowd.queue.turn(asker(9), lambda _: None):
        pass


async def test_a_free_place_skips_everyone_who_is_leaving() -> None:
    crowd = Crowd()

    async with crowd.waiting(*(asker(user, server) for user, server in ((1, 1), (2, 1), (3, 2), (4, 2)))):
        for task in crowd.tasks[:3]:
            task.cancel()

    assert crowd.turns == [asker(4, 2)]


async def test_a_failure_gives_the_turn_back() -> None:
    queue = FairQueue(1)

    with pytest.raises(RuntimeError):
        async with queue.turn(asker(1), lambda _: None):
            raise RuntimeError

    async with asyncio.timeout(10), queue.turn(asker(2), lambda _: None):
        pass


@given(
    servers=st.lists(st.integers(0, 4), min_size=1, max_size=40),
    at_a_time=st.integers(1, 5),
)
def test_everyone_gets_a_turn_and_never_too_many_at_once(servers: list[int], at_a_time: int) -> None:
    queue, most = FairQueue(at_a_time), 0
    running = 0

    async def ask(each: Asker) -> None:
        nonlocal running, most
        async with queue.turn(each, lambda _: None):
            running += 1
            most = max(most, running)
            await asyncio.sleep(0)
            running -= 1

    async def all_ask() -> None:
        for _ in range(2):
            await asyncio.gather(*(ask(asker(user, server)) for user, server in enumerate(servers)))

    asyncio.run(all_ask())

    assert most <= at_a_time
