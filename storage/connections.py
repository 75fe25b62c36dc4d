"""Connections to SQLite and PostgreSQL: every wait has a timeout, and writers take turns."""

import asyncio
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import Thread
from typing import Any

import aiosqlite
import psycopg
from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util import await_only

from storage.failures import StorageFailure
from storage.postgres_timeouts import PatientAsyncConnection, PatientConnection

_WAIT_SECONDS = 10.0
"""Timeout for a connection, and for a lock that another writer holds: transactions take milliseconds."""
_IDLE_SECONDS = 60.0
"""How long a PostgreSQL transaction may sit idle before it is ended: a host that freezes in one holds its
locks and keeps everyone else waiting."""
_IS_OLD_SQLITE = sqlite3.sqlite_version_info < (3, 42)
"""Too old for `unixepoch('subsec')` (https://sqlite.org/lang_datefunc.html), as on Debian 12 and
Ubuntu 22.04, also for newer Pythons built there."""
_PAUSE_SECONDS = 0.05
"""Between attempts at what SQLite's own timeout does not cover."""
_SYNCHRONOUS = "FULL"
"""A delivery marked as sending must survive a power cut: WAL with NORMAL can lose the last commits
(https://sqlite.org/pragma.html#pragma_synchronous)."""

_POSTGRES_OPTIONS = {
    "connect_timeout": int(_WAIT_SECONDS),
    # When a silent host counts as gone: milliseconds after data was sent, seconds on an idle connection.
    "tcp_user_timeout": 30_000,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "application_name": "broadsheet",
}
_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
}


def with_driver(url: str | URL) -> URL:
    """DATABASE_URL with the driver we use.

    Raises:
        StorageFailure: it is not the URL of a database.
    """
    wrong = StorageFailure(
        "DATABASE_URL is not understood. It should look like postgresql://user:password@host:5432/name.",
        retryable=False,
    )
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise wrong from None  # the cause may show the password
    driver = _DRIVERS.get(parsed.get_backend_name())
    if driver is None or not parsed.database:
        raise wrong
    return parsed.set(drivername=driver)


def engine_for(url: URL, *, migrates: bool = False) -> AsyncEngine:
    """An engine; one that `migrates` enforces no foreign keys, and waits without limit on PostgreSQL."""
    # hide_parameters: what people write and what papers say stays out of logs.
    if url.get_backend_name() == "postgresql":
        engine = create_async_engine(
            url,
            hide_parameters=True,
            pool_pre_ping=True,
            pool_timeout=_WAIT_SECONDS,
            connect_args=_POSTGRES_OPTIONS
            if migrates
            else {**_POSTGRES_OPTIONS, "async_creator_fn": PatientAsyncConnection.connect},
        )
        if not migrates:
            event.listen(engine.sync_engine, "connect", _set_postgres_timeouts)
        return engine
    # One connection: SQLite has one writer, and the pool's queue is fair, unlike SQLite's own waiting.
    engine = create_async_engine(
        url,
        hide_parameters=True,
        pool_size=1,
        max_overflow=0,
        pool_timeout=_WAIT_SECONDS,
        connect_args={
            "timeout": _WAIT_SECONDS,
            "isolation_level": None,
            "async_creator_fn": _connect_sqlite,
        },
    )
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    if not migrates:
        event.listen(engine.sync_engine, "connect", _enforce_foreign_keys)
    event.listen(engine.sync_engine, "begin", _begin_immediate)
    return engine


def thread_engine_options(url: str | URL) -> dict[str, Any]:
    """Options for `sqlalchemy.create_engine` that give an engine for threads the same timeouts.

    Raises:
        StorageFailure: `url` is not the URL of a database.
    """
    address = with_driver(url)
    if address.get_backend_name() != "postgresql":
        return {"connect_args": {"factory": _SubsecondConnection}} if _IS_OLD_SQLITE else {}
    _, options = address.get_dialect()().create_connect_args(address)
    return {"creator": partial(_connect_postgres, **{**options, **_POSTGRES_OPTIONS})}


