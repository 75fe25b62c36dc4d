"""A fake model server, and Broadsheet's connection to it, with a clock that does not wait."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.llm.openai_model import OpenAIModel
from bot.llm.openai_server import OpenAIServer
from tests.fakes.clock import StillClock
from tests.fakes.openai import FakeOpenAI


@pytest.fixture
def clock() -> StillClock:
    return StillClock(datetime(2026, 11, 20, 9, 0, tzinfo=UTC))


@pytest.fixture
async def fake() -> AsyncIterator[FakeOpenAI]:
    async with FakeOpenAI() as fake:
        yield fake


@pytest.fixture
async def server(fake: FakeOpenAI, clock: StillClock) -> AsyncIterator[OpenAIServer]:
    async with OpenAIServer(clock=clock, api_key="key", base_url=fake.base_url, timeout_seconds=30) as server:
        yield server


@pytest.fixture
def model(server: OpenAIServer) -> OpenAIModel:
    return OpenAIModel(server, "fake-model", context_tokens=32_000)
