"""Reads what is stored of many papers, in batches: on SQLite a transaction keeps everyone else waiting."""

from collections.abc import Sequence

from storage.batches import batched
from storage.database import Database
from storage.model import Paper
from storage.types import FloatVector


async def stored_papers(database: Database, ids: Sequence[str]) -> dict[str, Paper]:
    """The newest stored versions of these papers, by id; unknown ones are left out."""
    found: dict[str, Paper] = {}
    for batch in batched(ids):
        async with database.begin() as tx:
            found |= {paper.id: paper for paper in await tx.papers.many(batch)}
    return found


async def stored_vectors(database: Database, embedder: str, ids: Sequence[str]) -> dict[str, FloatVector]:
    """This embedder's vectors of whole papers, by id; papers without one are left out."""
    found: dict[str, FloatVector] = {}
    for batch in batched(ids):
        async with database.begin() as tx:
            found |= await tx.paper_vectors.of(embedder, batch)
    return found
