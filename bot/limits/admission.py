"""Admits questions and new summaries: within the limits, in a fair order, and noted."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from bot.clock import Clock
from bot.limits.fair_queue import FairQueue
from bot.limits.rules import DAY, HOUR, Limits, Share, too_many_questions, too_many_tokens
from bot.llm.bill import Bill
from bot.llm.budget import Prices
from bot.progress import UNWATCHED, Progress
from storage.database import Database, StorageFailure
from storage.model import Asker, WorkKind

log = logging.getLogger(__name__)


class Admission:
    """The one door to work that people ask for.

    Limits are looked at before anybody waits. Several processes share them through the database and have a
    queue each, so that a limit may be passed by what is under way in another process at that moment.
    """

    def __init__(
        self, *, database: Database, clock: Clock, queue: FairQueue, limits: Limits, prices: Prices
    ) -> None:
        self._database = database
        self._clock = clock
        self._queue = queue
        self._limits = limits
        self._prices = prices
        self._checking = asyncio.Lock()

    @property
    def limits(self) -> Limits:
        """Everybody's shares."""
        return self._limits

    @asynccontextmanager
    async def turn(
        self, asker: Asker | None, kind: WorkKind, *, progress: Progress = UNWATCHED
    ) -> AsyncIterator[Bill]:
        """Hold a turn to work for `asker`; what is put on the bill is noted, also when the work fails.

        Args:
            asker: None for the command line, which has no limits and does not wait.
            kind: What is asked for.
            progress: Is told the place in the line while others come first.

        Raises:
            LimitReachedError: the person or the server has used its share.
            InputError: the person has enough questions waiting.
            ServiceError: too many people are waiting.
        """
        bill = Bill()
        if asker is None:
            yield bill
            return
        # One after the other: two hundred at once would hold the event loop up, and one share admit too many.
        async with self._checking:
            await self._check(asker)
        began = self._clock.now()
        async with self._queue.turn(asker, progress.wait):
            try:
                yield bill
            finally:
                await self._note(asker, kind, began, bill)

    async def _note(self, asker: Asker, kind: WorkKind, began: datetime, bill: Bill) -> None:
        """Note what was used, if that is possible: an answer that is there, or its failure, matters more."""
        try:
            async with self._database.begin() as tx:
                await tx.usage.save(
                    asker,
                    kind,
                    at=began,
                    prompt_tokens=bill.usage.prompt_tokens,
                    completion_tokens=bill.usage.completion_tokens,
                    cost_usd=bill.usage.cost_usd(self._prices),
                )
        except StorageFailure as error:
            log.warning("what a question used was not noted: %s", error)

    async def _check(self, asker: Asker) -> None:
        await self._check_share("You have", self._limits.user, user_id=asker.user_id)
        if asker.server_id is not None:
            await self._check_share("This server has", self._limits.server, server_id=asker.server_id)

    async def _check_share(
        self, whose: str, share: Share, *, user_id: int | None = None, server_id: int | None = None
    ) -> None:
        now = self._clock.now()
        left = share.questions_per_hour - self._queue.in_hand(user_id=user_id, server_id=server_id)
        if share.questions_per_hour and left <= 0:
            raise too_many_questions(whose, share, next_at=None)
        async with self._database.begin() as tx:
            last = (
                await tx.usage.nth_newest(left, now - HOUR, user_id=user_id, server_id=server_id)
                if share.questions_per_hour
                else None
            )
            used = (
                await tx.usage.tokens(now - DAY, user_id=user_id, server_id=server_id)
                if share.tokens_per_day
                else -1
            )
        if last is not None:
            raise too_many_questions(whose, share, next_at=last + HOUR)
        if used >= share.tokens_per_day:
            raise too_many_tokens(whose, share)
