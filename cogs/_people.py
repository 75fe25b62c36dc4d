"""Who gave a command and where, what they may do, and who sees the result."""

from collections.abc import Collection

import discord
from discord import app_commands

from bot.taste.ballots import PERSONAL
from storage.model import Asker, Reader


def asker(interaction: discord.Interaction) -> Asker:
    """The person and the server whose shares a request uses."""
    return Asker(user_id=interaction.user.id, server_id=interaction.guild_id)


def reader(interaction: discord.Interaction, *, private: bool = False) -> Reader:
    """Who sees an answer: the server, or only the person if it is private or outside a server."""
    return Reader(user_id=interaction.user.id) if private else asker(interaction).reader


def place(interaction: discord.Interaction) -> int:
    """Where a vote belongs: to the server or, outside servers, to the person."""
    return interaction.guild_id or PERSONAL


def is_among_others(interaction: discord.Interaction) -> bool:
    """Whether it comes from a group or a chat of two people, where others see public replies.

    There, as in direct messages with the bot, votes and papers read belong to the person.
    """
    return interaction.context.private_channel


def is_under_private(interaction: discord.Interaction) -> bool:
    """Whether the button or window used belongs to a message that only one person sees."""
    return interaction.message is not None and interaction.message.flags.ephemeral


def server_of(interaction: discord.Interaction) -> int:
    """The server of a command that exists only in servers."""
    assert interaction.guild_id is not None
    return interaction.guild_id


def manages(interaction: discord.Interaction, *, unless: Collection[str] = ()) -> bool:
    """Return True if the person manages the server, or the command is in `unless`: those are for anyone.

    Discord's own check is a default that admins can change; this one always holds.

    Raises:
        MissingPermissions: otherwise.
    """
    command = interaction.command.name if interaction.command is not None else ""
    if command not in unless and not interaction.permissions.manage_guild:
        raise app_commands.MissingPermissions(["manage_guild"])
    return True
