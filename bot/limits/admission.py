"""Admits questions and new summaries: within the limits, in a fair order, and noted."""

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
    MOST_OWN_DIGESTS,
    QUESTIONS,
    Limits,
    Share,
    too_many_digests,
    too_many_own_digests,
    too_many_questions,
    too_many_tokens,
)
from bot.llm.bill import Bill
from bot.llm.usage import Prices, UsageTally
from bot.turns import Line, no_line
from storage.database import Database, Transaction
from storage.failures import StorageFailure
from storage.model import NOBODY, Asker, WorkKind

log = logging.getLogger(__name__)

MOST_OF_ONE_PERSON = 3
"""Questions of one person that may be under way or waiting at a time."""
MOST_IN_HAND = 500
"""At four answers in five seconds, the last one is answered within an interaction's 15 minutes."""
_READING_AT_A_TIME = 8
"""Papers that people wait for. arXiv is asked for one after the other, 3 s apart: more would only keep those
waiting whose turn is next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """Work that may be done: what it uses, and the lines that it waits in."""

    bill: Bill = field(default_factory=Bill)
    reading: Line = no_line
    """For having a paper fetched and read, which may take arXiv minutes: who waits there keeps nobody from
    an answer about papers that are stored."""
    writing: Line = no_line
    """For the search and the language model."""


class Admission:
    """The one door to work that people ask for.

    Limits are looked at before anybody waits. Several processes share them through the database and have
    lines of their own, so that a limit may be passed by what is under way in another process at that moment.
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
        """Everybody's shares."""
        return self._limits

    def in_hand(self, *, user_id: int | None = None, server_id: int | None = None) -> int:
        """How many questions of a person or a server are under way or waiting."""
        return sum(
            asker.user_id == user_id if user_id is not None else asker.server_id == server_id
            for asker in self._in_hand
        )

    @asynccontextmanager
    async def admitted(self, asker: Asker | None, kind: WorkKind) -> AsyncIterator[Admitted]:
        """Let `asker` work; what is put on the bill is noted, also when the work fails.

        Args:
            asker: None for the command line, which has no limits and does not wait.
            kind: What is asked for.

        Raises:
            LimitReachedError: the person or the server has used its share.
            InputError: the person has enough questions waiting.
            ServiceError: too many people are waiting.
        """
        if asker is None:
            yield Admitted()
            return
        # One after the other: two hundred at once would hold the event loop up, and one share admit too many.
        async with self._checking:
            await self._check(asker)
            self._in_hand.append(asker)
        began = self._clock.now()
        work = Admitted(
            reading=lambda progress: self._readers.turn(asker, progress.wait),
            writing=lambda progress: self._writers.turn(asker, progress.wait),
        )
        try:
            try:
                yield work
            finally:
                # Who asks meanwhile would find it twice: noted, and still in hand.
                async with self._checking:
                    await self._note(asker, kind, began, work.bill)
        finally:
            self._in_hand.remove(asker)

    async def check_digests(self, server_id: int) -> None:
        """Look whether a server may have another digest made beside its weekly ones.

        Raises:
            LimitReachedError: those of a day have used as many tokens as its questions may.
        """
        share = self._limits.server
        async with self._database.begin() as tx:
            spent_at = await self._spent_at(tx, share, DIGESTS, server_id=server_id)
        if spent_at is not None:
            raise too_many_digests(share, next_at=spent_at + DAY)

    async def check_own_digest(self, user_id: int) -> None:
        """Look whether a person may have another digest of their own made now.

        Raises:
            LimitReachedError: so many were within a day, as of one who has everything deleted in between.
        """
        since = self._clock.now() - DAY
        async with self._database.begin() as tx:
            last = await tx.usage.nth_newest(MOST_OWN_DIGESTS, since, kinds=DIGESTS, user_id=user_id)
        if last is not None:
            raise too_many_own_digests(next_at=last + DAY)

    async def note_own_digest(self, user_id: int) -> None:
        """Note that one is made; what it uses is not counted."""
        async with self._database.begin() as tx:
            person = Asker(user_id=user_id, server_id=None)
            await self._save(tx, person, WorkKind.DIGEST, self._clock.now(), UsageTally())

    async def note_digest(self, tx: Transaction, server_id: int, used: UsageTally) -> None:
        """Note what one of those used; one of stored summaries alone is for nothing."""
        if used.calls:
            nobody = Asker(user_id=NOBODY, server_id=server_id)
            await self._save(tx, nobody, WorkKind.DIGEST, self._clock.now(), used)

    async def _note(self, asker: Asker, kind: WorkKind, began: datetime, bill: Bill) -> None:
        """Note what was used, if that is possible: an answer that is there, or its failure, matters more."""
        try:
            async with self._database.begin() as tx:
                await self._save(tx, asker, kind, began, bill.usage)
        except StorageFailure as error:
            log.warning("what a question used was not noted: %s", error)

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
        if self.in_hand(user_id=asker.user_id) >= MOST_OF_ONE_PERSON:
            raise InputError(
                f"You have {MOST_OF_ONE_PERSON} questions waiting. Ask again when one is answered."
            )
        if len(self._in_hand) >= MOST_IN_HAND:
            raise ServiceError("Too many people are asking at once. Please try again in a few minutes.")
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
                    left, now - HOUR, kinds=QUESTIONS, user_id=user_id, server_id=server_id
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
        """When the work began that is to be a day old before there are tokens again; None if there are."""
        if not share.tokens_per_day:
            return None
        since = self._clock.now() - DAY
        return await tx.usage.nth_newest_token(
            share.tokens_per_day, since, kinds=kinds, user_id=user_id, server_id=server_id
        )
