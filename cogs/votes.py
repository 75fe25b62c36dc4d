"""The 👍 and 👎 buttons, and the menu for papers without buttons of their own."""

import asyncio
from collections.abc import Sequence
from typing import cast
from weakref import WeakValueDictionary

import discord
from discord.ext import commands

from bot.client import BroadsheetClient
from bot.errors import InputError
from bot.rendering.discord import ballot_view
from bot.rendering.discord_components import Component
from bot.rendering.discord_votes import flood_text, recounted
from cogs._people import is_among_others, place
from cogs._replies import defer, send_privately, tell

_NOT_HERE = (
    "Everyone here would see your vote, and outside servers votes are private. Vote in a server, in a direct "
    "message with me, or under `/summarize` with the `private` option."
)


class Votes(commands.Cog):
    """Takes votes wherever a paper is shown, including messages from before a restart."""

    def __init__(self, client: BroadsheetClient) -> None:
        self._ballots = client.services.ballots
        self._turns = WeakValueDictionary[int, asyncio.Lock]()
        client.components[Component.UP] = self.like
        client.components[Component.DOWN] = self.dislike
        client.components[Component.VOTE] = self.choose

    async def like(self, interaction: discord.Interaction, paper_id: str, _: Sequence[str]) -> None:
        """👍."""
        await self._vote(interaction, paper_id, liked=True)

    async def dislike(self, interaction: discord.Interaction, paper_id: str, _: Sequence[str]) -> None:
        """👎."""
        await self._vote(interaction, paper_id, liked=False)

    async def choose(self, interaction: discord.Interaction, _: str, chosen: Sequence[str]) -> None:
        """Show the vote buttons of the paper to the person who chose it."""
        await defer(interaction, ephemeral=True, thinking=True)
        standing = await self._ballots.standing(place(interaction), interaction.user.id, chosen[0])
        await send_privately(interaction, [ballot_view(standing.paper, standing.count)])

    async def _vote(self, interaction: discord.Interaction, paper_id: str, *, liked: bool) -> None:
        message = interaction.message
        assert message is not None, "it has the button"
        if is_among_others(interaction) and not message.flags.ephemeral:
            raise InputError(_NOT_HERE)
        # Acknowledge before anything else: the database may be busy, and Discord waits only 3 seconds.
        deferring = asyncio.create_task(defer(interaction))
        # One at a time, in the order of the presses: otherwise the one whose defer took longest would win.
        async with self._turns.setdefault(message.id, asyncio.Lock()):
            await deferring
            standing = await self._ballots.press(
                place(interaction), interaction.user.id, paper_id, liked=liked
            )
            view = recounted(message, standing.paper.id, standing.count)
            await interaction.edit_original_response(view=view)
        if words := flood_text(standing.within_hour):
            await tell(interaction, words)


async def setup(client: commands.Bot) -> None:
    """Entry point of the extension for discord.py."""
    await client.add_cog(Votes(cast("BroadsheetClient", client)))
