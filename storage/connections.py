"""How connections to SQLite and PostgreSQL are made: waits have an end, and writers take turns."""

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
from storage.silence import PatientAsyncConnection, PatientConnection

_WAIT_SECONDS = 10.0
"""For a connection, and for a lock that another writer holds: transactions take milliseconds."""
_IDLE_SECONDS = 60.0
"""How long a transaction may stand still on PostgreSQL before it is undone: a host that froze in one holds
its locks, and so keeps everybody else waiting."""
_IS_OLD_SQLITE = sqlite3.sqlite_version_info < (3, 42)
"""As Debian 12's and Ubuntu 22.04's, which newer Pythons use that are built there
(https://sqlite.org/lang_datefunc.html: `subsec`)."""
_PAUSE_SECONDS = 0.05
"""Before SQLite is asked again for what it does not wait for itself."""
_SYNCHRONOUS = "FULL"
"""A delivery that was marked as sending has to be remembered through a power cut too: WAL with NORMAL forgets
the last moments (https://sqlite.org/pragma.html#pragma_synchronous)."""

_POSTGRES_OPTIONS = {
    "connect_timeout": int(_WAIT_SECONDS),
    # Until a host that says nothing counts as gone: milliseconds, or seconds where nothing was sent to it.
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
    """DATABASE_URL with the driver of ours.

    Raises:
        StorageFailure: it is none.
    """
    wrong = StorageFailure(
        "DATABASE_URL is not understood. Write it like postgresql://user:password@host:5432/name.",
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
    """The engine of a database; one that `migrates` enforces no foreign keys, and may wait long."""
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
            event.listen(engine.sync_engine, "connect", _bound_postgres_waiting)
        return engine
    # One connection: SQLite has one writer, and the pool is a fair queue where SQLite's own waiting is not.
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
    """What `sqlalchemy.create_engine` needs besides the URL, so that its waits have the same ends.

    Raises:
        StorageFailure: it is no URL of a database.
    """
    address = with_driver(url)
    if address.get_backend_name() != "postgresql":
        return {"connect_args": {"factory": _SubsecondConnection}} if _IS_OLD_SQLITE else {}
    _, options = address.get_dialect()().create_connect_args(address)
    return {"creator": partial(_connect_postgres, **{**options, **_POSTGRES_OPTIONS})}


def _connect_postgres(**how: Any) -> PatientConnection:  # noqa: ANN401 - psycopg's
    try:
        return PatientConnection.connect(**how)
    except psycopg.OperationalError as error:
        # DBOS waits for a server after these words, and else gives up its runs: also where only the name, or
        # the socket, of one that is restarted is gone for the moment, which psycopg calls otherwise.
        raise psycopg.OperationalError(f"connection failed: {error}") from error


class _SubsecondConnection(sqlite3.Connection):
    """Knows `unixepoch('subsec')`, which DBOS needs on Python 3.12 and newer, also where SQLite does not."""

    def __init__(self, *where: Any, **how: Any) -> None:  # noqa: ANN401 - sqlite3's
        super().__init__(*where, **how)
        self.create_function("unixepoch", 1, _unixepoch)


def _unixepoch(when: str) -> float | None:
    return round(time.time(), 3) if when == "subsec" else None


class _SqliteConnection(sqlite3.Connection):
    """Closing ends the transaction, which SQLite else keeps open (and locked) while a cursor is alive.

    A task that is cancelled in a query leaves such a cursor behind until the garbage is collected.
    """

    def close(self) -> None:
        if self.in_transaction:
            self.rollback()
        super().close()


class _Connection(aiosqlite.Connection):
    """Its thread keeps no process and ends quietly, also where a task is cancelled twice while it closes."""

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, iter_chunk_size=64)
        self._thread = Thread(target=_unheard, args=(self._thread.run,), daemon=True)

    def stop(self) -> asyncio.Future[Any] | None:
        """End the thread; None where that was asked for before, as then nobody answers any more."""
        return super().stop() if self._running else None

    def join(self) -> None:
        """Wait for the thread's end."""
        self._thread.join()


def _unheard(answer_all: Callable[[], None]) -> None:
    # The loop of who asked may be closed by the time the answer is there.
    with suppress(RuntimeError):
        answer_all()


async def _connect_sqlite(*where: Any, **how: Any) -> aiosqlite.Connection:  # noqa: ANN401 - SQLAlchemy's
    connection = _Connection(partial(sqlite3.connect, *where, factory=_SqliteConnection, **how))
    try:
        return await connection
    except BaseException:
        # aiosqlite tells its thread to end but does not wait.
        await asyncio.to_thread(connection.join)
        raise


def _bound_postgres_waiting(connection: Any, _: object) -> None:  # noqa: ANN401 - as below
    # Not among the options that a session starts with, which PgBouncer refuses. Those of DATABASE_URL win.
    cursor = connection.cursor()
    cursor.execute(
        "SELECT set_config(name, wanted, false) FROM pg_settings JOIN (VALUES ('lock_timeout', %s),"
        " ('idle_in_transaction_session_timeout', %s)) AS ours (name, wanted) USING (name)"
        " WHERE source <> 'client'",
        (f"{_WAIT_SECONDS:.0f}s", f"{_IDLE_SECONDS:.0f}s"),
    )
    cursor.close()
    connection.commit()  # a rollback would take the settings back


def _prepare_sqlite(connection: Any, _: object) -> None:  # noqa: ANN401 - SQLAlchemy's wrapper of the driver's
    cursor = connection.cursor()
    _switch_to_wal(cursor)
    cursor.execute(f"PRAGMA synchronous = {_SYNCHRONOUS}")
    cursor.close()


def _switch_to_wal(cursor: Any) -> None:  # noqa: ANN401 - as above
    # While another connection writes to a new file, or switches too, SQLite does not wait as it does else.
    until = time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            await_only(asyncio.sleep(_PAUSE_SECONDS))
        else:
            return


def _enforce_foreign_keys(connection: Any, _: object) -> None:  # noqa: ANN401 - as above
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    # A transaction that starts as a reader fails at once when it turns writer behind another one's back; one
    # that starts as a writer waits its turn (https://sqlite.org/lang_transaction.html).
    connection.exec_driver_sql("BEGIN IMMEDIATE")
