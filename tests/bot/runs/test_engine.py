"""The engine's start and end, and its own connections to PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from dbos import DBOS
from dbos._dbos import _get_dbos_instance, _get_or_create_dbos_registry

from bot.runs.engine import Engine
from bot.runs.workflows import Workflows
from storage.database import Database
from storage.postgres_timeouts import PatientConnection
from tests.bot.digest.press import Press
from tests.databases import NOW
from tests.storage.silent_proxy import silent_proxy


@pytest.fixture
async def workflows(fresh_postgres_url: str) -> AsyncIterator[Workflows]:
    database = await Database.open(fresh_postgres_url, clock_now=lambda: NOW)
    press = Press(database)
    yield Workflows(digests=press.digests(), clock=press.clock)
    await database.close()
    _get_or_create_dbos_registry().instance_info_map.clear()  # as `Works` does


async def test_its_connections_do_not_wait_for_a_silent_server_for_ever(
    fresh_postgres_url: str, workflows: Workflows
) -> None:
    async with Engine(database_url=fresh_postgres_url, process_name="main", workflows=workflows):
        raw = _get_dbos_instance()._sys_db.engine.raw_connection()
        connection = raw.driver_connection
        asked_for = connection.info.get_parameters() if isinstance(connection, PatientConnection) else {}
        raw.close()

    assert asked_for.get("tcp_user_timeout") == "30000"


async def test_the_event_loop_keeps_working_while_it_starts(
    fresh_postgres_url: str, workflows: Workflows
) -> None:
    # The proxy is served by this very loop: while that waits for the engine, nothing reaches the database.
    async with (
        silent_proxy(fresh_postgres_url).open() as proxy,
        Engine(database_url=proxy.url, process_name="main", workflows=workflows),
    ):
        runs_on = _get_dbos_instance()._background_event_loop.target_loop()

    assert runs_on is asyncio.get_running_loop()


async def test_threads_can_be_used_while_it_stops(
    tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    press = Press(database)
    workflows = Workflows(digests=press.digests(), clock=press.clock)
    loop, destroy, answers = asyncio.get_running_loop(), DBOS.destroy, list[int]()

    def destroy_slowly(*, destroy_registry: bool) -> None:
        destroy(destroy_registry=destroy_registry)
        work = asyncio.run_coroutine_threadsafe(asyncio.to_thread(int, "3"), loop)
        answers.append(work.result(timeout=60))

    monkeypatch.setattr(DBOS, "destroy", destroy_slowly)
    async with Engine(
        database_url=f"sqlite:///{tmp_path}/runs.sqlite", process_name="main", workflows=workflows
    ):
        pass
    _get_or_create_dbos_registry().instance_info_map.clear()  # as `Works` does

    assert answers == [3]
