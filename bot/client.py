"""The discord.py client: loads the cogs, keeps the connection, and answers every failure."""

import asyncio
import hashlib
import json
import logging
import re
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import discord
from discord import app_commands
from discord.ext import commands
from discord.http import Route

from bot.answering import Answering
from bot.delivery.discord_rights import invite_url, personal_invite_url
from bot.errors import InputError, ServiceError, SettingsError
from bot.failures import tell, tell_in_reply
from bot.logs import incident
from bot.proxies import proxy_for
from bot.rendering.discord_components import Component

if TYPE_CHECKING:
    from bot.app import Services
    from bot.delivery.port import Messenger
    from bot.runs.control import Runs
    from bot.runs.schedule import Schedule

log = logging.getLogger(__name__)

EXTENSIONS = (
    *("cogs.setup", "cogs.digest", "cogs.opening", "cogs.usage", "cogs.summarize", "cogs.ask"),
    *("cogs.votes", "cogs.why", "cogs.taste", "cogs.privacy"),
)
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # the bot does not use voice channels

_COMMANDS_STATE = "discord commands"
RECONNECT_PAUSES_SECONDS = (1.0, 5.0, 15.0, 60.0, 120.0)
"""The last one repeats. Discord resets the token of a bot that starts more than 1000 sessions a day
(https://discord.com/developers/docs/events/gateway#session-start-limit)."""
_STEADY_SECONDS = 600.0
"""After a connection that lasted this long, the pauses start again at the first."""
_AUTHENTICATION_FAILED = 4004
"""https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes"""
_LOGIN_REFUSED = (
    "Discord rejected DISCORD_TOKEN. Copy the bot's token again from "
    "https://discord.com/developers/applications (Bot, Reset Token)."
)
_REQUEST_SECONDS = 60.0
"""Longest that discord.py may sleep for a rate limit before it raises."""

ComponentHandler = Callable[[discord.Interaction, str, Sequence[str]], Awaitable[None]]
"""Takes the interaction, the custom id's argument, and the values chosen in a menu or typed into a window."""

_WITH_CUSTOM_ID = (discord.InteractionType.component, discord.InteractionType.modal_submit)

ReplyHandler = Callable[[discord.Message, str], Awaitable[bool]]
"""Takes a reply that mentions the bot, or any direct message, and its text without the mention.

Returns whether that was all: otherwise the next handler gets it too.
"""


class _Tree(app_commands.CommandTree["BroadsheetClient"]):
    """The commands, with the one error handler."""

    def __init__(self, client: "BroadsheetClient") -> None:
        super().__init__(client)
        self._turnstile = asyncio.Lock()

    async def interaction_check(self, interaction: discord.Interaction["BroadsheetClient"]) -> bool:
        """Start commands one at a time, letting everything else run in between; a few at a time per person.

        If two hundred arrive and start at once, they hold up the event loop for most of a second.
        """
        is_typing = interaction.type is discord.InteractionType.autocomplete
        self.client.answering.register(None if is_typing else partial(tell, interaction))
        try:
            if not is_typing:
                self.client.answering.register_command(interaction.user.id)
        except InputError as too_many:
            await tell(interaction, too_many)
            return False
        async with self._turnstile:
            await asyncio.sleep(0)
        return True

    async def on_error(
        self, interaction: discord.Interaction["BroadsheetClient"], error: app_commands.AppCommandError
    ) -> None:
        """Tell the person what to do, or the id of an incident."""
        await tell(interaction, error.__cause__ or error)


