"""Admits questions and new summaries: within the limits, in a fair order, and recorded."""

import asyncio
import logging
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from bot.clock import Clock
from bot.errors import InputError, ServiceError
from bot.limits.fair_queue import FairQueue
from bot.limits.rules import (
    DAY,
    DIGESTS,
    HOUR,
    MAX_PERSONAL_DIGESTS,
    QUESTIONS,
    Limits,
    Share,
    too_many_digests,
    too_many_personal_digests,
    too_many_questions,
    too_many_tokens,
)
from bot.llm.bill import Bill
from bot.llm.usage import Prices, UsageTally
from bot.queues import Queue, no_queue
from storage.database import Database, Transaction
from storage.failures import StorageFailure
from storage.model import NOBODY, Asker, WorkKind

log = logging.getLogger(__name__)

MAX_QUESTIONS_PER_PERSON = 3
"""Questions of one person that may be under way or waiting at a time."""
MAX_QUESTIONS = 500
"""At four answers every five seconds, the last one comes within an interaction's 15 minutes."""
_READING_AT_A_TIME = 8
"""Papers fetched for people at a time. arXiv gets one request every 3 s, so more would only delay those whose
turn is next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """Work that may be done: what it uses, and the queues it waits in."""

    bill: Bill = field(default_factory=Bill)
    reading: Queue = no_queue
    """For having a paper fetched and read, which may take arXiv minutes; nobody whose papers are stored waits
    behind it."""
    writing: Queue = no_queue
    """For the search and the language model."""


class Admission:
    """The one way in for work that people ask for.

    Limits are checked before anyone waits. Processes share them through the database but have queues of their
    own, so a limit may be exceeded by what is under way in another process at that moment.
    """

    def __init__(
        self, *, database: Database, clock: Clock, writing_at_a_time: int, limits: Limits, prices: Prices
    ) -> None:
        self._database = database
        self._clock = clock
        self._readers = FairQueue(_READING_AT_A_TIME)
        self._writers = FairQueue(writing_at_a_time)
        self._limits = limits
        self._prices = prices
        self._checking = asyncio.Lock()
        self._in_hand: list[Asker] = []

    @property
    def limits(self) -> Limits:
        """The shares of each person and server."""
        return self._limits

    def in_hand(self, *, user_id: int | None = None, server_id: int | None = None) -> int:
        """How many questions of a person or a server are under way or waiting."""
        return sum(
            asker.user_id == user_id if user_id is not None else asker.server_id == server_id
            for asker in self._in_hand
        )

    @asynccontextmanager
    async def admitted(self, asker: Asker | None, kind: WorkKind) -> AsyncIterator[Admitted]:
        """Let `asker` work; what is put on the bill is recorded, even if the work fails.

        Args:
            asker: None for the command line, which has no limits and does not wait.
            kind: What is asked for.

        Raises:
            LimitReachedError: the person or the server has used up its share.
            InputError: the person has too many questions waiting.
            ServiceError: too many people are waiting.
        """
        if asker is None:
            yield Admitted()
            return
        # One at a time: two hundred at once would hold up the event loop, and a share could admit too many.
        async with self._checking:
            await self._check(asker)
            self._in_hand.append(asker)
        started_at = self._clock.now()
        work = Admitted(
            reading=lambda progress: self._readers.turn(asker, progress.wait),
            writing=lambda progress: self._writers.turn(asker, progress.wait),
        )
        try:
            try:
                yield work
            finally:
                # Without the lock a check could count it twice: as recorded and as still in hand.
                async with self._checking:
                    await self._note(asker, kind, started_at, work.bill)
        finally:
            self._in_hand.remove(asker)

    async def check_digests(self, server_id: int) -> None:
        """Check that a server may have another digest made besides its weekly ones.

        Raises:
            LimitReachedError: within a day, these have used as many tokens as its questions may.
        """
        share = self._limits.server
        async with self._database.begin() as tx:
            spent_at = await self._spent_at(tx, share, DIGESTS, server_id=server_id)
        if spent_at is not None:
            raise too_many_digests(share, next_at=spent_at + DAY)

    async def check_personal_digest(self, user_id: int, *, is_weekly: bool) -> None:
        """Check that a person may have another personal digest made now.

        `is_weekly` tells whether they also get one every week, which the refusal mentions.

        Raises:
            LimitReachedError: too many were made within a day, as when they delete everything in between.
        """
        now = self._clock.now()
        async with self._database.begin() as tx:
            last = await tx.usage.nth_newest(
                MAX_PERSONAL_DIGESTS, now - DAY, now, kinds=DIGESTS, user_id=user_id
            )
        if last is not None:
            raise too_many_personal_digests(next_at=last + DAY, is_weekly=is_weekly)

    async def note_personal_digest(self, user_id: int) -> None:
        """Record that a personal digest is made; what it uses is not counted."""
        async with self._database.begin() as tx:
            person = Asker(user_id=user_id, server_id=None)
            await self._save(tx, person, WorkKind.DIGEST, self._clock.now(), UsageTally())

    async def note_digest(self, tx: Transaction, server_id: int, used: UsageTally) -> None:
        """Record what a server's extra digest used; one made from stored summaries alone is free."""
        if used.calls:
            nobody = Asker(user_id=NOBODY, server_id=server_id)
            await self._save(tx, nobody, WorkKind.DIGEST, self._clock.now(), used)

    async def _note(self, asker: Asker, kind: WorkKind, started_at: datetime, bill: Bill) -> None:
        """Record what was used, if possible: the answer, or why it failed, matters more."""
        try:
            async with self._database.begin() as tx:
                await self._save(tx, asker, kind, started_at, bill.usage)
        except StorageFailure as error:
            log.warning("what a question used was not recorded: %s", error)

    async def _save(
        self, tx: Transaction, asker: Asker, kind: WorkKind, at: datetime, used: UsageTally
    ) -> None:
        await tx.usage.save(
            asker,
            kind,
            at=at,
            prompt_tokens=used.prompt_tokens,
            completion_tokens=used.completion_tokens,
            cost_usd=used.cost_usd(self._prices),
        )

    async def _check(self, asker: Asker) -> None:
        if self.in_hand(user_id=asker.user_id) >= MAX_QUESTIONS_PER_PERSON:
            raise InputError(
                f"You have {MAX_QUESTIONS_PER_PERSON} questions waiting. Try again when one is answered."
            )
        if len(self._in_hand) >= MAX_QUESTIONS:
            raise ServiceError("Too many people are asking at once. Try again in a few minutes.")
        await self._check_share("You have", self._limits.user, user_id=asker.user_id)
        if asker.server_id is not None:
            await self._check_share("This server has", self._limits.server, server_id=asker.server_id)

    async def _check_share(
        self, whose: str, share: Share, *, user_id: int | None = None, server_id: int | None = None
    ) -> None:
        now = self._clock.now()
        left = share.questions_per_hour - self.in_hand(user_id=user_id, server_id=server_id)
        if share.questions_per_hour and left <= 0:
            raise too_many_questions(whose, share, next_at=None)
        async with self._database.begin() as tx:
            if share.questions_per_hour:
                last = await tx.usage.nth_newest(
                    left, now - HOUR, now, kinds=QUESTIONS, user_id=user_id, server_id=server_id
                )
                if last is not None:
                    raise too_many_questions(whose, share, next_at=last + HOUR)
            spent_at = await self._spent_at(tx, share, QUESTIONS, user_id=user_id, server_id=server_id)
            if spent_at is not None:
                raise too_many_tokens(whose, share, next_at=spent_at + DAY)

    async def _spent_at(
        self,
        tx: Transaction,
        share: Share,
        kinds: Collection[WorkKind],
        *,
        user_id: int | None = None,
        server_id: int | None = None,
    ) -> datetime | None:
        """When the work started that must be a day old before there are tokens again; None if there are."""
        if not share.tokens_per_day:
            return None
        now = self._clock.now()
        return await tx.usage.nth_newest_token(
            share.tokens_per_day, now - DAY, now, kinds=kinds, user_id=user_id, server_id=server_id
        )
