"""What every embedder guarantees."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import numpy as np
import pytest

from bot.llm.minilm.embedder import MiniLmEmbedder
from bot.llm.openai_embedder import OpenAIEmbedder
from bot.llm.openai_server import OpenAIServer
from bot.llm.port import Embedder
from tests.fakes.clock import StillClock
from tests.fakes.model import FakeEmbedder
from tests.fakes.openai import FakeOpenAI

TEXTS = [
    "retrieval augmented generation for question answering",
    "",
    "a cat",
    "question answering with retrieval augmented generation, " * 60,
    "growing tomatoes in raised garden beds at home",
]


@pytest.fixture(params=["minilm", "openai", "fake"])
async def embedder(request: pytest.FixtureRequest) -> AsyncIterator[Embedder]:
    if request.param == "fake":
        yield FakeEmbedder()
    elif request.param == "minilm":
        async with MiniLmEmbedder(1) as minilm:
            yield minilm
    else:
        clock = StillClock(datetime(2026, 11, 20, tzinfo=UTC))
        async with (
            FakeOpenAI() as fake,
            OpenAIServer(clock=clock, api_key="key", base_url=fake.base_url) as server,
        ):
            yield OpenAIEmbedder(server, "some-embedder")


async def test_vectors_have_length_one_and_one_size(embedder: Embedder) -> None:
    vectors = await embedder.embed(TEXTS)

    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), len((await embedder.embed(["Another text."]))[0]))
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


async def test_vectors_have_the_order_of_the_texts(embedder: Embedder) -> None:
    together = await embedder.embed(TEXTS)
    alone = np.concatenate([await embedder.embed([text]) for text in TEXTS])

    np.testing.assert_allclose(together, alone, atol=1e-4)


async def test_texts_about_the_same_topic_have_similar_vectors(embedder: Embedder) -> None:
    vectors = await embedder.embed(TEXTS)

    similarities = vectors @ vectors[0]

    assert similarities[3] > similarities[4] + 0.3


async def test_no_texts_give_no_vectors(embedder: Embedder) -> None:
    assert len(await embedder.embed([])) == 0


async def test_it_has_a_name(embedder: Embedder) -> None:
    assert embedder.name


async def test_titles_have_an_embedder_of_their_own_that_keeps_their_order(embedder: Embedder) -> None:
    together = await embedder.titles.embed(TEXTS)
    alone = np.concatenate([await embedder.titles.embed([text]) for text in TEXTS])

    np.testing.assert_allclose(together, alone, atol=1e-4)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert len(await embedder.titles.embed([])) == 0
    assert embedder.titles.name != embedder.name