class BroadsheetClient(commands.Bot):
    """The connection to Discord. It needs no privileged intent."""

    runs: "Runs"
    schedule: "Schedule"
    messenger: "Messenger"
    """All three need the client, and are set before it connects (`bot.running`)."""

    def __init__(self, services: "Services") -> None:
        super().__init__(
            proxy=proxy_for(Route.BASE),
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True),
            allowed_mentions=discord.AllowedMentions.none(),
            # Commands that also work outside servers say so; a digest belongs to a server.
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
            max_ratelimit_timeout=_REQUEST_SECONDS,
            tree_cls=_Tree,
        )
        self.services = services
        self.components: dict[Component, ComponentHandler] = {}
        self.replies: list[ReplyHandler] = []
        self.answering = Answering()
        self._signed_in = asyncio.Event()

    async def setup_hook(self) -> None:
        """Load the cogs and, if the commands changed here or at Discord, register them there."""
        for extension in EXTENSIONS:
            if extension not in self.extensions:  # after a failed login this runs again
                await self.load_extension(extension)
        await self._sync_changed_commands()
        self._signed_in.set()

    async def _sync_changed_commands(self) -> None:
        # Discord allows 200 command creations a day, so commands are only registered if the hash of ours or
        # of Discord's is not the stored one: after a restored backup, Discord may have a newer version's.
        described = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        ours = _hash([self.application_id, described])
        async with self.services.database.begin() as tx:
            known = await tx.state.get(_COMMANDS_STATE)
        if known == f"{ours} {await self._commands_at_discord()}":
            return
        await self.tree.sync()
        now_known = f"{ours} {await self._commands_at_discord()}"
        async with self.services.database.begin() as tx:
            await tx.state.set(_COMMANDS_STATE, now_known)
        log.info("registered %d commands with Discord", len(described))

    async def _commands_at_discord(self) -> str:
        """A hash of the commands registered at Discord, where each change makes a new version."""
        assert self.application_id is not None, "known since the login"
        there = await self.http.get_global_commands(self.application_id)
        return _hash(sorted([command["id"], command.get("version")] for command in there))

    async def can_post(self, *, connected: bool) -> None:
        """Wait until the bot is logged in, so that it can post, and if `connected` until it is connected."""
        await self._signed_in.wait()
        if connected:
            await self.wait_until_ready()

    def has_left(self, server_id: int) -> bool:
        """Whether the bot was removed from a server, as far as is known.

        On connecting, Discord lists every server, even unavailable ones, and discord.py keeps those too.
        """
        return self.is_ready() and self.get_guild(server_id) is None

    def is_in(self, server_id: int) -> bool:
        """Whether the bot is in a server, as far as is known."""
        return self.is_ready() and self.get_guild(server_id) is not None

    async def on_ready(self) -> None:
        """Log the invite links; Discord may send this more than once."""
        assert self.application_id is not None
        log.info(
            "connected to %d servers; invite to a server: %s; install for one person: %s",
            *(len(self.guilds), invite_url(self.application_id), personal_invite_url(self.application_id)),
        )

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Pass our buttons, menus and windows to their handlers; the tree handles commands."""
        if interaction.type not in _WITH_CUSTOM_ID:
            return
        data = cast("Mapping[str, Any]", interaction.data or {})
        ours = Component.of(str(data.get("custom_id", "")))
        if ours is None or ours[0] not in self.components:
            return
        component, argument = ours
        self.answering.register(partial(tell, interaction))
        try:
            await self.components[component](interaction, argument, data.get("values") or _typed(data))
        except Exception as error:  # noqa: BLE001 - the edge of every button, menu and window
            await tell(interaction, error)

    async def on_message(self, message: discord.Message) -> None:
        """Pass replies that mention the bot to their handlers: their text needs no privileged intent.

        Direct messages are all for the bot, and their text always comes. Other bots are ignored, so that two
        never talk to each other for ever.
        """
        assert self.user is not None, "messages come after the login"
        is_reply = message.reference is not None and message.reference.message_id is not None
        # Discord leaves out the text of a reply that does not count as a mention.
        is_for_us = message.guild is None or (is_reply and self.user in message.mentions)
        if message.author.bot or not message.content or not is_for_us:
            return
        self.answering.register(partial(tell_in_reply, message))
        own_role = message.guild.self_role if message.guild is not None else None
        names = f"!?{self.user.id}" if own_role is None else f"!?{self.user.id}|&{own_role.id}"
        words = re.sub(rf"<@(?:{names})>", " ", message.content)
        try:
            for handler in self.replies:
                if await handler(message, " ".join(words.split())):
                    return
        except Exception as error:  # noqa: BLE001 - the edge of every reply
            await tell_in_reply(message, error)

    async def close(self) -> None:
        """Stop what is being answered, as it uses what is closed next, and close the connection."""
        await self.answering.stop()
        await super().close()

    async def on_error(self, event_method: str, /, *_args: object, **_kwargs: object) -> None:
        """Log a failed event handler once."""
        error = sys.exc_info()[1]
        assert error is not None
        incident(log, f"the event {event_method}", error)


def _hash(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _typed(data: Mapping[str, Any]) -> list[str]:
    """What was typed into a window's text fields, from top to bottom."""
    rows = data.get("components", ())
    return [field["value"] for row in rows for field in row.get("components", ()) if "value" in field]


async def supervise(
    client: BroadsheetClient,
    token: str,
    may_connect: asyncio.Event,
    *,
    pauses_seconds: Sequence[float] = RECONNECT_PAUSES_SECONDS,
) -> None:
    """Log in and, once it may connect, stay connected until the client is closed, whatever the network does.

    Raises:
        SettingsError: Discord rejects the token.
        ServiceError: Discord closed the connection for good.
    """
    logged_in, failures = False, 0
    while not client.is_closed():
        started_at = time.monotonic()
        try:
            if not logged_in:
                await client.login(token)
                logged_in = True
            await may_connect.wait()
            await client.connect(reconnect=True)
        except discord.LoginFailure:
            raise SettingsError(_LOGIN_REFUSED) from None
        except (discord.PrivilegedIntentsRequired, discord.ConnectionClosed) as error:
            if isinstance(error, discord.ConnectionClosed) and error.code == _AUTHENTICATION_FAILED:
                raise SettingsError(_LOGIN_REFUSED) from None
            raise ServiceError(f"Discord closed the connection for good: {error}", retryable=False) from error
        except Exception as error:  # noqa: BLE001 - discord.py ends the connection for one event it cannot read
            if time.monotonic() - started_at > _STEADY_SECONDS:
                failures = 0
            pause = pauses_seconds[min(failures, len(pauses_seconds) - 1)]
            failures += 1
            log.warning("the connection to Discord ended (%s); reconnecting in %.0f s", _brief(error), pause)
            await _let_go(client, logged_in=logged_in)
            await asyncio.sleep(pause)


async def _let_go(client: BroadsheetClient, *, logged_in: bool) -> None:
    """Close what discord.py leaves open after a failure."""
    if client.ws is not None:
        await client.ws.close(code=1000)
    if not logged_in:
        await client.http.close()
        client.http.connector = discord.utils.MISSING  # closed with the session, but would be used again


def _brief(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]
