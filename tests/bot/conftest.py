"""`works`, a workflow engine that makes digests, and `in_this_process`, which runs the command."""

import asyncio
import logging
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from unittest.mock import create_autospec

import pytest

from bot.runs.workflows import Workflows
from storage.database import Database
from tests.bot.command import in_this_process
from tests.bot.digest.press import Press
from tests.bot.runs.works import POLL_SECONDS, Works, engine_on
from tests.databases import NOW

__all__ = ["in_this_process", "runs_file", "works"]


@pytest.fixture(scope="session", autouse=True)
def _little_waiting_for_runs() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for module in ("bot.runs.control", "bot.runs.workflows"):
            patch.setattr(f"{module}.POLL_SECONDS", POLL_SECONDS)
        yield


@pytest.fixture
def restored_logging() -> Iterator[None]:
    """For tests that set up logging, which later tests would have too."""
    handlers = list(logging.getLogger().handlers)
    loggers = [logging.getLogger(name) for name in (None, "bot", "cogs", "storage")]
    levels = [logger.level for logger in loggers]
    yield
    logging.basicConfig(handlers=handlers, force=True)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.fixture(scope="session")
def _runs_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("runs") / "template.sqlite"

    async def start_once() -> None:
        workflows = create_autospec(Workflows, instance=True, engine_runs=asyncio.Event())
        async with engine_on(file, workflows):
            pass

    asyncio.run(start_once())
    return file


@pytest.fixture
def runs_file(_runs_template: Path, tmp_path: Path) -> Path:
    """The runs' database as a first start leaves it: the engine takes a second to notice its new queues."""
    return Path(shutil.copyfile(_runs_template, tmp_path / "runs.sqlite"))


@pytest.fixture
async def works(fresh_sqlite_url: str, runs_file: Path) -> AsyncIterator[Works]:
    database = await Database.open(fresh_sqlite_url, clock_now=lambda: NOW)
    works = Works(Press(database), runs_file)
    await works.start()
    yield works
    await works.stop()
    await database.close()
