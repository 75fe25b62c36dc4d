"""Converts records to rows and back, where columns are named like the record's fields."""

from collections.abc import Callable
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Row, Select, inspect
from sqlalchemy.ext.asyncio import AsyncSession

from storage.batches import BATCH_SIZE
from storage.tables import Base

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

RecordT = TypeVar("RecordT", bound="DataclassInstance")
MadeT = TypeVar("MadeT")


def row_of(table: type[Base], record: object) -> dict[str, Any]:
    """The values of the table's columns that the record has a field for."""
    return {name: getattr(record, name) for name in _columns(table) if hasattr(record, name)}


def record_of(kind: type[RecordT], row: Base | Row[Any]) -> RecordT:
    """The record whose fields are all columns of this row."""
    return kind(**{name: getattr(row, name) for name in _fields(kind)})


async def records_in_steps(
    session: AsyncSession, query: Select[*tuple[Any, ...]], make: Callable[..., MadeT]
) -> list[MadeT]:
    """What `make` makes of the columns of each row.

    There may be thousands, and each is made on the event loop: others run in between.
    """
    result = await session.stream(query)
    try:
        return [make(*row) async for rows in result.partitions(BATCH_SIZE) for row in rows]
    finally:  # a task cancelled in between leaves no cursor open
        await result.close()


@cache
def _columns(table: type[Base]) -> tuple[str, ...]:
    return tuple(column.key for column in inspect(table).columns)


@cache
def _fields(kind: "type[DataclassInstance]") -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
