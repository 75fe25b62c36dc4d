"""Who gave a command and where, what they may do, and who sees what comes of it."""

from collections.abc import Collection

import discord
from discord import app_commands

from bot.taste.ballots import PERSONAL
from storage.model import Asker, Reader


def asker(interaction: discord.Interaction) -> Asker:
    """Whose share a request is counted on."""
    return Asker(user_id=interaction.user.id, server_id=interaction.guild_id)


def reader(interaction: discord.Interaction, *, private: bool = False) -> Reader:
    """Who sees an answer: the server, or the person alone where it is private or outside of one."""
    return Reader(user_id=interaction.user.id) if private else asker(interaction).reader


def place(interaction: discord.Interaction) -> int:
    """Where a vote belongs: to the server, or outside of one to the person alone."""
    return interaction.guild_id or PERSONAL


def is_among_others(interaction: discord.Interaction) -> bool:
    """Whether it comes from a conversation of people outside of servers, where others read what is public.

    There as in direct messages with the bot, votes and papers read are the person's own.
    """
    return interaction.context.private_channel


def is_under_private(interaction: discord.Interaction) -> bool:
    """Whether what was pressed stands under a message that only one person sees."""
    return interaction.message is not None and interaction.message.flags.ephemeral


def server_of(interaction: discord.Interaction) -> int:
    """The server of a command that exists in servers only."""
    assert interaction.guild_id is not None
    return interaction.guild_id


def manages(interaction: discord.Interaction, *, unless: Collection[str] = ()) -> bool:
    """True where the person may change the server, or the command's name is among those for everybody.

    Discord's own check is a default that admins can change; this one holds.

    Raises:
        MissingPermissions: they may not.
    """
    command = interaction.command.name if interaction.command is not None else ""
    if command not in unless and not interaction.permissions.manage_guild:
        raise app_commands.MissingPermissions(["manage_guild"])
    return True
