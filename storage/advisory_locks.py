"""Advisory locks: a transaction waits for the one that holds the same lock to end."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.functions import Function


async def hold(session: AsyncSession, lock: Function[None]) -> None:
    """Hold the lock until the transaction ends; SQLite, with one transaction at a time, needs none."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(select(lock))
