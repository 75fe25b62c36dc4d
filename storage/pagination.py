"""Large tables in steps: on SQLite everyone waits while a transaction goes through a whole table."""

from collections.abc import Sequence
from typing import TypeAlias

from sqlalchemy import ColumnElement, and_, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

Place: TypeAlias = tuple[str, ...]
"""A row's key: one text for each column."""


async def next_step(
    session: AsyncSession, key: Sequence[InstrumentedAttribute[str]], *, after: Place | None, rows: int
) -> tuple[ColumnElement[bool], Place | None]:
    """A condition for the next `rows` rows of a table, starting after `after`, and the last one's key.

    The key is None at the end of the table.
    """
    place = tuple_(*key)
    behind = place > tuple_(*map(literal, after or ("",) * len(key)))
    found = await session.execute(select(*key).where(behind).order_by(*key).offset(rows - 1).limit(1))
    row = found.one_or_none()
    if row is None:
        return behind, None
    last = tuple(row)
    return and_(behind, place <= tuple_(*map(literal, last))), last
