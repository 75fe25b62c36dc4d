"""Faults on demand: what can go wrong between a bot and Discord.

discord.break_next(reset_after_storing(), path="/messages$", times=2)
"""

import asyncio
import re
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from aiohttp import web

from tests.fakes.discord.answers import answer

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]
Fault: TypeAlias = Callable[[web.Request, Handler], Awaitable[web.StreamResponse]]


@dataclass
class Trap:
    """A fault and the requests that meet it."""

    fault: Fault
    method: str
    path: str
    times: int

    def catches(self, request: web.Request) -> bool:
        matches = request.method == self.method and re.search(self.path, request.path) is not None
        return matches and self.times > 0


def failure(status: int) -> Fault:
    """An error from a proxy in front of Discord, such as a 5xx; nothing is stored."""

    async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
        return web.Response(status=status, text="upstream connect error", content_type="text/plain")

    return fault


def forbidden() -> Fault:
    """Discord's own 403; nothing is stored."""

    async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
        return answer({"message": "Missing Permissions", "code": 50013}, status=403)

    return fault


def failure_after_storing(status: int) -> Fault:
    """A 5xx, although the request was carried out."""

    async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
        await handler(request)
        return web.Response(status=status, text="upstream connect error", content_type="text/plain")

    return fault


def web_page() -> Fault:
    """A 200 with a web page instead of JSON; nothing is stored."""

    async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
        return web.Response(text="<!doctype html><title>Welcome</title>", content_type="text/html")

    return fault


def rate_limited(retry_after_seconds: float = 0.01, *, everywhere: bool = False) -> Fault:
    async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
        body = {
            "message": "You are being rate limited.",
            "retry_after": retry_after_seconds,
            "global": everywhere,
        }
        # Without `Via` discord.py takes it for a ban and raises.
        return answer(body, status=429, Via="1.1 google")

    return fault


def reset() -> Fault:
    """The connection is reset; nothing is stored."""

    async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
        return _hang_up(request)

    return fault


def reset_after_storing() -> Fault:
    """The connection is reset, although the request was carried out."""

    async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
        await handler(request)
        return _hang_up(request)

    return fault


def slow(seconds: float) -> Fault:
    async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
        await asyncio.sleep(seconds)
        return await handler(request)

    return fault


def no_answer(*, after_storing: bool = False) -> Fault:
    async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
        if after_storing:
            await handler(request)
        await asyncio.Event().wait()
        raise AssertionError

    return fault


def calling(
    *, before: Callable[[], object] | None = None, after_storing: Callable[[], object] | None = None
) -> Fault:
    """Call a function, such as one that kills the bot, before or after the request is carried out."""

    async def fault(request: web.Request, handler: Handler) -> web.StreamResponse:
        if before is not None:
            before()
        response = await handler(request)
        if after_storing is not None:
            after_storing()
        return response

    return fault


def _hang_up(request: web.Request) -> web.Response:
    transport = request.transport
    assert transport is not None
    connection = transport.get_extra_info("socket")
    # Lingering for zero seconds makes the kernel send RST instead of FIN.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
    return web.Response()
