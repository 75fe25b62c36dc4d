"""Messages: posting, reading, editing, publishing and deleting them.

Source: https://discord.com/developers/docs/resources/message.
"""

import re
from typing import Any

from aiohttp import web

from tests.fakes.discord import limits
from tests.fakes.discord.answers import (
    ApiError,
    Upload,
    answer,
    invalid_form,
    missing_access,
    missing_permissions,
    read_body,
    unknown,
)
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.shapes import member_json
from tests.fakes.discord.world import (
    ANNOUNCEMENT,
    DM,
    FORUM,
    Channel,
    Json,
    User,
    World,
    snowflake_time,
    within,
)

CROSSPOSTED = 1 << 1
_EDITABLE = ("content", "embeds", "components")
_KEPT_FLAGS = limits.COMPONENTS_V2 | limits.SUPPRESS_NOTIFICATIONS | limits.EPHEMERAL


class Messages:
    """The messages of all channels."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self._world = world
        self._gateway = gateway
        self.nonce_window_seconds = 300.0
        self.files: dict[str, bytes] = {}
        """Uploads by the path of their URL."""
        self.base_url = ""

    def routes(self) -> list[web.RouteDef]:
        here = "/channels/{channel}/messages"
        return [
            web.post(here, self._post),
            web.get(here, self._history),
            web.get(here + "/{message}", self._get),
            web.patch(here + "/{message}", self._patch),
            web.delete(here + "/{message}", self._delete),
            web.post(here + "/{message}/crosspost", self._publish),
        ]

    async def store(
        self, channel: Channel, author: User, payload: Json, files: list[Upload] | None = None, **extra: Any
    ) -> Json:
        """Check and store a message, and announce it over the gateway.

        An ephemeral message is kept only in its interaction.
        """
        message = self.build(channel, author, payload, files or []) | extra
        if not message["flags"] & limits.EPHEMERAL:
            channel.messages[int(message["id"])] = message
            await self._tell("MESSAGE_CREATE", channel, message)
        return message

    def build(self, channel: Channel, author: User, payload: Json, files: list[Upload]) -> Json:
        """A message as the API shows it.

        Raises:
            ApiError: Discord would refuse it.
        """
        check(payload, files)
        message_id = self._world.snowflake()
        content = payload.get("content") or ""
        message: Json = {
            "id": str(message_id),
            "channel_id": str(channel.id),
            "type": 0,
            "author": author.json(),
            "content": content,
            "embeds": payload.get("embeds") or [],
            "components": payload.get("components") or [],
            "attachments": [self._attachment(channel, file) for file in files],
            "flags": payload.get("flags", 0) & _KEPT_FLAGS,
            "timestamp": self._world.now().isoformat(),
            "edited_timestamp": None,
            "tts": False,
            "pinned": False,
            "mention_roles": [],
            **self._mentions(payload),
        }
        if payload.get("nonce") is not None:
            message["nonce"] = payload["nonce"]
        if "message_reference" in payload:
            message |= {"type": 19, "message_reference": payload["message_reference"]}
        return message

    async def change(self, channel: Channel, message: Json, payload: Json, files: list[Upload]) -> None:
        """Edit a message in place.

        Raises:
            ApiError: Discord would refuse the edit.
        """
        changes: Json = {
            name: payload[name] for name in ("content", "embeds", "components") if name in payload
        }
        # Once set, the flag of Components V2 cannot be removed.
        flags = message["flags"] | payload.get("flags", 0) & limits.COMPONENTS_V2
        kept = {name: message[name] for name in (*_EDITABLE, "attachments")}
        check({**kept, **changes, "flags": flags}, files)
        message |= {name: value or ([] if name != "content" else "") for name, value in changes.items()}
        if payload.get("attachments") is not None:  # those that are not listed, old or new, are left out
            named = {str(attachment["id"]) for attachment in payload["attachments"]}
            message["attachments"] = [one for one in message["attachments"] if one["id"] in named]
            files = [file for file in files if str(file.index) in named]
        message["attachments"] += [self._attachment(channel, file) for file in files]
        message |= {"flags": flags, "edited_timestamp": self._world.now().isoformat()}
        message |= self._mentions({**message, "allowed_mentions": payload.get("allowed_mentions")})
        if not flags & limits.EPHEMERAL:
            await self._tell("MESSAGE_UPDATE", channel, message)

    async def remove(self, channel: Channel, message: Json) -> None:
        channel.messages.pop(int(message["id"]), None)
        await self._tell("MESSAGE_DELETE", channel, {"id": message["id"], "channel_id": str(channel.id)})

    def channel(self, request: web.Request) -> Channel:
        """The channel a request names, if the bot can see it."""
        channel = self._world.channels.get(int(request.match_info["channel"]))
        if channel is None:
            raise unknown("Channel", 10003)
        if not self._world.may(self._world.bot.id, channel, "view_channel"):
            raise missing_access()
        return channel

    def message(self, request: web.Request) -> Json:
        """The message a request names."""
        message = self.channel(request).messages.get(int(request.match_info["message"]))
        if message is None:
            raise unknown("Message", 10008)
        return message

    def need(self, channel: Channel, *permissions: str) -> None:
        """Refuse a request unless the bot has these permissions, named as discord.py does."""
        if not all(self._world.may(self._world.bot.id, channel, permission) for permission in permissions):
            raise missing_permissions()

    async def _post(self, request: web.Request) -> web.Response:
        payload, files = await read_body(request)
        channel = self.channel(request)
        if channel.type == FORUM:
            raise ApiError(400, 50008, "Cannot send messages in a non-text channel")
        if channel.recipient is not None and not channel.recipient.takes_direct_messages:
            raise ApiError(403, 50007, "Cannot send messages to this user")
        self.need(channel, "send_messages_in_threads" if channel.is_thread else "send_messages")
        if files:
            self.need(channel, "attach_files")
        if payload.get("enforce_nonce") and (earlier := self._with_nonce(channel, payload["nonce"])):
            return answer(earlier)
        return answer(await self.store(channel, self._world.bot, payload, files))

    def _with_nonce(self, channel: Channel, nonce: object) -> Json | None:
        """The bot's message with this nonce, in any channel, while the window lasts."""
        for place in [channel, *self._world.channels.values()]:
            for message_id, message in place.messages.items():
                recent = within(snowflake_time(message_id), self.nonce_window_seconds, self._world.now())
                if message.get("nonce") == nonce and self._is_ours(message) and recent:
                    return message
        return None

    async def _history(self, request: web.Request) -> web.Response:
        channel = self.channel(request)
        if not self._world.may(self._world.bot.id, channel, "read_message_history"):
            return answer([])
        limit = int(request.query.get("limit", 50))
        if not 1 <= limit <= 100:
            raise invalid_form({"limit": "Value should be between 1 and 100."})
        before, after = request.query.get("before"), request.query.get("after")
        ids = sorted(channel.messages)
        if before is not None:
            ids = [message_id for message_id in ids if message_id < int(before)]
        if after is not None:  # the ones right after it, newest of them first
            ids = [message_id for message_id in ids if message_id > int(after)][:limit]
        return answer([channel.messages[message_id] for message_id in reversed(ids[-limit:])])

    async def _get(self, request: web.Request) -> web.Response:
        self.need(self.channel(request), "read_message_history")
        return answer(self.message(request))

    async def _patch(self, request: web.Request) -> web.Response:
        payload, files = await read_body(request)
        message = self.message(request)
        if not self._is_ours(message):
            raise ApiError(403, 50005, "Cannot edit a message authored by another user")
        if files:
            self.need(self.channel(request), "attach_files")
        await self.change(self.channel(request), message, payload, files)
        return answer(message)

    async def _delete(self, request: web.Request) -> web.Response:
        channel, message = self.channel(request), self.message(request)
        if not self._is_ours(message):
            self.need(channel, "manage_messages")
        await self.remove(channel, message)
        return answer()

    async def _publish(self, request: web.Request) -> web.Response:
        channel, message = self.channel(request), self.message(request)
        if channel.type != ANNOUNCEMENT:
            raise ApiError(400, 50068, "Invalid message type")
        self.need(channel, "send_messages" if self._is_ours(message) else "manage_messages")
        if message["flags"] & CROSSPOSTED:
            raise ApiError(400, 40033, "This message has already been crossposted")
        message["flags"] |= CROSSPOSTED
        return answer(message)

    def _is_ours(self, message: Json) -> bool:
        return bool(message["author"]["id"] == str(self._world.bot.id))

    def _attachment(self, channel: Channel, file: Upload) -> Json:
        attachment_id = self._world.snowflake()
        path = f"/attachments/{channel.id}/{attachment_id}/{file.filename}"
        self.files[path] = file.content
        url = f"{self.base_url}{path}"
        return {
            "id": str(attachment_id),
            "filename": file.filename,
            "size": len(file.content),
            "url": url,
            "proxy_url": url,
        }

    def _mentions(self, payload: Json) -> Json:
        """Who is pinged: everyone mentioned in the text, unless `allowed_mentions` says otherwise."""
        texts = [payload.get("content") or ""]
        texts += [c.get("content", "") for c in limits.walk(payload.get("components") or [])]
        text = "\n".join(texts)
        allowed = payload.get("allowed_mentions") or {"parse": ["everyone", "users", "roles"]}
        kinds = allowed.get("parse", [])
        named = [int(number) for number in re.findall(r"<@!?(\d+)>", text)]
        pinged = [
            n
            for n in dict.fromkeys(named)
            if "users" in kinds or str(n) in map(str, allowed.get("users", []))
        ]
        return {
            "mention_everyone": "everyone" in kinds and re.search("@(everyone|here)", text) is not None,
            "mentions": [self._world.users[n].json() for n in pinged if n in self._world.users],
        }

    async def _tell(self, event: str, channel: Channel, message: Json) -> None:
        intent = "dm_messages" if channel.type == DM else "guild_messages"
        if channel.guild is not None:
            message = message | {"guild_id": str(channel.guild.id)}
            author = channel.guild.members.get(int(message["author"]["id"])) if "author" in message else None
            if author is not None:
                message["member"] = {k: v for k, v in member_json(author).items() if k != "user"}
                if author.user is not self._world.bot and not self._gateway.allows_privileged_intents:
                    message |= {"content": "", "embeds": [], "components": [], "attachments": []}
        await self._gateway.dispatch(event, message, intent=intent)


def check(payload: Json, files: list[Upload]) -> None:
    """Refuse a message beyond Discord's limits."""
    problems = limits.message_problems(payload)
    names = {file.filename for file in files} | {a.get("filename") for a in payload.get("attachments") or []}
    for component in limits.walk(payload.get("components") or []):
        if component["type"] == limits.FILE and component["file"]["url"] not in {
            f"attachment://{name}" for name in names
        }:
            problems["components"] = "The referenced attachment was not found"
    if len(files) > 10:
        problems["attachments"] = "Must be 10 or fewer in length."
    if any(len(file.content) > 10 * 2**20 for file in files):
        raise ApiError(413, 40005, "Request entity too large")
    if problems:
        raise invalid_form(problems)
    if limits.is_empty(payload) and not files:
        raise ApiError(400, 50006, "Cannot send an empty message")
