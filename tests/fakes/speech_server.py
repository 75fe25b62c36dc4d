"""The sound the fake OpenAI answers with."""

from dataclasses import dataclass

from aiohttp import web

from tests.fakes.speech import tone_for, wav_of

MOST_CHARACTERS = 4_096
"""https://developers.openai.com/api/reference/resources/audio/subresources/speech/methods/create"""


@dataclass(frozen=True, slots=True)
class Speech:
    """A 200 with sound: the requested text as a tone, unless `body` is given."""

    body: bytes | None = None
    share: float = 1.0
    """The fraction that is sent before the connection closes; Content-Length announces all of it."""
    says_length: bool = True


async def sounding(request: web.Request, speech: Speech, text: str) -> web.StreamResponse:
    sound = speech.body
    if sound is None:
        sound = wav_of(tone_for(text), says_length=speech.says_length)
    response = web.StreamResponse(headers={"Content-Type": "audio/wav"})
    response.content_length = len(sound)
    await response.prepare(request)
    await response.write(sound[: int(len(sound) * speech.share)])
    if speech.share < 1:
        assert request.transport is not None
        request.transport.close()
    return response
