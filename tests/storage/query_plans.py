"""SQLite's query plans."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import event

from storage.database import Database
from storage.tables import Base


@asynccontextmanager
async def plans(database: Database) -> AsyncIterator[list[str]]:
    """The plans' steps, in SQLite's words, of all statements in this context: filled in when it ends."""
    engine = database._engine.sync_engine
    asked: list[tuple[str, Any]] = []

    def note(_: object, __: object, statement: str, parameters: Any, ___: object, is_many: bool) -> None:
        asked.append((statement, parameters[0] if is_many else parameters))

    steps: list[str] = []
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield steps
    finally:
        event.remove(engine, "before_cursor_execute", note)
    async with database._engine.begin() as connection:
        for statement, parameters in asked:
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps += [row.detail for row in plan]


def scanned(steps: Sequence[str]) -> set[str]:
    """The tables that are read whole."""
    found = (re.match(r"SCAN (\w+)", step) for step in steps)
    return {scan[1] for scan in found if scan is not None} & set(Base.metadata.tables)
