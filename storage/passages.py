"""Passages and embeddings: the truth that the passage index is built from."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import (
    ColumnElement,
    LargeBinary,
    Row,
    Select,
    and_,
    delete,
    func,
    select,
    tuple_,
    type_coerce,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from storage.batches import BATCH_SIZE, batched
from storage.model import Passage
from storage.model.keys import paper_key, passage_id, passage_place, split_key
from storage.tables import ExampleRow, PaperRow, PaperVectorRow, PassageRow, PassageVectorRow, VoteRow
from storage.types import FloatVector, vectors_of
from storage.upserts import upsert


class Passages:
    """The queries over passages and vectors, inside one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def save(self, passages: Sequence[Passage], *, embedder: str, vectors: FloatVector | None) -> None:
        """Store the passages of paper versions in place of those they had, with their vectors.

        What is there already, as where two processes read one paper at once, stays with the vectors it has.

        Args:
            passages: All passages of each paper version among them; the version itself is stored already.
            embedder: Who made the vectors.
            vectors: Shape (len(passages), dimensions); None where there was no embedder.
        """
        for batch in batched([split_key(key) for key in await self._with_others(passages)]):
            of_batch = _in_versions(PassageRow.paper_id, PassageRow.version, batch)
            await self._session.execute(delete(PassageRow).where(of_batch))
        await upsert(self._session, PassageRow, [_row(passage) for passage in passages])
        if vectors is not None:
            rows = [
                {**_place(passage), "embedder": embedder, "vector": vector}
                for passage, vector in zip(passages, vectors, strict=True)
            ]
            await upsert(self._session, PassageVectorRow, rows)

    async def _with_others(self, passages: Sequence[Passage]) -> list[str]:
        """The keys of the paper versions among these that have passages, and not just these, by key."""
        wanted: dict[str, list[Passage]] = {}
        for passage in sorted(passages, key=lambda passage: passage.ordinal):
            wanted.setdefault(passage.paper_key, []).append(passage)
        stored = await self.of_papers(list(wanted))
        return sorted(key for key, there in stored.items() if there != wanted[key])

    async def of(self, paper_id: str, version: int) -> list[Passage]:
        """A paper version's passages in their order."""
        rows = await self._session.scalars(
            select(PassageRow)
            .where(PassageRow.paper_id == paper_id, PassageRow.version == version)
            .order_by(PassageRow.ordinal)
        )
        return [_passage(row) for row in rows]

    async def of_papers(self, paper_keys: Sequence[str]) -> dict[str, list[Passage]]:
        """The passages of these paper versions in their order, by key; versions without any are missing."""
        found: dict[str, list[Passage]] = {}
        for batch in batched([split_key(key) for key in paper_keys]):
            rows = await self._session.execute(
                select(*PassageRow.__table__.columns)
                .where(_in_versions(PassageRow.paper_id, PassageRow.version, batch))
                .order_by(PassageRow.paper_id, PassageRow.version, PassageRow.ordinal)
            )
            for row in rows:
                passage = _passage(row)
                found.setdefault(passage.paper_key, []).append(passage)
        return found

    async def by_id(self, ids: Sequence[str]) -> dict[str, Passage]:
        """The passages with these ids, in no particular order; unknown ones are missing."""
        found: dict[str, Passage] = {}
        for batch in batched([passage_place(id_) for id_ in ids]):
            place = tuple_(PassageRow.paper_id, PassageRow.version, PassageRow.ordinal)
            of_papers = {(paper_id, version) for paper_id, version, _ in batch}
            rows = await self._session.execute(
                select(*PassageRow.__table__.columns).where(
                    _in_versions(PassageRow.paper_id, PassageRow.version, [*of_papers]), place.in_(batch)
                )
            )
            found |= {passage.id: passage for passage in map(_passage, rows)}
        return found

    async def vectors(
        self, embedder: str, *, paper_keys: Sequence[str] | None = None
    ) -> tuple[list[str], FloatVector]:
        """Passage ids with their vectors by this embedder, of all papers or of those named.

        The array has the shape (len(ids), dimensions), and (0, 0) when there are none.
        """
        if paper_keys is None:
            return await self._all_vectors(embedder)
        ids: list[str] = []
        parts: list[FloatVector] = []
        for batch in batched([split_key(key) for key in paper_keys]):
            of_batch = _in_versions(PassageVectorRow.paper_id, PassageVectorRow.version, batch)
            rows = (await self._session.execute(_vectors(embedder, of_batch))).all()
            if rows:
                ids += _ids(rows)
                parts.append(_stacked(rows))
        return ids, np.concatenate(parts) if parts else _none()

    async def vector_count(self, embedder: str) -> int:
        """How many passages have a vector by this embedder."""
        counted = select(func.count()).where(PassageVectorRow.embedder == embedder)
        return await self._session.scalar(counted) or 0

    async def save_paper_vectors(self, embedder: str, ids: Sequence[str], vectors: FloatVector) -> None:
        """Store one vector for each stored paper as a whole; shape (len(ids), dimensions)."""
        rows = [
            {"embedder": embedder, "paper_id": paper_id, "vector": vector}
            for paper_id, vector in zip(ids, vectors, strict=True)
        ]
        await upsert(self._session, PaperVectorRow, rows)

    async def paper_vectors(self, embedder: str, ids: Sequence[str]) -> dict[str, FloatVector]:
        """The vectors of papers as a whole by this embedder, by id; papers without one are missing."""
        found: dict[str, FloatVector] = {}
        for batch in batched(ids):
            rows = await self._session.execute(
                select(PaperVectorRow.paper_id, PaperVectorRow.vector).where(
                    PaperVectorRow.embedder == embedder, PaperVectorRow.paper_id.in_(batch)
                )
            )
            found |= {row.paper_id: row.vector for row in rows}
        return found

    async def prune_paper_vectors(self, *, submitted_before: datetime) -> None:
        """Delete vectors of old papers that nobody voted for or named; they can be made anew."""
        old = select(PaperRow.id).where(PaperRow.published < submitted_before)
        wanted = (select(VoteRow.paper_id), select(ExampleRow.paper_id))
        await self._session.execute(
            delete(PaperVectorRow).where(
                PaperVectorRow.paper_id.in_(old), *(PaperVectorRow.paper_id.not_in(ids) for ids in wanted)
            )
        )

    async def _all_vectors(self, embedder: str) -> tuple[list[str], FloatVector]:
        # Up to a hundred thousand rows: let others run in between.
        result = await self._session.stream(_vectors(embedder))
        ids: list[str] = []
        parts: list[FloatVector] = []
        try:
            async for rows in result.partitions(BATCH_SIZE):
                ids += _ids(rows)
                parts.append(_stacked(rows))
        finally:  # who is cancelled in between leaves no cursor open
            await result.close()
        return ids, np.concatenate(parts) if parts else _none()


