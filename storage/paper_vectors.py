"""Vectors of whole papers: of title and abstract, or of the title alone."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.batches import batched
from storage.pagination import Place, next_step
from storage.tables import PaperRow, PaperVectorRow, SeedRow, VoteRow
from storage.types import FloatVector
from storage.upserts import upsert

_ROWS_PER_STEP = 2_000
"""Checked in one transaction, which takes some 20 ms: on SQLite everyone else waits meanwhile."""


class PaperVectors:
    """The queries over papers' vectors, inside one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def save(self, embedder: str, ids: Sequence[str], vectors: FloatVector) -> None:
        """Store one vector for each of these stored papers; shape (len(ids), dimensions)."""
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

    async def prune(self, *, submitted_before: datetime, after: Place | None = None) -> Place | None:
        """Delete vectors of old papers that nobody voted on or named as an example; they can be made again.

        Each call checks some rows, starting after `after`; returns the key of the last one, None at the end.
        """
        table = PaperVectorRow
        key = (table.embedder, table.paper_id)
        in_step, last = await next_step(self._session, key, after=after, rows=_ROWS_PER_STEP)
        is_old = select(PaperRow.id).where(
            PaperRow.id == table.paper_id, PaperRow.published < submitted_before
        )
        has_vote = select(VoteRow.paper_id).where(VoteRow.paper_id == table.paper_id)
        await self._session.execute(
            delete(table).where(
                in_step,
                is_old.exists(),
                ~has_vote.exists(),
                table.paper_id.not_in(select(SeedRow.paper_id)),
            )
        )
        return last
