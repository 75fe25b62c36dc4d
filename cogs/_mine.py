"""/digest mine: the part of /digest that is about one person."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import BroadsheetClient
from bot.rendering.status import direct_message_link, moment, subscription_lines
from bot.runs.requested import Outcome, make_or_finish
from bot.weeks import due_at
from cogs._people import server_of
from cogs._replies import UNDER_WAY, defer, tell


class Mine(commands.Cog):
    """A command of the group that it is mixed into."""

    _client: BroadsheetClient

    @app_commands.command()
    @app_commands.describe(every_week="True: from now on each week; False: no more")
    async def mine(self, interaction: discord.Interaction, every_week: bool | None = None) -> None:
        """A digest for you alone, by direct message, chosen by your own votes."""
        await defer(interaction, ephemeral=True, thinking=True)
        services, user_id = self._client.services, interaction.user.id
        if every_week is False:
            await services.personal.stop(user_id)
            await interaction.followup.send("No more digests of your own come by themselves.", ephemeral=True)
            return
        wish = await services.personal.wish(
            user_id, server_of(interaction), self._client.messenger, every_week=every_week is True
        )
        request = services.personal.request(wish)
        asked = await make_or_finish(
            request, database=services.database, runs=self._client.runs, admission=services.admission
        )
        if link := next((direct_message_link(one) for one in asked.deliveries if one.message_id), None):
            words = f"is here: {link}."
        elif asked.outcome is Outcome.UNDER_WAY:
            words = UNDER_WAY
        else:
            words = "comes in a few minutes, by direct message."
        lines = [f"Your digest of {request.week} {words}"]
        if every_week and not wish.paused:  # it was perhaps stopped meanwhile
            next_week = await self._client.schedule.next_week(wish)
            lines[0] += f" The next one comes {moment(due_at(next_week, wish))}."
            lines += subscription_lines(wish)
        await tell(interaction, *lines)
