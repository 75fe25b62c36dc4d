"""Threads, reactions and direct channels.

Source: https://discord.com/developers/docs/resources/channel.
"""

from aiohttp import web

from tests.fakes.discord.answers import ApiError, answer, invalid_form, read_body, unknown
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.messages import Messages
from tests.fakes.discord.shapes import channel_json
from tests.fakes.discord.world import ANNOUNCEMENT, FORUM, Channel, Json, User, World

HAS_THREAD = 1 << 5
_ANNOUNCEMENT_THREAD, _PUBLIC_THREAD, _PRIVATE_THREAD = 10, 11, 12


class Threads:
    """The threads of channels, the reactions to messages, and direct channels."""

    def __init__(self, world: World, gateway: Gateway, messages: Messages) -> None:
        self._world = world
        self._gateway = gateway
        self._messages = messages
        self._reactors: dict[tuple[str, str], list[User]] = {}
        """Who reacted, by message id and emoji."""

    def routes(self) -> list[web.RouteDef]:
        reactions = "/channels/{channel}/messages/{message}/reactions/{emoji}"
        return [
            web.post("/channels/{channel}/messages/{message}/threads", self._from_message),
            web.post("/channels/{channel}/threads", self._without_message),
            web.put(reactions + "/@me", self._add_reaction),
            web.delete(reactions + "/@me", self._remove_reaction),
            web.get(reactions, self._list_reactors),
            web.post("/channels/{channel}/typing", self._typing),
            web.get("/channels/{channel}", self._get_channel),
            web.post("/users/@me/channels", self._direct_channel),
        ]

    async def react(self, user: User, channel: Channel, message: Json, emoji: str) -> None:
        """Let a user react; once per emoji."""
        users = self._reactors.setdefault((message["id"], emoji), [])
        if user not in users:
            users.append(user)
            await self._show_reactions("MESSAGE_REACTION_ADD", user, channel, message, emoji)

    async def unreact(self, user: User, channel: Channel, message: Json, emoji: str) -> None:
        users = self._reactors.setdefault((message["id"], emoji), [])
        if user in users:
            users.remove(user)
            await self._show_reactions("MESSAGE_REACTION_REMOVE", user, channel, message, emoji)

    async def _from_message(self, request: web.Request) -> web.Response:
        body, _ = await read_body(request)
        channel, message = self._messages.channel(request), self._messages.message(request)
        self._messages.need(channel, "create_public_threads")
        if int(message["id"]) in self._world.channels:
            raise ApiError(400, 160004, "A thread has already been created for this message")
        kind = _ANNOUNCEMENT_THREAD if channel.type == ANNOUNCEMENT else _PUBLIC_THREAD
        thread = await self._open(channel, kind, body, thread_id=int(message["id"]))
        message |= {"flags": message["flags"] | HAS_THREAD, "thread": channel_json(thread)}
        return answer(channel_json(thread), status=201)

    async def _without_message(self, request: web.Request) -> web.Response:
        body, files = await read_body(request)
        channel = self._messages.channel(request)
        if channel.type != FORUM:
            self._messages.need(channel, "create_public_threads")
            thread = await self._open(channel, body.get("type", _PRIVATE_THREAD), body)
            return answer(channel_json(thread), status=201)
        self._messages.need(channel, "send_messages")  # which in a forum is "create posts"
        post = self._messages.build(channel, self._world.bot, body["message"], files)
        thread = await self._open(channel, _PUBLIC_THREAD, body, thread_id=int(post["id"]))
        thread.messages[thread.id] = post = post | {"channel_id": str(thread.id)}
        return answer(channel_json(thread, message=post), status=201)

    async def _open(self, channel: Channel, kind: int, body: Json, thread_id: int | None = None) -> Channel:
        if not 1 <= len(body.get("name") or "") <= 100:
            raise invalid_form({"name": "Must be between 1 and 100 in length."})
        thread = self._world.add_channel(
            body["name"], kind, id=thread_id, guild=channel.guild, parent=channel, owner_id=self._world.bot.id
        )
        told = channel_json(thread, newly_created=True)
        await self._gateway.dispatch("THREAD_CREATE", told, intent="guilds")
        return thread

    async def _add_reaction(self, request: web.Request) -> web.Response:
        channel, message = self._messages.channel(request), self._messages.message(request)
        emoji = request.match_info["emoji"]
        self._messages.need(channel, "read_message_history")
        if (message["id"], emoji) not in self._reactors:
            self._messages.need(channel, "add_reactions")
        await self.react(self._world.bot, channel, message, emoji)
        return answer()

    async def _remove_reaction(self, request: web.Request) -> web.Response:
        channel, message = self._messages.channel(request), self._messages.message(request)
        await self.unreact(self._world.bot, channel, message, request.match_info["emoji"])
        return answer()

    async def _list_reactors(self, request: web.Request) -> web.Response:
        self._messages.need(self._messages.channel(request), "read_message_history")
        key = (self._messages.message(request)["id"], request.match_info["emoji"])
        return answer([user.json() for user in self._reactors.get(key, [])])

    async def _show_reactions(
        self, event: str, user: User, channel: Channel, message: Json, emoji: str
    ) -> None:
        message["reactions"] = [
            {
                "emoji": _emoji_json(name),
                "count": len(users),
                "me": self._world.bot in users,
                "me_burst": False,
                "count_details": {"normal": len(users), "burst": 0},
                "burst_colors": [],
            }
            for (message_id, name), users in self._reactors.items()
            if message_id == message["id"] and users
        ]
        place = {} if channel.guild is None else {"guild_id": str(channel.guild.id)}
        told = {
            "user_id": str(user.id),
            "channel_id": str(channel.id),
            "message_id": message["id"],
            "emoji": _emoji_json(emoji),
            "burst": False,
            "type": 0,
        }
        intent = "dm_reactions" if channel.guild is None else "guild_reactions"
        await self._gateway.dispatch(event, told | place, intent=intent)

    async def _typing(self, request: web.Request) -> web.Response:
        self._messages.need(self._messages.channel(request), "send_messages")
        return answer()

    async def _get_channel(self, request: web.Request) -> web.Response:
        return answer(channel_json(self._messages.channel(request)))

    async def _direct_channel(self, request: web.Request) -> web.Response:
        body, _ = await read_body(request)
        user = self._world.users.get(int(body["recipient_id"]))
        if user is None:
            raise unknown("User", 10013)
        return answer(channel_json(self._world.direct_channel(user)))


def _emoji_json(emoji: str) -> Json:
    name, _, emoji_id = emoji.partition(":")
    return {"name": name, "id": emoji_id or None}
