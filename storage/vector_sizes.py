"""Vectors of another size than an embedder makes now: a server may exchange the model behind a name."""

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import PaperVectorRow, PassageVectorRow
from storage.types import vector_bytes

_PAPERS_AT_A_TIME = 100


async def drop_other_sizes(session: AsyncSession, embedder: str, dimensions: int) -> bool:
    """Delete an embedder's vectors of another size, of some papers at a time; returns whether it had any."""
    had_any = False
    for table in (PassageVectorRow, PaperVectorRow):
        is_other = (table.embedder == embedder) & (func.length(table.vector) != vector_bytes(dimensions))
        papers = select(table.paper_id).where(is_other).distinct().limit(_PAPERS_AT_A_TIME)
        paper_ids = (await session.scalars(papers)).all()
        await session.execute(delete(table).where(is_other, table.paper_id.in_(paper_ids)))
        had_any |= bool(paper_ids)
    return had_any
