"""The next part of a large table: on SQLite everybody waits while one transaction goes through all of it."""

from collections.abc import Sequence
from typing import TypeAlias

from sqlalchemy import ColumnElement, and_, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

Place: TypeAlias = tuple[str, ...]
"""Of a row: its key, a text for each column."""


async def next_step(
    session: AsyncSession, key: Sequence[InstrumentedAttribute[str]], *, after: Place | None, rows: int
) -> tuple[ColumnElement[bool], Place | None]:
    """What chooses the next `rows` rows of a table, from behind `after` on, and the last one's place.

    That is None at the end of the table.
    """
    place = tuple_(*key)
    behind = place > tuple_(*map(literal, after or ("",) * len(key)))
    found = await session.execute(select(*key).where(behind).order_by(*key).offset(rows - 1).limit(1))
    row = found.one_or_none()
    if row is None:
        return behind, None
    last = tuple(row)
    return and_(behind, place <= tuple_(*map(literal, last))), last
