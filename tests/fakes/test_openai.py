"""The fake OpenAI answers as the SDK expects, streams included."""

from collections.abc import AsyncIterator

import pytest
from openai import AsyncOpenAI, InternalServerError

from tests.fakes import openai as faults
from tests.fakes.openai import Completion, FakeOpenAI


@pytest.fixture
async def fake() -> AsyncIterator[FakeOpenAI]:
    async with FakeOpenAI() as fake:
        yield fake


@pytest.fixture
async def client(fake: FakeOpenAI) -> AsyncIterator[AsyncOpenAI]:
    async with AsyncOpenAI(api_key="key", base_url=fake.base_url, max_retries=0) as client:
        yield client


async def streamed(client: AsyncOpenAI) -> tuple[str, str | None]:
    """The text and the finish reason; None if the stream just stopped."""
    text, ended = "", None
    stream = await client.chat.completions.create(
        model="m", messages=[{"role": "user", "content": "Say it."}], stream=True
    )
    async for chunk in stream:
        text += chunk.choices[0].delta.content or ""
        ended = chunk.choices[0].finish_reason or ended
    return text, ended


async def test_a_reply_is_streamed_word_by_word(fake: FakeOpenAI, client: AsyncOpenAI) -> None:
    fake.script = ["one two three four"]

    assert await streamed(client) == ("one two three four", "stop")


async def test_a_broken_stream_ends_without_a_reason(fake: FakeOpenAI, client: AsyncOpenAI) -> None:
    fake.script = [Completion("one two three four", breaks=True)]

    assert await streamed(client) == ("one two", None)


async def test_models_are_listed(fake: FakeOpenAI, client: AsyncOpenAI) -> None:
    models = [model.id async for model in client.models.list()]

    assert models == [fake.model]


async def test_failures_come_in_the_order_of_the_script(fake: FakeOpenAI, client: AsyncOpenAI) -> None:
    fake.script = [faults.server_error(), "fine"]

    with pytest.raises(InternalServerError):
        await streamed(client)

    assert await streamed(client) == ("fine", "stop")
    assert len(fake.chats) == 2
