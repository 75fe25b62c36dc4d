"""What every voice guarantees."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime

import numpy as np
import pytest

from bot.llm.openai_server import OpenAIServer
from bot.speech.hibari_voice import HibariVoice
from bot.speech.openai_voice import OpenAIVoice
from bot.speech.port import Utterance, Voice
from tests.fakes.clock import StillClock
from tests.fakes.openai import FakeOpenAI
from tests.fakes.speech import ToneVoice

SEGMENTS = ["The first paper.", "It reads whole documents, and answers from them.", "Yes."]


@pytest.fixture(params=["hibari", "openai", "tones"])
async def voice(request: pytest.FixtureRequest) -> AsyncIterator[Voice]:
    if request.param == "hibari":
        yield HibariVoice()
    elif request.param == "tones":
        yield ToneVoice()
    else:
        clock = StillClock(datetime(2026, 11, 20, tzinfo=UTC))
        async with (
            FakeOpenAI() as fake,
            OpenAIServer(clock=clock, api_key="key", base_url=fake.base_url) as server,
        ):
            yield OpenAIVoice(server, model="some-model", voice="someone")


async def test_segments_are_spoken_in_order_and_longer_ones_take_longer(voice: Voice) -> None:
    heard = [utterance async for utterance in voice.speak(SEGMENTS)]

    assert len(heard) == len(SEGMENTS)
    assert len({utterance.rate for utterance in heard}) == 1
    assert heard[1].seconds > heard[0].seconds > heard[2].seconds
    assert all(utterance.samples.dtype == np.int16 for utterance in heard)
    assert all(np.abs(utterance.samples).max() > 1_000 for utterance in heard)


async def test_it_can_be_stopped_early_and_used_again(voice: Voice) -> None:
    first: list[Utterance] = []
    async with aclosing(voice.speak(SEGMENTS)) as speaking:
        async for utterance in speaking:
            first.append(utterance)
            break

    again = [utterance async for utterance in voice.speak(SEGMENTS[:1])]

    np.testing.assert_array_equal(first[0].samples, again[0].samples)


async def test_nothing_to_say_is_no_sound(voice: Voice) -> None:
    assert [utterance async for utterance in voice.speak([])] == []


async def test_it_has_a_name_and_a_segment_length(voice: Voice) -> None:
    assert voice.name
    assert 100 <= voice.segment_characters <= 4_096
