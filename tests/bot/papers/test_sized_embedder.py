"""What becomes of stored vectors when the model behind an embedder's name is exchanged."""

import numpy as np
import pytest

from bot.papers.sized_embedder import SizedEmbedder, sized
from storage.database import Database
from storage.types import FloatVector
from storage.vectors import PassageVectors
from tests.fakes.model import FakeEmbedder
from tests.storage.records import paper, passage

NAME, TITLES = FakeEmbedder.name, FakeEmbedder().titles.name
PAPERS = ["2611.00001", "2611.00002"]


def ones(count: int) -> FloatVector:
    return np.ones((count, FakeEmbedder.dimensions), np.float32)


@pytest.fixture
async def stocked(database: Database) -> Database:
    """Passages, abstracts and titles with vectors by the embedder, and passages with another's."""
    async with database.begin() as tx:
        await tx.papers.save([paper(id_) for id_ in PAPERS])
        await tx.passages.save([passage(n, PAPERS[0]) for n in range(3)], embedder=NAME, vectors=ones(3))
        await tx.passages.save([passage(n, PAPERS[1]) for n in range(2)], embedder="other", vectors=ones(2))
        for name in (NAME, TITLES):
            await tx.paper_vectors.save(name, PAPERS, ones(2))
    return database


async def counts(database: Database) -> tuple[dict[str, int], int, int]:
    """The passages' vectors by embedder, and the papers' and titles' vectors."""
    async with database.begin() as tx:
        of_papers, of_titles = [await tx.paper_vectors.of(name, PAPERS) for name in (NAME, TITLES)]
        return await tx.vectors.embedders(), len(of_papers), len(of_titles)


async def test_vectors_of_the_same_size_stay(stocked: Database) -> None:
    embedder = SizedEmbedder(FakeEmbedder(), stocked)

    await embedder.embed(["a question"])
    await embedder.titles.embed(["A Title"])

    assert await counts(stocked) == ({NAME: 3, "other": 2}, 2, 2)


async def test_what_has_been_looked_through_once_is_not_again(
    stocked: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await SizedEmbedder(FakeEmbedder(), stocked).embed(["a question"])

    async def look(*_: object) -> bool:
        pytest.fail("it takes seconds")

    monkeypatch.setattr(PassageVectors, "drop_other_sizes", look)
    restarted = SizedEmbedder(FakeEmbedder(), stocked)

    assert len(await restarted.embed(["another"])) == 1


async def test_vectors_of_another_size_are_deleted_under_the_name_they_were_made(
    stocked: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedder = SizedEmbedder(FakeEmbedder(), stocked)
    await embedder.embed(["a question"])
    monkeypatch.setattr(FakeEmbedder, "dimensions", 96)
    monkeypatch.setattr("storage.vector_sizes._PAPERS_AT_A_TIME", 1)

    await embedder.embed([])
    without_any = await counts(stocked)
    vectors = await embedder.embed(["a question"])
    after_a_question = await counts(stocked)
    await embedder.titles.embed(["A Title"])

    assert without_any == ({NAME: 3, "other": 2}, 2, 2)
    assert vectors.shape == (1, 96)
    assert after_a_question == ({"other": 2}, 0, 2)
    assert await counts(stocked) == ({"other": 2}, 0, 0)


def test_a_local_embedder_is_told_by_its_name(database: Database) -> None:
    embedder = FakeEmbedder()

    assert sized(embedder, database) is embedder
    assert sized(None, database) is None
