"""The fake Discord: one HTTP server on loopback."""

import asyncio
import urllib.parse
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from types import TracebackType
from typing import Self

import discord
import yarl
from aiohttp import web
from aiohttp.typedefs import Handler

from bot.delivery.discord_rights import INVITE_PERMISSIONS
from tests.fakes.discord.answers import ApiError, answer, unauthorized
from tests.fakes.discord.directory import Directory
from tests.fakes.discord.faults import Fault, Trap
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.interactions import Interactions
from tests.fakes.discord.messages import Messages
from tests.fakes.discord.people import People
from tests.fakes.discord.shapes import channel_json, guild_json
from tests.fakes.discord.threads import Threads
from tests.fakes.discord.world import TEXT, Channel, Guild, Json, Member, User, World

_MAX_BODY_BYTES = 128 * 2**20
EVERYONE = discord.Permissions(
    view_channel=True,
    send_messages=True,
    read_message_history=True,
    add_reactions=True,
    attach_files=True,
    embed_links=True,
    use_application_commands=True,
)


@dataclass(frozen=True, slots=True)
class Call:
    """A request from the bot and the status it got; 0 if the connection was broken instead."""

    method: str
    path: str
    status: int


class FakeDiscord:
    """Discord with one bot, on loopback; the package's docstring shows how to use it."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.token = "fake-token"
        self.world = World(now)
        self.gateway = Gateway(self.world)
        self.gateway.token = self.token
        self.directory = Directory(self.world)
        self.messenger = Messages(self.world, self.gateway)
        self.threads = Threads(self.world, self.gateway, self.messenger)
        self.interactions = Interactions(self.world, self.messenger)
        people = People(self.world, self.gateway, self.messenger, self.interactions)
        self.slash, self.autocomplete = people.slash, people.autocomplete
        self.context_menu, self.say = people.context_menu, people.say
        self.click, self.select, self.submit_modal = people.click, people.select, people.submit_modal
        self.calls: list[Call] = []
        self._traps: list[Trap] = []
        self.base_url = ""

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=_MAX_BODY_BYTES)
        app.router.add_get("/gateway", self.gateway.connect)
        app.router.add_get("/attachments/{rest:.*}", self._attachment)
        app.add_subapp("/api/v10", self._api())
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None, handler_cancellation=True)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.base_url = self.messenger.base_url = f"http://{host}:{port}"
        self.gateway.url = self.gateway_url
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.gateway.close()
        await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        return f"{self.base_url}/api/v10"

    @property
    def gateway_url(self) -> str:
        return f"{self.base_url.replace('http', 'ws', 1)}/gateway"

    @contextmanager
    def patch(self) -> Iterator[None]:
        """Point this process's discord.py here; create the client inside this block."""
        old = _discord_addresses()
        point_discord_at(self.base_url)
        try:
            yield
        finally:
            _set_discord_addresses(*old)

    @asynccontextmanager
    async def running(self, client: discord.Client) -> AsyncIterator[None]:
        """Keep a client, created inside `patch`, connected; it knows its servers when the block starts."""
        async with client:
            await client.login(self.token)
            hears_of_guilds = [
                client.wait_for("guild_available", check=partial(_is, guild_id), timeout=10)
                for guild_id in self.world.guilds
                if client.intents.guilds
            ]
            before = self.gateway.identified + self.gateway.resumed
            connection = asyncio.create_task(client.connect())
            await asyncio.gather(self.gateway.until_connected(times=before + 1), *hears_of_guilds)
            yield
            await client.close()
            await connection

    # ----- the world

    def add_guild(
        self,
        name: str = "Lab",
        *,
        everyone: discord.Permissions = EVERYONE,
        bot_permissions: discord.Permissions = INVITE_PERMISSIONS,
    ) -> Guild:
        """A server with the bot in it; add it before the bot connects, or call `join`."""
        return self.world.add_guild(name, everyone=everyone.value, bot_permissions=bot_permissions.value)

    async def join(self, guild: Guild) -> None:
        """Tell a connected bot that it was added to a server."""
        await self.gateway.dispatch("GUILD_CREATE", guild_json(self.world, guild), intent="guilds")

    async def leave(self, guild: Guild, *, outage: bool = False) -> None:
        """Take the bot out of a server; with `outage` the server is merely unavailable."""
        left = {"id": str(guild.id)} | ({"unavailable": True} if outage else {})
        if not outage:
            del self.world.guilds[guild.id]
            for channel in [c for c in self.world.channels.values() if c.guild is guild]:
                del self.world.channels[channel.id]
        await self.gateway.dispatch("GUILD_DELETE", left, intent="guilds")

    def add_channel(self, guild: Guild, name: str = "papers", *, kind: int = TEXT) -> Channel:
        """A channel: TEXT, ANNOUNCEMENT or FORUM."""
        return self.world.add_channel(name, kind, guild=guild)

    def add_member(self, guild: Guild, name: str, **permissions: bool) -> Member:
        """A person, with permissions beyond @everyone's by discord.py's names: `manage_guild=True`."""
        user = self.world.add_user(name)
        return self.world.add_member(guild, user, discord.Permissions(**permissions).value)

    async def set_permissions(self, channel: Channel, target: Member | None = None, **rights: bool) -> None:
        """Allow or deny someone (by default the bot) something in a channel."""
        allow, deny = channel.overwrites.get(target.id if target else self.world.bot.id, (0, 0))
        for name, allowed in rights.items():
            bit = discord.Permissions(**{name: True}).value
            allow, deny = (allow | bit, deny & ~bit) if allowed else (allow & ~bit, deny | bit)
        channel.overwrites[target.id if target else self.world.bot.id] = (allow, deny)
        await self.gateway.dispatch("CHANNEL_UPDATE", channel_json(channel), intent="guilds")

    async def delete_channel(self, channel: Channel) -> None:
        del self.world.channels[channel.id]
        await self.gateway.dispatch("CHANNEL_DELETE", channel_json(channel), intent="guilds")

    def messages(self, channel: Channel | User) -> list[Json]:
        """The messages in a channel, or in the direct messages with a user, oldest first."""
        place = self.world.direct_channel(channel) if isinstance(channel, User) else channel
        return [place.messages[message_id] for message_id in sorted(place.messages)]

    def threads_of(self, channel: Channel) -> list[Channel]:
        return [thread for thread in self.world.channels.values() if thread.parent is channel]

    @property
    def commands(self) -> list[Json]:
        """The global commands the bot registered."""
        return self.world.commands.get(None, [])

    async def react(self, person: Member | User, message: Json, emoji: str, *, remove: bool = False) -> None:
        channel = self.world.channels[int(message["channel_id"])]
        act = self.threads.unreact if remove else self.threads.react
        await act(person.user if isinstance(person, Member) else person, channel, message, emoji)

    def break_next(
        self, fault: Fault, *, method: str = "POST", path: str = "/messages$", times: int = 1
    ) -> None:
        """Answer the next such requests with a fault from `faults`; `path` is a regular expression."""
        self._traps.append(Trap(fault, method, path, times))

    def calls_to(self, method: str, path_end: str) -> int:
        """How many such requests came in, whatever the answer."""
        return sum(call.method == method and call.path.endswith(path_end) for call in self.calls)

    # ----- the server

    def _api(self) -> web.Application:
        api = web.Application(
            middlewares=[self._note, self._break, self._speak_json], client_max_size=_MAX_BODY_BYTES
        )
        for part in (self.directory, self.messenger, self.threads, self.interactions):
            api.router.add_routes(part.routes())
        return api

    @web.middleware
    async def _note(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        path = urllib.parse.unquote(request.path.removeprefix("/api/v10"))
        try:
            response = await handler(request)
        except asyncio.CancelledError:
            self.calls.append(Call(request.method, path, 0))
            raise
        broken = request.transport is None or request.transport.is_closing()
        self.calls.append(Call(request.method, path, 0 if broken else response.status))
        return response

    @web.middleware
    async def _break(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        trap = next((trap for trap in self._traps if trap.catches(request)), None)
        if trap is None:
            return await handler(request)
        trap.times -= 1
        return await trap.fault(request, handler)

    @web.middleware
    async def _speak_json(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        # These are authorised by the interaction's token.
        by_token = "/webhooks/" in request.path or "/interactions/" in request.path
        try:
            if not by_token and request.headers.get("Authorization") != f"Bot {self.token}":
                raise unauthorized()
            return await handler(request)
        except ApiError as refusal:
            return answer(refusal.body, status=refusal.status)
        except web.HTTPNotFound:
            return answer({"message": "404: Not Found", "code": 0}, status=404)

    async def _attachment(self, request: web.Request) -> web.Response:
        content = self.messenger.files.get(request.path)
        return web.Response(status=404) if content is None else web.Response(body=content)


def point_discord_at(base_url: str) -> None:
    """Point this process's discord.py at a fake Discord; call it before creating a client."""
    gateway = yarl.URL(f"{base_url.replace('http', 'ws', 1)}/gateway")
    _set_discord_addresses(f"{base_url}/api/v10", gateway, base_url)


def _is(guild_id: int, guild: discord.Guild) -> bool:
    return guild.id == guild_id


def _discord_addresses() -> tuple[str, yarl.URL, str]:
    return discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY, discord.Asset.BASE


def _set_discord_addresses(api: str, gateway: yarl.URL, assets: str) -> None:
    discord.http.Route.BASE = api
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = gateway
    discord.Asset.BASE = assets
