"""What every language model guarantees."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from typing import TypeAlias

import pytest

from bot.errors import ModelError
from bot.llm.openai_model import OpenAIModel
from bot.llm.openai_server import OpenAIServer
from bot.llm.port import LanguageModel, Prompt
from tests.fakes.clock import StillClock
from tests.fakes.model import ScriptedModel
from tests.fakes.openai import FakeOpenAI

SCHEMA = {"type": "object", "properties": {"gist": {"type": "string"}}, "required": ["gist"]}
PROMPT = Prompt(system="Answer.", user="What is it?", schema=SCHEMA, schema_name="summary")

Opened: TypeAlias = Callable[..., AbstractAsyncContextManager[LanguageModel]]


@asynccontextmanager
async def _over_http(*replies: str) -> AsyncIterator[LanguageModel]:
    clock = StillClock(datetime(2026, 11, 20, tzinfo=UTC))
    async with (
        FakeOpenAI(*replies) as fake,
        OpenAIServer(clock=clock, api_key="key", base_url=fake.base_url) as server,
    ):
        yield OpenAIModel(server, "fake-model", context_tokens=32_000)


@asynccontextmanager
async def _scripted(*replies: str) -> AsyncIterator[LanguageModel]:
    yield ScriptedModel(*replies)


@pytest.fixture(params=[_over_http, _scripted], ids=["openai", "scripted"])
def opened(request: pytest.FixtureRequest) -> Opened:
    model: Opened = request.param
    return model


async def test_a_reply_is_read_as_data(opened: Opened) -> None:
    async with opened('{"gist": "a wheel"}') as model:
        reply = await model.complete(PROMPT, max_tokens=100)

    assert reply.data == {"gist": "a wheel"}


async def test_tokens_are_counted(opened: Opened) -> None:
    async with opened('{"gist": "a wheel"}') as model:
        reply = await model.complete(PROMPT, max_tokens=100)

    assert reply.prompt_tokens > 0
    assert reply.completion_tokens > 0


async def test_prose_instead_of_data_is_an_error(opened: Opened) -> None:
    async with opened("A wheel.", "Still a wheel.") as model:
        with pytest.raises(ModelError):
            await model.complete(PROMPT, max_tokens=100)


async def test_it_has_a_name_and_a_context_window(opened: Opened) -> None:
    async with opened() as model:
        assert model.name
        assert model.context_tokens > 0
