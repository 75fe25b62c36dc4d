"""A voice behind any server that speaks the OpenAI API (`/v1/audio/speech`)."""

from collections.abc import AsyncGenerator, Sequence
from typing import TYPE_CHECKING

from bot.errors import ModelError, SpeechError
from bot.llm.openai_server import OpenAIServer
from bot.speech import waves
from bot.speech.port import Utterance
from bot.speech.wholeness import check_whole

if TYPE_CHECKING:
    from openai import AsyncOpenAI

DEFAULT_MODEL = "gpt-4o-mini-tts"
_NOT_FOUND = 404


class OpenAIVoice:
    """Implements Voice. Timeouts, retries and the circuit breaker belong to the server's connection."""

    segment_characters = 2_000
    """The API takes 4,096, but its newer models only 2,000 tokens, and they get careless in long texts
    (https://developers.openai.com/api/docs/guides/text-to-speech)."""

    def __init__(self, server: OpenAIServer, *, model: str, voice: str, most_bytes: int = 64 * 2**20) -> None:
        """`most_bytes` is the largest response accepted: an hour at 16,000 samples a second is 115 MB."""
        self._server = server
        self._model = model
        self._voice = voice
        self._most_bytes = most_bytes

    @property
    def name(self) -> str:
        """The model and the voice, by the server's names."""
        return f"{self._model}/{self._voice}"

    async def speak(self, segments: Sequence[str]) -> AsyncGenerator[Utterance, None]:
        """See the port."""
        for segment in segments:
            yield await self._speak_whole(segment)

    async def _speak_whole(self, segment: str) -> Utterance:
        """The spoken segment; requested once more if it came back silent or too short."""
        utterance = await self._speak_once(segment)
        try:
            check_whole(utterance, segment)
        except SpeechError:
            utterance = await self._speak_once(segment)
            check_whole(utterance, segment)
        return utterance

    async def _speak_once(self, segment: str) -> Utterance:
        try:
            return await self._server.call(lambda client: self._request(client, segment))
        except ModelError as error:
            if getattr(error.__cause__, "status_code", None) == _NOT_FOUND:
                raise SpeechError(
                    "The server has no such voice, or cannot speak: check OPENAI_SPEECH_MODEL.",
                    retryable=False,
                ) from error
            raise SpeechError(f"The voice failed. {error}", retryable=error.retryable) from error

    async def _request(self, client: "AsyncOpenAI", segment: str) -> Utterance:
        import httpx2  # noqa: PLC0415 - the SDK has imported it by now
        from openai import APIConnectionError  # noqa: PLC0415

        # WAV, unlike raw samples, states the sample rate, which differs between servers.
        async with client.audio.speech.with_streaming_response.create(
            model=self._model, voice=self._voice, input=segment, response_format="wav"
        ) as response:
            wav = bytearray()
            try:
                async for chunk in response.iter_bytes():
                    wav += chunk
                    if len(wav) > self._most_bytes:
                        raise SpeechError("The voice did not stop speaking.")
            except httpx2.HTTPError as error:  # the SDK translates only what comes before the first byte
                raise APIConnectionError(request=response.http_request) from error
        return waves.utterance(bytes(wav))
