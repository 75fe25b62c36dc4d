"""Durable runs on an engine, without the services around them."""

import asyncio
import logging
import sqlite3
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast
from unittest.mock import AsyncMock

import pytest
from dbos import DBOS
from dbos._dbos import _get_dbos_instance
from sqlalchemy.exc import OperationalError

from bot.digest.plan import DigestRequest, Plan
from bot.digest.posting import Unposted
from bot.digest.service import Digests
from bot.errors import InputError, ServiceError
from bot.runs.control import Runs
from bot.runs.workflows import Workflows
from bot.weeks import deadline, parse_week
from storage.failures import StorageFailure
from storage.model import Subscription
from tests.bot.runs.works import engine_on
from tests.fakes.clock import StillClock
from tests.fakes.messenger import FakeMessenger
from tests.waiting import until

WEEK = "2026-W47"
SUBSCRIPTION = Subscription(server_id=1, channel_id=2, categories=("cs.CL",), admin_id=3)
DEADLINE = deadline(parse_week(WEEK), SUBSCRIPTION)
"""A week after Friday, 20 November."""


class BrokenDigests:
    """Fails to plan: with a bug, unless another error is set."""

    def __init__(self) -> None:
        self.error: Exception = ValueError("broken")

    async def plan(self, _: DigestRequest) -> Plan:
        raise self.error


class AdminAlone(Unposted):
    """Posts nothing, and tells the admin that there is no digest."""

    def __init__(self, messenger: FakeMessenger) -> None:
        self._messenger = messenger

    async def give_up(self, request: DigestRequest, problem: str) -> bool:
        words = f"There is no digest for {request.week}: {problem}"
        return await self._messenger.tell_admin(1, 2, 3, words)


class Bench:
    """The runs, and the messenger that tells their admin."""

    def __init__(self, name: str) -> None:
        self.clock = StillClock(datetime(2026, 11, 20, 9, tzinfo=UTC))
        self.messenger = FakeMessenger(self.clock)
        self.digests = BrokenDigests()
        self.workflows = Workflows(
            digests=cast("Digests", self.digests),
            clock=self.clock,
            posting=AdminAlone(self.messenger),
            name=name,  # the engine knows each for the whole process
        )
        self.runs = Runs(self.workflows, self.clock)

    async def make(self, run_id: str) -> None:
        await self.runs.start_digest(
            DigestRequest(run_id=run_id, subscription=SUBSCRIPTION, week=WEEK, published=True)
        )
        await self.runs.wait_for_end(run_id)


