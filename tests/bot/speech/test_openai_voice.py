"""The voice behind a server: what may go wrong over a real socket."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import numpy as np
import pytest

from bot.errors import SpeechError
from bot.llm.openai_server import OpenAIServer
from bot.speech.openai_voice import OpenAIVoice
from bot.speech.port import Utterance
from tests.fakes import openai as faults
from tests.fakes.clock import StillClock
from tests.fakes.openai import FakeOpenAI, Step
from tests.fakes.speech import tone_for, wav_of
from tests.fakes.speech_server import Speech

SEGMENT = "A sentence that takes a second or two to read aloud."


@pytest.fixture
async def fake() -> AsyncIterator[FakeOpenAI]:
    async with FakeOpenAI() as fake:
        yield fake


@pytest.fixture
async def server(fake: FakeOpenAI) -> AsyncIterator[OpenAIServer]:
    clock = StillClock(datetime(2026, 11, 20, tzinfo=UTC))
    async with OpenAIServer(clock=clock, api_key="key", base_url=fake.base_url, timeout_seconds=30) as server:
        yield server


@pytest.fixture
def voice(server: OpenAIServer) -> OpenAIVoice:
    return OpenAIVoice(server, model="some-model", voice="someone")


async def said(voice: OpenAIVoice, segment: str = SEGMENT) -> Utterance:
    (utterance,) = [utterance async for utterance in voice.speak([segment])]
    return utterance


async def test_the_server_is_asked_for_the_voice_in_words_and_gives_its_sound(
    fake: FakeOpenAI, voice: OpenAIVoice
) -> None:
    heard = await said(voice)

    (request,) = fake.spoken
    assert (request["model"], request["voice"], request["input"]) == ("some-model", "someone", SEGMENT)
    np.testing.assert_array_equal(heard.samples, tone_for(SEGMENT).samples)
    assert voice.name == "some-model/someone"


async def test_a_server_that_does_not_know_the_length_yet_is_understood(
    fake: FakeOpenAI, voice: OpenAIVoice
) -> None:
    fake.script = [Speech(says_length=False)]

    assert (await said(voice)).seconds == tone_for(SEGMENT).seconds


@pytest.mark.parametrize(
    "trouble",
    [
        faults.server_error(),
        faults.rate_limited(),
        faults.hung_up(),
        faults.web_page(),
        faults.Failure(200, []),
        Speech(share=0.5),
        Speech(body=b"RIFF"),
        Speech(body=wav_of(tone_for(SEGMENT))[:-1000]),
        Speech(body=wav_of(tone_for("Yes."))),
    ],
    ids=["500", "429", "reset", "page", "JSON", "broken off", "no sound", "cut off", "too short"],
)
async def test_what_may_pass_is_tried_again(fake: FakeOpenAI, voice: OpenAIVoice, trouble: Step) -> None:
    fake.script = [trouble]

    assert (await said(voice)).seconds == tone_for(SEGMENT).seconds
    assert len(fake.spoken) == 2


async def test_a_server_that_always_cuts_short_is_an_error(fake: FakeOpenAI, voice: OpenAIVoice) -> None:
    fake.script = [Speech(body=wav_of(tone_for("Yes.")))] * 5

    with pytest.raises(SpeechError, match="left out part"):
        await said(voice)


async def test_a_wrong_key_says_so(fake: FakeOpenAI, voice: OpenAIVoice) -> None:
    fake.script = [faults.unauthorized()]

    with pytest.raises(SpeechError, match="OPENAI_API_KEY") as caught:
        await said(voice)

    assert not caught.value.retryable


async def test_a_server_without_speech_names_the_setting(server: OpenAIServer, fake: FakeOpenAI) -> None:
    fake.script = [faults.Failure(404, {"error": {"message": "no such route"}})]

    with pytest.raises(SpeechError, match="OPENAI_SPEECH_MODEL"):
        await said(OpenAIVoice(server, model="m", voice="v"))


async def test_a_longer_text_than_the_api_takes_would_be_refused(
    fake: FakeOpenAI, voice: OpenAIVoice
) -> None:
    with pytest.raises(SpeechError, match="did not accept"):
        await said(voice, "word " * 1_000)
    assert voice.segment_characters <= 4_096


async def test_an_endless_answer_is_stopped(fake: FakeOpenAI, server: OpenAIServer) -> None:
    voice = OpenAIVoice(server, model="m", voice="v", most_bytes=50_000)

    with pytest.raises(SpeechError, match="did not stop"):
        await said(voice)
