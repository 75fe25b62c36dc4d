"""INSERT ... ON CONFLICT, which SQLite and PostgreSQL spell alike and SQLAlchemy keeps in two dialects."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage.batches import batched
from storage.tables import Base

Insert: TypeAlias = postgresql.Insert | sqlite.Insert


def insert(session: AsyncSession, table: type[Base]) -> Insert:
    """An INSERT that may have an ON CONFLICT clause."""
    dialect = session.get_bind().dialect.name
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


async def execute_rows(session: AsyncSession, statement: Insert, rows: Sequence[Mapping[str, Any]]) -> None:
    """Execute an INSERT for all rows, a batch at a time: converting rows blocks the event loop."""
    for batch in batched(rows):
        await session.execute(statement, batch)


async def upsert(session: AsyncSession, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows; where a primary key exists already, update the row's other columns.

    All rows have the same columns. They are written in key order: transactions that lock the same rows in
    different orders would deadlock until PostgreSQL aborts one.
    """
    statement = insert(session, table)
    key = [column.name for column in inspect(table).primary_key]
    values = {name: statement.excluded[name] for name in (rows[0] if rows else ()) if name not in key}
    if values:
        statement = statement.on_conflict_do_update(index_elements=key, set_=values)
    else:
        statement = statement.on_conflict_do_nothing(index_elements=key)
    await execute_rows(session, statement, sorted(rows, key=lambda row: [row[name] for name in key]))
