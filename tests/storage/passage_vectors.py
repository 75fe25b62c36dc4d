"""Vectors to store and to search for, and the answers an index has to give."""

from pathlib import Path
from typing import Protocol

import numpy as np

from storage.chroma import close, opened
from storage.database import Database
from storage.types import FloatVector
from tests.storage.records import paper, passage

EMBEDDER = "minilm int8/2"


class Search(Protocol):
    """An index, or exact search."""

    async def query(self, vector: FloatVector, limit: int) -> list[tuple[str, float]]: ...


def unit_vectors(count: int, seed: int = 0, dimensions: int = 16) -> FloatVector:
    vectors = np.random.default_rng(seed).normal(size=(count, dimensions)).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


VECTORS = unit_vectors(40)
IDS = [f"2611.00001v1#{number}" for number in range(40)]
"""The ids of the vectors when they are stored as the passages of 2611.00001."""


async def store(
    database: Database, paper_id: str, vectors: FloatVector, *, embedder: str = EMBEDDER
) -> list[str]:
    """Store a paper whose passages have these vectors; returns the passages' ids."""
    passages = [passage(number, paper_id) for number in range(len(vectors))]
    async with database.begin() as tx:
        await tx.papers.save([paper(paper_id)])
        await tx.passages.save(passages, embedder=embedder, vectors=vectors)
    return [part.id for part in passages]


async def assert_answers(index: Search) -> None:
    """Check that the index has the forty vectors."""
    found = await index.query(VECTORS[7], 3)
    expected = np.argsort(-(VECTORS @ VECTORS[7]))[:3]
    assert [id_ for id_, _ in found] == [IDS[place] for place in expected]
    np.testing.assert_allclose([score for _, score in found], (VECTORS @ VECTORS[7])[expected], atol=1e-4)


def count_in(location: Path | str) -> dict[str, int]:
    """The number of vectors in each collection of a folder or server."""
    client = opened(location)
    counts = {collection.name: collection.count() for collection in client.list_collections()}
    close(client)
    return counts
