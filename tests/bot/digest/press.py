"""The real service of digests on a real database; everything outside is faked with lists."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.digest.candidates import Candidates
from bot.digest.plan import DigestRequest, PaperOutcome, Plan, weekly_run_id
from bot.digest.service import Digests
from bot.errors import EmbeddingError
from bot.limits.rules import Limits
from bot.llm.port import Embedder, LanguageModel, Vectors
from bot.llm.usage import Prices
from bot.papers.library import Library
from bot.summaries.service import Summaries
from bot.taste.reranker import Reranker
from bot.taste.service import Tastes
from bot.weeks import parse_week
from storage.database import Database
from storage.model import Delivery, Digest, Subscription
from tests.bot.examples import paper
from tests.bot.limits.doors import NO_LIMITS, admission
from tests.fakes.clock import StillClock
from tests.fakes.model import FakeEmbedder
from tests.fakes.papers import ListedPapers
from tests.fakes.pdfs import ListedAnnouncements, PlainReader, ShelvedPdfs

WEEK = "2026-W47"
FRIDAY_NINE = datetime(2026, 11, 20, 9, tzinfo=UTC)
SUBSCRIPTION = Subscription(server_id=7, channel_id=70, categories=("cs.CL",), highlights=2, admin_id=700)


class BrokenEmbedder(FakeEmbedder):
    """Has no model."""

    async def embed(self, texts: Sequence[str]) -> Vectors:
        raise EmbeddingError("The embedding model is missing.")


def request(week: str = WEEK, *, published: bool = True, run_id: str = "", **changes: Any) -> DigestRequest:
    """A server's request for a week's digest with two highlights."""
    subscription = Subscription(
        **({name: getattr(SUBSCRIPTION, name) for name in SUBSCRIPTION.__slots__} | changes)
    )
    return DigestRequest(
        run_id=run_id or weekly_run_id(subscription.server_id, parse_week(week)),
        subscription=subscription,
        week=week,
        published=published,
    )


async def planned(database: Database) -> list[Delivery]:
    """The messages of the server's digest, in order."""
    async with database.begin() as tx:
        return await tx.deliveries.of(SUBSCRIPTION.server_id, WEEK)


@dataclass
class Press:
    """Makes digests of five papers of the week."""

    database: Database
    source: ListedPapers = field(
        default_factory=lambda: ListedPapers(*(paper(f"2611.0000{number}") for number in range(1, 6)))
    )
    pdfs: ShelvedPdfs = field(default_factory=lambda: ShelvedPdfs(has_all=True))
    reader: PlainReader = field(default_factory=PlainReader)
    embedder: Embedder | None = field(default_factory=FakeEmbedder)
    model: LanguageModel | None = None
    prices: Prices | None = None
    clock: StillClock = field(default_factory=lambda: StillClock(FRIDAY_NINE))
    remarks: tuple[str, ...] = ()
    reranker: Reranker | None = None
    limits: Limits = NO_LIMITS

    def digests(self) -> Digests:
        """A new service, which knows only what is stored."""
        return Digests(
            database=self.database,
            candidates=Candidates(database=self.database, source=self.source, clock=self.clock),
            library=self.library(),
            summaries=Summaries(database=self.database, model=self.model, prices=self.prices),
            tastes=self.tastes(),
            admission=admission(self.database, self.clock, limits=self.limits),
            clock=self.clock,
            remarks=self.remarks,
            reranker=self.reranker,
        )

    def library(self) -> Library:
        """The library behind it."""
        return Library(
            database=self.database,
            announcements=ListedAnnouncements(),
            pdfs=self.pdfs,
            reader=self.reader,
            embedder=self.embedder,
        )

    def tastes(self) -> Tastes:
        """The choosing of papers behind it."""
        return Tastes(
            database=self.database, library=self.library(), embedder=self.embedder, clock=self.clock
        )

    async def written(self, plan: Plan) -> list[PaperOutcome]:
        """Write each highlight; returns the outcomes."""
        return [await self.digests().write(pick.paper.id, pick.paper.version) for pick in plan.highlights]

    async def make(self, asked: DigestRequest) -> Digest:
        """All steps, one after the other."""
        plan = await self.digests().plan(asked)
        return await self.digests().compose(plan, await self.written(plan))
