"""/why: what spoke for a paper and against it."""

from typing import cast

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import BroadsheetClient
from bot.rendering.discord_taste import why_text
from bot.weeks import parse_week
from cogs._inputs import paper_named, suggest_papers
from cogs._people import reader
from cogs._replies import defer, tell, within_token_life


class Why(commands.Cog):
    """Explains choices to everybody: in a server those of its digest, elsewhere those of one's own."""

    def __init__(self, client: BroadsheetClient) -> None:
        self._database = client.services.database
        self._catalogue = client.services.catalogue
        self._why = client.services.why

    @app_commands.command()
    @app_commands.describe(
        paper="arXiv id or link, or part of a title to choose from",
        week="ISO week such as 2026-W47; the latest that considered the paper if left out",
    )
    @app_commands.autocomplete(paper=suggest_papers)
    async def why(
        self,
        interaction: discord.Interaction,
        paper: app_commands.Range[str, 1, 500],
        week: app_commands.Range[str, 1, 20] | None = None,
    ) -> None:
        """Why a paper was picked for the digest, or was not; only you see the answer."""
        await defer(interaction, ephemeral=True, thinking=True)
        chosen = parse_week(week) if week else None
        who = reader(interaction)
        await self._why.check(who)
        found = await self._catalogue.paper(await paper_named(self._database, who, paper))
        verdict = await within_token_life(self._why.explain(who.owner_id, found, chosen))
        await tell(interaction, why_text(verdict))


async def setup(client: commands.Bot) -> None:
    """discord.py's entry point of an extension."""
    await client.add_cog(Why(cast("BroadsheetClient", client)))
