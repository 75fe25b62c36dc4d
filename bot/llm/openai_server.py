"""The connection to a server that speaks the OpenAI API: time-outs, retries and the breaker, in one place."""

import asyncio
import contextlib
import importlib
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NoReturn, Self, TypeVar
from urllib.parse import parse_qsl

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_random_exponential

from bot.clock import Clock
from bot.errors import ModelError, ModelRefusedError
from bot.llm.faults import DECLINED, QUOTA_SPENT, Fault, fault_inside

if TYPE_CHECKING:
    from httpx2 import Response
    from openai import APIStatusError, AsyncOpenAI

log = logging.getLogger(__name__)

OPENAI_BASE_URL = "https://api.openai.com/v1"
_TRIES = 4
_TIMEOUT_TRIES = 2
"""A request that timed out may have been worked on and billed, so it is retried only once."""
_WAIT = wait_random_exponential(multiplier=1, max=20)
"""Full jitter: up to 1, 2, 4 s (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/)."""
_LONGEST_WAIT_SECONDS = 60.0
"""If a server asks for a longer wait we give up: a later run is the better retry."""
_BREAKER_OPEN = timedelta(minutes=10)
_RETRIED_STATUS = frozenset({408, 409, 429})
_SHOWN_CHARACTERS = 300
_READ_CHARACTERS = 2_000
_MOST_BYTES = 64 << 20
"""Of an answer, unpacked: 256 vectors of 8,192 numbers, the most that is asked for at a time, take less. A
kilobyte of gzip may hold a megabyte."""
DECLINED_TEXT = "The language model's content filter declined this text."

T = TypeVar("T")


class RejectedRequestError(ModelError):
    """The server did not accept the request as it was made (400, 413, 422); `words` are the server's."""

    def __init__(self, message: str, *, words: str) -> None:
        super().__init__(message, retryable=False)
        self.words = words


class _TransientError(ModelError):
    """A failure that may be gone by the next try."""

    def __init__(self, message: str, *, wait_seconds: float | None = None, timed_out: bool = False) -> None:
        super().__init__(message)
        self.wait_seconds = wait_seconds
        self.timed_out = timed_out
        self.tries = _TIMEOUT_TRIES if timed_out else _TRIES


