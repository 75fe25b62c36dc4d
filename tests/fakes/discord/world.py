"""The state of the fake Discord: people, servers, channels and their messages, and permissions."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, TypeAlias

import discord

Json: TypeAlias = dict[str, Any]

DISCORD_EPOCH_MS = 1_420_070_400_000
ALL_PERMISSIONS = discord.Permissions.all().value
TEXT, DM, ANNOUNCEMENT, FORUM = 0, 1, 5, 15
THREADS = {10, 11, 12}


@dataclass(eq=False, kw_only=True)
class User:
    id: int
    name: str
    bot: bool = False
    takes_direct_messages: bool = True

    def json(self) -> Json:
        return {
            "id": str(self.id),
            "username": self.name,
            "global_name": None,
            "discriminator": "0",
            "avatar": None,
            "bot": self.bot,
        }


@dataclass(eq=False, kw_only=True)
class Member:
    """A user in a server, with the permissions of their one role."""

    user: User
    guild: "Guild"
    permissions: int

    @property
    def id(self) -> int:
        return self.user.id


@dataclass(eq=False, kw_only=True)
class Guild:
    id: int
    name: str
    owner_id: int
    everyone: int
    """The permissions of @everyone."""
    premium_tier: int = 0
    """How far the server is boosted: from tier 2 it takes larger files."""
    members: dict[int, Member] = field(default_factory=dict)


@dataclass(eq=False, kw_only=True)
class Channel:
    id: int
    type: int
    name: str
    guild: Guild | None = None
    parent: "Channel | None" = None
    owner_id: int = 0
    recipient: User | None = None
    created_at: datetime
    overwrites: dict[int, tuple[int, int]] = field(default_factory=dict)
    """By user id, or guild id for @everyone: the permissions allowed and those denied."""
    messages: dict[int, Json] = field(default_factory=dict)
    """In the API's form, by id, oldest first."""

    @property
    def is_thread(self) -> bool:
        return self.type in THREADS


class World:
    """The whole state, with one bot in it."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self._numbers = count()
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.bot = self.add_user("broadsheet", bot=True)
        self.commands: dict[int | None, list[Json]] = {}
        """What the bot registered, by guild id; None for global commands."""

    @property
    def application_id(self) -> int:
        return self.bot.id

    def snowflake(self) -> int:
        """A new id, which encodes the moment it was made."""
        milliseconds = int(self.now().timestamp() * 1000) - DISCORD_EPOCH_MS
        return (milliseconds << 22) | (next(self._numbers) & 0x3FFFFF)

    def add_user(self, name: str, *, bot: bool = False) -> User:
        user = User(id=self.snowflake(), name=name, bot=bot)
        self.users[user.id] = user
        return user

    def add_guild(self, name: str, *, everyone: int, bot_permissions: int) -> Guild:
        owner = self.add_user(f"owner of {name}")
        guild = Guild(id=self.snowflake(), name=name, owner_id=owner.id, everyone=everyone)
        self.guilds[guild.id] = guild
        self.add_member(guild, owner, ALL_PERMISSIONS)
        self.add_member(guild, self.bot, bot_permissions)
        return guild

    def add_member(self, guild: Guild, user: User, permissions: int) -> Member:
        member = guild.members[user.id] = Member(user=user, guild=guild, permissions=permissions)
        return member

    def add_channel(self, name: str, kind: int, **facts: Any) -> Channel:
        channel_id = facts.pop("id", None) or self.snowflake()
        channel = Channel(id=channel_id, type=kind, name=name, created_at=self.now(), **facts)
        self.channels[channel.id] = channel
        return channel

    def direct_channel(self, user: User) -> Channel:
        """The bot's channel with a user, created on first use."""
        for channel in self.channels.values():
            if channel.recipient is user:
                return channel
        return self.add_channel("", DM, recipient=user)

    def channels_of(self, guild: Guild, *, threads: bool = False) -> Iterator[Channel]:
        return (c for c in self.channels.values() if c.guild is guild and c.is_thread == threads)

    def permissions(self, user_id: int, channel: Channel) -> int:
        """What a user may do in a channel.

        In the order of https://discord.com/developers/docs/topics/permissions#permission-overwrites.
        """
        if channel.guild is None:
            return ALL_PERMISSIONS
        member = channel.guild.members.get(user_id)
        if member is None:
            return 0
        allowed = channel.guild.everyone | member.permissions
        if user_id == channel.guild.owner_id or allowed & discord.Permissions(administrator=True).value:
            return ALL_PERMISSIONS
        for target in (channel.guild.id, user_id):
            allow, deny = (channel.parent or channel).overwrites.get(target, (0, 0))
            allowed = allowed & ~deny | allow
        return allowed

    def may(self, user_id: int, channel: Channel, permission: str) -> bool:
        """Whether a user has a permission, by discord.py's name, in a channel that they can view."""
        needed = discord.Permissions(**{permission: True, "view_channel": True}).value
        return self.permissions(user_id, channel) & needed == needed


def within(moment: datetime, seconds: float, now: datetime) -> bool:
    """Whether `moment` is at most `seconds` ago."""
    return now - moment <= timedelta(seconds=seconds)


def snowflake_time(number: int) -> datetime:
    """The moment encoded in a snowflake."""
    return datetime.fromtimestamp(((number >> 22) + DISCORD_EPOCH_MS) / 1000, tz=UTC)