def _vectors(embedder: str, *where: ColumnElement[bool]) -> Select[str, int, int, bytes]:
    """Vectors as their bytes, which are quicker to put together than arrays."""
    table = PassageVectorRow
    return (
        select(table.paper_id, table.version, table.ordinal, type_coerce(table.vector, LargeBinary))
        .where(table.embedder == embedder, *where)
        .order_by(table.paper_id, table.version, table.ordinal)
    )


def _ids(rows: Sequence[Row[str, int, int, bytes]]) -> list[str]:
    return [passage_id(paper_key(paper_id, version), ordinal) for paper_id, version, ordinal, _ in rows]


def _stacked(rows: Sequence[Row[str, int, int, bytes]]) -> FloatVector:
    return vectors_of(b"".join(vector for *_, vector in rows)).reshape(len(rows), -1)


def _none() -> FloatVector:
    return np.empty((0, 0), dtype=np.float32)


def _in_versions(
    paper_id: InstrumentedAttribute[str],
    version: InstrumentedAttribute[int],
    versions: Sequence[tuple[str, int]],
) -> ColumnElement[bool]:
    # SQLite looks up no index for pairs (50 ms instead of 0.5 at 100,000 passages), so papers come first.
    ids = {wanted for wanted, _ in versions}
    return and_(paper_id.in_(ids), tuple_(paper_id, version).in_(versions))


def _place(passage: Passage) -> dict[str, Any]:
    return {"paper_id": passage.paper_id, "version": passage.version, "ordinal": passage.ordinal}


def _row(passage: Passage) -> dict[str, Any]:
    return _place(passage) | {
        "heading": passage.heading,
        "kind": passage.kind,
        "first_page": passage.first_page,
        "last_page": passage.last_page,
        "text": passage.text,
    }


def _passage(row: PassageRow | Row[Any]) -> Passage:
    return Passage(
        paper_id=row.paper_id,
        version=row.version,
        ordinal=row.ordinal,
        heading=row.heading,
        kind=row.kind,
        first_page=row.first_page,
        last_page=row.last_page,
        text=row.text,
    )
