"""The sample's arXiv stand-in, which fails on demand in the ways the real arXiv does."""

import asyncio
import re
import socket
import struct
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

from aiohttp import ClientConnectionError, web

from bot.sample.feeds import error_feed
from bot.sample.server import SampleArxiv
from bot.sample.week import THURSDAY, sample_pdf
from storage.model import Paper
from tests.fakes.moments import Moments

RETRY_AFTER_SECONDS = 7

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Fault(Enum):
    """One way in which an answer goes wrong."""

    RATE_EXCEEDED = auto()
    """HTTP 200 and the body `Rate exceeded.`."""
    HTML = auto()
    """HTTP 200 and a web page instead of a feed or a PDF."""
    ERROR_ENTRY = auto()
    """HTTP 200 and a feed whose one entry is called "Error"."""
    EMPTY = auto()
    """A feed with no entries and a total of 0, whatever arXiv lists."""
    MISSING_ENTRIES = auto()
    """Half of the entries, rounded down, but the true total."""
    CUT_OFF = auto()
    """The first half of the body, with a Content-Length that matches it."""
    FORBIDDEN = auto()
    NOT_FOUND = auto()
    TOO_MANY_REQUESTS = auto()
    """429 with Retry-After."""
    UNAVAILABLE = auto()
    """503 with Retry-After."""
    MOVED = auto()
    """301 with an empty body, as arXiv answers http: requests."""
    HANG = auto()
    """No answer, ever."""
    RESET = auto()
    """The connection is reset before the answer."""
    ENDLESS = auto()
    """A body that starts like a PDF and never ends."""
    SLOW = auto()
    """Like ENDLESS, but a few bytes at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request as it arrived."""

    at: float
    """Monotonic seconds."""
    path: str
    query: Mapping[str, str]
    user_agent: str


class FakeArxiv(SampleArxiv):
    """Serves the sample week, or `papers` with the PDFs in `pdfs` (by key); faults on demand."""

    def __init__(
        self,
        papers: Sequence[Paper] | None = None,
        *,
        pdfs: Mapping[str, bytes] | None = None,
        today: date = THURSDAY,
        delay_seconds: float = 0.0,
    ) -> None:
        self.pdfs = dict(pdfs or {})
        super().__init__(papers, pdf=lambda key: self.pdfs.get(key) or sample_pdf(key), today=today)
        self.delay_seconds = delay_seconds
        """How long every answer takes; on the real arXiv about 0.5."""
        self.moments = Moments()
        self.history: list[Request] = []
        self.most_at_once = 0
        self._open = 0
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)
        self._lasting: dict[str, Fault] = {}

    def add(self, paper: Paper, pdf: bytes | None = None) -> None:
        """Add a paper to what arXiv lists."""
        self.papers.append(paper)
        if pdf is not None:
            self.pdfs[paper.key] = pdf

    def fail(self, *faults: Fault, on: str = "/") -> None:
        """Answer the next requests to paths starting with `on` with these faults, one each."""
        self._faults[on].extend(faults)

    def fail_always(self, fault: Fault, on: str = "/") -> None:
        """Answer every request to paths starting with `on` with this fault."""
        self._lasting[on] = fault

    def requests(self, on: str = "/") -> list[Request]:
        """The requests so far to paths starting with `on`, in order."""
        return [request for request in self.history if request.path.startswith(on)]

    def _application(self) -> web.Application:
        return web.Application(middlewares=[self.moments.middleware, self._with_faults])

    @web.middleware
    async def _with_faults(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self.history.append(
            Request(
                at=time.monotonic(),
                path=request.path,
                query=dict(request.query),
                user_agent=request.headers.get("User-Agent", ""),
            )
        )
        self._open += 1
        self.most_at_once = max(self.most_at_once, self._open)
        try:
            fault = self._next_fault(request.path)
            await asyncio.sleep(self.delay_seconds)
            if fault is None:
                return await handler(request)
            return await self._faulty(fault, request, handler)
        finally:
            self._open -= 1

    def _next_fault(self, path: str) -> Fault | None:
        for prefix, faults in self._faults.items():
            if faults and path.startswith(prefix):
                return faults.popleft()
        return next((fault for prefix, fault in self._lasting.items() if path.startswith(prefix)), None)

    async def _faulty(self, fault: Fault, request: web.Request, handler: Handler) -> web.StreamResponse:
        if fault in _CANNED:
            return _CANNED[fault]()
        match fault:
            case Fault.ERROR_ENTRY:
                return web.Response(
                    body=error_feed("internal", "something went wrong", self._now),
                    content_type="application/atom+xml",
                )
            case Fault.EMPTY | Fault.MISSING_ENTRIES | Fault.CUT_OFF:
                return _shortened(fault, await handler(request))
            case Fault.HANG:
                await asyncio.Event().wait()
            case Fault.RESET:
                _reset(request)
            case _:
                return await _endless(request, slow=fault is Fault.SLOW)
        raise AssertionError("unreachable: the connection is gone")


_CANNED: dict[Fault, Callable[[], web.Response]] = {
    Fault.RATE_EXCEEDED: lambda: web.Response(text="Rate exceeded."),
    Fault.HTML: lambda: web.Response(
        text="<!DOCTYPE html><html><head><title>arXiv</title></head><body>Be right back</body></html>",
        content_type="text/html",
    ),
    Fault.FORBIDDEN: lambda: web.Response(status=403, text="Access Denied"),
    Fault.NOT_FOUND: lambda: web.Response(status=404, text="Not found"),
    Fault.TOO_MANY_REQUESTS: lambda: web.Response(
        status=429, text="Rate exceeded.", headers={"Retry-After": str(RETRY_AFTER_SECONDS)}
    ),
    Fault.UNAVAILABLE: lambda: web.Response(
        status=503, text="", headers={"Retry-After": str(RETRY_AFTER_SECONDS)}
    ),
    Fault.MOVED: lambda: web.Response(status=301, headers={"Location": "https://localhost:1/"}),
}


def _shortened(fault: Fault, answer: web.StreamResponse) -> web.Response:
    assert isinstance(answer, web.Response)
    assert isinstance(answer.body, bytes)
    body = answer.body
    if fault is Fault.CUT_OFF:
        body = body[: len(body) // 2]
    else:
        entries = re.findall(rb"\s*<(?:entry|item)>.*?</(?:entry|item)>", body, re.DOTALL)
        kept = 0 if fault is Fault.EMPTY else len(entries) // 2
        for entry in entries[kept:]:
            body = body.replace(entry, b"", 1)
    if fault is Fault.EMPTY:
        body = re.sub(rb"(<opensearch:totalResults>)\d+", rb"\g<1>0", body)
    return web.Response(status=answer.status, body=body, content_type=answer.content_type)


def _reset(request: web.Request) -> None:
    transport = request.transport
    assert transport is not None
    # Lingering for zero seconds makes the kernel send RST instead of FIN.
    transport.get_extra_info("socket").setsockopt(
        socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
    )
    transport.abort()
    raise asyncio.CancelledError  # ends the handler without an answer


async def _endless(request: web.Request, *, slow: bool) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/pdf"})
    await response.prepare(request)
    try:
        await response.write(b"%PDF-1.7\n")
        while True:
            await asyncio.sleep(0.05 if slow else 0)
            await response.write(b"%" * (8 if slow else 65_536))
    except ClientConnectionError:
        return response
