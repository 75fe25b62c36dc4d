"""The passage index over a real Chroma."""

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing import active_children
from pathlib import Path

import pytest

from storage.chroma import ChromaFailure, ChromaStore, collection_name
from storage.database import Database
from storage.index import PassageIndex
from storage.index_upkeep import IndexUpkeep
from tests.storage.passage_vectors import (
    EMBEDDER,
    IDS,
    VECTORS,
    assert_answers,
    count_in,
    store,
    unit_vectors,
)


@pytest.fixture
def database_url(fresh_sqlite_url: str) -> str:
    """SQLite is enough: Chroma is what breaks here, and the queries behind it are tested on both."""
    return fresh_sqlite_url


@pytest.fixture
async def stocked(database: Database) -> Database:
    await store(database, "2611.00001", VECTORS)
    return database


@asynccontextmanager
async def opened(
    location: Path | str, database: Database, *, embedder: str = EMBEDDER, pause_seconds: float = 0.01
) -> AsyncIterator[PassageIndex]:
    """An index whose background work is done."""
    index = await PassageIndex.open(location, database, embedder=embedder, pause_seconds=pause_seconds)
    await index.settled()
    yield index
    await index.close()


async def test_a_new_folder_is_filled_from_sql(tmp_path: Path, stocked: Database) -> None:
    async with opened(tmp_path / "index", stocked) as index:
        assert await index.count() == 40
        assert str(index.status) == "complete"
        await assert_answers(index)


