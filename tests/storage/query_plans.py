"""Whether SQLite reads whole tables."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import event

from storage.database import Database
from storage.tables import Base


@asynccontextmanager
async def scans(database: Database) -> AsyncIterator[list[str]]:
    """What SQLite reads a whole table for among the statements of this context: filled in at its end."""
    engine = database._engine.sync_engine
    asked: list[tuple[str, Any]] = []

    def note(_: object, __: object, statement: str, parameters: Any, ___: object, is_many: bool) -> None:  # noqa: ANN401, FBT001 - SQLAlchemy's
        asked.append((statement, parameters[0] if is_many else parameters))

    found: list[str] = []
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)
    async with database._engine.begin() as connection:
        for statement, parameters in asked:
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            found += [f"{row.detail}: {statement}" for row in plan if _is_of_a_table(row.detail)]


def _is_of_a_table(step: str) -> bool:
    scan = re.match(r"SCAN (\w+)", step)
    return scan is not None and scan[1] in Base.metadata.tables
