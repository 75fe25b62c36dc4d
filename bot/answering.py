"""Those who wait for an answer of the bot. At its stop they are told to ask again, instead of waiting on."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from bot.errors import InputError, ServiceError

_TELLING_SECONDS = 2.0
"""For telling all of them, out of the ten that a stop may take."""

MOST_OF_ONE_PERSON = 5
"""Commands that may be under way at a time: the questions that are admitted, and some beside them."""

Tell = Callable[[ServiceError], Awaitable[None]]


class Answering:
    """Knows the tasks in which somebody or something is answered, from where each says so to its end."""

    def __init__(self) -> None:
        self._underway: dict[asyncio.Task[Any], Tell | None] = {}
        self._of_people = Counter[int]()
        self._stopping = False

    def begins(self, tell: Tell | None = None) -> None:
        """Note the present task; `tell` says to who waits for it why it ended.

        Raises:
            asyncio.CancelledError: the bot stops.
        """
        task = asyncio.current_task()
        if task is None or self._stopping:
            raise asyncio.CancelledError
        self._underway[task] = tell
        task.add_done_callback(self._underway.pop)

    def takes(self, user_id: int) -> None:
        """Note the present task as a command of this person.

        Raises:
            InputError: they have enough of them under way. Some take seconds of computing, a request to
                arXiv or megabytes each, and others would wait for all of those.
        """
        if self._of_people[user_id] >= MOST_OF_ONE_PERSON:
            raise InputError(
                f"You have {MOST_OF_ONE_PERSON} commands under way. Try again when one is answered."
            )
        task = asyncio.current_task()
        assert task is not None, "a command is one"
        self._of_people[user_id] += 1
        task.add_done_callback(lambda _: self._ended(user_id))

    def _ended(self, user_id: int) -> None:
        self._of_people[user_id] -= 1
        if not self._of_people[user_id]:
            del self._of_people[user_id]

    async def stop(self) -> None:
        """End what is being answered, and tell who waits; nothing new begins any more. Idempotent."""
        self._stopping = True
        waiting = {task: tell for task, tell in self._underway.items() if task.cancel()}
        await asyncio.gather(*waiting, return_exceptions=True)
        stopped = ServiceError("I am being restarted, and could not finish this. Ask again in a minute.")
        told = [tell(stopped) for tell in waiting.values() if tell is not None]
        with suppress(TimeoutError):
            async with asyncio.timeout(_TELLING_SECONDS):
                await asyncio.gather(*told, return_exceptions=True)
