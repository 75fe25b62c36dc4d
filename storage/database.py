"""The database: opened and migrated once, then one transaction after the other.

SQLite in one file for one machine, PostgreSQL for several. Both behave alike: a transaction sees its own
writes, and writers queue instead of failing.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiosqlite
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import URL, Connection, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    async_sessionmaker,
    create_async_engine,
)

from storage.arxiv import Arxiv
from storage.audios import Audios
from storage.conversations import Conversations
from storage.deliveries import Deliveries
from storage.digests import Digests
from storage.failures import BUSY, LOST, UNREACHABLE, StorageFailure, failure_for, refusal_code
from storage.papers import Papers
from storage.passages import Passages
from storage.processes import Processes
from storage.seen import Seen
from storage.state import State
from storage.subscriptions import Subscriptions
from storage.tastes import Tastes
from storage.usage import Usage
from storage.vectors import PassageVectors

__all__ = ["Database", "StorageFailure", "Transaction", "failures_in_plain_words"]

_WAIT_SECONDS = 10.0
"""For a connection, and for a lock that another writer holds: transactions take milliseconds."""
_IDLE_SECONDS = 60.0
"""How long a transaction may stand still on PostgreSQL before it is undone: a host that froze in one holds
its locks, and so keeps everybody else waiting."""
_MIGRATION_LOCK = 0x62726F6164  # "broad": any number that is the same in all our processes
_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """All queries, in one transaction. Await nothing but these inside it."""

    papers: Papers
    arxiv: Arxiv
    passages: Passages
    vectors: PassageVectors
    subscriptions: Subscriptions
    digests: Digests
    audios: Audios
    deliveries: Deliveries
    seen: Seen
    conversations: Conversations
    usage: Usage
    state: State
    tastes: Tastes
    processes: Processes


class Database:
    """An open database whose tables are up to date."""

    def __init__(self, engine: AsyncEngine, clock_now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock_now = clock_now
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)

    @classmethod
    async def open(cls, url: str | URL, *, clock_now: Callable[[], datetime]) -> "Database":
        """Connect, bring the tables up to date, and return the database; close it when done.

        Args:
            url: `sqlite:///<path>` or `postgresql://user:password@host/name`.
            clock_now: Tells the current moment, aware.

        Raises:
            StorageFailure: the URL is wrong, the database cannot be reached, or a newer Broadsheet made it.
        """
        address = _with_driver(url)
        # Its own engine: on SQLite a revision may copy a table and drop the old one, and with foreign keys
        # enforced the rows that point there would go too. The switch has no effect inside a transaction. On
        # PostgreSQL a revision may take long, and others have to wait for it.
        migrating = _engine(address, migrates=True)
        try:
            async with failures_in_plain_words(), migrating.begin() as connection:
                await connection.run_sync(_migrate)
        finally:
            await migrating.dispose()
        return cls(_engine(address), clock_now)

    async def close(self) -> None:
        """Close all connections. Idempotent."""
        await self._engine.dispose()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Transaction]:
        """One transaction: committed on leaving, rolled back on an exception.

        Raises:
            StorageFailure: the database failed; nothing of this transaction is stored.
        """
        async with failures_in_plain_words(), self._sessions.begin() as session:
            yield Transaction(
                papers=Papers(session),
                arxiv=Arxiv(session),
                passages=Passages(session),
                vectors=PassageVectors(session),
                subscriptions=Subscriptions(session, self._clock_now),
                digests=Digests(session),
                audios=Audios(session),
                deliveries=Deliveries(session),
                seen=Seen(session),
                conversations=Conversations(session),
                usage=Usage(session),
                state=State(session),
                tastes=Tastes(session),
                processes=Processes(session),
            )


@asynccontextmanager
async def failures_in_plain_words() -> AsyncIterator[None]:
    """What a database driver raises inside becomes a StorageFailure, unless it is a mistake of our own."""
    try:
        yield
    except SQLAlchemyError as error:
        failure = _failure_of(error)
        if failure is None:
            raise
        raise failure from error


def _failure_of(error: SQLAlchemyError) -> StorageFailure | None:
    """What an exception means to a user; None where it is a mistake of our own."""
    if isinstance(error, PoolTimeoutError):
        return StorageFailure(BUSY)
    if not isinstance(error, DBAPIError):
        return None
    code = getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None)
    code = code or refusal_code(str(error.orig))
    if code is not None:
        return failure_for(code)
    # psycopg has no code for a server that does not answer, or that has gone.
    if isinstance(error, OperationalError):
        return StorageFailure(LOST if error.connection_invalidated else UNREACHABLE)
    return None


def _with_driver(url: str | URL) -> URL:
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


def _engine(url: URL, *, migrates: bool = False) -> AsyncEngine:
    # hide_parameters: what people write and what papers say stays out of logs.
    if url.get_backend_name() == "postgresql":
        engine = create_async_engine(
            url,
            hide_parameters=True,
            pool_pre_ping=True,
            pool_timeout=_WAIT_SECONDS,
            connect_args={
                "connect_timeout": int(_WAIT_SECONDS),
                "tcp_user_timeout": 30_000,  # milliseconds until a server that went silent counts as gone
                "application_name": "broadsheet",
            },
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


class _SqliteConnection(sqlite3.Connection):
    """Closing ends the transaction, which SQLite else keeps open (and locked) while a cursor is alive.

    A task that is cancelled in a query leaves such a cursor behind until the garbage is collected.
    """

    def close(self) -> None:
        if self.in_transaction:
            self.rollback()
        super().close()


async def _connect_sqlite(*where: Any, **how: Any) -> aiosqlite.Connection:  # noqa: ANN401 - SQLAlchemy's
    connection = aiosqlite.connect(*where, factory=_SqliteConnection, **how)
    thread = connection._thread  # noqa: SLF001 - nothing public leads there
    thread.daemon = True  # as SQLAlchemy has it: a connection that nobody closed must not keep the process
    try:
        return await connection
    except BaseException:
        # aiosqlite tells its thread to end but does not wait: the thread would speak to a loop that may be
        # closed by then.
        await asyncio.to_thread(thread.join)
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
    # FULL, because a delivery that was marked as sending has to be remembered through a power cut too: WAL
    # with NORMAL forgets the last moments (https://sqlite.org/pragma.html#pragma_synchronous).
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()


def _enforce_foreign_keys(connection: Any, _: object) -> None:  # noqa: ANN401 - as above
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    # A transaction that starts as a reader fails at once when it turns writer behind another one's back; one
    # that starts as a writer waits its turn (https://sqlite.org/lang_transaction.html).
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _migrate(connection: Connection) -> None:
    """Run the revisions that are missing, inside the transaction of `connection`.

    Two processes that start at once don't collide: the second waits here and finds nothing left to do.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _MIGRATION_LOCK})
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "storage:migrations")
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StorageFailure(
            "The database was made by a newer Broadsheet. Install that version, or use another data folder.",
            retryable=False,
        ) from error
