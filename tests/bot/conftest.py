"""`works`, a workflow engine that makes digests, and `in_this_process`, which runs the command."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.bot.command import in_this_process
from tests.bot.digest.press import Press
from tests.bot.runs.works import Works
from tests.databases import NOW

__all__ = ["in_this_process", "works"]


@pytest.fixture
async def works(fresh_sqlite_url: str, tmp_path: Path) -> AsyncIterator[Works]:
    database = await Database.open(fresh_sqlite_url, clock_now=lambda: NOW)
    works = Works(Press(database), tmp_path / "runs.sqlite")
    await works.start()
    yield works
    await works.stop()
    await database.close()
