"""Exact search over the vectors in SQL: slower than an index, but always right.

In memory each vector is kept as bytes with one scale, a quarter of its size: 100,000 vectors of 384 numbers
take 38 MB instead of 154. The bytes select the candidates, the vectors in SQL decide.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt

from storage.batches import batched
from storage.database import Database
from storage.model.keys import key_of_passage
from storage.types import FloatVector

_PAPERS_AT_A_TIME = 8
_CANDIDATES = 64
"""Compared by their true vectors: four times as many as are asked for, and at least these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """The vectors of one paper version."""

    ids: tuple[str, ...]
    levels: npt.NDArray[np.int8]
    scales: FloatVector

    def likeness(self, vector: FloatVector) -> FloatVector:
        product: FloatVector = (self.levels.astype(np.float32) @ vector) * self.scales
        return product


class ExactSearch:
    """Compares a vector with all vectors of one embedder. It caches what it has read until told to forget."""

    def __init__(self, database: Database, embedder: str) -> None:
        self._database = database
        self._embedder = embedder
        self._papers: dict[str, _Rows] = {}
        self._catching_up = asyncio.Lock()

    async def query(self, vector: FloatVector, limit: int) -> list[tuple[str, float]]:
        """The passages nearest to `vector` (of length 1), the nearest first, with their cosine similarity.

        Whatever any process has committed is found.
        """
        async with self._catching_up:
            papers = await self._catch_up(len(vector))
        candidates = await asyncio.to_thread(_nearest, papers, vector, max(4 * limit, _CANDIDATES))
        async with self._database.begin() as tx:
            ids, vectors = await tx.vectors.of(self._embedder, candidates, dimensions=len(vector))
        if not ids:
            return []
        likeness = vectors @ vector
        order = np.argsort(-likeness, kind="stable")[:limit]
        return [(ids[place], float(likeness[place])) for place in order]

    def forget(self) -> None:
        """Empty the cache; the next query reads everything again."""
        self._papers = {}

    async def _catch_up(self, dimensions: int) -> tuple[_Rows, ...]:
        async with self._database.begin() as tx:
            counts = await tx.vectors.counts(self._embedder)
        papers = {
            key: rows
            for key, rows in self._papers.items()
            if rows.levels.shape == (counts.get(key), dimensions)
        }
        self._papers = papers
        missing = [key for key in counts if key not in papers]
        for keys in batched(missing, _PAPERS_AT_A_TIME):
            async with self._database.begin() as tx:
                ids, vectors = await tx.vectors.of_papers(self._embedder, keys, dimensions=dimensions)
            papers |= _by_paper(ids, vectors)
        return tuple(papers.values())


def _by_paper(ids: Sequence[str], vectors: FloatVector) -> dict[str, _Rows]:
    found: dict[str, _Rows] = {}
    for key, places in groupby(range(len(ids)), key=lambda place: key_of_passage(ids[place])):
        of_paper = list(places)
        rows = vectors[of_paper]
        # A row of zeros gets the scale 1, to avoid 0/0.
        scales = np.abs(rows).max(axis=1, keepdims=True) / 127
        scales[scales == 0] = 1
        found[key] = _Rows(
            ids=tuple(ids[place] for place in of_paper),
            levels=np.rint(rows / scales).astype(np.int8),
            scales=scales[:, 0],
        )
    return found


def _nearest(papers: Sequence[_Rows], vector: FloatVector, limit: int) -> list[str]:
    if not papers:
        return []
    likeness = np.concatenate([rows.likeness(vector) for rows in papers])
    starts = np.cumsum([0, *(len(rows.ids) for rows in papers)])
    nearest = np.argpartition(-likeness, limit)[:limit] if limit < len(likeness) else range(len(likeness))
    found = []
    for place in nearest:
        paper = int(np.searchsorted(starts, place, side="right")) - 1
        found.append(papers[paper].ids[place - starts[paper]])
    return found
