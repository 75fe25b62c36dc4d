"""Papers' passages: their texts, cut up for retrieval."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.batches import batched
from storage.composite_keys import at_places, of_versions
from storage.model import Passage
from storage.model.keys import paper_key, passage_place, split_key
from storage.rows import record_of, row_of
from storage.tables import PaperRow, PaperVersionRow, PassageRow, PassageVectorRow
from storage.types import FloatVector
from storage.upserts import upsert


class Passages:
    """The queries over passages, inside one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def save(self, passages: Sequence[Passage], *, embedder: str, vectors: FloatVector | None) -> None:
        """Store paper versions' passages with their vectors, replacing those they had.

        Versions that have the same passages already, as when two processes read a paper at once, keep them
        and their vectors.

        Args:
            passages: All passages of each paper version among them; the version itself is stored already.
            embedder: The embedder that made the vectors.
            vectors: Shape (len(passages), dimensions); None without an embedder.
        """
        for batch in batched([split_key(key) for key in await self._changed(passages)]):
            of_batch = of_versions(PassageRow, batch)
            await self._session.execute(delete(PassageRow).where(of_batch))
        await upsert(self._session, PassageRow, [row_of(PassageRow, passage) for passage in passages])
        if vectors is not None:
            rows = [
                row_of(PassageVectorRow, passage) | {"embedder": embedder, "vector": vector}
                for passage, vector in zip(passages, vectors, strict=True)
            ]
            await upsert(self._session, PassageVectorRow, rows)

    async def _changed(self, passages: Sequence[Passage]) -> list[str]:
        """The keys of the paper versions that have passages other than these, in order."""
        wanted: dict[str, list[Passage]] = {}
        for passage in sorted(passages, key=lambda passage: passage.ordinal):
            wanted.setdefault(passage.paper_key, []).append(passage)
        stored = await self.of_papers(list(wanted))
        return sorted(key for key, existing in stored.items() if existing != wanted[key])

    async def of(self, paper_id: str, version: int) -> list[Passage]:
        """A paper version's passages, in order."""
        rows = await self._session.scalars(
            select(PassageRow)
            .where(PassageRow.paper_id == paper_id, PassageRow.version == version)
            .order_by(PassageRow.ordinal)
        )
        return [record_of(Passage, row) for row in rows]

    async def of_papers(self, paper_keys: Sequence[str]) -> dict[str, list[Passage]]:
        """The passages of these paper versions, in order, by key; versions without any are missing."""
        found: dict[str, list[Passage]] = {}
        for batch in batched([split_key(key) for key in paper_keys]):
            rows = await self._session.execute(
                select(*PassageRow.__table__.columns)
                .where(of_versions(PassageRow, batch))
                .order_by(PassageRow.paper_id, PassageRow.version, PassageRow.ordinal)
            )
            for row in rows:
                passage = record_of(Passage, row)
                found.setdefault(passage.paper_key, []).append(passage)
        return found

    async def any(self) -> bool:
        """Whether there are passages of any paper."""
        return await self._session.scalar(select(PassageRow.paper_id).limit(1)) is not None

    async def newest_keys(self, paper_ids: Sequence[str]) -> list[str]:
        """The keys of those of these papers that have passages, each at the newest version that has any.

        They come in order of their ids, of which there is at most one batch.
        """
        has_passages = select(PassageRow.ordinal).where(
            PassageRow.paper_id == PaperVersionRow.paper_id, PassageRow.version == PaperVersionRow.version
        )
        rows = await self._session.execute(
            select(PaperVersionRow.paper_id, func.max(PaperVersionRow.version))
            .where(PaperVersionRow.paper_id.in_(paper_ids), has_passages.exists())
            .group_by(PaperVersionRow.paper_id)
            .order_by(PaperVersionRow.paper_id)
        )
        return [paper_key(*row) for row in rows]

    async def titles(self, paper_keys: Sequence[str]) -> dict[str, str]:
        """The newest titles of those of these paper versions that have passages, by key."""
        found: dict[str, str] = {}
        for batch in batched([split_key(key) for key in paper_keys]):
            rows = await self._session.execute(
                select(PassageRow.paper_id, PassageRow.version, PaperRow.title)
                .join(PaperRow, PaperRow.id == PassageRow.paper_id)
                .where(of_versions(PassageRow, batch), PassageRow.ordinal == 0)
            )
            found |= {paper_key(paper_id, version): title for paper_id, version, title in rows}
        return found

    async def by_id(self, ids: Sequence[str]) -> dict[str, Passage]:
        """The passages with these ids, in no particular order; unknown ones are missing."""
        found: dict[str, Passage] = {}
        for batch in batched([passage_place(id_) for id_ in ids]):
            rows = await self._session.execute(
                select(*PassageRow.__table__.columns).where(at_places(PassageRow, batch))
            )
            passages = [record_of(Passage, row) for row in rows]
            found |= {passage.id: passage for passage in passages}
        return found