@pytest.fixture
async def bench(runs_file: Path, request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    bench = Bench(request.node.name)
    async with engine_on(runs_file, bench.workflows):
        yield bench


async def test_calls_made_before_the_engine_runs_wait_for_it(
    runs_file: Path, request: pytest.FixtureRequest
) -> None:
    bench = Bench(request.node.name)
    bench.digests.error = InputError("No such week.")
    asked = asyncio.create_task(bench.runs.is_in_hand("digest:1:2026-W46"))
    made = asyncio.create_task(bench.make("digest:1:2026-W47"))
    others = [
        asyncio.create_task(call)
        for call in (
            bench.runs.start_audio("digest:1:2026-W45"),
            bench.runs.works_on("digest:1:2026-W45"),
            bench.runs.latest_failure(SUBSCRIPTION, since=None),
        )
    ]
    await asyncio.wait([asked, made, *others], timeout=0.1)

    async with engine_on(runs_file, bench.workflows):
        assert not await asked
        await asyncio.gather(*others)
        with pytest.raises(ServiceError, match="No such week"):
            await made


async def test_a_damaged_database_is_named_and_another_engine_can_start(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    runs, bench = tmp_path / "runs.sqlite", Bench(request.node.name)
    runs.write_text("This is no database. " * 100)

    with pytest.raises(StorageFailure, match=r"^The data folder's runs\.sqlite is not a SQLite file"):
        async with engine_on(runs, bench.workflows):
            pass

    runs.unlink()
    async with engine_on(runs, bench.workflows):
        assert not await bench.runs.is_in_hand("digest:1:2026-W46")


async def test_an_engine_whose_disk_is_full_says_so_and_leaves_nothing_running(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(request.node.name)
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorname = "SQLITE_FULL"
    await asyncio.to_thread(int)  # the loop starts a thread of its own, and keeps it
    threads = threading.active_count()
    with monkeypatch.context() as patched:
        failing = AsyncMock(side_effect=OperationalError(None, None, full))
        patched.setattr(DBOS, "register_queue_async", failing)
        with pytest.raises(StorageFailure, match="is full"):
            await engine_on(tmp_path / "runs.sqlite", bench.workflows).__aenter__()

    await until(lambda: threading.active_count() <= threads)


async def test_an_engine_that_cannot_be_launched_does_not_start(
    runs_file: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise ValueError("broken")

    monkeypatch.setattr(DBOS, "launch", fail)

    with pytest.raises(ValueError, match="broken"):
        await engine_on(runs_file, Bench(request.node.name).workflows).__aenter__()


async def test_a_start_that_is_stopped_ends_only_after_the_launch(
    runs_file: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench, launch, destroy = Bench(request.node.name), DBOS.launch, DBOS.destroy
    launching, may_launch, done = threading.Event(), threading.Event(), list[str]()

    def launch_slowly() -> None:
        launching.set()
        may_launch.wait(timeout=60)
        launch()
        done.append("launched")

    def note_and_destroy(*, destroy_registry: bool) -> None:
        done.append("destroyed")
        destroy(destroy_registry=destroy_registry)

    monkeypatch.setattr(DBOS, "launch", launch_slowly)
    monkeypatch.setattr(DBOS, "destroy", note_and_destroy)
    starting = asyncio.create_task(engine_on(runs_file, bench.workflows).__aenter__())
    await until(launching.is_set)

    starting.cancel()
    await asyncio.wait([starting], timeout=0.05)
    may_launch.set()
    await asyncio.wait([starting])

    assert starting.cancelled()
    assert done == ["launched", "destroyed"]


async def test_the_engine_reports_bugs_and_its_own_troubles(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    engine_log = logging.getLogger("dbos")
    engine_log.addHandler(caplog.handler)

    with pytest.raises(ValueError, match="broken"):
        await bench.make("digest:1:2026-W47")
    engine_log.error("A thread did not end.")

    engine_log.removeHandler(caplog.handler)
    assert "ValueError: broken" in caplog.text
    assert "A thread did not end." in caplog.text


async def test_a_run_that_starts_after_its_deadline_makes_nothing_and_tells_the_admin(bench: Bench) -> None:
    bench.clock.move_to(DEADLINE)

    with pytest.raises(ServiceError, match="its deadline passed"):
        await bench.make("digest:1:2026-W47")

    (words,) = bench.messenger.told
    assert words.startswith(f"There is no digest for {WEEK}: its deadline passed")
    assert await bench.runs.is_in_hand("digest:1:2026-W47")


async def test_a_run_that_broke_off_or_never_started_is_not_in_hand(bench: Bench) -> None:
    with pytest.raises(ValueError, match="broken"):
        await bench.make("digest:1:2026-W47")

    assert not await bench.runs.is_in_hand("digest:1:2026-W47")
    assert not await bench.runs.is_in_hand("digest:1:2026-W46")


async def test_a_run_is_worked_on_until_it_ends(bench: Bench) -> None:
    bench.digests.error = InputError("No such week.")
    await bench.runs.start_digest(
        DigestRequest(run_id="digest:1:2026-W47", subscription=SUBSCRIPTION, week=WEEK, published=True)
    )
    assert await bench.runs.works_on("digest:1:2026-W47")
    with pytest.raises(ServiceError, match="No such week"):
        await bench.runs.wait_for_end("digest:1:2026-W47")

    assert not await bench.runs.works_on("digest:1:2026-W47")


async def test_a_run_that_broke_off_can_be_started_again(bench: Bench) -> None:
    with pytest.raises(ValueError, match="broken"):
        await bench.make("digest:1:2026-W47")
    bench.digests.error = InputError("No such week.")

    with pytest.raises(ServiceError, match="No such week"):
        await bench.make("digest:1:2026-W47")

    assert await bench.runs.is_in_hand("digest:1:2026-W47")


@pytest.mark.parametrize("status", ["CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"])
async def test_a_run_that_the_engine_ended_is_made_again_or_forgotten(bench: Bench, status: str) -> None:
    bench.digests.error = InputError("No such week.")
    with pytest.raises(ServiceError, match="No such week"):
        await bench.make("digest:1:2026-W47")
    engine = _get_dbos_instance()._sys_db
    with engine.engine.begin() as tx:
        tx.execute(engine.tables.workflow_status.update().values(status=status, output=None))
    assert not await bench.runs.is_in_hand("digest:1:2026-W47")

    with pytest.raises(ServiceError, match="No such week"):
        await bench.make("digest:1:2026-W47")

    assert await bench.runs.is_in_hand("digest:1:2026-W47")
    with engine.engine.begin() as tx:
        tx.execute(engine.tables.workflow_status.update().values(status=status))
    await bench.runs.forget(over_before=datetime.now(UTC) + timedelta(hours=1))
    assert await DBOS.list_workflows_async() == []


async def test_starting_a_run_that_gave_up_does_not_repeat_it(bench: Bench) -> None:
    bench.digests.error = InputError("No such week.")
    for _ in range(2):
        with pytest.raises(ServiceError, match="No such week"):
            await bench.make("digest:1:2026-W47")

    assert len(bench.messenger.told) == 1
