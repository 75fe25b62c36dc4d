"""This process's one connection to arXiv: paced, bounded, and silent when told to be.

API, feeds and PDFs all go through it, because arXiv's terms count them together: one request every three
seconds and one connection at a time (https://info.arxiv.org/help/api/tou.html). Nothing else retries.
"""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import aiohttp
from yarl import URL

from bot.clock import Clock
from bot.errors import ArxivError
from bot.papers.port import Pacer
from bot.proxies import proxy_for

log = logging.getLogger(__name__)

TRIES = 4
"""Most requests for one answer. Pausing 4, 12 and 36 s (with jitter) outlasts most runs of empty answers."""
_FIRST_BACKOFF_SECONDS = 4.0
_BACKOFF_FACTOR = 3.0
LONGEST_WAIT_SECONDS = 60.0
"""A longer `Retry-After` is reported to the caller instead of being waited out."""
_REFUSED_SECONDS = 3600.0
"""Silence after a 403: carrying on counts as an attack."""
LONGEST_SILENCE_SECONDS = 86_400.0
"""A longer `Retry-After` is a mistake, and cut to this."""
_MAX_REDIRECTS = 3
_CONNECT_SECONDS = 10.0
_CHUNK_BYTES = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A complete answer of arXiv, with any status but 403, 429 and 5xx, which raise errors instead."""

    status: int
    content_type: str
    """Without parameters: `application/pdf`."""
    body: bytes


def accept(_answer: Answer) -> None:
    """A check that accepts any answer."""


class ArxivConnection:
    """Sends arXiv one request at a time; made by `opened`."""

    def __init__(
        self, session: aiohttp.ClientSession, *, pacer: Pacer, clock: Clock, origins: frozenset[URL]
    ) -> None:
        self._session = session
        self._pacer = pacer
        self._clock = clock
        self._origins = origins
        self._one_at_a_time = asyncio.Lock()
        self._silent_until: datetime | None = None
        self._refused = False

    async def get(
        self,
        url: str,
        *,
        max_bytes: int,
        timeout_seconds: float,
        check: Callable[[Answer], None] = accept,
    ) -> Answer:
        """The answer to a GET of `url` (already encoded), once `check` finds nothing wrong with it.

        `timeout_seconds` is for each request, from connecting to the last byte. `check` runs in a thread and
        raises ArxivError; a retryable one leads to another try.

        Raises:
            ArxivError: no acceptable answer after all tries, or arXiv told us to be silent.
        """
        backoff = _FIRST_BACKOFF_SECONDS
        for tries_left in reversed(range(TRIES)):
            try:
                answer = await self._request(URL(url, encoded=True), max_bytes, timeout_seconds)
                await asyncio.to_thread(check, answer)
            except ArxivError as error:
                if not error.retryable or tries_left == 0 or self._silent_seconds() > LONGEST_WAIT_SECONDS:
                    raise
                log.info("%s Trying again.", error)
                await self._clock.sleep(backoff * random.uniform(1.0, 1.25))  # noqa: S311 - jitter, not a secret
                backoff *= _BACKOFF_FACTOR
            else:
                return answer
        raise AssertionError("the last try returns or raises")

    async def _request(self, url: URL, max_bytes: int, timeout_seconds: float) -> Answer:
        for _ in range(_MAX_REDIRECTS + 1):
            # The lock is around the pacing too: slots go first come, first served.
            async with self._one_at_a_time:
                await self._keep_silence()
                await self._pacer.wait()
                answer_or_url = await self._send(url, max_bytes, timeout_seconds)
            if isinstance(answer_or_url, Answer):
                return answer_or_url
            url = answer_or_url
        raise ArxivError("arXiv redirected us too many times.", retryable=False, passes=True)

    async def _send(self, url: URL, max_bytes: int, timeout_seconds: float) -> Answer | URL:
        timeout = aiohttp.ClientTimeout(total=timeout_seconds, sock_connect=_CONNECT_SECONDS)
        try:
            async with self._session.get(
                url, timeout=timeout, allow_redirects=False, proxy=proxy_for(url)
            ) as response:
                await self._heed(response)
                if response.status in {301, 302, 303, 307, 308}:
                    return self._next(url, response.headers.get("Location", ""))
                body = await _read(response, max_bytes)
                return Answer(status=response.status, content_type=response.content_type, body=body)
        except TimeoutError as error:
            raise ArxivError("arXiv did not answer in time.") from error
        except (aiohttp.ClientError, OSError) as error:
            log.warning("arXiv could not be reached: %s", error)
            raise ArxivError(_unreached(error)) from error

    async def _keep_silence(self) -> None:
        wait = self._silent_seconds()
        if wait > LONGEST_WAIT_SECONDS:
            until = f"{self._silent_until:%H:%M} UTC"
            if self._refused:
                raise ArxivError(
                    f"arXiv refused our requests (HTTP 403), so none are made until {until}.",
                    retryable=False,
                    passes=True,
                )
            raise ArxivError(f"arXiv asked us to wait until {until}.")
        await self._clock.sleep(wait)

    def _silent_seconds(self) -> float:
        if self._silent_until is None:
            return 0.0
        return max(0.0, (self._silent_until - self._clock.now()).total_seconds())

    async def _be_silent(self, seconds: float, *, refused: bool) -> None:
        self._silent_until, self._refused = self._clock.now() + timedelta(seconds=seconds), refused
        await self._pacer.be_silent(self._silent_until)

    async def _heed(self, response: aiohttp.ClientResponse) -> None:
        status = response.status
        if status == HTTPStatus.FORBIDDEN:
            await self._be_silent(_REFUSED_SECONDS, refused=True)
            raise ArxivError(
                "arXiv refuses our requests (HTTP 403), so none are made for an hour. If this goes on, set "
                "BROADSHEET_CONTACT and contact arXiv's support.",
                retryable=False,
                passes=True,
            )
        if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
            seconds = _retry_after_seconds(response.headers.get("Retry-After", ""), self._clock.now())
            await self._be_silent(seconds, refused=False)
            advice = f"try again in {seconds:.0f} s" if seconds > 0 else "try again later"
            raise ArxivError(f"arXiv is busy (HTTP {status}): {advice}.")
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise ArxivError(f"arXiv has a problem (HTTP {status}).")

    def _next(self, url: URL, location: str) -> URL:
        try:
            target = url.join(URL(location))
            known = target.origin() in self._origins or _is_arxiv(target)
        except ValueError:
            known = False
        if not known:
            # A network's sign-in page does this.
            raise ArxivError(
                "arXiv redirected us to another host, which was not followed.", retryable=False, passes=True
            )
        return target


@asynccontextmanager
async def opened(
    *, user_agent: str, pacer: Pacer, clock: Clock, urls: Iterable[str]
) -> AsyncIterator[ArxivConnection]:
    """A connection for as long as the block lasts.

    `urls` are the configured ones: only redirects to their hosts, or to arXiv's over HTTPS, are followed.
    """
    origins = frozenset(URL(url).origin() for url in urls)
    async with aiohttp.ClientSession(headers={"User-Agent": user_agent}) as session:
        yield ArxivConnection(session, pacer=pacer, clock=clock, origins=origins)


def _unreached(error: aiohttp.ClientError | OSError) -> str:
    """What to check, without what the error contains, which may be a proxy's password."""
    if isinstance(error, (aiohttp.ClientProxyConnectionError, aiohttp.ClientHttpProxyError)):
        return "arXiv could not be reached through the proxy: check HTTPS_PROXY."
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "arXiv's address was not found: check the internet connection, or set HTTPS_PROXY."
    if isinstance(error, aiohttp.ClientSSLError):
        return "arXiv's certificate was not accepted: a proxy may have put its own in the way."
    return "arXiv could not be reached, or its answer broke off."


async def _read(response: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK_BYTES):
        body += chunk
        if len(body) > max_bytes:
            raise ArxivError(f"arXiv's answer is larger than {max_bytes // 1_000_000} MB.", retryable=False)
    return bytes(body)


def _is_arxiv(url: URL) -> bool:
    host = url.host or ""
    return url.scheme == "https" and (host == "arxiv.org" or host.endswith(".arxiv.org"))


def _retry_after_seconds(header: str, now: datetime) -> float:
    """Seconds from either form of the header (RFC 9110, 10.2.3), at most a day; 0 if it is unusable."""
    try:
        is_number = header.strip().isdecimal()
        given = float(header) if is_number else (parsedate_to_datetime(header) - now).total_seconds()
    except (ValueError, TypeError):  # not a date, or one without a zone
        return 0.0
    return min(max(given, 0.0), LONGEST_SILENCE_SECONDS)
