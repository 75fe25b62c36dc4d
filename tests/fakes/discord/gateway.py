"""The gateway: the websocket over which the fake Discord tells a bot what happens.

Source: https://discord.com/developers/docs/events/gateway.
"""

import asyncio
import json
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import discord
from aiohttp import WSMsgType, web

from tests.fakes.discord.shapes import guild_json
from tests.fakes.discord.world import Json, World
from tests.waiting import PATIENCE_SECONDS

DISPATCH, HEARTBEAT, IDENTIFY, RESUME = 0, 1, 2, 6
RECONNECT, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 7, 9, 10, 11
_PRIVILEGED = discord.Intents(members=True, presences=True, message_content=True).value


@dataclass(eq=False)
class Session:
    """One bot's session, which outlives its connection for a while."""

    id: str
    intents: discord.Intents
    socket: web.WebSocketResponse | None
    events: list[Json] = field(default_factory=list)

    async def send(self, event: str, data: Json) -> None:
        self.events.append({"op": DISPATCH, "t": event, "s": len(self.events) + 1, "d": data})
        await self.push(self.events[-1])

    async def push(self, frame: Json) -> None:
        if self.socket is not None and not self.socket.closed:
            try:
                await self.socket.send_json(frame)
            except ConnectionError:
                self.socket = None  # the bot was killed; it may come back and resume


class Gateway:
    """All sessions."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._numbers = count(1)
        self.url = ""
        self.token = ""
        self.sessions: dict[str, Session] = {}
        self.identified = 0
        """How often a bot started a new session."""
        self.resumed = 0
        self.heartbeat_seconds = 41.25
        self.allows_privileged_intents = False
        self._changed = asyncio.Condition()

    async def dispatch(self, event: str, data: Json, *, intent: str | None = None) -> None:
        """Send an event to every bot with this intent; to all without one."""
        for session in list(self.sessions.values()):
            if intent is None or getattr(session.intents, intent):
                await session.send(event, data)

    async def until_connected(self, *, times: int = 1, timeout_seconds: float = PATIENCE_SECONDS) -> None:
        """Wait until bots have identified or resumed this many times in all."""
        async with asyncio.timeout(timeout_seconds), self._changed:
            await self._changed.wait_for(lambda: self.identified + self.resumed >= times)

    async def ask_to_reconnect(self) -> None:
        for session in self.sessions.values():
            await session.push({"op": RECONNECT, "d": None})

    async def invalidate(self, *, resumable: bool = False) -> None:
        """Invalidate all sessions; unless resumable, they are forgotten with the events they missed."""
        for session in list(self.sessions.values()):
            await session.push({"op": INVALID_SESSION, "d": resumable})
            if not resumable:
                del self.sessions[session.id]

    async def drop(self) -> None:
        """Break all connections without a close frame; sessions can be resumed."""
        for session in self.sessions.values():
            if session.socket is not None:
                writer = session.socket._writer
                if writer is not None:
                    writer.transport.abort()

    async def close(self) -> None:
        for session in self.sessions.values():
            if session.socket is not None:
                await session.socket.close(code=1001)

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one connection."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": HELLO, "d": {"heartbeat_interval": int(self.heartbeat_seconds * 1000)}})
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                frame = json.loads(message.data)
                await self._answer(socket, frame["op"], frame.get("d"))
        for session in self.sessions.values():
            if session.socket is socket:
                session.socket = None
        return socket

    async def _answer(self, socket: web.WebSocketResponse, op: int, data: Any) -> None:
        if op == HEARTBEAT:
            await socket.send_json({"op": HEARTBEAT_ACK, "d": None})
        elif op in {IDENTIFY, RESUME} and data["token"] != self.token:
            await socket.close(code=4004, message=b"Authentication failed.")
        elif op == IDENTIFY:
            await self._identify(socket, data)
        elif op == RESUME:
            await self._resume(socket, data)

    async def _identify(self, socket: web.WebSocketResponse, data: Json) -> None:
        if data["intents"] & _PRIVILEGED and not self.allows_privileged_intents:
            await socket.close(code=4014, message=b"Disallowed intent(s).")
            return
        intents = discord.Intents._from_value(data["intents"])
        session = Session(f"session-{next(self._numbers)}", intents, socket)
        self.sessions[session.id] = session
        ready = {
            "v": 10,
            "user": self._world.bot.json(),
            "guilds": [{"id": str(guild_id), "unavailable": True} for guild_id in self._world.guilds],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "application": {"id": str(self._world.application_id), "flags": 0},
            "shard": data.get("shard", [0, 1]),
        }
        await session.send("READY", ready)
        for guild in list(self._world.guilds.values()):
            if intents.guilds:
                await session.send("GUILD_CREATE", guild_json(self._world, guild))
        await self._count(identified=1)

    async def _resume(self, socket: web.WebSocketResponse, data: Json) -> None:
        session = self.sessions.get(data["session_id"])
        if session is None:
            await socket.send_json({"op": INVALID_SESSION, "d": False})
            return
        session.socket = socket
        for event in session.events[data["seq"] :]:
            await session.push(event)
        await session.send("RESUMED", {})
        await self._count(resumed=1)

    async def _count(self, *, identified: int = 0, resumed: int = 0) -> None:
        async with self._changed:
            self.identified += identified
            self.resumed += resumed
            self._changed.notify_all()
