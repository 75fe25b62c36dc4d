"""Passages and vectors."""

import numpy as np
import pytest

from storage.database import Database
from tests.storage.passage_vectors import unit_vectors
from tests.storage.records import paper, passage


@pytest.fixture
async def stocked(database: Database) -> Database:
    async with database.begin() as tx:
        await tx.papers.save([paper("2611.00001"), paper("2611.00001", version=2), paper("hep-th/9901001")])
    return database


async def test_passages_come_back_in_their_order(stocked: Database) -> None:
    passages = [passage(ordinal) for ordinal in range(12)]

    async with stocked.begin() as tx:
        await tx.passages.save(passages[::-1], embedder="minilm", vectors=None)

    async with stocked.begin() as tx:
        assert await tx.passages.of("2611.00001", 1) == passages
        assert await tx.passages.of("2611.00001", 2) == []


async def test_the_titles_of_versions_with_passages_are_the_papers_newest(stocked: Database) -> None:
    async with stocked.begin() as tx:
        await tx.papers.save([paper("2611.00001", version=3, title="Sparser attention")])
        await tx.passages.save([passage(0), passage(1), passage(0, version=2)], embedder="", vectors=None)

    async with stocked.begin() as tx:
        titles = await tx.passages.titles(["2611.00001v1", "2611.00001v3", "hep-th/9901001v1"])

    assert titles == {"2611.00001v1": "Sparser attention"}


async def test_vectors_come_back_beside_their_passages(stocked: Database) -> None:
    first, second = unit_vectors(3), unit_vectors(2, seed=1)

    async with stocked.begin() as tx:
        await tx.passages.save([passage(n) for n in range(3)], embedder="minilm", vectors=first)
        old = [passage(n, "hep-th/9901001") for n in range(2)]
        await tx.passages.save(old, embedder="minilm", vectors=second)

    async with stocked.begin() as tx:
        ids, found = await tx.vectors.of_papers("minilm", ["2611.00001v1", "hep-th/9901001v1"])
        by_id = dict(zip(ids, found, strict=True))
        assert sum((await tx.vectors.counts("minilm")).values()) == 5
        assert sum((await tx.vectors.counts("other")).values()) == 0
    assert found.dtype == np.float32
    np.testing.assert_array_equal(by_id["2611.00001v1#2"], first[2])
    np.testing.assert_array_equal(by_id["hep-th/9901001v1#1"], second[1])


async def test_vectors_may_be_those_of_some_papers(stocked: Database) -> None:
    async with stocked.begin() as tx:
        for version in (1, 2):
            of_version = [passage(0, version=version)]
            await tx.passages.save(of_version, embedder="minilm", vectors=unit_vectors(1, seed=version))
        old = [passage(0, "hep-th/9901001")]
        await tx.passages.save(old, embedder="minilm", vectors=unit_vectors(1))

    async with stocked.begin() as tx:
        keys = ["hep-th/9901001v1", "2611.00001v2", "2611.00099v1"]
        ids, found = await tx.vectors.of_papers("minilm", keys)
        assert sorted(ids) == ["2611.00001v2#0", "hep-th/9901001v1#0"]
        np.testing.assert_array_equal(found[ids.index("2611.00001v2#0")], unit_vectors(1, seed=2)[0])


async def test_passages_of_several_papers_come_by_their_keys(stocked: Database) -> None:
    async with stocked.begin() as tx:
        for version in (1, 2):
            of_version = [passage(ordinal, version=version) for ordinal in range(2)]
            await tx.passages.save(of_version, embedder="", vectors=None)

    async with stocked.begin() as tx:
        keys = ["2611.00001v2", "hep-th/9901001v1", "2611.00099v1"]
        found = await tx.passages.of_papers(keys)
    assert found == {"2611.00001v2": [passage(0, version=2), passage(1, version=2)]}


async def test_passages_come_by_their_ids(stocked: Database) -> None:
    async with stocked.begin() as tx:
        for version in (1, 2):
            of_version = [passage(ordinal, version=version) for ordinal in range(3)]
            await tx.passages.save(of_version, embedder="", vectors=None)
        await tx.passages.save([passage(0, "hep-th/9901001")], embedder="", vectors=None)

    async with stocked.begin() as tx:
        ids = ["2611.00001v2#1", "hep-th/9901001v1#0", "2611.00001v1#9"]
        found = await tx.passages.by_id(ids)
    assert found == {ids[0]: passage(1, version=2), ids[1]: passage(0, "hep-th/9901001")}


async def test_no_vectors_are_an_empty_array(stocked: Database) -> None:
    async with stocked.begin() as tx:
        for paper_keys in (["2611.00001v1"], []):
            ids, found = await tx.vectors.of_papers("minilm", paper_keys)
            assert ids == []
            assert len(found) == 0


async def test_saving_again_replaces_passages_and_vectors(stocked: Database) -> None:
    async with stocked.begin() as tx:
        await tx.passages.save([passage(n) for n in range(4)], embedder="minilm", vectors=unit_vectors(4))
        shorter = [passage(0, text="All of it.")]
        await tx.passages.save(shorter, embedder="minilm", vectors=unit_vectors(1, seed=1))

    async with stocked.begin() as tx:
        assert await tx.passages.of("2611.00001", 1) == shorter
        ids, found = await tx.vectors.of_papers("minilm", ["2611.00001v1"])
        assert ids == ["2611.00001v1#0"]
        np.testing.assert_array_equal(found, unit_vectors(1, seed=1))


async def test_saving_the_same_again_takes_no_vector_away(stocked: Database) -> None:
    passages = [passage(n) for n in range(3)]
    async with stocked.begin() as tx:
        await tx.passages.save(passages, embedder="minilm", vectors=unit_vectors(3))

    async with stocked.begin() as tx:
        await tx.passages.save(passages[::-1], embedder="openai", vectors=unit_vectors(3, seed=1))
        await tx.passages.save(passages, embedder="", vectors=None)

    async with stocked.begin() as tx:
        assert await tx.passages.of("2611.00001", 1) == passages
        assert sum((await tx.vectors.counts("minilm")).values()) == 3
        _, found = await tx.vectors.of_papers("openai", ["2611.00001v1"])
        np.testing.assert_array_equal(found, unit_vectors(3, seed=1)[::-1])


async def test_a_missing_vector_is_a_bug(stocked: Database) -> None:
    with pytest.raises(ValueError, match="shorter"):
        async with stocked.begin() as tx:
            await tx.passages.save([passage(0), passage(1)], embedder="minilm", vectors=unit_vectors(1))


async def test_passages_text_is_made_storable(stocked: Database) -> None:
    async with stocked.begin() as tx:
        await tx.passages.save([passage(text="\ud800 and \x00")], embedder="minilm", vectors=None)

    async with stocked.begin() as tx:
        assert (await tx.passages.of("2611.00001", 1))[0].text == "\ufffd and \ufffd"
