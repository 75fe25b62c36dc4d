"""The bot's permissions in Discord, worded for a server's admin."""

from collections.abc import Sequence
from typing import TypeAlias

import discord

from storage.model import ThreadPolicy

Place: TypeAlias = discord.abc.GuildChannel
"""Where in a server digests can be posted: `/setup` takes no thread."""

INVITE_PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    create_public_threads=True,
    read_message_history=True,
    attach_files=True,
)
"""Exactly what the bot needs; the invite link asks for nothing else."""

NAMES = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "create_public_threads": "Create Public Threads",
    "read_message_history": "Read Message History",
    "attach_files": "Attach Files",
}
"""As shown in Discord's settings."""
_TO_WRITE = ["view_channel", "send_messages"]


def invite_url(application_id: int) -> str:
    """The link an admin uses to add the bot, with exactly the permissions it needs."""
    return discord.utils.oauth_url(application_id, permissions=INVITE_PERMISSIONS)


def personal_invite_url(application_id: int) -> str:
    """The link a person uses to add the bot for themselves, usable anywhere they can type.

    https://docs.discord.com/developers/resources/application#installation-context
    """
    return f"{discord.utils.oauth_url(application_id, scopes=['applications.commands'])}&integration_type=1"


def missing_permissions(channel: Place, *, threads: ThreadPolicy, files: bool = False) -> list[str]:
    """The permissions the bot lacks for digests (and their `files`), named as in Discord's settings.

    They include reading the history, without which the bot cannot tell whether a message was already posted.
    """
    needed = [*_TO_WRITE, "read_message_history"]
    if threads is not ThreadPolicy.NONE:
        needed.append("create_public_threads")
    if files:
        needed.append("attach_files")
    return _not_granted(channel, needed)


def missing_to_read(place: Place) -> list[str]:
    """The permissions the bot lacks to search a channel."""
    return _not_granted(place, ["view_channel", "read_message_history"])


def missing_to_write(place: Place) -> list[str]:
    """The permissions the bot lacks to post any message in a channel."""
    return _not_granted(place, _TO_WRITE)


def _not_granted(place: Place, needed: Sequence[str]) -> list[str]:
    granted = place.permissions_for(place.guild.me)
    return [NAMES[name] for name in needed if not getattr(granted, name)]


def lacks(place: object, missing: Sequence[str]) -> str:
    """The sentence that the bot lacks these permissions there."""
    return f"The bot lacks permissions in {name_of(place)}: {', '.join(missing)}."


def name_of(place: object) -> str:
    """A place's name in a sentence, even if nothing is known about it."""
    return f"#{place.name}" if isinstance(place, Place) else "the channel"
