"""A scripted HTTP server on loopback, and a connection to it whose waits take no time."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiohttp import web

from bot.papers import connection
from bot.papers.connection import ArxivConnection
from tests.fakes.clock import StillClock

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Loopback:
    """Answers from a script, repeating its last step, and records every request."""

    script: list[web.Response | Handler] = field(default_factory=list)
    requests: list[web.Request] = field(default_factory=list)
    url: str = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        step = self.script[min(len(self.requests), len(self.script) - 1)]
        self.requests.append(request)
        if isinstance(step, web.Response):
            return web.Response(status=step.status, body=step.body, headers=step.headers)
        return await step(request)


@dataclass
class CountingPacer:
    """Counts the slots and never waits."""

    slots: int = 0

    async def wait(self) -> None:
        self.slots += 1

    async def be_silent(self, until: datetime) -> None:
        """Does nothing, as no other process shares the pace."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """A connection with both its ends."""

    server: Loopback
    connection: ArxivConnection
    pacer: CountingPacer
    clock: StillClock


@asynccontextmanager
async def line(*script: web.Response | Handler) -> AsyncIterator[Line]:
    """A connection to a server that answers from `script`."""
    server, pacer, clock = Loopback(script=list(script)), CountingPacer(), StillClock(NOON)
    async with (
        served(server),
        connection.opened(
            user_agent="Broadsheet/test", pacer=pacer, clock=clock, urls=[server.url]
        ) as opened,
    ):
        yield Line(server=server, connection=opened, pacer=pacer, clock=clock)


@asynccontextmanager
async def served(server: Loopback) -> AsyncIterator[None]:
    """The server, listening at its `url`."""
    app = web.Application()
    app.router.add_get("/{path:.*}", server.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        server.url = f"http://{host}:{port}"
        yield
    finally:
        await runner.cleanup()
