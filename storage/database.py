"""The database: opened and migrated once, then used in transactions.

SQLite in one file for one machine, PostgreSQL for several. Both behave alike: a transaction sees its own
writes, and writers queue instead of failing.
"""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, inspect, text
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from storage.arxiv import Arxiv
from storage.audios import Audios
from storage.connections import engine_for, with_driver
from storage.conversations import Conversations
from storage.deletions import Deletions
from storage.deliveries import Deliveries
from storage.digests import Digests
from storage.failures import (
    BUSY,
    FOREIGN,
    LOST,
    NEWER,
    SQLITE_FILE,
    UNREACHABLE,
    StorageFailure,
    failure_for,
    refusal_code,
)
from storage.paper_vectors import PaperVectors
from storage.papers import Papers
from storage.passages import Passages
from storage.processes import Processes
from storage.seen import Seen
from storage.servers import Servers
from storage.state import State
from storage.subscriptions import Subscriptions
from storage.tastes import Tastes
from storage.usage import Usage
from storage.vectors import PassageVectors

log = logging.getLogger(__name__)

_MIGRATION_LOCK = 0x62726F6164  # "broad": any number, as long as all our processes use the same


class Transaction:
    """All queries, in one transaction. Await nothing else inside it."""

    def __init__(self, session: AsyncSession, clock_now: Callable[[], datetime]) -> None:
        self.papers = Papers(session)
        self.paper_vectors = PaperVectors(session)
        self.arxiv = Arxiv(session)
        self.passages = Passages(session)
        self.vectors = PassageVectors(session)
        self.subscriptions = Subscriptions(session, clock_now)
        self.servers = Servers(session)
        self.digests = Digests(session)
        self.audios = Audios(session)
        self.deliveries = Deliveries(session)
        self.seen = Seen(session)
        self.conversations = Conversations(session)
        self.usage = Usage(session)
        self.deletions = Deletions(session)
        self.state = State(session)
        self.tastes = Tastes(session)
        self.processes = Processes(session)


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
            clock_now: Returns the current time, aware.

        Raises:
            StorageFailure: the URL is wrong, the database cannot be reached or is damaged, or it was made by
                a newer Broadsheet or another program.
        """
        address = with_driver(url)
        # A separate engine: on SQLite a revision may copy a table and drop the old one, and with foreign keys
        # enforced that would delete the rows that refer to it. The pragma has no effect inside a transaction.
        # On PostgreSQL a revision may take long, and other processes must be able to wait for it.
        migrating = engine_for(address, migrates=True)
        try:
            async with failures_in_plain_words(), migrating.begin() as connection:
                await connection.run_sync(_migrate)
        finally:
            await migrating.dispose()
        return cls(engine_for(address), clock_now)

    def now(self) -> datetime:
        """The current time, aware, by the clock that the database was opened with."""
        return self._clock_now()

    async def close(self) -> None:
        """Close all connections. Idempotent."""
        await self._engine.dispose()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Transaction]:
        """One transaction: committed on exit, rolled back on an exception.

        Raises:
            StorageFailure: the database failed; nothing of this transaction is stored.
        """
        async with failures_in_plain_words(), self._sessions.begin() as session:
            yield Transaction(session, self._clock_now)


@asynccontextmanager
async def failures_in_plain_words(*, file: str = SQLITE_FILE) -> AsyncIterator[None]:
    """Turn database errors raised inside into StorageFailure, except those that are bugs of ours.

    `file` is the name of the SQLite file in the data folder, for the message.
    """
    try:
        yield
    except SQLAlchemyError as error:
        failure = _failure_of(error, file)
        if failure is None:
            raise
        raise failure from error


def _failure_of(error: SQLAlchemyError, file: str) -> StorageFailure | None:
    """What an exception means to a user; None if it is a bug of ours."""
    if isinstance(error, PoolTimeoutError):
        return StorageFailure(BUSY)
    if not isinstance(error, DBAPIError):
        return None
    code = getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None)
    code = code or refusal_code(str(error.orig))
    if code is not None:
        return failure_for(code, file=file)
    # psycopg gives no code when the server does not answer or has gone away.
    if isinstance(error, OperationalError):
        return StorageFailure(LOST if error.connection_invalidated else UNREACHABLE)
    return None


def _migrate(connection: Connection) -> None:
    """Run the missing revisions inside the transaction of `connection`.

    Two processes that start at once don't collide: the second waits here, then finds nothing left to do.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _MIGRATION_LOCK})
    elif (tables := inspect(connection).get_table_names()) and "alembic_version" not in tables:
        raise StorageFailure(FOREIGN, retryable=False)
    before = frozenset(MigrationContext.configure(connection).get_current_heads())
    if before == _heads():
        return
    if not before <= _revisions():
        raise StorageFailure(NEWER, retryable=False)
    command.upgrade(_alembic(connection), "head")
    log.info("migrated the database from %s to %s", " ".join(before) or "nothing", " ".join(_heads()))


@cache
def _heads() -> frozenset[str]:
    """The revisions of a database that is up to date."""
    return frozenset(ScriptDirectory.from_config(_alembic()).get_heads())


@cache
def _revisions() -> frozenset[str]:
    """All revisions that this program knows."""
    scripts = ScriptDirectory.from_config(_alembic()).walk_revisions()
    return frozenset(script.revision for script in scripts)


def _alembic(connection: Connection | None = None) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "storage:migrations")
    return config
