"""Passages' vectors, in small steps: the source of truth that the passage index is built from.

On SQLite each step keeps everyone else waiting: counting 200,000 vectors takes some 60 ms, all else
milliseconds.
"""

from collections.abc import Sequence

import numpy as np
from sqlalchemy import ColumnElement, LargeBinary, delete, func, literal, select, tuple_, type_coerce
from sqlalchemy.ext.asyncio import AsyncSession

from storage.batches import batched
from storage.composite_keys import PassageTable, at_places, of_versions
from storage.model.keys import paper_key, passage_id, passage_place, split_key
from storage.pagination import Place, next_step
from storage.tables import PassageRow, PassageVectorRow
from storage.types import FloatVector, vector_bytes, vectors_of
from storage.upserts import upsert
from storage.vector_sizes import drop_other_sizes

_PASSAGES_PER_STEP = 2_000
"""Looked at in one transaction, which takes some 7 ms."""


class PassageVectors:
    """The queries over passages' vectors, inside one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def passage_counts(self) -> dict[str, int]:
        """How many passages each stored paper version has, by its key."""
        return await self._counts(PassageRow)

    async def counts(self, embedder: str) -> dict[str, int]:
        """How many passages of each paper version have a vector by this embedder, by the version's key."""
        return await self._counts(PassageVectorRow, PassageVectorRow.embedder == embedder)

    async def _counts(self, table: PassageTable, *where: ColumnElement[bool]) -> dict[str, int]:
        rows = await self._session.execute(
            select(table.paper_id, table.version, func.count())
            .where(*where)
            .group_by(table.paper_id, table.version)
        )
        return {paper_key(paper_id, version): count for paper_id, version, count in rows}

    async def lacking(self, embedder: str, *, after: Place | None) -> tuple[dict[str, int], Place | None]:
        """How many passages have no vector by this embedder, by the key of each paper version that lacks any.

        Each call looks at the next papers after `after`; also returns the last one's place, None at the end.
        """
        in_step, last = await next_step(
            self._session, [PassageRow.paper_id], after=after, rows=_PASSAGES_PER_STEP
        )
        has_vector = select(PassageVectorRow.ordinal).where(
            PassageVectorRow.embedder == embedder,
            PassageVectorRow.paper_id == PassageRow.paper_id,
            PassageVectorRow.version == PassageRow.version,
            PassageVectorRow.ordinal == PassageRow.ordinal,
        )
        return await self._counts(PassageRow, in_step, ~has_vector.exists()), last

    async def embedders(self) -> dict[str, int]:
        """How many vectors of passages each embedder made, by its name."""
        table = PassageVectorRow
        rows = await self._session.execute(select(table.embedder, func.count()).group_by(table.embedder))
        return {row[0]: row[1] for row in rows}

    async def ids(self, embedder: str, *, after: str | None, limit: int) -> list[str]:
        """Ids of passages with a vector by this embedder, in a fixed order, starting after `after`."""
        table = PassageVectorRow
        query = select(table.paper_id, table.version, table.ordinal).where(table.embedder == embedder)
        if after is not None:
            place = tuple_(table.paper_id, table.version, table.ordinal)
            query = query.where(tuple_(*map(literal, passage_place(after))) < place)
        rows = await self._session.execute(
            query.order_by(table.paper_id, table.version, table.ordinal).limit(limit)
        )
        return [passage_id(paper_key(paper_id, version), ordinal) for paper_id, version, ordinal in rows]

    async def of(
        self, embedder: str, ids: Sequence[str], *, dimensions: int | None = None
    ) -> tuple[list[str], FloatVector]:
        """The vectors of these passages by this embedder, with the ids of those that have one.

        Those of another size than `dimensions`, or else than the first, count as missing: another model stood
        behind the same name. The array has the shape (len(ids), dimensions), or (0, 0) if there are none.
        """
        places = [passage_place(id_) for id_ in ids]
        conditions = [at_places(PassageVectorRow, batch) for batch in batched(places)]
        return await self._read(embedder, conditions, dimensions)

    async def of_papers(
        self, embedder: str, paper_keys: Sequence[str], *, dimensions: int | None = None
    ) -> tuple[list[str], FloatVector]:
        """The same for all passages of these paper versions, each version's in order."""
        versions = [split_key(key) for key in paper_keys]
        conditions = [of_versions(PassageVectorRow, batch) for batch in batched(versions)]
        return await self._read(embedder, conditions, dimensions)

    async def _read(
        self, embedder: str, conditions: Sequence[ColumnElement[bool]], dimensions: int | None
    ) -> tuple[list[str], FloatVector]:
        """The vectors that each condition selects, by paper, version and position."""
        size = None if dimensions is None else vector_bytes(dimensions)
        table = PassageVectorRow
        ids: list[str] = []
        parts: list[bytes] = []
        for condition in conditions:
            rows = await self._session.execute(
                # As bytes, which are quicker to join than arrays.
                select(table.paper_id, table.version, table.ordinal, type_coerce(table.vector, LargeBinary))
                .where(table.embedder == embedder, condition)
                .order_by(table.paper_id, table.version, table.ordinal)
            )
            for paper_id, version, ordinal, vector in rows:
                size = size or len(vector)
                if len(vector) == size:
                    ids.append(passage_id(paper_key(paper_id, version), ordinal))
                    parts.append(vector)
        if not ids:
            return [], np.empty((0, 0), dtype=np.float32)
        return ids, vectors_of(b"".join(parts)).reshape(len(ids), -1)

    async def save(self, embedder: str, ids: Sequence[str], vectors: FloatVector) -> list[str]:
        """Store vectors of passages; returns the ids of those passages that still exist.

        Args:
            embedder: The embedder that made the vectors.
            ids: The passages, all of one paper version.
            vectors: Shape (len(ids), dimensions).
        """
        if not ids:
            return []
        paper_id, version, _ = passage_place(ids[0])
        stored = set(
            await self._session.scalars(
                select(PassageRow.ordinal).where(
                    PassageRow.paper_id == paper_id, PassageRow.version == version
                )
            )
        )
        rows = {
            id_: {
                "embedder": embedder,
                "paper_id": paper_id,
                "version": version,
                "ordinal": passage_place(id_)[2],
                "vector": vector,
            }
            for id_, vector in zip(ids, vectors, strict=True)
            if passage_place(id_)[2] in stored
        }
        await upsert(self._session, PassageVectorRow, list(rows.values()))
        return list(rows)

    async def delete(self, embedder: str, ids: Sequence[str]) -> None:
        """Delete the vectors of these passages by this embedder."""
        for places in batched([passage_place(id_) for id_ in ids]):
            await self._session.execute(
                delete(PassageVectorRow).where(
                    PassageVectorRow.embedder == embedder, at_places(PassageVectorRow, places)
                )
            )

    async def drop_other_sizes(self, embedder: str, dimensions: int) -> bool:
        """Delete an embedder's vectors of another size, of whole papers too; returns whether it had any."""
        return await drop_other_sizes(self._session, embedder, dimensions)
