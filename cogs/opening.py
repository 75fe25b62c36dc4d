"""The menus and buttons under a digest, which open summaries for the reader only."""

from collections.abc import Sequence
from typing import cast

import discord
from discord.ext import commands

from bot.client import BroadsheetClient
from bot.errors import InputError
from bot.rendering import discord as rendering
from bot.rendering.discord_components import Component
from cogs._people import place
from cogs._replies import defer, send_privately


class Opening(commands.Cog):
    """What anyone can open under a digest."""

    def __init__(self, client: BroadsheetClient) -> None:
        self._client = client
        self._database = client.services.database
        self._ballots = client.services.ballots
        client.components[Component.OPEN] = self.open_chosen
        client.components[Component.FULL] = self.open_full

    async def open_chosen(
        self, interaction: discord.Interaction, digest_id: str, chosen: Sequence[str]
    ) -> None:
        """Show the summary chosen from a digest's menu, to the reader only."""
        await self._open_summary(interaction, digest_id, chosen[0])

    async def open_full(self, interaction: discord.Interaction, argument: str, _: Sequence[str]) -> None:
        """Show in full a summary that its message had to shorten, to the reader only."""
        digest_id, _, paper_key = argument.partition("/")
        await self._open_summary(interaction, digest_id, paper_key)

    async def _open_summary(self, interaction: discord.Interaction, digest_id: str, paper_key: str) -> None:
        await defer(interaction, ephemeral=True, thinking=True)
        async with self._database.begin() as tx:
            digest = await tx.digests.get(digest_id)
        for highlight in digest.highlights if digest is not None else ():
            if highlight.pick.paper.key == paper_key:
                paper = highlight.pick.paper
                votes = await self._ballots.count(place(interaction), interaction.user.id, paper.id)
                views = rendering.summary_views(
                    paper,
                    highlight.summary,
                    can_ask=Component.ASK in self._client.components,
                    votes=votes,
                )
                await send_privately(interaction, views)
                return
        raise InputError(
            f"I no longer have this digest. Use `/summarize paper:{paper_key}` to see the paper's summary."
        )


async def setup(client: commands.Bot) -> None:
    """Entry point of the extension for discord.py."""
    await client.add_cog(Opening(cast("BroadsheetClient", client)))
