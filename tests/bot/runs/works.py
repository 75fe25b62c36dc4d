"""The durable runs on a real engine, whose runs are in a SQLite file."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from dbos._dbos import _get_or_create_dbos_registry

from bot.clock import Clock
from bot.delivery.outbox import Outbox
from bot.digest.changes import Changes
from bot.digest.plan import DigestRequest
from bot.digest.posting import Posting
from bot.runs.control import Runs
from bot.runs.engine import Engine
from bot.runs.workflows import Workflows
from bot.speech.broadcast import Broadcast
from storage.database import Database
from storage.model import Digest, Subscription
from tests.bot.digest.press import Press
from tests.fakes.messenger import FakeMessenger

PAUSES_SECONDS = (0.01, 0.05)
HEAD_AND_HIGHLIGHTS = 3


class _SubscribingRuns(Runs):
    """Stores the subscription that a digest is asked for by where there is none, as a run without ends."""

    def __init__(self, workflows: Workflows, clock: Clock, database: Database) -> None:
        super().__init__(workflows, clock)
        self._database = database

    async def start_digest(self, request: DigestRequest) -> None:
        await self._subscribe(request.subscription)
        await super().start_digest(request)

    async def start_again(self, request: DigestRequest) -> bool:
        await self._subscribe(request.subscription)
        return await super().start_again(request)

    async def _subscribe(self, wish: Subscription) -> None:
        # Not by the script of a database that fails: this stands for what was there long before.
        async with Database.begin(self._database) as tx:
            if await tx.subscriptions.get(wish.server_id) is None:
                await tx.subscriptions.save(wish)


class Works:
    """An engine that can be stopped and started again; what is outside it stays."""

    def __init__(self, press: Press, runs: Path) -> None:
        self.press, self.clock = press, press.clock
        self.messenger = FakeMessenger(press.clock)
        self.pauses_seconds: Sequence[float] = PAUSES_SECONDS
        self._file = runs
        self._stack = AsyncExitStack()

    def broadcast(self) -> Broadcast | None:
        """What records the digests; nothing does unless it is overridden."""
        return None

    async def start(self, name: str = "main") -> None:
        self.workflows = Workflows(
            digests=self.press.digests(),
            clock=self.clock,
            posting=Posting(
                changes=Changes(database=self.press.database, messenger=self.messenger, clock=self.clock),
                outbox=Outbox(self.press.database, self.messenger, self.clock),
                messenger=self.messenger,
            ),
            broadcast=self.broadcast(),
            pauses_seconds=self.pauses_seconds,
        )
        self.runs = _SubscribingRuns(self.workflows, self.clock, self.press.database)
        self.engine = Engine(
            database_url=f"sqlite:///{self._file}", process_name=name, workflows=self.workflows
        )
        await self._stack.enter_async_context(self.engine)

    async def stop(self) -> None:
        try:
            await self._stack.aclose()
        finally:
            # A process has one engine in its life; here the next one stands for the next process.
            _get_or_create_dbos_registry().instance_info_map.clear()

    async def make(self, wish: DigestRequest) -> Digest | None:
        """Start a run, wait for its end, and return its digest."""
        await self.runs.start_digest(wish)
        await self.runs.digest_made(wish.run_id)
        async with self.press.database.begin() as tx:
            return await tx.digests.get(wish.run_id)
