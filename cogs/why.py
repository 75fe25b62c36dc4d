"""/why: what counted for and against a paper."""

from typing import cast

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import BroadsheetClient
from bot.rendering.discord_taste import why_text
from bot.taste.verdict import Verdict
from bot.weeks import parse_week
from cogs._inputs import paper_named, suggest_papers, suggest_weeks
from cogs._people import asker, reader
from cogs._replies import defer, tell, within_token_life


class Why(commands.Cog):
    """Explains choices to anyone: of the server's digest or, outside servers, of their personal one."""

    def __init__(self, client: BroadsheetClient) -> None:
        self._database = client.services.database
        self._why = client.services.why

    @app_commands.command()
    @app_commands.describe(
        paper="arXiv id or link, or part of a title to choose from",
        week="ISO week such as 2026-W47; by default the latest that considered the paper",
    )
    @app_commands.autocomplete(paper=suggest_papers, week=suggest_weeks)
    async def why(
        self,
        interaction: discord.Interaction,
        paper: app_commands.Range[str, 1, 500],
        week: app_commands.Range[str, 1, 20] | None = None,
    ) -> None:
        """See why a paper was or was not picked for the digest; only you see the answer."""
        await defer(interaction, ephemeral=True, thinking=True)
        chosen = parse_week(week) if week else None
        who = reader(interaction)
        await self._why.check(who)
        reference = await paper_named(self._database, who, paper)

        async def explained() -> Verdict:
            found = await self._why.paper(reference, asker(interaction))
            return await self._why.explain(who.owner_id, found, chosen)

        await tell(interaction, why_text(await within_token_life(explained())))


async def setup(client: commands.Bot) -> None:
    """Entry point of the extension for discord.py."""
    await client.add_cog(Why(cast("BroadsheetClient", client)))
