"""Opening, transactions, and failures in plain words."""

import asyncio
import itertools
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from alembic.util import CommandError
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from storage.connections import _connect_sqlite, engine_for, with_driver
from storage.database import Database
from storage.failures import StorageFailure
from tests.databases import NOW, SQLITE_SYNCHRONOUS, empty_postgres_url
from tests.storage.records import paper, summary


async def opened(url: str) -> Database:
    return await Database.open(url, clock_now=lambda: NOW)


async def test_a_transaction_is_stored_when_it_is_left(database: Database) -> None:
    async with database.begin() as tx:
        await tx.state.set("greeting", "hello")

    async with database.begin() as tx:
        assert await tx.state.get("greeting") == "hello"


async def test_nothing_of_a_transaction_is_stored_when_it_fails(database: Database) -> None:
    async def fail() -> None:
        async with database.begin() as tx:
            await tx.state.set("greeting", "hello")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()

    async with database.begin() as tx:
        assert await tx.state.get("greeting") is None


async def test_transactions_at_once_queue_and_all_succeed(database: Database) -> None:
    async def write(number: int) -> None:
        async with database.begin() as tx:
            count = int(await tx.state.get("unrelated") or "0")
            await tx.state.set(f"fact {number}", str(count))

    await asyncio.gather(*(write(number) for number in range(40)))

    async with database.begin() as tx:
        assert [await tx.state.get(f"fact {number}") for number in range(40)] == ["0"] * 40


async def test_facts_are_found_by_the_prefix_of_their_names(database: Database) -> None:
    async with database.begin() as tx:
        for name in ("told_7 b", "told_7 a", "told_71 a", "toldx7 c"):
            await tx.state.set(name, f"of {name}")

    async with database.begin() as tx:
        found = await tx.state.named("told_7 ")

    assert list(found.items()) == [("told_7 a", "of told_7 a"), ("told_7 b", "of told_7 b")]


async def test_a_cancelled_transaction_leaves_nothing_behind(database: Database) -> None:
    started = asyncio.Event()

    async def write_for_ever() -> None:
        async with database.begin() as tx:
            for number in itertools.count():
                await tx.state.set("greeting", str(number))
                started.set()

    writing = asyncio.create_task(write_for_ever())
    await started.wait()
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing

    async with database.begin() as tx:
        assert await tx.state.get("greeting") is None


async def test_two_processes_write_to_one_database_in_turns(database: Database, database_url: str) -> None:
    other = await opened(database_url)

    async def write(writer: Database, name: str) -> None:
        for number in range(10):
            async with writer.begin() as tx:
                await tx.papers.save([paper(f"{name}.{number:05}")])

    await asyncio.gather(write(database, "2611"), write(other, "2612"))
    await other.close()

    async with database.begin() as tx:
        assert len(await tx.papers.find_titles("sparse", 100)) == 20