async def test_sql_answers_until_the_index_is_built(
    tmp_path: Path, stocked: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    holding = Holding(monkeypatch)
    index = await PassageIndex.open(tmp_path / "index", stocked, embedder=EMBEDDER)

    await assert_answers(index)
    await holding.begun.wait()
    await assert_answers(index)
    assert str(index.status) == "rebuilding, 0 of 40; SQL is searched meanwhile"

    holding.may_end.set()
    assert (await index.settled()).complete
    await assert_answers(index)
    await index.close()


async def test_an_index_in_order_is_used_as_it_is(
    tmp_path: Path, stocked: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(tmp_path / "index", stocked):
        pass
    monkeypatch.delattr(ChromaStore, "add")

    async with opened(tmp_path / "index", stocked) as index:
        assert index.status.complete
        await assert_answers(index)


async def test_calls_queued_behind_a_hanging_one_are_answered_from_sql(
    tmp_path: Path, stocked: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(tmp_path / "index", stocked) as index:
        monkeypatch.setattr("storage.chroma_process._CALL_SECONDS", 0.5)
        for child in active_children():
            os.kill(child.pid or 0, signal.SIGSTOP)

        async def ask(after_seconds: float) -> None:
            await asyncio.sleep(after_seconds)
            await assert_answers(index)

        await asyncio.gather(*(asyncio.create_task(ask(turn / 50)) for turn in range(20)))


async def test_a_cancelled_call_does_not_cost_others_their_answers(tmp_path: Path, stocked: Database) -> None:
    async with opened(tmp_path / "index", stocked) as index:
        [child] = active_children()
        os.kill(child.pid or 0, signal.SIGSTOP)
        asked = [asyncio.create_task(assert_answers(index)) for _ in range(6)]
        await asyncio.sleep(0.2)
        asked[-2].cancel()
        await asyncio.sleep(0.2)
        child.kill()

        async with asyncio.timeout(30):
            await asyncio.gather(*asked[:-2], asked[-1])


async def test_passages_added_are_found(tmp_path: Path, stocked: Database) -> None:
    more = unit_vectors(2, seed=5)

    async with opened(tmp_path / "index", stocked) as index:
        await index.add(["2611.00002v1#0", "2611.00002v1#1"], more)
        await index.add([], unit_vectors(0))

        [(id_, similarity)] = await index.query(more[1], 1)
        assert id_ == "2611.00002v1#1"
        assert similarity == pytest.approx(1.0, abs=1e-5)


async def test_passages_added_during_a_rebuild_are_in_the_new_index(
    tmp_path: Path, stocked: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Their ids sort before and after those that the rebuild has copied by then.
    before, after = unit_vectors(2, seed=5), unit_vectors(2, seed=6)
    holding = Holding(monkeypatch, after_copying=True)
    index = await PassageIndex.open(tmp_path / "index", stocked, embedder=EMBEDDER)
    await holding.begun.wait()

    for paper_id, vectors in (("2610.00001", before), ("2612.00001", after)):
        await index.add(await store(stocked, paper_id, vectors), vectors)
    assert (await index.query(before[0], 1))[0][0] == "2610.00001v1#0"

    holding.may_end.set()
    assert (await index.settled()).complete
    assert await index.count() == 44
    assert (await index.query(before[0], 1))[0][0] == "2610.00001v1#0"
    assert (await index.query(after[1], 1))[0][0] == "2612.00001v1#1"
    await index.close()


async def test_passages_added_around_the_swap_are_in_the_new_index(tmp_path: Path, stocked: Database) -> None:
    vectors = unit_vectors(50, seed=8)
    index = await PassageIndex.open(tmp_path / "index", stocked, embedder=EMBEDDER)

    for number in range(50):
        paper_id = f"26{10 + number % 3}.{number + 100:05}"
        await index.add(await store(stocked, paper_id, vectors[number : number + 1]), vectors[number][None])
        await asyncio.sleep(0.01)

    assert (await index.settled()).complete
    assert await index.count() == 90
    await index.close()


async def test_a_close_during_a_rebuild_ends_it_and_the_next_start_builds(
    tmp_path: Path, stocked: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        holding = Holding(patch, after_copying=True)
        index = await PassageIndex.open(tmp_path / "index", stocked, embedder=EMBEDDER)
        await holding.begun.wait()
        await index.close()
    assert count_in(tmp_path / "index") == {}

    async with opened(tmp_path / "index", stocked) as index:
        await assert_answers(index)
    assert count_in(tmp_path / "index") == {collection_name(EMBEDDER): 40}


async def test_queries_after_the_close_are_answered_from_sql(tmp_path: Path, stocked: Database) -> None:
    before = set(active_children())
    async with opened(tmp_path / "index", stocked) as index:
        pass

    await assert_answers(index)

    assert set(active_children()) <= before


async def test_an_empty_index_finds_nothing(tmp_path: Path, stocked: Database) -> None:
    for _ in range(2):
        async with opened(tmp_path / "index", stocked, embedder="another") as index:
            assert index.status.complete
            assert await index.query(VECTORS[0], 5) == []


async def test_a_change_of_embedder_leaves_one_collection(tmp_path: Path, stocked: Database) -> None:
    async with opened(tmp_path / "index", stocked):
        pass
    vectors = unit_vectors(40, seed=3, dimensions=8)
    async with stocked.begin() as tx:
        await tx.vectors.save("another", IDS, vectors)

    async with opened(tmp_path / "index", stocked, embedder="another") as index:
        assert (await index.query(vectors[7], 1))[0][0] == IDS[7]

    assert count_in(tmp_path / "index") == {collection_name("another"): 40}


async def test_a_damaged_folder_is_moved_aside_and_rebuilt(
    tmp_path: Path, stocked: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(tmp_path / "index", stocked):
        pass
    (tmp_path / "index" / "chroma.sqlite3").write_bytes(b"damaged" * 100)

    async with opened(tmp_path / "index", stocked) as index:
        assert await index.count() == 40
        await assert_answers(index)

    assert (tmp_path / "index.broken").is_dir()
    assert "damaged" in caplog.text


async def test_vectors_lost_behind_a_right_count_are_noticed(tmp_path: Path, stocked: Database) -> None:
    # Below a thousand vectors Chroma keeps them all in its log and has no files of an index to damage.
    vectors = unit_vectors(1_200, seed=2)
    await store(stocked, "2611.00001", vectors)
    async with opened(tmp_path / "index", stocked):
        pass
    [stored] = (tmp_path / "index").rglob("data_level0.bin")
    stored.write_bytes(bytes(stored.stat().st_size))

    async with opened(tmp_path / "index", stocked) as index:
        [(id_, _)] = await index.query(vectors[3], 1)

    assert id_ == "2611.00001v1#3"
    assert (tmp_path / "index.broken").is_dir()


async def test_an_index_of_other_vectors_is_noticed_behind_a_right_count(
    tmp_path: Path, stocked: Database
) -> None:
    async with opened(tmp_path / "index", stocked) as index:
        await index.add(IDS, unit_vectors(40, seed=4))

    async with opened(tmp_path / "index", stocked) as index:
        assert index.status.complete
        await assert_answers(index)


@pytest.mark.parametrize("count", [40, 41])
async def test_an_index_of_vectors_of_another_size_is_rebuilt(
    tmp_path: Path, stocked: Database, count: int
) -> None:
    async with opened(tmp_path / "index", stocked):
        pass
    vectors = unit_vectors(count, seed=4, dimensions=8)
    await store(stocked, "2611.00001", vectors)

    async with opened(tmp_path / "index", stocked) as index:
        assert index.status.complete
        assert (await index.query(vectors[7], 1))[0][0] == IDS[7]


async def test_passages_that_are_gone_from_sql_go_from_the_index(tmp_path: Path, stocked: Database) -> None:
    async with opened(tmp_path / "index", stocked):
        pass
    await store(stocked, "2611.00001", VECTORS[:30])

    async with opened(tmp_path / "index", stocked) as index:
        assert await index.count() == 30
        assert {id_ for id_, _ in await index.query(VECTORS[35], 40)} == set(IDS[:30])


async def test_what_was_missed_is_topped_up_at_the_next_start(
    tmp_path: Path, stocked: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(tmp_path / "index", stocked):
        pass
    more = unit_vectors(1, seed=5)
    await store(stocked, "2611.00002", more)
    monkeypatch.delattr(IndexUpkeep, "rebuild")

    async with opened(tmp_path / "index", stocked) as index:
        assert index.status.complete
        assert (await index.query(more[0], 1))[0][0] == "2611.00002v1#0"


async def test_sql_answers_while_chroma_fails_and_chroma_again_after_it(
    tmp_path: Path, stocked: Database, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(tmp_path / "index", stocked) as index:
        with monkeypatch.context() as patch:
            patch.setattr(ChromaStore, "query", _failing)
            await assert_answers(index)
            assert not index.status.complete

        assert (await index.settled()).complete
        await assert_answers(index)

    assert "does not answer, SQL is searched" in caplog.text


async def test_a_crash_of_chroma_is_survived(
    tmp_path: Path, stocked: Database, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(tmp_path / "index", stocked) as index:
        with monkeypatch.context() as patch:
            patch.setattr(ChromaStore, "query", _crashing)
            await assert_answers(index)

        assert (await index.settled()).complete
        await assert_answers(index)

    assert "its process died" in caplog.text


async def test_a_folder_that_crashes_whoever_opens_it_is_moved_aside(
    tmp_path: Path, stocked: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(tmp_path / "index", stocked):
        pass
    monkeypatch.setattr(ChromaStore, "is_intact", _crashing)

    async with opened(tmp_path / "index", stocked) as index:
        assert index.status.complete
        await assert_answers(index)

    assert (tmp_path / "index.broken").is_dir()


async def test_passages_that_chroma_refused_are_topped_up(
    tmp_path: Path, stocked: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = unit_vectors(1, seed=5)

    async with opened(tmp_path / "index", stocked) as index:
        with monkeypatch.context() as patch:
            patch.setattr(ChromaStore, "add", _failing)
            await index.add(await store(stocked, "2611.00002", more), more)
            assert not index.status.complete
            assert (await index.query(more[0], 1))[0][0] == "2611.00002v1#0"

        assert (await index.settled()).complete
        assert await index.count() == 41


async def test_no_chroma_server_is_no_reason_to_fail(
    stocked: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened("http://127.0.0.1:1", stocked, pause_seconds=60) as index:
        await assert_answers(index)
        assert str(index.status).startswith("SQL is searched: the index could not be built (")

    assert "SQL is searched" in caplog.text


async def test_a_process_without_an_index_answers_from_sql(stocked: Database) -> None:
    async with opened_without_index(stocked) as index:
        more = unit_vectors(1, seed=5)
        await index.add(await store(stocked, "2611.00002", more), more)

        await assert_answers(index)
        assert (await index.query(more[0], 1))[0][0] == "2611.00002v1#0"
        status = "SQL is searched: this process has no index"
        assert (await index.count(), str(index.status)) == (None, status)


@asynccontextmanager
async def opened_without_index(database: Database) -> AsyncIterator[PassageIndex]:
    index = await PassageIndex.open(None, database, embedder=EMBEDDER)
    await index.settled()
    yield index
    await index.close()


async def test_a_mistake_in_the_upkeep_is_logged_and_sql_answers(
    tmp_path: Path, stocked: Database, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def mistaken(_: IndexUpkeep) -> None:
        raise KeyError("a mistake")

    monkeypatch.setattr(IndexUpkeep, "examine", mistaken)

    async with opened(tmp_path / "index", stocked, pause_seconds=60) as index:
        await assert_answers(index)

    [record] = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert record.exc_info is not None


def test_embedders_and_databases_never_share_a_collection() -> None:
    embedders = ("a/b", "a-b", "a b", "A/b", "ä" * 700, "")
    names = {collection_name(name, of) for name in embedders for of in ("", "0123456789ab", "0123456789ac")}

    assert len(names) == 18
    assert all(3 <= len(name) <= 100 and name[-1].isalnum() for name in names)


class Holding:
    """Holds up the first rebuild, at its start or when everything is copied, until it may end."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, after_copying: bool = False) -> None:
        self.begun, self.may_end = asyncio.Event(), asyncio.Event()
        top_up = IndexUpkeep.top_up

        async def held(upkeep: IndexUpkeep, **options: object) -> int:
            if not after_copying:
                await self._hold()
            added = await top_up(upkeep, **options)  # type: ignore[arg-type]
            if after_copying:
                await self._hold()
            return added

        monkeypatch.setattr(IndexUpkeep, "top_up", held)

    async def _hold(self) -> None:
        self.begun.set()
        await self.may_end.wait()


def _crashing(*_: object) -> None:
    os._exit(11)


def _failing(*_: object) -> None:
    raise ChromaFailure("gone")
