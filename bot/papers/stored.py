"""What is stored of many papers, read a few at a time: on SQLite nobody else is served in a transaction."""

from collections.abc import Sequence

from storage.batches import batched
from storage.database import Database
from storage.model import Paper
from storage.types import FloatVector


async def stored_papers(database: Database, ids: Sequence[str]) -> dict[str, Paper]:
    """The newest stored versions of these papers, by id; unknown ones are missing."""
    found: dict[str, Paper] = {}
    for batch in batched(ids):
        async with database.begin() as tx:
            found |= {paper.id: paper for paper in await tx.papers.many(batch)}
    return found


async def stored_vectors(database: Database, embedder: str, ids: Sequence[str]) -> dict[str, FloatVector]:
    """The vectors of papers as a whole by this embedder, by id; papers without one are missing."""
    found: dict[str, FloatVector] = {}
    for batch in batched(ids):
        async with database.begin() as tx:
            found |= await tx.paper_vectors.of(embedder, batch)
    return found
