"""Vectors of whole papers."""

from datetime import timedelta

import numpy as np
import pytest

from storage.database import Database
from storage.model import Seed, Vote
from tests.databases import NOW
from tests.storage.passage_vectors import unit_vectors
from tests.storage.query_plans import plans, scanned
from tests.storage.records import MONDAY, paper


@pytest.fixture
async def stocked(database: Database) -> Database:
    async with database.begin() as tx:
        await tx.papers.save([paper("2611.00001"), paper("hep-th/9901001")])
    return database


async def test_papers_vectors_are_kept_for_each_embedder(stocked: Database) -> None:
    ids = ["2611.00001", "hep-th/9901001"]

    async with stocked.begin() as tx:
        await tx.paper_vectors.save("minilm", ids, unit_vectors(2, seed=9))
        await tx.paper_vectors.save("minilm", ids, unit_vectors(2))
        await tx.paper_vectors.save("openai", ids[:1], unit_vectors(1, dimensions=3))

    async with stocked.begin() as tx:
        found = await tx.paper_vectors.of("minilm", [*ids, "2611.00099"])
        assert sorted(found) == ids
        np.testing.assert_array_equal(found["hep-th/9901001"], unit_vectors(2)[1])
        assert list(await tx.paper_vectors.of("openai", ids)) == ["2611.00001"]


async def test_vectors_of_another_size_are_deleted(stocked: Database) -> None:
    ids = ["2611.00001", "hep-th/9901001"]
    async with stocked.begin() as tx:
        for id_, dimensions in zip(ids, (8, 16), strict=True):
            await tx.paper_vectors.save("minilm", [id_], unit_vectors(1, dimensions=dimensions))
        await tx.paper_vectors.save("openai", ids, unit_vectors(2, dimensions=8))

        were_left = [await tx.vectors.drop_other_sizes("minilm", 16) for _ in range(2)]

        assert were_left == [True, False]
        assert list(await tx.paper_vectors.of("minilm", ids)) == [ids[1]]
        assert len(await tx.paper_vectors.of("openai", ids)) == 2


async def test_pruning_keeps_vectors_of_late_voted_and_named_papers(database: Database) -> None:
    voted, named, old, late = ids = ["2401.00001", "2401.00002", "2401.00003", "2611.00001"]
    long_ago = MONDAY - timedelta(days=1)
    async with database.begin() as tx:
        await tx.papers.save([paper(id_, published=MONDAY if id_ == late else long_ago) for id_ in ids])
        await tx.paper_vectors.save("minilm", ids, unit_vectors(4))
        await tx.tastes.save_votes([Vote(server_id=1, user_id=2, paper_id=voted, liked=False, at=MONDAY)])
        await tx.tastes.save_seeds([Seed(server_id=1, paper_id=named, at=MONDAY)])

        await tx.paper_vectors.prune(submitted_before=MONDAY)

        assert set(await tx.paper_vectors.of("minilm", ids)) == {voted, named, late}
        assert len(await tx.papers.many([old])) == 1


async def test_vectors_are_pruned_some_at_a_time(stocked: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.paper_vectors._ROWS_PER_STEP", 1)
    ids, late = ["2611.00001", "hep-th/9901001"], MONDAY + timedelta(days=1)
    async with stocked.begin() as tx:
        await tx.paper_vectors.save("minilm", ids, unit_vectors(2))

        first = await tx.paper_vectors.prune(submitted_before=late)

        assert first == ("minilm", "2611.00001")
        assert list(await tx.paper_vectors.of("minilm", ids)) == ["hep-th/9901001"]
        second = await tx.paper_vectors.prune(submitted_before=late, after=first)
        assert second == ("minilm", "hep-th/9901001")
        assert await tx.paper_vectors.prune(submitted_before=late, after=second) is None
        assert await tx.paper_vectors.of("minilm", ids) == {}


async def test_vectors_are_pruned_without_reading_them_all(fresh_sqlite_url: str) -> None:
    database = await Database.open(fresh_sqlite_url, clock_now=lambda: NOW)
    async with database.begin() as tx:
        await tx.papers.save([paper()])
        await tx.paper_vectors.save("minilm", [paper().id], unit_vectors(1))

    async with plans(database) as steps, database.begin() as tx:
        await tx.paper_vectors.prune(submitted_before=MONDAY)
    await database.close()

    assert scanned(steps) <= {"examples"}
