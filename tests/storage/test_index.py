"""The passage index over a real Chroma."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest

from storage.chroma import ChromaStore, collection_name
from storage.database import Database
from storage.index import PassageIndex
from storage.types import FloatVector
from tests.databases import NOW
from tests.storage.records import paper, passage

EMBEDDER = "minilm int8/2"


def unit_vectors(count: int, seed: int = 0) -> FloatVector:
    vectors = np.random.default_rng(seed).normal(size=(count, 16)).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


VECTORS = unit_vectors(40)
IDS = [f"2611.00001v1#{number}" for number in range(40)]


@pytest.fixture
async def stocked(fresh_sqlite_url: str) -> AsyncIterator[Database]:
    database = await Database.open(fresh_sqlite_url, clock_now=lambda: NOW)
    async with database.begin() as tx:
        await tx.papers.save([paper()])
        await tx.passages.save([passage(n) for n in range(40)], embedder=EMBEDDER, vectors=VECTORS)
    yield database
    await database.close()


@asynccontextmanager
async def opened(folder: Path, database: Database) -> AsyncIterator[PassageIndex]:
    index = await PassageIndex.open(folder, database, embedder=EMBEDDER)
    yield index
    await index.close()


async def assert_answers(index: PassageIndex) -> None:
    found = await index.query(VECTORS[7], 3)
    expected = np.argsort(-(VECTORS @ VECTORS[7]))[:3]
    assert [id_ for id_, _ in found] == [IDS[place] for place in expected]
    np.testing.assert_allclose([score for _, score in found], (VECTORS @ VECTORS[7])[expected], atol=1e-4)


async def test_a_new_folder_is_filled_from_sql(tmp_path: Path, stocked: Database) -> None:
    async with opened(tmp_path / "index", stocked) as index:
        assert await index.count() == 40
        await assert_answers(index)


async def test_an_index_in_order_is_used_as_it_is(
    tmp_path: Path, stocked: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(tmp_path / "index", stocked):
        pass

    async def never(_: PassageIndex) -> None:
        raise AssertionError

    monkeypatch.setattr(PassageIndex, "rebuild", never)

    async with opened(tmp_path / "index", stocked) as index:
        await assert_answers(index)


async def test_passages_added_are_found(tmp_path: Path, stocked: Database) -> None:
    more = unit_vectors(2, seed=5)

    async with opened(tmp_path / "index", stocked) as index:
        await index.add(["2611.00002v1#0", "2611.00002v1#1"], more)
        await index.add([], unit_vectors(0))

        [(id_, similarity)] = await index.query(more[1], 1)
        assert id_ == "2611.00002v1#1"
        assert similarity == pytest.approx(1.0, abs=1e-5)


async def test_an_empty_index_finds_nothing(tmp_path: Path, stocked: Database) -> None:
    index = await PassageIndex.open(tmp_path / "index", stocked, embedder="another")

    assert await index.query(VECTORS[0], 5) == []
    await index.close()


async def test_a_damaged_folder_is_put_aside_and_built_again(
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
    async with stocked.begin() as tx:
        passages = [passage(n) for n in range(1_200)]
        await tx.passages.save(passages, embedder=EMBEDDER, vectors=vectors)
    async with opened(tmp_path / "index", stocked):
        pass
    [stored] = (tmp_path / "index").rglob("data_level0.bin")
    stored.write_bytes(bytes(stored.stat().st_size))

    async with opened(tmp_path / "index", stocked) as index:
        [(id_, _)] = await index.query(vectors[3], 1)

    assert id_ == "2611.00001v1#3"
    assert (tmp_path / "index.broken").is_dir()


async def test_what_was_missed_is_made_up_for_at_the_next_start(tmp_path: Path, stocked: Database) -> None:
    async with opened(tmp_path / "index", stocked):
        pass
    more = unit_vectors(1, seed=5)
    async with stocked.begin() as tx:
        await tx.papers.save([paper("2611.00002")])
        await tx.passages.save([passage(0, "2611.00002")], embedder=EMBEDDER, vectors=more)

    async with opened(tmp_path / "index", stocked) as index:
        assert (await index.query(more[0], 1))[0][0] == "2611.00002v1#0"


async def test_sql_answers_while_chroma_fails(
    tmp_path: Path, stocked: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(tmp_path / "index", stocked) as index:
        ChromaStore(tmp_path / "index", embedder=EMBEDDER)._client().delete_collection(
            collection_name(EMBEDDER)
        )
        index._store._location = "http://127.0.0.1:1"
        index._store._opened = None

        await assert_answers(index)

    assert "SQL does" in caplog.text


async def test_no_chroma_server_is_no_reason_to_fail(
    stocked: Database, caplog: pytest.LogCaptureFixture
) -> None:
    index = await PassageIndex.open("http://127.0.0.1:1", stocked, embedder=EMBEDDER)

    await assert_answers(index)
    await index.close()
    assert "SQL answers" in caplog.text


def test_embedders_never_share_a_collection() -> None:
    names = {collection_name(name) for name in ("a/b", "a-b", "a b", "A/b", "ä" * 700, "")}

    assert len(names) == 6
    assert all(3 <= len(name) <= 100 and name[-1].isalnum() for name in names)
