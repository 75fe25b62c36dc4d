"""Advisory locks: who takes the same one waits until the other's transaction is over."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.functions import Function


async def hold(session: AsyncSession, lock: Function[None]) -> None:
    """Until the transaction ends, on PostgreSQL; on SQLite there is one transaction at a time anyway."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(select(lock))
