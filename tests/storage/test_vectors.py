"""Passages' vectors in small steps."""

import numpy as np
import pytest

from storage.database import Database
from storage.pagination import Place
from tests.storage.passage_vectors import EMBEDDER, store, unit_vectors
from tests.storage.records import passage


@pytest.fixture
async def stocked(database: Database) -> Database:
    await store(database, "2611.00002", unit_vectors(12))
    await store(database, "hep-th/9901001", unit_vectors(2, seed=1))
    await store(database, "2611.00003", unit_vectors(3), embedder="another")
    return database


async def test_vectors_and_passages_are_counted_by_paper(stocked: Database) -> None:
    async with stocked.begin() as tx:
        assert await tx.vectors.counts(EMBEDDER) == {"2611.00002v1": 12, "hep-th/9901001v1": 2}
        assert await tx.vectors.passage_counts() == {
            "2611.00002v1": 12,
            "hep-th/9901001v1": 2,
            "2611.00003v1": 3,
        }


async def test_what_lacks_vectors_is_looked_for_some_papers_at_a_time(
    stocked: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.vectors._PASSAGES_PER_STEP", 5)
    async with stocked.begin() as tx:
        await tx.vectors.delete(EMBEDDER, ["hep-th/9901001v1#1"])

    found = list[dict[str, int]]()
    after: Place | None = None
    async with stocked.begin() as tx:
        while not found or after is not None:
            lacking, after = await tx.vectors.lacking(EMBEDDER, after=after)
            found.append(lacking)

    assert found == [{}, {"2611.00003v1": 3, "hep-th/9901001v1": 1}, {}]


@pytest.mark.parametrize("size", [1, 5, 14, 100])
async def test_pages_of_ids_hold_each_once(stocked: Database, size: int) -> None:
    found: list[str] = []

    async with stocked.begin() as tx:
        while page := await tx.vectors.ids(EMBEDDER, after=found[-1] if found else None, limit=size):
            assert len(page) <= size
            found += page

    numbers = [*(f"2611.00002v1#{n}" for n in range(12)), *(f"hep-th/9901001v1#{n}" for n in range(2))]
    assert sorted(found) == sorted(numbers)
    assert found[:12] == numbers[:12]


async def test_the_vectors_of_some_passages(stocked: Database) -> None:
    wanted = ["2611.00002v1#11", "hep-th/9901001v1#0", "2611.00003v1#0", "2611.00002v1#99"]

    async with stocked.begin() as tx:
        ids, vectors = await tx.vectors.of(EMBEDDER, wanted)
        none, empty = await tx.vectors.of(EMBEDDER, [])

    assert sorted(ids) == ["2611.00002v1#11", "hep-th/9901001v1#0"]
    np.testing.assert_array_equal(vectors[ids.index("2611.00002v1#11")], unit_vectors(12)[11])
    assert (none, len(empty)) == ([], 0)


async def test_vectors_of_another_size_count_as_missing(stocked: Database) -> None:
    await store(stocked, "2611.00004", unit_vectors(2, dimensions=8))
    keys = ["2611.00004v1", "hep-th/9901001v1"]

    async with stocked.begin() as tx:
        small, of_8 = await tx.vectors.of_papers(EMBEDDER, keys, dimensions=8)
        large, of_16 = await tx.vectors.of(EMBEDDER, [f"{key}#1" for key in keys], dimensions=16)
        first, one_size = await tx.vectors.of_papers(EMBEDDER, keys)

    assert (small, of_8.shape) == (["2611.00004v1#0", "2611.00004v1#1"], (2, 8))
    assert (large, of_16.shape) == (["hep-th/9901001v1#1"], (1, 16))
    assert (first, one_size.shape) == (small, (2, 8))


async def test_vectors_of_another_size_are_deleted_some_at_a_time(
    stocked: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.vector_sizes._PAPERS_AT_A_TIME", 1)
    await store(stocked, "2611.00004", unit_vectors(2, dimensions=8))

    async with stocked.begin() as tx:
        were_left = [await tx.vectors.drop_other_sizes(EMBEDDER, 8) for _ in range(3)]
        left = await tx.vectors.embedders()

    assert were_left == [True, True, False]
    assert left == {EMBEDDER: 2, "another": 3}


async def test_the_vectors_of_one_embedder_can_be_deleted(stocked: Database) -> None:
    async with stocked.begin() as tx:
        before = await tx.vectors.embedders()
        await tx.vectors.delete("another", await tx.vectors.ids("another", after=None, limit=2))
        after = await tx.vectors.embedders()

    assert before == {EMBEDDER: 14, "another": 3}
    assert after == {EMBEDDER: 14, "another": 1}


async def test_vectors_are_saved_beside_passages_that_are_still_there(stocked: Database) -> None:
    vectors = unit_vectors(3, seed=4)
    async with stocked.begin() as tx:
        await tx.passages.save([passage(n, "2611.00002") for n in range(2)], embedder="", vectors=None)

    async with stocked.begin() as tx:
        saved = await tx.vectors.save("new", ["2611.00002v1#0", "2611.00002v1#7", "2611.00002v1#1"], vectors)
        ids, found = await tx.vectors.of("new", saved)

    assert saved == ["2611.00002v1#0", "2611.00002v1#1"]
    np.testing.assert_array_equal(found[ids.index("2611.00002v1#1")], vectors[2])
