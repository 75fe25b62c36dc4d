"""Vectors of papers as a whole: of title and abstract, or of the title alone."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.batches import batched
from storage.tables import ExampleRow, PaperRow, PaperVectorRow, VoteRow
from storage.types import FloatVector
from storage.upserts import upsert


class PaperVectors:
    """The queries over papers' vectors, inside one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def save(self, embedder: str, ids: Sequence[str], vectors: FloatVector) -> None:
        """Store one vector for each stored paper; shape (len(ids), dimensions)."""
        rows = [
            {"embedder": embedder, "paper_id": paper_id, "vector": vector}
            for paper_id, vector in zip(ids, vectors, strict=True)
        ]
        await upsert(self._session, PaperVectorRow, rows)

    async def of(self, embedder: str, ids: Sequence[str]) -> dict[str, FloatVector]:
        """The vectors of these papers by this embedder, by id; papers without one are missing."""
        found: dict[str, FloatVector] = {}
        for batch in batched(ids):
            rows = await self._session.execute(
                select(PaperVectorRow.paper_id, PaperVectorRow.vector).where(
                    PaperVectorRow.embedder == embedder, PaperVectorRow.paper_id.in_(batch)
                )
            )
            found |= {row.paper_id: row.vector for row in rows}
        return found

    async def prune(self, *, submitted_before: datetime) -> None:
        """Delete vectors of old papers that nobody voted for or named; they can be made anew."""
        old = select(PaperRow.id).where(PaperRow.published < submitted_before)
        wanted = (select(VoteRow.paper_id), select(ExampleRow.paper_id))
        await self._session.execute(
            delete(PaperVectorRow).where(
                PaperVectorRow.paper_id.in_(old), *(PaperVectorRow.paper_id.not_in(ids) for ids in wanted)
            )
        )
