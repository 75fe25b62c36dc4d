"""What people do: run commands, press buttons, choose from menus, fill in forms and write.

Interactions return once the bot has answered for the first time. What Discord's own app would not let a
person do raises a ValueError.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.interactions import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    MODAL_SUBMIT,
    Exchange,
    Interactions,
)
from tests.fakes.discord.limits import BUTTON, LABEL, STRING_SELECT, walk
from tests.fakes.discord.messages import Messages
from tests.fakes.discord.options import find_command, with_options
from tests.fakes.discord.shapes import channel_json, member_json
from tests.fakes.discord.world import Channel, Json, Member, User, World
from tests.waiting import PATIENCE_SECONDS

Person: TypeAlias = Member | User
"""Someone in a server, or in a direct message."""
_MESSAGE_COMMAND, _USER_COMMAND = 3, 2
_CLICK_SECONDS = 0.05


class People:
    """Acts for the people of a world."""

    def __init__(
        self, world: World, gateway: Gateway, messages: Messages, interactions: Interactions
    ) -> None:
        self._world = world
        self._gateway = gateway
        self._messages = messages
        self._interactions = interactions

    async def slash(
        self,
        person: Person,
        command: str,
        options: Mapping[str, Any] | None = None,
        *,
        channel: Channel | None = None,
        timeout_seconds: float = PATIENCE_SECONDS,
    ) -> Exchange:
        """Run a slash command, such as `digest preview`, and wait for the bot's first answer."""
        where = self._place(person, channel)
        found, path = find_command(self._world, person, where, command)
        data = with_options(self._world, found, path, options or {})
        return await self._send(COMMAND, person, where, data, timeout_seconds=timeout_seconds)

    async def autocomplete(
        self,
        person: Person,
        command: str,
        option: str,
        typed: str,
        options: Mapping[str, Any] | None = None,
        *,
        channel: Channel | None = None,
    ) -> list[Json]:
        """The choices offered while an option is being typed, each with `name` and `value`."""
        where = self._place(person, channel)
        found, path = find_command(self._world, person, where, command)
        data = with_options(self._world, found, path, {**(options or {}), option: typed}, focused=option)
        return (await self._send(AUTOCOMPLETE, person, where, data)).choices

    async def context_menu(
        self, person: Person, command: str, target: Json | User, *, channel: Channel | None = None
    ) -> Exchange:
        """Run a command from the context menu of a message or a user."""
        where = self._place(person, channel)
        kind = _USER_COMMAND if isinstance(target, User) else _MESSAGE_COMMAND
        found, _ = find_command(self._world, person, where, command, kind=kind)
        if isinstance(target, User):
            target_id, resolved = str(target.id), {"users": {str(target.id): target.json()}}
        else:
            target_id, resolved = target["id"], {"messages": {target["id"]: target}}
        data = {"id": found["id"], "name": command, "type": kind, "target_id": target_id}
        return await self._send(COMMAND, person, where, data | {"resolved": resolved})

    async def click(self, person: Person, message: Json, custom_id: str) -> Exchange:
        """Press a button."""
        component = _component(message, custom_id)
        if component["type"] != BUTTON:
            raise ValueError(f"{custom_id} is not a button")
        data = {"custom_id": custom_id, "component_type": BUTTON}
        return await self._send(COMPONENT, person, self._channel_of(message), data, source=message)

    async def select(
        self, person: Person, message: Json, custom_id: str, *values: str | Channel | Member
    ) -> Exchange:
        """Choose from a menu: values of its options, channels or members, depending on its kind."""
        menu = _component(message, custom_id)
        chosen = [value if isinstance(value, str) else str(value.id) for value in values]
        offered = {option["value"] for option in menu.get("options", [])}
        if offered and not set(chosen) <= offered:
            raise ValueError(f"the menu offers {sorted(offered)}")
        if not menu.get("min_values", 1) <= len(chosen) <= menu.get("max_values", 1):
            raise ValueError("so many cannot be chosen")
        data = {"custom_id": custom_id, "component_type": menu["type"], "values": chosen}
        channels = {str(v.id): _resolved_channel(v) for v in values if isinstance(v, Channel)}
        users = {str(v.id): v.user.json() for v in values if isinstance(v, Member)}
        members = {str(v.id): member_json(v) for v in values if isinstance(v, Member)}
        if menu["type"] != STRING_SELECT:
            data["resolved"] = {"channels": channels, "users": users, "members": members}
        return await self._send(COMPONENT, person, self._channel_of(message), data, source=message)

    async def submit_modal(
        self, person: Person, opened: Exchange, values: Mapping[str, str | Sequence[str]]
    ) -> Exchange:
        """Fill in the form an exchange opened, by the custom ids of its fields, and submit it."""
        modal = opened.modal
        known = {c["custom_id"] for c in walk(modal["components"]) if "custom_id" in c}
        if not set(values) <= known:
            raise ValueError(f"the form has the fields {sorted(known)}")
        filled = [_filled(component, values) for component in modal["components"]]
        data = {"custom_id": modal["custom_id"], "components": filled}
        return await self._send(MODAL_SUBMIT, person, opened.channel, data, source=opened.source)

    async def say(self, person: Person, channel: Channel, text: str) -> Json:
        """Write a message."""
        return await self._messages.store(channel, _user(person), {"content": text})

    def _place(self, person: Person, channel: Channel | None) -> Channel:
        if channel is not None:
            return channel
        if isinstance(person, User):
            return self._world.direct_channel(person)
        return next(self._world.channels_of(person.guild))

    def _channel_of(self, message: Json) -> Channel:
        return self._world.channels[int(message["channel_id"])]

    async def _send(
        self,
        kind: int,
        person: Person,
        channel: Channel,
        data: Json,
        *,
        source: Json | None = None,
        timeout_seconds: float = PATIENCE_SECONDS,
    ) -> Exchange:
        if source is not None:
            # People see a message before the bot learns that it was posted; nobody clicks as fast as that.
            await asyncio.sleep(_CLICK_SECONDS)
        world, user = self._world, _user(person)
        exchange = self._interactions.start(kind, user, channel, source)
        rights = str(world.permissions(user.id, channel))
        payload: Json = {
            "id": str(exchange.id),
            "application_id": str(world.application_id),
            "type": kind,
            "data": data,
            "token": exchange.token,
            "version": 1,
            "channel_id": str(channel.id),
            "channel": channel_json(channel, permissions=rights),
            "app_permissions": str(world.permissions(world.bot.id, channel)),
            "locale": "en-US",
            "entitlements": [],
            "authorizing_integration_owners": {},
            "context": 1 if channel.guild is None else 0,
            "attachment_size_limit": 10 * 2**20,
        }
        if isinstance(person, Member):
            payload |= {
                "guild_id": str(person.guild.id),
                "guild_locale": "en-US",
                "guild": {"id": str(person.guild.id), "locale": "en-US", "features": []},
                "member": member_json(person) | {"permissions": rights},
            }
        else:
            payload["user"] = user.json()
        if source is not None:
            payload["message"] = source
        await self._gateway.dispatch("INTERACTION_CREATE", payload)
        await exchange.until(lambda: exchange.response, timeout_seconds=timeout_seconds)
        return exchange


def _user(person: Person) -> User:
    return person.user if isinstance(person, Member) else person


def _component(message: Json, custom_id: str) -> Json:
    for component in walk(message["components"]):
        if component.get("custom_id") == custom_id:
            if component.get("disabled"):
                raise ValueError(f"{custom_id} is disabled")
            return component
    raise ValueError(f"the message has no component {custom_id}")


def _filled(component: Json, values: Mapping[str, str | Sequence[str]]) -> Json:
    """A component of a form as it is submitted."""
    if component["type"] == LABEL:
        return {"type": LABEL, "component": _filled(component["component"], values)}
    if "components" in component:
        inner = [_filled(child, values) for child in component["components"]]
        return {"type": component["type"], "components": inner}
    if "custom_id" not in component:
        return {"type": component["type"]}
    value = values.get(component["custom_id"], component.get("value", ""))
    named = {"value": value} if isinstance(value, str) else {"values": list(value)}
    return {"type": component["type"], "custom_id": component["custom_id"], **named}


def _resolved_channel(channel: Channel) -> Json:
    return channel_json(channel, permissions="0")
