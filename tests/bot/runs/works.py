"""Durable runs on a real engine, which keeps them in a SQLite file."""

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
POLL_SECONDS = 0.05
HEAD_AND_HIGHLIGHTS = 3


def engine_on(file: Path, workflows: Workflows, *, process_name: str = "main") -> Engine:
    """An engine that keeps its runs in this SQLite file and polls it often."""
    return Engine(
        database_url=f"sqlite:///{file}",
        process_name=process_name,
        workflows=workflows,
        poll_seconds=POLL_SECONDS,
    )


class _SubscribingRuns(Runs):
    """Stores a request's subscription if there is none: without one, its run would end."""

    def __init__(self, workflows: Workflows, clock: Clock, database: Database) -> None:
        super().__init__(workflows, clock)
        self._database = database

    async def start_digest(self, request: DigestRequest) -> None:
        await self._subscribe(request.subscription)
        await super().start_digest(request)

    async def start_again(self, request: DigestRequest) -> bool:
        await self._subscribe(request.subscription)
        return await super().start_again(request)

    async def _subscribe(self, subscription: Subscription) -> None:
        # Never fails as a `FailingDatabase` would: this stands for what was stored long before.
        async with Database.begin(self._database) as tx:
            if await tx.subscriptions.get(subscription.server_id) is None:
                await tx.subscriptions.save(subscription)


class Works:
    """An engine that can be stopped and started again; everything outside it stays."""

    def __init__(self, press: Press, runs: Path) -> None:
        self.press, self.clock = press, press.clock
        self.messenger = FakeMessenger(press.clock)
        self.pauses_seconds: Sequence[float] = PAUSES_SECONDS
        self._file = runs
        self._stack = AsyncExitStack()

    def broadcast(self) -> Broadcast | None:
        """What records the digests: nothing, unless overridden."""
        return None

    async def start(self, name: str = "main") -> None:
        self.workflows = Workflows(
            digests=self.press.digests(),
            clock=self.clock,
            posting=Posting(
                database=self.press.database,
                changes=Changes(database=self.press.database, messenger=self.messenger, clock=self.clock),
                outbox=Outbox(self.press.database, self.messenger, self.clock),
                messenger=self.messenger,
            ),
            broadcast=self.broadcast(),
            pauses_seconds=self.pauses_seconds,
        )
        self.runs = _SubscribingRuns(self.workflows, self.clock, self.press.database)
        self.engine = engine_on(self._file, self.workflows, process_name=name)
        await self._stack.enter_async_context(self.engine)

    async def stop(self) -> None:
        try:
            await self._stack.aclose()
        finally:
            # A process has only one engine in its lifetime; here the next engine stands for the next process.
            _get_or_create_dbos_registry().instance_info_map.clear()

    def papers_at_work(self) -> set[str]:
        """The ids of the papers' runs that this process works on."""
        return {run for run in self.workflows.at_work if run.startswith("paper:")}

    async def make(self, request: DigestRequest) -> Digest | None:
        """Start a run, wait until it ends, and return its digest."""
        await self.runs.start_digest(request)
        await self.runs.wait_for_end(request.run_id)
        async with self.press.database.begin() as tx:
            return await tx.digests.get(request.run_id)
