"""What the bot may do where in Discord, and refusals in words for a server's admin."""

from collections.abc import Sequence
from typing import TypeAlias

import discord

from storage.model import ThreadPolicy

Place: TypeAlias = discord.abc.GuildChannel | discord.Thread
"""Where in a server messages can stand."""

INVITE_PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    create_public_threads=True,
    read_message_history=True,
    attach_files=True,
)
"""Exactly what the bot needs: the invite link asks for no more."""

NAMES = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "create_public_threads": "Create Public Threads",
    "read_message_history": "Read Message History",
    "attach_files": "Attach Files",
}
"""As Discord's settings call them."""

FORBIDDEN, _DIRECT_MESSAGES_CLOSED = {50001, 50013}, 50007
"""https://discord.com/developers/docs/topics/opcodes-and-status-codes#json-json-error-codes"""
_CLOSED_TO_US = (
    "I cannot write to you: allow direct messages from the members of a server that we share "
    "(in that server's Privacy Settings)."
)


def invite_url(application_id: int) -> str:
    """The link by which an admin adds the bot, with exactly the permissions it needs."""
    return discord.utils.oauth_url(application_id, permissions=INVITE_PERMISSIONS)


def personal_invite_url(application_id: int) -> str:
    """The link by which a person adds the bot for themselves, wherever they write.

    https://docs.discord.com/developers/resources/application#installation-context
    """
    return f"{discord.utils.oauth_url(application_id, scopes=['applications.commands'])}&integration_type=1"


def missing_permissions(channel: Place, *, threads: ThreadPolicy, files: bool = False) -> list[str]:
    """What the bot lacks for digests (and their `files`) in a channel, in the words of Discord's settings.

    Reading the history is part of it: without it, nobody can tell whether a message was posted already.
    """
    needed = [*_to_write(channel), "read_message_history"]
    if threads is not ThreadPolicy.NONE and not isinstance(channel, discord.Thread):
        needed.append("create_public_threads")
    if files:
        needed.append("attach_files")
    return _not_granted(channel, needed)


def needed_to_read(place: Place) -> list[str]:
    """What the bot lacks to look through a channel."""
    return _not_granted(place, ["view_channel", "read_message_history"])


def needed_to_write(place: Place) -> list[str]:
    """What the bot lacks without which a channel refuses every message."""
    return _not_granted(place, _to_write(place))


def _to_write(place: Place) -> list[str]:
    sending = "send_messages_in_threads" if isinstance(place, discord.Thread) else "send_messages"
    return ["view_channel", sending]


def _not_granted(place: Place, needed: Sequence[str]) -> list[str]:
    granted = place.permissions_for(place.guild.me)
    return [NAMES[name] for name in needed if not getattr(granted, name)]


def why(error: discord.HTTPException, place: object, *, threads: ThreadPolicy, files: bool = False) -> str:
    """A refusal in words for a server's admin."""
    match error.status:
        case 403 if error.code in FORBIDDEN:
            missing = (
                missing_permissions(place, threads=threads, files=files) if isinstance(place, Place) else []
            )
            return lacks(place, missing or ["Discord does not say which"])
        case 403:
            closed = error.code == _DIRECT_MESSAGES_CLOSED
            forbids = f"Discord forbids this to the bot in {_name(place)}: {_words(error)}"
            return _CLOSED_TO_US if closed else forbids
        case 404:
            return f"Discord does not know {_name(place)} any more, or not the bot there."
        case 413:
            return "The message is larger than Discord allows."
        case _:
            return f"Discord does not take the message: {_words(error)}"


def _words(error: discord.HTTPException) -> str:
    return " ".join(error.text.split()) or f"HTTP {error.status}"


def lacks(place: object, missing: Sequence[str]) -> str:
    """That the bot lacks these permissions there."""
    return f"The bot lacks permissions in {_name(place)}: {', '.join(missing)}."


def _name(place: object) -> str:
    return f"#{place.name}" if isinstance(place, Place) else "the channel"
