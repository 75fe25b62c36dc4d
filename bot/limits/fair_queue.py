"""Whose turn it is when many ask at once: servers take turns, and so do the people in each server."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from storage.model import Asker

_NEAR, _FAR_STEP = 5, 10
"""Places up to 5 are told one by one, those beyond by tens: otherwise each answer would mean a message to
everyone who waits."""


@dataclass(slots=True, eq=False)
class _Waiter:
    tell_place: Callable[[int], None]
    turn: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    told: int = 0

    def now_at(self, place: int) -> None:
        """Tell the place if it is the first one, near, or in another ten than the last one told.

        Telling it after every ten steps would notify all who arrived together at once, again and again.
        """
        if _told_as(place) != _told_as(self.told):
            self.told = place
            self.tell_place(place)


def _told_as(place: int) -> int:
    """A number shared by places in the same ten, unless they are near; 0, none told yet, has its own."""
    return place if place <= _NEAR else _NEAR + 1 + place // _FAR_STEP


_Queues = dict[int | None, dict[int, deque[_Waiter]]]
"""Waiters by server and person; the order of both is the order of their next turns."""


class FairQueue:
    """Lets a fixed number of callers work at a time.

    A free place goes to the server that has waited longest for its turn, and there to the person who has. So
    at most one question of each other server comes before a newcomer's, however many those have waiting.
    """

    def __init__(self, at_a_time: int) -> None:
        self._free = at_a_time
        self._queues: _Queues = {}

    @asynccontextmanager
    async def turn(self, asker: Asker, tell_place: Callable[[int], None]) -> AsyncIterator[None]:
        """Wait for a turn and hold it; `tell_place` is told places in the queue, 1 being next."""
        await self._wait(asker, tell_place)
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self, asker: Asker, tell_place: Callable[[int], None]) -> None:
        if self._free:  # then nobody waits
            self._free -= 1
            return
        waiter = _Waiter(tell_place)
        self._queues.setdefault(asker.server_id, {}).setdefault(asker.user_id, deque()).append(waiter)
        self._tell_places()
        try:
            await waiter.turn
        except asyncio.CancelledError:
            if waiter.turn.cancelled():
                self._leave(asker, waiter)
            else:  # it came in the same moment
                self._pass_on()
            raise

    def _pass_on(self) -> None:
        """Give a free place to the next who still waits.

        Cancelling a task ends its wait at once, but it leaves the queue only when it runs again: in between
        it is still queued, but no longer wants the place.
        """
        while (waiter := _next(self._queues)) is not None:
            if not waiter.turn.done():
                waiter.turn.set_result(None)
                self._tell_places()
                return
        self._free += 1

    def _leave(self, asker: Asker, waiter: _Waiter) -> None:
        """Take somebody out of the queue, unless they were skipped and are already out."""
        people = self._queues.get(asker.server_id, {})
        if waiter not in people.get(asker.user_id, ()):
            return
        people[asker.user_id].remove(waiter)
        if not people[asker.user_id]:
            del people[asker.user_id]
        if not people:
            del self._queues[asker.server_id]
        self._tell_places()

    def _tell_places(self) -> None:
        for place, waiter in enumerate(_in_order(self._queues), start=1):
            waiter.now_at(place)


def _next(queues: _Queues) -> _Waiter | None:
    """Take out whose turn it is; their person and server go to the end if they have others waiting."""
    for server in queues:
        people = queues.pop(server)
        user = next(iter(people))
        waiting = people.pop(user)
        waiter = waiting.popleft()
        if waiting:
            people[user] = waiting
        if people:
            queues[server] = people
        return waiter
    return None


def _in_order(queues: _Queues) -> Iterator[_Waiter]:
    """All waiters in the order of their turns."""
    left = {
        server: {user: deque(waiting) for user, waiting in people.items()}
        for server, people in queues.items()
    }
    while (waiter := _next(left)) is not None:
        yield waiter
