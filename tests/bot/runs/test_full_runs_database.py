"""The disk of the runs' database is full for a moment, so that nothing can be recorded."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from dbos import DBOS
from dbos._dbos import _get_dbos_instance

from bot.runs.engine import Engine
from storage.failures import StorageFailure
from tests.bot.digest.press import SUBSCRIPTION, request
from tests.bot.runs.works import HEAD_AND_HIGHLIGHTS, Works
from tests.waiting import until

SERVERS = range(SUBSCRIPTION.server_id, SUBSCRIPTION.server_id + 4)
"""As many as can have their digests made at once."""


@contextmanager
def full_disk() -> Iterator[set[str]]:
    """Refuse DBOS's writes; yields the paper runs whose failure, its last write, was refused too."""
    lost = set[str]()
    engine = _get_dbos_instance()._sys_db.engine

    def refuse(_connection: Any, _cursor: Any, statement: str, values: Sequence[Any], *_: Any) -> None:
        if statement.lstrip().upper().startswith(("INSERT", "UPDATE")):
            lost.update(value for value in values if str(value).startswith("paper:") and "ERROR" in values)
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorname = "SQLITE_FULL"
            raise error

    sa.event.listen(engine, "before_cursor_execute", refuse)
    try:
        yield lost
    finally:
        sa.event.remove(engine, "before_cursor_execute", refuse)


async def papers_that_all_digests_wait_for(works: Works) -> set[str]:
    """The papers' runs, once they are at work and no digest has anything to record before they end."""
    while True:
        papers, *others = [await papers_asked_for(server) for server in SERVERS]
        all_digests_wait = len(papers) == HEAD_AND_HIGHLIGHTS - 1 and all(other == papers for other in others)
        if all_digests_wait and papers <= works.workflows.at_work:
            return papers
        await asyncio.sleep(0.05)


async def papers_asked_for(server: int) -> set[str]:
    """The papers' runs that a server's digest has started, or found under way."""
    steps = await DBOS.list_workflow_steps_async(run_id(server))
    return {child for step in steps if (child := step["child_workflow_id"] or "").startswith("paper:")}


async def pending() -> set[str]:
    return {run.workflow_id for run in await DBOS.list_workflows_async(status="PENDING")}


async def test_runs_lost_on_a_full_disk_are_resumed_and_their_digests_posted_once(works: Works) -> None:
    works.press.pdfs.gate.clear()
    for server in SERVERS:
        await works.runs.start_digest(request(server_id=server, channel_id=server * 10))
    async with asyncio.timeout(60):
        papers = await papers_that_all_digests_wait_for(works)
    with full_disk() as lost:
        works.press.pdfs.gate.set()
        await until(lambda: lost == papers)
    assert await pending() - works.workflows.at_work == papers

    await works.engine.take_up_lost()
    assert works.messenger.posted == []
    await works.engine.take_up_lost()
    async with asyncio.timeout(60):
        for server in SERVERS:
            await works.runs.wait_for_end(run_id(server))

    assert len(works.messenger.posted) == len(SERVERS) * HEAD_AND_HIGHLIGHTS
    assert not await pending()


async def test_runs_that_still_have_a_task_or_have_ended_are_left_alone(
    works: Works, caplog: pytest.LogCaptureFixture
) -> None:
    works.press.pdfs.gate.clear()
    await works.runs.start_digest(request())
    # A run has no task for a moment while it starts, and calls that follow at once may all fall into it.
    await until(lambda: len(works.papers_at_work()) == HEAD_AND_HIGHLIGHTS - 1)

    for _ in range(3):
        await works.engine.take_up_lost()
    works.press.pdfs.gate.set()
    await works.runs.wait_for_end(request().run_id)
    await until(lambda: not works.workflows.at_work)
    for _ in range(2):
        await works.engine.take_up_lost()

    assert "was lost" not in caplog.text
    assert len(works.messenger.posted) == HEAD_AND_HIGHLIGHTS


async def test_the_runs_of_another_process_are_left_to_it(works: Works) -> None:
    works.press.pdfs.gate.clear()
    await works.runs.start_digest(request())
    # One that is still queued belongs to nobody, and another process may take it.
    await until(lambda: len(works.papers_at_work()) == HEAD_AND_HIGHLIGHTS - 1)
    await works.stop()
    await works.start("another")

    for _ in range(2):
        await works.engine.take_up_lost()

    assert await works.engine.owners() == {"main"}
    works.press.pdfs.gate.set()


@pytest.mark.parametrize("look", [Engine.owners, Engine.take_up_lost])
async def test_a_database_that_is_damaged_while_it_is_used_is_named(
    works: Works, look: Callable[[Engine], Awaitable[object]]
) -> None:
    def refuse(*_: Any) -> None:
        error = sqlite3.DatabaseError("database disk image is malformed")
        error.sqlite_errorname = "SQLITE_CORRUPT"
        raise error

    engine = _get_dbos_instance()._sys_db.engine
    sa.event.listen(engine, "before_cursor_execute", refuse)
    try:
        with pytest.raises(StorageFailure, match=r"runs\.sqlite"):
            await look(works.engine)
    finally:
        sa.event.remove(engine, "before_cursor_execute", refuse)


async def test_a_failure_does_not_end_the_search_for_lost_runs(
    works: Works, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.runs.engine._LOOK_SECONDS", 0)
    failures, looked_again = [StorageFailure("The disk is full."), ValueError("broken")], asyncio.Event()

    async def look() -> None:
        if failures:
            raise failures.pop()
        looked_again.set()

    monkeypatch.setattr(works.engine, "take_up_lost", look)
    looking = asyncio.create_task(works.engine.look_after_own())
    async with asyncio.timeout(30):
        await looked_again.wait()
    looking.cancel()

    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]
    assert "the runs' database failed: The disk is full." in caplog.text


def run_id(server: int) -> str:
    return request(server_id=server).run_id
