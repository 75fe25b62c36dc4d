"""Opens the threads of a digest's posted messages."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.delivery.notices import Problem, Trouble
from bot.delivery.port import Messenger
from bot.errors import (
    ChannelGoneError,
    ChannelRefusedError,
    DeliveryError,
    DeliveryUnclearError,
    MessageGoneError,
)
from storage.database import Database
from storage.model import Delivery

log = logging.getLogger(__name__)

_WAITS = timedelta(hours=6)
"""After the first try of its message, for a thread: until then the run, and with it the recording, waits."""


class Threads:
    """Opens what storage says is still missing."""

    def __init__(
        self, database: Database, messenger: Messenger, clock: Clock, *, pauses_seconds: Sequence[float]
    ) -> None:
        """Wire it; the pauses are those between the tries of one run."""
        self._database = database
        self._messenger = messenger
        self._clock = clock
        self._pauses_seconds = pauses_seconds

    async def open(self, deliveries: Sequence[Delivery]) -> list[Problem]:
        """Open the missing threads; where the channel itself is the problem, skip the rest.

        While Discord does not answer clearly they wait for the next run, for some hours.
        """
        problems, stopped = list[Problem](), set[int]()
        for delivery in deliveries:
            if not delivery.lacks_thread or delivery.channel_id in stopped:
                continue
            try:
                await self._open_thread(delivery)
            except DeliveryError as error:
                is_unclear = isinstance(error, DeliveryUnclearError)
                waits = is_unclear and self._clock.now() < _latest(delivery)
                problems.append(Problem.of(Trouble.UNCLEAR if waits else Trouble.THREADS, delivery, error))
                if is_unclear or isinstance(error, ChannelRefusedError):
                    stopped.add(delivery.channel_id)
        return problems

    async def _open_thread(self, delivery: Delivery) -> None:
        """Open one thread and store it; a deleted message or channel needs none any more.

        Raises:
            DeliveryError: it could not be opened.
        """
        assert delivery.message_id is not None
        assert delivery.thread_name is not None
        try:
            thread_id = await self._thread(delivery, delivery.message_id, delivery.thread_name)
        except (MessageGoneError, ChannelGoneError):
            async with self._database.begin() as tx:
                await tx.deliveries.mark_threadless(delivery.key)
            return
        async with self._database.begin() as tx:
            await tx.deliveries.mark_thread(delivery.key, thread_id)

    async def _thread(self, delivery: Delivery, message_id: int, name: str) -> int:
        # Opening a thread twice is harmless: Discord answers that it exists.
        for pause in self._pauses_seconds:
            try:
                return await self._messenger.open_thread(delivery.channel_id, message_id, name)
            except DeliveryUnclearError as error:
                log.info("the thread of %s is unclear: %s", delivery.key, error)
                await self._clock.sleep(pause)
        return await self._messenger.open_thread(delivery.channel_id, message_id, name)


def _latest(delivery: Delivery) -> datetime:
    """Until when its thread may wait."""
    begun = delivery.first_try_at
    return delivery.deadline if begun is None else min(delivery.deadline, begun + _WAITS)
