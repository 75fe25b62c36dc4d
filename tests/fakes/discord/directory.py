"""The bot itself, servers, members, and the registered commands."""

from typing import Any

from aiohttp import web

from tests.fakes.discord import limits
from tests.fakes.discord.answers import answer, invalid_form, read_body, unknown
from tests.fakes.discord.shapes import channel_json, guild_json, member_json
from tests.fakes.discord.world import Guild, Json, World


class Directory:
    """The routes that describe the world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        commands = "/applications/{application}/commands"
        guild_commands = "/applications/{application}/guilds/{guild}/commands"
        return [
            web.get("/users/@me", self._me),
            web.get("/users/{user}", self._user),
            web.get("/oauth2/applications/@me", self._application),
            web.get("/guilds/{guild}", self._guild),
            web.get("/guilds/{guild}/channels", self._guild_channels),
            web.get("/guilds/{guild}/members/{user}", self._member),
            *(web.put(path, self._put_commands) for path in (commands, guild_commands)),
            *(web.get(path, self._get_commands) for path in (commands, guild_commands)),
        ]

    async def _me(self, request: web.Request) -> web.Response:
        return answer(self._world.bot.json())

    async def _user(self, request: web.Request) -> web.Response:
        user = self._world.users.get(int(request.match_info["user"]))
        if user is None:
            raise unknown("User", 10013)
        return answer(user.json())

    async def _application(self, request: web.Request) -> web.Response:
        shape: Json = {
            "id": str(self._world.application_id),
            "name": self._world.bot.name,
            "icon": None,
            "description": "",
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "00",
            "flags": 0,
            "summary": "",
            "rpc_origins": [],
            "owner": self._world.bot.json(),
            "team": None,
            "interactions_endpoint_url": None,
        }
        return answer(shape)

    async def _guild(self, request: web.Request) -> web.Response:
        return answer(guild_json(self._world, self._guild_of(request), whole=False))

    async def _guild_channels(self, request: web.Request) -> web.Response:
        return answer([channel_json(channel) for channel in self._world.channels_of(self._guild_of(request))])

    async def _member(self, request: web.Request) -> web.Response:
        member = self._guild_of(request).members.get(int(request.match_info["user"]))
        if member is None:
            raise unknown("Member", 10007)
        return answer(member_json(member))

    def _guild_of(self, request: web.Request) -> Guild:
        guild = self._world.guilds.get(int(request.match_info["guild"]))
        if guild is None:
            raise unknown("Guild", 10004)
        return guild

    async def _put_commands(self, request: web.Request) -> web.Response:
        commands: Any
        commands, _ = await read_body(request)
        if problems := limits.command_problems(commands):
            raise invalid_form(problems)
        here = self._command_place(request)
        before = {(c["name"], c["type"]): c for c in self._world.commands.get(here, [])}
        self._world.commands[here] = [
            self._registered(command, before.get((command["name"], command.get("type", 1)), {}))
            for command in commands
        ]
        return answer(self._world.commands[here])

    def _registered(self, command: Json, before: Json) -> Json:
        """A command as Discord stores it: an unchanged one keeps its id and version, a changed one its id."""
        usual: Json = {"type": 1, "description": "", "options": [], "default_member_permissions": None}
        given = usual | command
        is_same = before and all(before.get(name) == value for name, value in given.items())
        return given | {
            "id": before["id"] if before else str(self._world.snowflake()),
            "version": before["version"] if is_same else str(self._world.snowflake()),
            "application_id": str(self._world.application_id),
        }

    async def _get_commands(self, request: web.Request) -> web.Response:
        return answer(self._world.commands.get(self._command_place(request), []))

    def _command_place(self, request: web.Request) -> int | None:
        return int(request.match_info["guild"]) if "guild" in request.match_info else None
