"""How many runs work at once, on a real engine: those that wait hold up no others."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.errors import ArxivError
from bot.runs.workflows import QUEUES
from storage.database import Database
from storage.model import Paper, SubmissionWindow
from tests.bot.digest.press import Press, request
from tests.bot.runs.works import HEAD_AND_HIGHLIGHTS, Works
from tests.databases import NOW
from tests.fakes.papers import ListedPapers
from tests.waiting import until

AT_WORK = 4
MORE = 6
"""More digests than may be at work at once."""
HOUR = (3600.0,)


class PartlyAway(ListedPapers):
    """An arXiv that fails for some categories."""

    async def submitted(self, categories: Sequence[str], window: SubmissionWindow) -> list[Paper]:
        if "math.AG" in categories:
            raise ArxivError("arXiv is away.")
        return await super().submitted(categories, window)


@pytest.fixture
async def works(fresh_sqlite_url: str, runs_file: Path) -> AsyncIterator[Works]:
    database = await Database.open(fresh_sqlite_url, clock_now=lambda: NOW)
    press = Press(database)
    press.source = PartlyAway(*press.source.listed)
    works = Works(press, runs_file)
    works.pauses_seconds = HOUR
    await works.start()
    yield works
    await works.stop()
    await database.close()


async def is_planned(works: Works, run: str) -> bool:
    async with works.press.database.begin() as tx:
        return await tx.digests.plan(run) is not None


async def planned(works: Works) -> list[int]:
    """The servers whose digests are planned."""
    return [server_id for server_id in range(1, MORE + 1) if await is_planned(works, run_id(server_id))]


def run_id(server_id: int) -> str:
    return request(server_id=server_id).run_id


async def start(works: Works, **changes: Any) -> None:
    for server_id in range(1, MORE + 1):
        await works.runs.start_digest(request(server_id=server_id, channel_id=10 * server_id, **changes))


async def wait_until_all_places_are_taken(works: Works) -> None:
    async with asyncio.timeout(30):
        while len(await planned(works)) < AT_WORK:  # noqa: ASYNC110 - runs in the background
            await asyncio.sleep(0.05)
    await asyncio.sleep(0.5)  # several polls of the queues


async def test_digests_waiting_for_arxiv_hold_up_no_others(works: Works) -> None:
    await start(works, categories=("math.AG",))
    await asyncio.sleep(0.5)

    async with asyncio.timeout(30):
        healthy = await works.make(request(server_id=50))
        preview = await works.make(request(server_id=51, published=False, run_id="preview:51:1"))

    assert healthy is not None
    assert preview is not None


async def test_digests_waiting_for_discord_hold_up_no_others(works: Works) -> None:
    works.messenger.unclear = {10 * server_id for server_id in range(1, MORE + 1)}
    await start(works)

    async with asyncio.timeout(30):
        await works.make(request(server_id=50, channel_id=500))

    assert [post.channel_id for post in works.messenger.posted] == [500] * HEAD_AND_HIGHLIGHTS


async def test_only_so_many_digests_are_made_at_once(works: Works) -> None:
    works.press.pdfs.gate.clear()
    await start(works)
    await wait_until_all_places_are_taken(works)
    assert len(await planned(works)) == AT_WORK

    works.press.pdfs.gate.set()
    for server_id in range(1, MORE + 1):
        await works.runs.wait_for_end(run_id(server_id))

    assert len(works.messenger.posted) == MORE * HEAD_AND_HIGHLIGHTS


async def test_only_so_many_papers_are_read_at_once(works: Works, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(QUEUES, "papers", 2)
    await works.stop()
    await works.start()
    works.press.pdfs.gate.clear()
    await works.runs.start_digest(request(highlights=5))

    async with asyncio.timeout(30):
        while len(works.papers_at_work()) < 2:  # noqa: ASYNC110 - runs in the background
            await asyncio.sleep(0.05)
    await asyncio.sleep(0.5)  # several polls of the queues
    assert len(works.papers_at_work()) == 2

    works.press.pdfs.gate.set()
    await works.runs.wait_for_end(request().run_id)
    assert len(works.messenger.posted) == 1 + 5


async def test_a_preview_starts_while_digests_are_queued(works: Works) -> None:
    works.press.pdfs.gate.clear()
    await start(works)
    await wait_until_all_places_are_taken(works)

    await works.runs.start_digest(request(published=False, run_id="preview:7:1"))

    async with asyncio.timeout(30):
        while not await is_planned(works, "preview:7:1"):  # noqa: ASYNC110 - a run in the background
            await asyncio.sleep(0.05)
    works.press.pdfs.gate.set()


async def test_the_papers_of_a_preview_do_not_queue_behind_those_of_digests(
    works: Works, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(QUEUES, "papers", 1)
    await works.stop()
    await works.start()
    works.press.pdfs.gate.clear()
    await works.runs.start_digest(request(highlights=5))
    await until(lambda: len(works.papers_at_work()) == 1)

    await works.runs.start_digest(request(published=False, run_id="preview:7:1"))

    await until(lambda: any(run.startswith("preview:7:1:") for run in works.workflows.at_work))
    works.press.pdfs.gate.set()


async def test_queued_and_waiting_runs_resume_after_a_restart(works: Works) -> None:
    works.press.pdfs.gate.clear()
    await start(works)
    await wait_until_all_places_are_taken(works)
    await works.stop()
    works.press.pdfs.gate.set()

    await works.start()
    for server_id in range(1, MORE + 1):
        await works.runs.wait_for_end(run_id(server_id))

    assert len(works.messenger.posted) == MORE * HEAD_AND_HIGHLIGHTS