class OpenAIServer:
    """Makes calls, a limited number at a time; retries happen only here. Use it as an async context.

    Wrong keys and spent quotas open the breaker: for ten minutes every call is refused without being sent.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        api_key: str | None,
        base_url: str | None = None,
        timeout_seconds: float = 120.0,
        concurrency: int = 4,
    ) -> None:
        self._clock = clock
        # Local servers need no key, but the SDK does not start without one.
        self._api_key = api_key or "none"
        # Azure's addresses end in "?api-version=...", which belongs behind the path of each request.
        address, _, query = (base_url or OPENAI_BASE_URL).partition("?")
        self._base_url, self._query = address.rstrip("/"), dict(parse_qsl(query))
        self._timeout_seconds = timeout_seconds
        self._slots = asyncio.Semaphore(concurrency)
        self._connecting = asyncio.Lock()
        self._client: AsyncOpenAI | None = None
        self._refusal: str | None = None
        self._refused_at: datetime | None = None

    @property
    def is_openai(self) -> bool:
        """Whether this is OpenAI's own server, and not one that merely speaks its API."""
        return self._base_url == OPENAI_BASE_URL

    async def call(self, request: Callable[["AsyncOpenAI"], Awaitable[T]]) -> T:
        """Send one request, and retry it if that may help.

        Raises:
            ModelRefusedError: wrong key or no quota, now or within the last ten minutes.
            RejectedRequestError: the request itself was not accepted.
            ModelError: there was no answer after all tries.
        """
        retrying = AsyncRetrying(
            sleep=self._clock.sleep,
            wait=_wait_seconds,
            stop=_is_spent,
            retry=retry_if_exception(lambda error: isinstance(error, _TransientError)),
            reraise=True,
        )
        # The slot is kept while waiting: a server that asks for patience gets it.
        async with self._slots:
            return await retrying(self._call_once, request)

    async def _call_once(self, request: Callable[["AsyncOpenAI"], Awaitable[T]]) -> T:
        self._raise_if_open()
        client = await self._connected()
        import openai  # noqa: PLC0415 - takes 0.8 s; `_connected` has imported it in a thread

        try:
            # The SDK's time-out restarts with every byte received; this one does not.
            async with asyncio.timeout(self._timeout_seconds):
                answer = await request(client)
        except (openai.APITimeoutError, TimeoutError) as error:
            raise _TransientError(
                f"The language model did not answer within {self._timeout_seconds:g} s; "
                "raise OPENAI_TIMEOUT_SECONDS to give it longer.",
                timed_out=True,
            ) from error
        except openai.APIStatusError as error:
            fault = Fault(
                status=error.status_code,
                code=error.code or error.type or "",
                words=_words_of(error),
                retry_after=error.response.headers.get("retry-after"),
            )
            self._raise_translated(fault, error)
        except openai.APIConnectionError as error:
            if isinstance(error.__cause__, ModelError):  # `_bound`'s
                raise error.__cause__ from None
            log.warning("the model server could not be reached: %s", error.__cause__ or error)
            raise _TransientError(
                "The model server could not be reached: check that it is running, and OPENAI_BASE_URL."
            ) from error
        except (openai.OpenAIError, ValueError) as error:
            # ValueError: JSON that stops in the middle.
            raise _TransientError("The model server sent a garbled answer.") from error
        if isinstance(answer, str):
            raise ModelError(
                "The model server answered with a web page: check OPENAI_BASE_URL, which usually ends in "
                "/v1.",
                retryable=False,
            )
        inside = fault_inside(answer)
        if inside is not None:
            self._raise_translated(inside)
        return answer

    def _raise_translated(self, fault: Fault, error: Exception | None = None) -> NoReturn:
        status = fault.meaning
        if status == QUOTA_SPENT:
            self._open("The language model's account has no quota left: check its billing.")
        if status == 401:  # noqa: PLR2004
            self._open(f"The model server refused the API key ({fault.status}): check OPENAI_API_KEY.")
        if status == DECLINED:
            raise ModelRefusedError(DECLINED_TEXT) from error
        if status == 403:  # noqa: PLR2004
            # Often for this request only: OpenRouter answers so to what its moderation flags
            # (https://openrouter.ai/docs/api/reference/errors-and-debugging).
            log.warning("the model server answered 403: %s", fault.words[:_SHOWN_CHARACTERS])
            raise ModelRefusedError(
                "The model server refused this request (403): it was flagged, or OPENAI_API_KEY may not use "
                "this model."
            ) from error
        if status >= 500 or status in _RETRIED_STATUS:  # noqa: PLR2004
            wait_seconds = fault.wait_seconds
            if wait_seconds is not None and wait_seconds > _LONGEST_WAIT_SECONDS:
                raise ModelError(
                    f"The model server is busy and asks to wait {wait_seconds:.0f} s."
                ) from error
            why = "is busy" if status == 429 else f"failed ({status})"  # noqa: PLR2004
            raise _TransientError(f"The model server {why}.", wait_seconds=wait_seconds) from error
        log.warning("the model server answered %d: %s", status, fault.words[:_SHOWN_CHARACTERS])
        if status == 404:  # noqa: PLR2004
            raise ModelError(
                "The model server does not know this model or address: check OPENAI_MODEL and "
                "OPENAI_BASE_URL.",
                retryable=False,
            ) from error
        raise RejectedRequestError(
            f"The model server did not accept the request ({status}).", words=fault.words
        ) from error

    def _raise_if_open(self) -> None:
        if self._refused_at is None:
            return
        # Less than none if the clock was set back, perhaps by days.
        if timedelta(0) <= self._clock.now() - self._refused_at < _BREAKER_OPEN:
            raise ModelRefusedError(self._refusal or "")

    def _open(self, refusal: str) -> NoReturn:
        self._refusal, self._refused_at = refusal, self._clock.now()
        raise ModelRefusedError(refusal)

    async def _connected(self) -> "AsyncOpenAI":
        async with self._connecting:
            if self._client is None:
                # The import takes 0.8 s of processor time, and loading certificates takes more.
                self._client = await asyncio.to_thread(self._new_client)
            return self._client

    def _new_client(self) -> "AsyncOpenAI":
        openai = importlib.import_module("openai")
        # The first request would import this on the event loop, for 45 ms of processor time.
        with contextlib.suppress(ImportError):  # a private name; without it only the first call is slower
            importlib.import_module("anyio._backends._asyncio")
        httpx = importlib.import_module("httpx2")
        try:
            client: AsyncOpenAI = openai.AsyncOpenAI(
                api_key=self._api_key,
                base_url=self._base_url,
                default_query=self._query,
                timeout=self._timeout_seconds,
                max_retries=0,
                http_client=openai.DefaultAsyncHttpxClient(event_hooks={"response": [_bound]}),
            )
        except (ImportError, OSError, ValueError, httpx.InvalidURL) as error:
            # ImportError: the SDK needs another package for SOCKS.
            raise ModelError(
                "The connection to the model server cannot be set up: check HTTPS_PROXY, ALL_PROXY (not "
                "SOCKS) and SSL_CERT_FILE in the environment.",
                retryable=False,
            ) from error
        # These are imported when first accessed, which is better done here than on the event loop.
        _ = client.chat.completions, client.embeddings, client.audio.speech
        return client

    async def aclose(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


async def _bound(response: "Response") -> None:
    """Have the reading of a response fail once it is larger than any real answer."""
    unbounded = response.aiter_bytes

    async def bounded(chunk_size: int | None = None) -> AsyncGenerator[bytes, None]:
        size = 0
        async with contextlib.aclosing(unbounded(chunk_size)) as parts:
            async for part in parts:
                size += len(part)
                if size > _MOST_BYTES:
                    raise ModelError(
                        f"The model server answered with more than {_MOST_BYTES >> 20} MB: "
                        "check OPENAI_BASE_URL.",
                        retryable=False,
                    )
                yield part

    response.aiter_bytes = bounded  # type: ignore[method-assign]  # `aread` and the SDK read through it


def _words_of(error: "APIStatusError") -> str:
    """What the server said; the SDK finds it only as the `message` of an object.

    Others send a text, a list, or `{"error": "..."}` (https://github.com/huggingface/text-generation-inference).
    """
    if " - " in error.message:
        return error.message
    return f"{error.message} - {error.body}"[:_READ_CHARACTERS]


def _is_spent(state: RetryCallState) -> bool:
    return state.attempt_number >= _failure(state).tries


def _wait_seconds(state: RetryCallState) -> float:
    asked = _failure(state).wait_seconds
    return _WAIT(state) if asked is None else asked + _WAIT(state) / 4


def _failure(state: RetryCallState) -> _TransientError:
    assert state.outcome is not None
    error = state.outcome.exception()
    assert isinstance(error, _TransientError)
    return error
