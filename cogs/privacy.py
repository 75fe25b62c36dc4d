"""/privacy: what is kept about a person, and its deletion."""

from typing import cast

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import BroadsheetClient
from bot.rendering.discord import text_view
from bot.rendering.discord_components import Component
from bot.rendering.discord_votes import confirm_view
from cogs._replies import defer, tell

_NOT_KEPT = "I keep no messages. What I know of you is this:"
_DONE = (
    "You are forgotten. How much you asked for within the last day stays for one more: limits go by it. So "
    "does the moment of this, so that nothing is kept of what you asked for before."
)
_SURE = "Forget your votes, your own digests, and all else that `/privacy show` lists? It cannot be undone."


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
class Privacy(commands.GroupCog, name="privacy", description="What I know of you"):
    """For everybody, about themselves alone."""

    def __init__(self, client: BroadsheetClient) -> None:
        self._client = client
        self._privacy = client.services.privacy
        client.components[Component.FORGET] = self.deletion_confirmed

    @app_commands.command()
    async def show(self, interaction: discord.Interaction) -> None:
        """What I keep about you."""
        await defer(interaction, ephemeral=True, thinking=True)
        lines = [_NOT_KEPT, *(f"- {line}" for line in await self._privacy.show(interaction.user.id))]
        await tell(interaction, *lines)

    @app_commands.command()
    async def delete(self, interaction: discord.Interaction) -> None:
        """Forget you, after asking once more."""
        view = confirm_view(_SURE, "Forget me", Component.FORGET.custom_id("me"))
        await interaction.response.send_message(view=view, ephemeral=True)

    async def deletion_confirmed(self, interaction: discord.Interaction, *_: object) -> None:
        """The button under the question, which only the person sees."""
        await defer(interaction)
        # First, so that a run under way stores nothing behind the deletion's back.
        await self._client.runs.forget_owner(interaction.user.id)
        await self._privacy.delete(interaction.user.id)
        # What was started in between; from now on there is no wish to start anything for.
        await self._client.runs.forget_owner(interaction.user.id)
        await interaction.edit_original_response(view=text_view(_DONE))


async def setup(client: commands.Bot) -> None:
    """discord.py's entry point of an extension."""
    await client.add_cog(Privacy(cast("BroadsheetClient", client)))
