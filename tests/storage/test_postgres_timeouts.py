"""PostgreSQL behind a proxy that accepts what it is sent and never answers."""

import asyncio

import psycopg
import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError

from storage.connections import thread_engine_options, with_driver
from storage.database import Database
from storage.failures import StorageFailure
from storage.postgres_timeouts import PatientAsyncConnection, PatientConnection
from tests.databases import NOW
from tests.storage.silent_proxy import SilentProxy, silent_proxy

PATIENCE_SECONDS = 0.2


async def read_while_it_falls_silent(database: Database, proxy: SilentProxy) -> None:
    async with database.begin() as tx:
        await tx.state.get("greeting")
        proxy.speaks.clear()
        await tx.state.get("greeting")


async def test_a_silent_server_counts_as_lost_and_the_next_transaction_works(
    fresh_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with silent_proxy(fresh_postgres_url).open() as proxy:
        database = await Database.open(proxy.url, clock_now=lambda: NOW)
        monkeypatch.setattr(PatientAsyncConnection, "answer_seconds", PATIENCE_SECONDS)

        async with asyncio.timeout(30):
            with pytest.raises(StorageFailure, match="connection to the database was lost") as lost:
                await read_while_it_falls_silent(database, proxy)
        proxy.speaks.set()

        assert lost.value.retryable
        async with database.begin() as tx:
            assert await tx.state.get("greeting") is None
        await database.close()


def engine_for_threads(url: str) -> Engine:
    return create_engine(with_driver(url), **thread_engine_options(url))


async def test_a_thread_does_not_wait_for_a_silent_server_either(
    fresh_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PatientConnection, "answer_seconds", PATIENCE_SECONDS)
    async with silent_proxy(fresh_postgres_url).open() as proxy:
        engine = engine_for_threads(proxy.url)
        connection = await asyncio.to_thread(engine.connect)
        proxy.speaks.clear()

        async with asyncio.timeout(30):
            with pytest.raises(OperationalError) as lost:
                await asyncio.to_thread(connection.execute, text("SELECT 1"))

        assert lost.value.connection_invalidated
        connection.close()
        engine.dispose()


async def test_listening_for_notifications_has_no_timeout(
    fresh_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = PatientConnection.connect(fresh_postgres_url, autocommit=True)
    connection.execute("LISTEN news")
    monkeypatch.setattr(PatientConnection, "answer_seconds", 0.0)

    listening = asyncio.create_task(asyncio.to_thread(next, connection.notifies(stop_after=1)))
    with psycopg.connect(fresh_postgres_url, autocommit=True) as other:
        other.execute("NOTIFY news, 'here'")

    assert (await listening).payload == "here"
    connection.close()


def test_sqlite_needs_no_options_for_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.connections._IS_OLD_SQLITE", False)

    assert thread_engine_options("sqlite:////tmp/runs.sqlite") == {}
