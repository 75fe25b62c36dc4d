"""/usage: how much a server's questions and summaries use."""

from typing import cast

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import BroadsheetClient
from bot.limits.rules import DAY
from bot.rendering.usage import usage_lines
from cogs._people import server_of
from cogs._replies import defer, tell


class Usage(commands.Cog):
    """Tells admins how much is asked for, without telling who asked."""

    def __init__(self, client: BroadsheetClient) -> None:
        self._database = client.services.database
        self._clock = client.services.clock
        self._limits = client.services.admission.limits

    @app_commands.command()
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.checks.has_permissions(manage_guild=True)
    async def usage(self, interaction: discord.Interaction) -> None:
        """Show how much this server asks for and uses, and the limits."""
        await defer(interaction, ephemeral=True, thinking=True)
        server_id, now = server_of(interaction), self._clock.now()
        async with self._database.begin() as tx:
            day = await tx.usage.totals(server_id, now - DAY)
            month = await tx.usage.totals(server_id, now - 30 * DAY)
        lines = usage_lines([("The last 24 hours", day), ("The last 30 days", month)], self._limits)
        await tell(interaction, *lines)


async def setup(client: commands.Bot) -> None:
    """Entry point of the extension for discord.py."""
    await client.add_cog(Usage(cast("BroadsheetClient", client)))
