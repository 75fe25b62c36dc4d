"""Tracks whom the bot is answering, so that at a stop they are told to ask again instead of waiting on."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from bot.errors import InputError, ServiceError

_TELLING_SECONDS = 2.0
"""For telling all of them, out of the ten seconds that a stop may take."""

MAX_COMMANDS_PER_PERSON = 5
"""Commands that may be under way at a time: the questions that are admitted, and some others."""

Tell = Callable[[ServiceError], Awaitable[None]]


class Answering:
    """Knows the tasks that answer someone or something, from when each registers until it ends."""

    def __init__(self) -> None:
        self._underway: dict[asyncio.Task[Any], Tell | None] = {}
        self._commands = Counter[int]()
        self._stopping = False

    def register(self, tell: Tell | None = None) -> None:
        """Register the current task; `tell` tells whoever waits for it why it ended.

        Raises:
            asyncio.CancelledError: the bot is stopping.
        """
        task = asyncio.current_task()
        if task is None or self._stopping:
            raise asyncio.CancelledError
        self._underway[task] = tell
        task.add_done_callback(self._underway.pop)

    def register_command(self, user_id: int) -> None:
        """Count the current task as a command of this person.

        Raises:
            InputError: they have too many under way. Each may take seconds of computing, a request to arXiv
                or megabytes, and other people would wait for all of them.
        """
        if self._commands[user_id] >= MAX_COMMANDS_PER_PERSON:
            raise InputError(
                f"You have {MAX_COMMANDS_PER_PERSON} commands running. Try again when one is answered."
            )
        task = asyncio.current_task()
        assert task is not None, "a command runs in a task"
        self._commands[user_id] += 1
        task.add_done_callback(lambda _: self._ended(user_id))

    def _ended(self, user_id: int) -> None:
        self._commands[user_id] -= 1
        if not self._commands[user_id]:
            del self._commands[user_id]

    async def stop(self) -> None:
        """Cancel what is being answered and tell those who wait; nothing new starts. Idempotent."""
        self._stopping = True
        waiting = {task: tell for task, tell in self._underway.items() if task.cancel()}
        await asyncio.gather(*waiting, return_exceptions=True)
        stopped = ServiceError("I am restarting and could not finish this. Try again in a minute.")
        told = [tell(stopped) for tell in waiting.values() if tell is not None]
        with suppress(TimeoutError):
            async with asyncio.timeout(_TELLING_SECONDS):
                await asyncio.gather(*told, return_exceptions=True)
