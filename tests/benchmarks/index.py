"""The passage index at three sizes: building it, querying it, and querying SQL instead; time, memory, waits.

Each paper has fifty passages, whose vectors of 384 numbers are drawn around one centre; all is in SQLite.
"""

import asyncio
import gc
import os
import tempfile
import time
from collections.abc import Awaitable, Callable
from multiprocessing import active_children
from pathlib import Path
from typing import Self

import numpy as np

from storage.database import Database
from storage.exact import ExactSearch
from storage.index import PassageIndex
from storage.types import FloatVector
from tests.benchmarks._loop import LoopWatch
from tests.benchmarks.table import Row
from tests.databases import NOW
from tests.storage.passage_vectors import EMBEDDER, store

SIZES = (1_000, 10_000, 100_000)
_PASSAGES_A_PAPER = 50
_DIMENSIONS = 384
_QUERIES = 40


def run() -> list[Row]:
    """Measure each size in its own database, all in one process."""
    return [row for size in SIZES for row in asyncio.run(_measured(size))]


async def _measured(size: int) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="broadsheet-index-") as folder:
        database = await Database.open(f"sqlite:///{folder}/db.sqlite", clock_now=lambda: NOW)
        queries = await _filled(database, size)
        exact = await _exact(database, size, queries)
        chroma = await _chroma(database, Path(folder) / "index", size, queries)
        await database.close()
    return [*exact, *chroma]


async def _filled(database: Database, size: int) -> FloatVector:
    """Store the passages and return queries that are near some of them."""
    random = np.random.default_rng(0)
    questions = []
    for number in range(size // _PASSAGES_A_PAPER):
        centre = random.normal(size=_DIMENSIONS)
        vectors = _unit(centre + random.normal(size=(_PASSAGES_A_PAPER, _DIMENSIONS)))
        await store(database, f"2611.{number:05}", vectors)
        questions.append(vectors[0] + 0.05 * random.normal(size=_DIMENSIONS))
    chosen = random.choice(len(questions), _QUERIES)
    return _unit(np.asarray(questions)[chosen])


async def _exact(database: Database, size: int, queries: FloatVector) -> list[Row]:
    before = _resident_mb()
    exact = ExactSearch(database, EMBEDDER)
    async with _Watching(database) as watching:
        began = time.perf_counter()
        await exact.query(queries[0], 50)
        first = time.perf_counter() - began
    times = await _times(lambda query: exact.query(query, 50), queries)
    gc.collect()
    return [
        _row(size, "exact over SQL", "ready s", first),
        *_of(size, "exact over SQL", times),
        _row(size, "exact over SQL", "MB more", _resident_mb() - before),
        *watching.rows(size, "exact over SQL"),
    ]


async def _chroma(database: Database, folder: Path, size: int, queries: FloatVector) -> list[Row]:
    before = _resident_mb()
    async with _Watching(database) as watching:
        began = time.perf_counter()
        index = await PassageIndex.open(folder, database, embedder=EMBEDDER)
        built = await index.settled()
        seconds = time.perf_counter() - began
    assert built.complete, built
    times = await _times(lambda query: index.query(query, 50), queries)
    exact = ExactSearch(database, EMBEDDER)
    recalled = [
        len(_ids(await index.query(query, 50)) & _ids(await exact.query(query, 50))) / 50 for query in queries
    ]
    exact.forget()
    gc.collect()
    more = _resident_mb() - before
    await index.close()
    began = time.perf_counter()
    index = await PassageIndex.open(folder, database, embedder=EMBEDDER)
    assert (await index.settled()).complete
    again = time.perf_counter() - began
    await index.close()
    return [
        _row(size, "Chroma", "ready s", again),
        *_of(size, "Chroma", times),
        _row(size, "Chroma", "MB more", more),
        *watching.rows(size, "Chroma"),
        _row(size, "Chroma", "built passages/s", size / seconds),
        _row(size, "Chroma", "recall@50", float(np.mean(recalled))),
    ]


class _Watching:
    """How long the event loop, and a small concurrent transaction, had to wait."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._loop = LoopWatch()
        self._waits: list[float] = []

    async def __aenter__(self) -> Self:
        await self._loop.__aenter__()
        self._task = asyncio.create_task(self._wait())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self._loop.__aexit__()

    async def _wait(self) -> None:
        while True:
            began = time.perf_counter()
            async with self._database.begin() as tx:
                await tx.state.get("anything")
            self._waits.append(time.perf_counter() - began)
            await asyncio.sleep(0.02)

    def rows(self, size: int, system: str) -> list[Row]:
        return [
            _row(size, system, "others' wait p99 ms", float(np.percentile(self._waits, 99)) * 1e3),
            _row(size, system, "worst loop gap ms", self._loop.worst_seconds * 1e3),
        ]


async def _times(
    ask: Callable[[FloatVector], Awaitable[list[tuple[str, float]]]], queries: FloatVector
) -> list[float]:
    times = []
    for query in queries:
        began = time.perf_counter()
        await ask(query)
        times.append(time.perf_counter() - began)
    return times


def _ids(found: list[tuple[str, float]]) -> set[str]:
    return {id_ for id_, _ in found}


def _of(size: int, system: str, times: list[float]) -> list[Row]:
    return [
        _row(size, system, "p50 ms", float(np.percentile(times, 50)) * 1e3),
        _row(size, system, "p95 ms", float(np.percentile(times, 95)) * 1e3),
    ]


def _unit(vectors: np.ndarray) -> FloatVector:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def _resident_mb() -> float:
    """Of this process and its children, one of which is Chroma's."""
    pids = [os.getpid(), *(child.pid for child in active_children())]
    pages = [int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) for pid in pids]
    return sum(pages) * 4096 / 2**20


def _row(size: int, system: str, metric: str, value: float) -> Row:
    return Row(benchmark="index", case=f"{size:,} passages", system=system, metric=metric, value=value)
