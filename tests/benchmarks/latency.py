"""How long retrieval takes, the question's embedding included.

Invented papers of 70 passages, with words drawn by Zipf's law and vectors near their paper's centre, in a
real database with the real index and the real embedder. Scopes: one paper, a week's eight, half of all,
all. Each question is new to the process, and nearly always each paper, so the only cache that helps is the
shelf, which is filled at the start (`prepare`). Processor time, over all threads, says more than wall time
on a busy machine.
"""

import asyncio
import itertools
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from bot.answers.retrieval import Retrieval
from bot.clock import SystemClock
from bot.llm.minilm.embedder import MiniLmEmbedder
from storage.database import Database
from storage.index import PassageIndex
from storage.model import Page, Paper, PaperText, Passage, SectionKind, TextSource
from storage.types import FloatVector
from tests.benchmarks.table import Row

_SIZES = (1_000, 10_000, 100_000)
_PASSAGES = 70
_WORDS = 85
_VOCABULARY = 30_000
_QUESTIONS = 100
_HEADINGS = ("Introduction", "Related work", "Method", "Data", "Experiments", "Results", "Conclusion")
_MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
_PAPERS_AT_A_TIME = 20


_DIMENSIONS = MiniLmEmbedder.dimensions


def run() -> list[Row]:
    """Fill a database up to each size and ask questions; filling it to the last size takes minutes."""
    return asyncio.run(_measured())


async def _measured() -> list[Row]:
    rows: list[Row] = []
    invented = _Invented(np.random.default_rng(7))
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        database = await Database.open(f"sqlite:///{folder / 'db.sqlite3'}", clock_now=SystemClock().now)
        stack.push_async_callback(database.close)
        embedder = await stack.enter_async_context(MiniLmEmbedder(os.cpu_count() or 1))
        await embedder.embed(["the first call loads the model"])
        index = await PassageIndex.open(folder / "index", database, embedder=embedder.name)
        stack.push_async_callback(index.close)
        retrieval = Retrieval(database=database, embedder=embedder, index=index)
        for size in _SIZES:
            await invented.fill(database, index, embedder.name, size // _PASSAGES)
            began = time.perf_counter()
            await retrieval.prepare()
            rows.append(_row(size, "all", "putting up the new papers (s)", time.perf_counter() - began))
            rows += [
                row
                for name, scope in invented.scopes().items()
                for row in await _asked(size, name, retrieval, invented, scope)
            ]
    return rows


async def _asked(
    size: int, name: str, retrieval: Retrieval, invented: "_Invented", scopes: Iterator[Sequence[str] | None]
) -> list[Row]:
    seconds, busy = [], []
    for _ in range(_QUESTIONS):
        question, scope = invented.question(), next(scopes)
        began, worked = time.perf_counter(), time.process_time()
        found = await retrieval.find(question, scope)
        seconds.append(time.perf_counter() - began)
        busy.append(time.process_time() - worked)
        assert found.passages
    figures = {
        "p50 (ms)": np.percentile(seconds, 50),
        "p99 (ms)": np.percentile(seconds, 99),
        "processor p50 (ms)": np.percentile(busy, 50),
    }
    return [_row(size, name, metric, float(value) * 1000) for metric, value in figures.items()]


def _row(size: int, scope: str, metric: str, value: float) -> Row:
    return Row(benchmark="latency", case=f"{size:,} passages", system=scope, metric=metric, value=value)


class _Invented:
    """Papers and questions that an index cannot tell from real ones."""

    def __init__(self, dice: np.random.Generator) -> None:
        self._dice = dice
        self._papers: list[str] = []
        ranks = np.arange(1, _VOCABULARY + 1)
        self._chances = (1 / ranks) / (1 / ranks).sum()

    async def fill(self, database: Database, index: PassageIndex, embedder: str, papers: int) -> None:
        """Store papers until there are this many."""
        while len(self._papers) < papers:
            count = min(_PAPERS_AT_A_TIME, papers - len(self._papers))
            new = [self._paper(len(self._papers) + number) for number in range(count)]
            parts = [part for _, of_one in new for part in of_one]
            vectors = np.concatenate([self._vectors() for _ in new])
            async with database.begin() as tx:
                await tx.papers.save([paper for paper, _ in new])
                for paper, of_one in new:
                    await tx.papers.save_text(_text(paper, of_one))
                await tx.passages.save(parts, embedder=embedder, vectors=vectors)
            await index.add([part.id for part in parts], vectors)
            self._papers += [paper.key for paper, _ in new]

    def question(self) -> str:
        """Eight words, as rare or common as the papers'."""
        return f"Which {self._words(8)}?"

    def scopes(self) -> dict[str, Iterator[Sequence[str] | None]]:
        """An endless series of scopes of each kind, drawn at random."""
        return {
            "one paper": self._some(1),
            "eight papers": self._some(8),
            "half of all": self._some(len(self._papers) // 2),
            "all": itertools.repeat(None),
        }

    def _some(self, count: int) -> Iterator[Sequence[str]]:
        while True:
            yield tuple(self._dice.choice(self._papers, count, replace=False).tolist())

    def _words(self, count: int) -> str:
        drawn = self._dice.choice(_VOCABULARY, count, p=self._chances)
        return " ".join(f"w{number:05d}" for number in drawn)

    def _vectors(self) -> FloatVector:
        centre = self._dice.normal(size=_DIMENSIONS)
        vectors = centre + self._dice.normal(size=(_PASSAGES, _DIMENSIONS))
        unit: FloatVector = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
        return unit

    def _paper(self, number: int) -> tuple[Paper, list[Passage]]:
        paper_id = f"26{number // 90_000 + 1:02d}.{number % 90_000 + 1:05d}"
        paper = Paper(
            id=paper_id,
            version=1,
            title=self._words(9),
            abstract=self._words(150),
            authors=("A. Writer",),
            categories=("cs.CL",),
            published=_MONDAY + timedelta(minutes=number),
            updated=_MONDAY,
        )
        parts = [
            Passage(
                paper_id=paper_id,
                version=1,
                ordinal=ordinal,
                heading=_HEADINGS[ordinal * len(_HEADINGS) // _PASSAGES],
                kind=SectionKind.BODY,
                first_page=1,
                last_page=1,
                text=self._words(_WORDS),
            )
            for ordinal in range(_PASSAGES)
        ]
        return paper, parts


def _text(paper: Paper, parts: Sequence[Passage]) -> PaperText:
    return PaperText(
        paper_id=paper.id,
        version=paper.version,
        source=TextSource.PDF,
        reader="invented",
        pages=(Page(number=1, text="\n\n".join(part.text for part in parts)),),
        page_count=1,
    )
