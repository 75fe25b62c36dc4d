"""Vectors for passages that have none yet."""

import asyncio
from collections.abc import Sequence

import numpy as np
import pytest
from sqlalchemy import event

from bot.errors import EmbeddingError
from bot.llm.port import Vectors
from bot.papers.embedding_backlog import EmbeddingBacklog
from storage.database import Database
from storage.index import PassageIndex
from tests.databases import NOW
from tests.fakes.clock import StillClock
from tests.fakes.model import FakeEmbedder
from tests.storage.records import paper, passage


class FailingEmbedder(FakeEmbedder):
    """Fails at the calls named, from 1 on."""

    def __init__(self, *failing: int) -> None:
        super().__init__()
        self._failing, self.calls = failing, 0

    async def embed(self, texts: Sequence[str]) -> Vectors:
        self.calls += 1
        if self.calls in self._failing:
            raise EmbeddingError("The embedder is out.")
        return await super().embed(texts)


class RefusingEmbedder(FakeEmbedder):
    """Refuses texts with certain words for good."""

    def __init__(self, *refused: str) -> None:
        super().__init__()
        self._refused, self.calls = refused, 0

    async def embed(self, texts: Sequence[str]) -> Vectors:
        self.calls += 1
        if any(text.endswith(self._refused) for text in texts):
            raise EmbeddingError("The embedder does not take this text.", retryable=False)
        return await super().embed(texts)


def backlog(
    database: Database, embedder: FakeEmbedder, *, index: PassageIndex | None = None, clock: StillClock
) -> EmbeddingBacklog:
    return EmbeddingBacklog(database=database, embedder=embedder, index=index, clock=clock)


@pytest.fixture
def clock() -> StillClock:
    return StillClock(NOW)


@pytest.fixture
async def stocked(database: Database) -> Database:
    """A paper embedded by an embedder of before, and one whose embedding failed."""
    async with database.begin() as tx:
        await tx.papers.save([paper("2611.00001"), paper("2611.00002")])
        old = [passage(n, "2611.00001", text=f"dense attention {n}") for n in range(20)]
        await tx.passages.save(old, embedder="of before", vectors=np.ones((20, 3), np.float32))
        without = [passage(n, "2611.00002", text=f"sparse gradients {n}") for n in range(30)]
        await tx.passages.save(without, embedder="", vectors=None)
    return database


async def test_what_has_no_vector_gets_one_and_is_found(stocked: Database, clock: StillClock) -> None:
    embedder = FakeEmbedder()
    index = await PassageIndex.open(None, stocked, embedder=embedder.name)
    waiting = backlog(stocked, embedder, index=index, clock=clock)
    assert await waiting.missing() == {"2611.00001v1": 20, "2611.00002v1": 30}
    done: list[int] = []

    await waiting.work_off(advance=done.append)

    assert await waiting.missing() == {}
    assert sum(done) == len(embedder.texts) == 50
    [question] = await embedder.embed(["sparse gradients 7"])
    assert (await index.query(question, 1))[0][0] == "2611.00002v1#7"
    async with stocked.begin() as tx:
        assert await tx.vectors.counts("of before") == {"2611.00001v1": 20}


async def test_what_is_missing_is_found_in_steps_that_each_keep_others_waiting_briefly(
    stocked: Database, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.vectors._PASSAGES_PER_STEP", 1)
    begun = list[object]()
    event.listen(stocked._engine.sync_engine, "begin", begun.append)

    missing = await backlog(stocked, FakeEmbedder(), clock=clock).missing()

    assert missing == {"2611.00001v1": 20, "2611.00002v1": 30}
    assert len(begun) == 3


async def test_what_was_embedded_before_a_failure_is_kept(stocked: Database, clock: StillClock) -> None:
    embedder = FailingEmbedder(3)
    waiting = backlog(stocked, embedder, clock=clock)

    with pytest.raises(EmbeddingError):
        await waiting.work_off()
    left = sum((await waiting.missing()).values())
    await waiting.work_off()

    assert 0 < left < 50
    assert await waiting.missing() == {}
    assert len(embedder.texts) == 50


async def test_a_refused_passage_does_not_keep_others_from_their_vectors(
    stocked: Database, clock: StillClock
) -> None:
    waiting = backlog(stocked, RefusingEmbedder("attention 3", "gradients 20"), clock=clock)

    with pytest.raises(EmbeddingError, match="does not take this text"):
        await waiting.work_off()

    assert await waiting.missing() == {"2611.00001v1": 1, "2611.00002v1": 1}


async def test_an_embedder_that_refuses_everything_is_soon_left_alone(
    stocked: Database, clock: StillClock
) -> None:
    embedder = RefusingEmbedder("")

    with pytest.raises(EmbeddingError):
        await backlog(stocked, embedder, clock=clock).work_off()

    assert embedder.calls == 11


async def test_two_processes_share_the_work(stocked: Database, clock: StillClock) -> None:
    first, second = FakeEmbedder(), FakeEmbedder()

    await asyncio.gather(
        backlog(stocked, first, clock=clock).work_off(), backlog(stocked, second, clock=clock).work_off()
    )

    assert await backlog(stocked, first, clock=clock).missing() == {}


async def test_a_paper_read_again_meanwhile_is_no_trouble(stocked: Database, clock: StillClock) -> None:
    class Rereading(FakeEmbedder):
        async def embed(self, texts: Sequence[str]) -> Vectors:
            async with stocked.begin() as tx:
                await tx.passages.save([passage(0, "2611.00002")], embedder="", vectors=None)
            return await super().embed(texts)

    await backlog(stocked, Rereading(), clock=clock).work_off()

    async with stocked.begin() as tx:
        counts = await tx.vectors.counts(FakeEmbedder.name)
        assert counts.get("2611.00001v1") == 20
        assert counts.get("2611.00002v1", 0) <= 1


async def test_the_background_goes_on_after_a_failure_and_rests_longer(
    stocked: Database, clock: StillClock
) -> None:
    embedder = FailingEmbedder(1, 2)

    async with backlog(stocked, embedder, clock=clock) as waiting:
        while await waiting.missing():
            pass

    assert [seconds for seconds in clock.slept if seconds][:2] == [1200.0, 2400.0]