async def test_a_summary_of_an_unknown_paper_is_a_bug_and_no_storage_failure(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.begin() as tx:
            await tx.papers.save_summary(summary("2611.00099"))


async def test_a_malformed_url_is_reported_without_its_password() -> None:
    for url in ("mysql://me:secret@host/name", "postgresql://me:secret@host:port/name", "nonsense", ""):
        with pytest.raises(StorageFailure, match="DATABASE_URL is not understood") as caught:
            await opened(url)

        assert "secret" not in str(caught.value)
        assert caught.value.__cause__ is None


async def test_an_unreachable_server_is_reported_without_the_password() -> None:
    with pytest.raises(StorageFailure, match="cannot be reached") as caught:
        await opened("postgresql://me:secret@127.0.0.1:1/name")

    assert caught.value.retryable
    assert "secret" not in f"{caught.value} {caught.value.__cause__}"


async def test_an_unknown_database_user_is_reported(postgres_url: str) -> None:
    with pytest.raises(StorageFailure, match="refuses the user or the password"):
        await opened(postgres_url.replace("//postgres:", "//absent:"))


async def test_a_missing_postgresql_database_is_reported(postgres_url: str) -> None:
    with pytest.raises(StorageFailure, match="does not exist on its server") as caught:
        await opened(postgres_url.replace("/postgres?", "/absent?"))

    assert not caught.value.retryable


@pytest.mark.parametrize("option", ["pgbouncer=true", "ssl=true", "sslmode=requires"])
async def test_an_option_that_postgresql_does_not_accept_is_reported(option: str, postgres_url: str) -> None:
    with pytest.raises(StorageFailure, match="that PostgreSQL does not know") as caught:
        await opened(f"{postgres_url}&{option}")

    assert not caught.value.retryable


async def test_a_lost_connection_is_reported_and_the_next_transaction_works(fresh_postgres_url: str) -> None:
    database = await opened(fresh_postgres_url)

    async def write_and_lose_the_connection() -> None:
        async with database.begin() as tx:
            await tx.state.set("greeting", "hello")
            with psycopg.connect(fresh_postgres_url, autocommit=True) as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            await tx.state.get("greeting")

    with pytest.raises(StorageFailure, match="connection to the database was lost"):
        await write_and_lose_the_connection()

    async with database.begin() as tx:
        assert await tx.state.get("greeting") is None
    await database.close()


def with_option(url: str, option: str) -> str:
    return f"{url}&options={quote(f'-c {option}')}"


async def test_a_lock_held_by_another_host_is_reported_as_retryable(fresh_postgres_url: str) -> None:
    database = await opened(with_option(fresh_postgres_url, "lock_timeout=50"))
    async with database.begin() as tx:
        await tx.state.set("greeting", "hello")

    with psycopg.connect(fresh_postgres_url) as other:
        other.execute("LOCK TABLE state")
        with pytest.raises(StorageFailure, match="busy") as caught:
            async with database.begin() as tx:
                await tx.state.get("greeting")

    assert caught.value.retryable
    async with database.begin() as tx:
        assert await tx.state.get("greeting") == "hello"
    await database.close()


async def test_a_host_that_froze_in_a_transaction_loses_it_and_the_others_go_on(
    fresh_postgres_url: str,
) -> None:
    frozen = await opened(with_option(fresh_postgres_url, "idle_in_transaction_session_timeout=500"))
    other = await opened(fresh_postgres_url)

    async def write_and_freeze() -> None:
        async with frozen.begin() as tx:
            await tx.state.set("greeting", "from the frozen one")
            async with other.begin() as later:
                await later.state.set("greeting", "from the other")
            await tx.state.get("greeting")

    with pytest.raises(StorageFailure, match="connection to the database was lost"):
        await write_and_freeze()

    async with frozen.begin() as tx:
        assert await tx.state.get("greeting") == "from the other"
    await frozen.close()
    await other.close()


async def test_postgresql_has_timeouts_but_not_while_migrating(fresh_postgres_url: str) -> None:
    names = ("lock_timeout", "idle_in_transaction_session_timeout")
    for migrates, expected in ((False, ["10s", "1min"]), (True, ["0", "0"])):
        engine = engine_for(with_driver(fresh_postgres_url), migrates=migrates)
        async with engine.connect() as connection:
            at_start = await connection.scalars(text("SELECT name FROM pg_settings WHERE source = 'client'"))
            await connection.rollback()
            # What PgBouncer takes (https://www.pgbouncer.org/config.html#ignore_startup_parameters).
            assert set(at_start) <= {"application_name", "client_encoding"}
            assert [await connection.scalar(text(f"SHOW {name}")) for name in names] == expected
        await engine.dispose()


async def test_a_full_disk_is_reported(fresh_sqlite_url: str) -> None:
    database = await opened(fresh_sqlite_url)
    async with database._engine.begin() as connection:
        await connection.execute(text("PRAGMA max_page_count = 60"))

    with pytest.raises(StorageFailure, match="data folder's disk is full"):
        async with database.begin() as tx:
            await tx.state.set("long", "x" * 1_000_000)

    await database.close()


async def test_a_lock_held_by_another_connection_is_reported_as_retryable(fresh_sqlite_url: str) -> None:
    database = await opened(fresh_sqlite_url)
    async with database._engine.begin() as connection:
        await connection.execute(text("PRAGMA busy_timeout = 50"))  # milliseconds
    other = sqlite3.connect(fresh_sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StorageFailure, match="busy") as caught:
        async with database.begin() as tx:
            await tx.state.get("greeting")
    other.close()

    assert caught.value.retryable
    async with database.begin() as tx:
        assert await tx.state.get("greeting") is None
    await database.close()


async def test_a_missing_folder_is_reported(tmp_path: Path) -> None:
    with pytest.raises(StorageFailure, match="cannot be opened"):
        await opened(f"sqlite:///{tmp_path / 'absent' / 'broadsheet.sqlite3'}")


async def test_a_connection_that_is_closed_in_the_middle_of_a_query_leaves_no_lock(tmp_path: Path) -> None:
    """As when the task that waits for the rows is cancelled."""
    file = tmp_path / "broadsheet.db"
    connection = await _connect_sqlite(file, isolation_level=None)
    await connection.execute("BEGIN IMMEDIATE")
    unread = await connection.execute("SELECT 1 UNION SELECT 2")

    await connection.close()

    with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
    del unread  # alive until here


def test_an_opening_that_fails_leaves_no_thread_behind(tmp_path: Path) -> None:
    absent = f"sqlite:///{tmp_path / 'absent' / 'broadsheet.sqlite3'}"
    threads = set(threading.enumerate())

    for _ in range(20):
        with pytest.raises(StorageFailure):
            asyncio.run(opened(absent))

        assert set(threading.enumerate()) <= threads  # those of other tests may end meanwhile


async def test_a_file_that_is_no_database_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "broadsheet.sqlite3"
    path.write_bytes(b"this is not a database, whatever its name says" * 100)

    with pytest.raises(StorageFailure, match="not a SQLite file"):
        await opened(f"sqlite:///{path}")


async def test_sqlite_is_set_up_to_survive_a_crash(
    fresh_sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.connections._SYNCHRONOUS", SQLITE_SYNCHRONOUS)

    database = await opened(fresh_sqlite_url)
    async with database._engine.begin() as connection:
        names = ("journal_mode", "synchronous", "foreign_keys")
        values = [await connection.scalar(text(f"PRAGMA {name}")) for name in names]
    await database.close()

    assert values == ["wal", 2, 1]


async def test_two_processes_that_start_at_once_both_find_the_tables(
    tmp_path: Path, postgres_url: str
) -> None:
    for url in (f"sqlite:///{tmp_path / 'new.sqlite3'}", empty_postgres_url(postgres_url)):
        databases = await asyncio.gather(*(opened(url) for _ in range(4)))

        for database in databases:
            async with database.begin() as tx:
                assert await tx.state.get("greeting") is None
            await database.close()


async def test_a_new_file_that_another_process_writes_to_is_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "new.sqlite3"
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute("PRAGMA user_version = 1")
    opening = asyncio.create_task(opened(f"sqlite:///{file}"))
    await asyncio.sleep(0.2)

    other.execute("COMMIT")
    other.close()

    await (await asyncio.wait_for(opening, 10)).close()


async def test_a_database_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "broadsheet.sqlite"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE papers (name TEXT)")

    with pytest.raises(StorageFailure, match="another program") as refused:
        await opened(f"sqlite:///{file}")

    with closing(sqlite3.connect(file)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master").fetchall()
    assert tables == [("papers",)]
    assert not refused.value.retryable


async def test_a_database_of_a_newer_version_is_refused_and_left_alone(
    database: Database, database_url: str
) -> None:
    async with database._engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(StorageFailure, match=r"newer version\b.*backup.*DATABASE_URL") as refused:
        await opened(database_url)

    async with database._engine.begin() as connection:
        assert await connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
    assert not refused.value.retryable


async def test_another_failure_of_a_migration_is_not_taken_for_a_newer_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise CommandError("Multiple head revisions are present")

    monkeypatch.setattr("storage.database.command.upgrade", fail)

    with pytest.raises(CommandError, match="Multiple head"):
        await opened(f"sqlite:///{tmp_path / 'new.db'}")


_SLOW_QUERY = text(
    "WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 1000000)"
    " SELECT count(*) FROM counted"
)


def test_a_process_that_ends_amid_a_query_neither_hangs_nor_leaves_a_failing_thread(tmp_path: Path) -> None:
    before = set(threading.enumerate())

    async def leave_amid_a_query() -> None:
        engine = engine_for(with_driver(f"sqlite:///{tmp_path / 'amid.sqlite'}"))
        begun = asyncio.Event()

        async def query() -> None:
            async with engine.begin() as connection:
                begun.set()
                await connection.execute(_SLOW_QUERY)

        task = asyncio.create_task(query())
        await begun.wait()
        await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.sleep(0.01)
        # The loop cancels the task a second time, while the connection waits for the query and its close.

    asyncio.run(leave_amid_a_query())

    for thread in set(threading.enumerate()) - before:
        thread.join(10)
        assert not thread.is_alive()