def _connect_postgres(**options: Any) -> PatientConnection:  # noqa: ANN401 - psycopg's
    try:
        return PatientConnection.connect(**options)
    except psycopg.OperationalError as error:
        # DBOS waits for a server only if the error says "connection failed", else it gives up its runs.
        # psycopg words it differently when a restarting server's host name or socket is missing for a moment.
        raise psycopg.OperationalError(f"connection failed: {error}") from error


class _SubsecondConnection(sqlite3.Connection):
    """Adds `unixepoch('subsec')`, which DBOS needs on Python 3.12 and newer, to an SQLite that lacks it."""

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - sqlite3's
        super().__init__(*args, **options)
        self.create_function("unixepoch", 1, _unixepoch)


def _unixepoch(when: str) -> float | None:
    return round(time.time(), 3) if when == "subsec" else None


class _SqliteConnection(sqlite3.Connection):
    """Rolls back on close: SQLite would keep the transaction open (and its lock) while a cursor is alive.

    A task cancelled during a query leaves such a cursor behind until it is garbage-collected.
    """

    def close(self) -> None:
        if self.in_transaction:
            self.rollback()
        super().close()


class _Connection(aiosqlite.Connection):
    """Its thread keeps no process alive and stops quietly, even if closing is cancelled twice."""

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, iter_chunk_size=64)
        self._thread = Thread(target=_run_quietly, args=(self._thread.run,), daemon=True)

    def stop(self) -> asyncio.Future[Any] | None:
        """Stop the thread; None if it was told to before, as it no longer answers then."""
        return super().stop() if self._running else None

    def join(self) -> None:
        """Wait until the thread has stopped."""
        self._thread.join()


def _run_quietly(answer_all: Callable[[], None]) -> None:
    # The caller's event loop may be closed by the time the answer arrives.
    with suppress(RuntimeError):
        answer_all()


async def _connect_sqlite(*args: Any, **options: Any) -> aiosqlite.Connection:  # noqa: ANN401 - as above
    connection = _Connection(partial(sqlite3.connect, *args, factory=_SqliteConnection, **options))
    try:
        return await connection
    except BaseException:
        # aiosqlite tells its thread to stop but does not wait for it.
        await asyncio.to_thread(connection.join)
        raise


def _set_postgres_timeouts(connection: Any, _: object) -> None:  # noqa: ANN401 - as below
    # Not as startup options, which PgBouncer refuses. Timeouts set in DATABASE_URL take precedence.
    cursor = connection.cursor()
    cursor.execute(
        "SELECT set_config(name, wanted, false) FROM pg_settings JOIN (VALUES ('lock_timeout', %s),"
        " ('idle_in_transaction_session_timeout', %s)) AS ours (name, wanted) USING (name)"
        " WHERE source <> 'client'",
        (f"{_WAIT_SECONDS:.0f}s", f"{_IDLE_SECONDS:.0f}s"),
    )
    cursor.close()
    connection.commit()  # a rollback would undo the settings


def _prepare_sqlite(connection: Any, _: object) -> None:  # noqa: ANN401 - SQLAlchemy's wrapper
    cursor = connection.cursor()
    _switch_to_wal(cursor)
    cursor.execute(f"PRAGMA synchronous = {_SYNCHRONOUS}")
    cursor.close()


def _switch_to_wal(cursor: Any) -> None:  # noqa: ANN401 - as above
    # SQLite does not apply its timeout while another connection writes to a new file, or switches too.
    deadline = time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            await_only(asyncio.sleep(_PAUSE_SECONDS))
        else:
            return


def _enforce_foreign_keys(connection: Any, _: object) -> None:  # noqa: ANN401 - as above
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    # A transaction that starts as a reader fails at once if it writes after another has written; one that
    # starts as a writer waits its turn (https://sqlite.org/lang_transaction.html).
    connection.exec_driver_sql("BEGIN IMMEDIATE")
