"""For every test: the databases (`database` runs a test on SQLite and on PostgreSQL), and what saves time."""

import gc
import sqlite3
from collections.abc import Iterator
from multiprocessing import get_context

import pytest
from hypothesis import settings
from sqlalchemy import Engine, event

from bot.onnx import WITHOUT_TELEMETRY
from tests.chroma_server import chroma_url
from tests.databases import (
    _emptied_postgres,
    _known_statements,
    _postgres_template,
    _sqlite_template,
    database,
    database_url,
    fresh_postgres_url,
    fresh_sqlite_url,
    postgres_url,
    server_url,
)

settings.register_profile("broadsheet", deadline=None)  # a busy machine must not fail a test
settings.load_profile("broadsheet")


@pytest.fixture(scope="session", autouse=True)
def _quick_chroma_processes() -> Iterator[None]:
    """Fork Chroma's processes from one that has already imported it; importing takes two seconds each time.

    Not for a bot that a test starts with a Python of its own: that one starts Chroma as in production.
    """
    context = get_context("forkserver")
    context.set_forkserver_preload(["storage.chroma_process", "chromadb"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("storage.chroma_process.get_context", lambda _: context)
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_telemetry() -> Iterator[None]:
    """Set here because bots are forked from a process that has already imported onnxruntime."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in WITHOUT_TELEMETRY.items():
            patch.setenv(name, value)
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_waiting_for_the_disk() -> Iterator[None]:
    """Keep SQLite from waiting for the disk: the operating system, which holds its writes, survives kills."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("storage.connections._SYNCHRONOUS", "OFF")
        event.listen(Engine, "connect", _write_without_waiting)
        yield
        event.remove(Engine, "connect", _write_without_waiting)


def _write_without_waiting(connection: object, _: object) -> None:
    if isinstance(connection, sqlite3.Connection):  # the workflow engine's
        connection.execute("PRAGMA synchronous = OFF")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start with the groups, whose tests run one after another; the others fill the other workers."""
    items.sort(key=lambda item: item.get_closest_marker("xdist_group") is None)


def pytest_collection_finish() -> None:
    """Exempt half a million lasting objects (modules, the tests themselves) from later garbage collections.

    And collect less often: a test makes little garbage.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


__all__ = [
    "_emptied_postgres",
    "_known_statements",
    "_postgres_template",
    "_sqlite_template",
    "chroma_url",
    "database",
    "database_url",
    "fresh_postgres_url",
    "fresh_sqlite_url",
    "postgres_url",
    "server_url",
]
