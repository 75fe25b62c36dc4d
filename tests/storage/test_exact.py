"""Exact search over the vectors in SQL."""

import asyncio

import numpy as np
import pytest

from storage.database import Database
from storage.exact import ExactSearch
from tests.storage.passage_vectors import EMBEDDER, VECTORS, assert_answers, store, unit_vectors


@pytest.fixture
async def stocked(database: Database) -> Database:
    await store(database, "2611.00001", VECTORS)
    return database


async def test_the_nearest_are_found_in_order_with_their_likeness(stocked: Database) -> None:
    await assert_answers(ExactSearch(stocked, EMBEDDER))


async def test_quantisation_loses_none_of_the_nearest(database: Database) -> None:
    vectors = unit_vectors(2_000, seed=1, dimensions=384)
    ids = []
    for number in range(20):
        part = vectors[100 * number : 100 * (number + 1)]
        ids += await store(database, f"2611.{number:05}", part)
    exact = ExactSearch(database, EMBEDDER)

    for query in unit_vectors(5, seed=2, dimensions=384):
        found = await exact.query(query, 100)
        expected = np.argsort(-(vectors @ query))[:100]
        assert [id_ for id_, _ in found] == [ids[place] for place in expected]


async def test_a_vector_of_one_number_and_zeros_is_nearest_to_itself(database: Database) -> None:
    axes = np.eye(16, dtype=np.float32)
    await store(database, "2611.00001", np.vstack([unit_vectors(200, seed=1), axes]))
    exact = ExactSearch(database, EMBEDDER)

    found = [await exact.query(axis, 1) for axis in axes]

    assert found == [[(f"2611.00001v1#{200 + number}", 1)] for number in range(16)]


async def test_what_other_processes_store_and_delete_is_noticed(stocked: Database) -> None:
    exact = ExactSearch(stocked, EMBEDDER)
    more = unit_vectors(3, seed=5)
    assert len(await exact.query(more[0], 100)) == 40

    await store(stocked, "2611.00002", more)
    assert (await exact.query(more[2], 1))[0][0] == "2611.00002v1#2"

    await store(stocked, "2611.00002", more[:1])
    assert len(await exact.query(more[0], 100)) == 41

    await store(stocked, "2611.00002", more)
    assert (await exact.query(more[1], 1))[0][0] == "2611.00002v1#1"


async def test_one_embedder_never_meets_anothers_vectors(stocked: Database) -> None:
    await store(stocked, "2611.00002", unit_vectors(2, dimensions=8), embedder="another")

    assert len(await ExactSearch(stocked, "another").query(unit_vectors(1, dimensions=8)[0], 10)) == 2
    assert await ExactSearch(stocked, "a third").query(VECTORS[0], 10) == []


async def test_vectors_of_another_size_are_not_compared(stocked: Database) -> None:
    small = unit_vectors(40, seed=3, dimensions=8)
    exact = ExactSearch(stocked, EMBEDDER)
    await exact.query(VECTORS[0], 1)
    assert await exact.query(small[0], 1) == []

    await store(stocked, "2611.00001", small)
    await store(stocked, "2611.00002", unit_vectors(1, seed=9))

    assert (await exact.query(small[7], 1))[0][0] == "2611.00001v1#7"
    assert [id_ for id_, _ in await exact.query(VECTORS[0], 5)] == ["2611.00002v1#0"]


async def test_a_vector_of_zeros_is_like_nothing(stocked: Database) -> None:
    await store(stocked, "2611.00002", np.zeros((1, 16), np.float32))

    found = dict(await ExactSearch(stocked, EMBEDDER).query(VECTORS[0], 100))

    assert found["2611.00002v1#0"] == 0.0


async def test_forgetting_in_the_middle_of_a_query_does_no_harm(stocked: Database) -> None:
    exact = ExactSearch(stocked, EMBEDDER)

    answering = asyncio.create_task(assert_answers(exact))
    while not answering.done():
        exact.forget()
        await asyncio.sleep(0)

    await answering
