"""Request slots, the day's answers and the weeks' first lists."""

import asyncio
import json
import sys
from datetime import date, datetime, timedelta

from storage.database import Database
from tests.databases import NOW

TODAY = date(2026, 11, 23)

_RESERVING = """
import asyncio, sys
from datetime import datetime
from storage.database import Database

async def main(url, moment):
    now = datetime.fromisoformat(moment)
    database = await Database.open(url, clock_now=lambda: now)
    for _ in range(10):
        async with database.begin() as tx:
            print((await tx.arxiv.reserve(now, 3.0)).isoformat())
    await database.close()

asyncio.run(main(*sys.argv[1:]))
"""


async def reserve(database: Database, now: datetime) -> datetime:
    async with database.begin() as tx:
        return await tx.arxiv.reserve(now, 3.0)


async def test_the_first_request_may_go_at_once_and_the_next_after_the_delay(database: Database) -> None:
    slots = [await reserve(database, NOW) for _ in range(3)]

    assert slots == [NOW, NOW + timedelta(seconds=3), NOW + timedelta(seconds=6)]


async def test_after_a_pause_a_request_may_go_at_once(database: Database) -> None:
    await reserve(database, NOW)

    later = NOW + timedelta(minutes=1)

    assert await reserve(database, later) == later


async def test_slots_of_connections_at_once_lie_apart(database: Database, database_url: str) -> None:
    other = await Database.open(database_url, clock_now=lambda: NOW)

    slots = await asyncio.gather(*(reserve(each, NOW) for _ in range(15) for each in (database, other)))
    await other.close()

    assert sorted(slots) == [NOW + timedelta(seconds=3 * number) for number in range(30)]


async def test_slots_of_two_processes_lie_apart(database_url: str) -> None:
    children = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", _RESERVING, database_url, NOW.isoformat()), stdout=asyncio.subprocess.PIPE
        )
        for _ in range(2)
    ]
    printed = [(await child.communicate())[0].decode() for child in children]

    slots = sorted(datetime.fromisoformat(line) for text in printed for line in text.split())
    assert slots == [NOW + timedelta(seconds=3 * number) for number in range(20)]


async def test_an_answer_is_known_on_its_day_only(database: Database) -> None:
    async with database.begin() as tx:
        await tx.arxiv.remember("cs.CL@2026-W47", TODAY, ["2611.00002", "2611.00001"])

    async with database.begin() as tx:
        assert await tx.arxiv.cached("cs.CL@2026-W47", TODAY) == ["2611.00002", "2611.00001"]
        assert await tx.arxiv.cached("cs.CL@2026-W47", TODAY + timedelta(days=1)) is None
        assert await tx.arxiv.cached("cs.LG@2026-W47", TODAY) is None


async def test_a_new_answer_replaces_the_old_one_and_may_be_empty(database: Database) -> None:
    async with database.begin() as tx:
        await tx.arxiv.remember("key", TODAY, ["2611.00001"])
        await tx.arxiv.remember("key", TODAY, [])

    async with database.begin() as tx:
        assert await tx.arxiv.cached("key", TODAY) == []


async def test_a_key_may_name_every_category(database: Database) -> None:
    key = json.dumps([f"category-{number}" for number in range(5_000)])

    async with database.begin() as tx:
        await tx.arxiv.remember(key, TODAY, ["2611.00001"])
        await tx.arxiv.keep_first_list(key, "2026-W47", ["2611.00001"])

    async with database.begin() as tx:
        assert await tx.arxiv.cached(key, TODAY) == ["2611.00001"]
        assert await tx.arxiv.first_list(key, "2026-W47") == ["2611.00001"]


async def test_the_first_list_of_a_week_stays(database: Database) -> None:
    async with database.begin() as tx:
        await tx.arxiv.keep_first_list("cs.CL", "2026-W47", ["2611.00002", "2611.00001"])
        await tx.arxiv.keep_first_list("cs.CL", "2026-W47", ["2611.00003"])

    async with database.begin() as tx:
        assert await tx.arxiv.first_list("cs.CL", "2026-W47") == ["2611.00002", "2611.00001"]
        assert await tx.arxiv.first_list("cs.CL", "2026-W46") is None
        assert await tx.arxiv.first_list("cs.LG", "2026-W47") is None


async def test_old_answers_and_lists_are_deleted_when_asked_to(database: Database) -> None:
    async with database.begin() as tx:
        await tx.arxiv.remember("old", TODAY - timedelta(days=1), ["2611.00001"])
        await tx.arxiv.remember("new", TODAY, ["2611.00001"])
        for week in ("2025-W52", "2026-W09", "2026-W10"):
            await tx.arxiv.keep_first_list("cs.CL", week, ["2611.00001"])

    async with database.begin() as tx:
        await tx.arxiv.prune(answers_before=TODAY, lists_before="2026-W10")

    async with database.begin() as tx:
        assert await tx.arxiv.cached("old", TODAY - timedelta(days=1)) is None
        assert await tx.arxiv.cached("new", TODAY) is not None
        lists = [await tx.arxiv.first_list("cs.CL", week) for week in ("2025-W52", "2026-W09", "2026-W10")]
        assert lists == [None, None, ["2611.00001"]]
