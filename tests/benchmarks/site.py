"""The public pages of four years: built from a database, and built again after one more digest.

200 digests with 8 highlights and 12 noted papers each: 4,000 papers, invented from the sample's sentences.
Each build is its own process and includes opening the database.
"""

import asyncio
import random
import re
import resource
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

from bot.clock import SystemClock
from bot.digest.plan import weekly_run_id
from bot.sample.week import CATEGORIES, INTERESTS
from bot.site.builder import Built, SiteBuilder
from bot.weeks import Week, parse_week
from storage.database import Database
from storage.model import (
    Digest,
    Highlight,
    Noted,
    Paper,
    Pick,
    Receipt,
    Result,
    Statement,
    Subscription,
    Summary,
    SummaryKind,
    TextSource,
)
from tests.benchmarks._invented import invented_week
from tests.benchmarks._loop import LoopWatch
from tests.benchmarks.table import Row

DIGESTS = 200
HIGHLIGHTS, NOTED = 8, 12
_LAST_WEEK = parse_week("2026-W47")
_SERVER = 42


def run() -> list[Row]:
    """Build everything, build again with nothing new, and build after one more digest."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        asyncio.run(_publish(place, [_LAST_WEEK.plus(-number) for number in range(DIGESTS)]))
        rows = _measured("whole", place)
        rows += _measured("nothing new", place)
        asyncio.run(_publish(place, [_LAST_WEEK.plus(1)]))
        rows += _measured("one more digest", place)
        sizes = {path: path.stat().st_size for path in (place / "site").rglob("*") if path.is_file()}
    pages = [size for path, size in sizes.items() if path.parent.parent.name == "site" and "-W" in path.name]
    indexes = [size for path, size in sizes.items() if path.parent.name == "search"]
    rows.append(_row("whole", "largest digest page (KB)", max(pages) / 1000))
    rows.append(_row("whole", "largest year's index (KB)", max(indexes) / 1000))
    return rows


def _measured(case: str, place: Path) -> list[Row]:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        measured = pool.submit(_build, place).result()
    return [_row(case, metric, value) for metric, value in measured.items()]


def _build(place: Path) -> dict[str, float]:
    began = time.perf_counter()
    built, gap = asyncio.run(_built(place))
    seconds = time.perf_counter() - began
    return {
        "seconds": seconds,
        "files": built.files,
        "files written": built.written,
        "worst event-loop gap (ms)": gap * 1000,
        "peak memory (MB)": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


async def _built(place: Path) -> tuple[Built, float]:
    database = await _database(place)
    builder = SiteBuilder(database=database, folder=place / "site", url="https://papers.example.org/")
    async with LoopWatch() as watch:
        built = await builder.build()
    await database.close()
    return built, watch.worst_seconds


async def _publish(place: Path, weeks: Sequence[Week]) -> None:
    """Store a published digest for each of these weeks."""
    dice = random.Random(str(weeks[0]))
    per_digest = HIGHLIGHTS + NOTED
    papers, _ = invented_week(per_digest * len(weeks))
    database = await _database(place)
    async with database.begin() as tx:
        await tx.subscriptions.save(
            Subscription(server_id=_SERVER, channel_id=None, publication="Invented papers")
        )
    for number, week in enumerate(weeks):
        own = papers[number * per_digest : (number + 1) * per_digest]
        digest = _digest(week, [_of_week(paper, week, place) for place, paper in enumerate(own)], dice)
        async with database.begin() as tx:
            await tx.digests.save(digest)
    await database.close()


def _of_week(paper: Paper, week: Week, place: int) -> Paper:
    """The paper with an id unique to the week."""
    month = (week.number - 1) % 12 + 1
    return replace(paper, id=f"{week.year % 100:02}{month:02}.{week.number:02}{place:03}")


def _digest(week: Week, papers: Sequence[Paper], dice: random.Random) -> Digest:
    picks = [Pick(paper=paper, score=1.0, reason=f"close to “{INTERESTS}”") for paper in papers]
    sentences = [sentence for paper in papers for sentence in re.split(r"(?<=[.?!])\s+", paper.abstract)]
    return Digest(
        id=weekly_run_id(_SERVER, week),
        server_id=_SERVER,
        week=str(week),
        first_day=week.first_day,
        last_day=week.last_day,
        highlights=tuple(
            Highlight(pick=pick, summary=_summary(pick.paper, sentences, dice)) for pick in picks[:HIGHLIGHTS]
        ),
        noted=tuple(Noted(pick=pick, gist=dice.choice(sentences)) for pick in picks[HIGHLIGHTS:]),
        receipt=Receipt(announced=1200, considered=1100, read_in_full=HIGHLIGHTS),
        model="invented-1",
        created_at=week.complete_at + timedelta(hours=3),
        chosen_at=week.complete_at + timedelta(hours=3),
        categories=CATEGORIES,
        interests=INTERESTS,
    )


def _summary(paper: Paper, sentences: Sequence[str], dice: random.Random) -> Summary:
    def said(count: int) -> tuple[Statement, ...]:
        return tuple(Statement(text=dice.choice(sentences), page=dice.randint(1, 14)) for _ in range(count))

    return Summary(
        paper_id=paper.id,
        version=paper.version,
        recipe="invented-1/1",
        kind=SummaryKind.MODEL,
        model="invented-1",
        gist=said(1)[0],
        claim=said(1)[0],
        method=said(4),
        results=tuple(
            Result(
                metric="accuracy",
                value=f"{dice.randint(50, 99)} %",
                baseline=f"{dice.randint(10, 49)} %",
                dataset="InventedBench",
                quote=dice.choice(sentences),
                page=dice.randint(1, 14),
            )
            for _ in range(4)
        ),
        critique=said(2),
        implications=said(2),
        source=TextSource.PDF,
        pages_read=14,
        page_count=14,
    )


async def _database(place: Path) -> Database:
    return await Database.open(f"sqlite:///{place / 'public.sqlite'}", clock_now=SystemClock().now)


def _row(case: str, metric: str, value: float) -> Row:
    return Row(benchmark="site", case=case, system="ours", metric=metric, value=value)
