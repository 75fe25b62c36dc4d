"""/privacy: shows and deletes what is kept about a person."""

from typing import cast

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import BroadsheetClient
from bot.rendering.discord import text_view
from bot.rendering.discord_components import Component
from bot.rendering.discord_votes import confirm_view
from cogs._replies import defer, tell

_ABOUT_YOU = "Of what you write, I keep only what is listed here. This is what I keep about you:"
_DONE = (
    "Your data is deleted. Two things stay for about a day: how much you used in the last 24 hours, for the "
    "limits, and the time of this deletion, so that nothing you asked for earlier is stored after it."
)
_SURE = (
    "Delete your votes, your personal digests, and everything else that `/privacy show` lists? "
    "This cannot be undone."
)


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
class Privacy(commands.GroupCog, name="privacy", description="What I keep about you"):
    """For anyone, about themselves only."""

    def __init__(self, client: BroadsheetClient) -> None:
        self._client = client
        self._privacy = client.services.privacy
        client.components[Component.FORGET] = self.deletion_confirmed

    @app_commands.command()
    async def show(self, interaction: discord.Interaction) -> None:
        """Show what I keep about you."""
        await defer(interaction, ephemeral=True, thinking=True)
        lines = [_ABOUT_YOU, *(f"- {line}" for line in await self._privacy.show(interaction.user.id))]
        await tell(interaction, *lines)

    @app_commands.command()
    async def delete(self, interaction: discord.Interaction) -> None:
        """Delete what I keep about you, once you confirm."""
        view = confirm_view(_SURE, "Delete my data", Component.FORGET.custom_id("me"))
        await interaction.response.send_message(view=view, ephemeral=True)

    async def deletion_confirmed(self, interaction: discord.Interaction, *_: object) -> None:
        """Delete it, as the person confirmed with a button that only they see."""
        await defer(interaction)
        # First, so that a run under way stores nothing after the deletion.
        await self._client.runs.forget_owner(interaction.user.id)
        await self._privacy.delete(interaction.user.id)
        # Again, for runs started in between; without a subscription no more are started.
        await self._client.runs.forget_owner(interaction.user.id)
        await interaction.edit_original_response(view=text_view(_DONE))


async def setup(client: commands.Bot) -> None:
    """Entry point of the extension for discord.py."""
    await client.add_cog(Privacy(cast("BroadsheetClient", client)))
