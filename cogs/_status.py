"""/digest status: how things stand."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import BroadsheetClient
from bot.rendering.status import status_lines
from bot.site.publishing import private_weeks
from cogs._replies import defer, tell
from cogs._subscription import subscription_of


class Status(commands.Cog):
    """A command of the group that it is mixed into."""

    _client: BroadsheetClient

    @app_commands.command()
    async def status(self, interaction: discord.Interaction) -> None:
        """Show the settings, the next run and the last receipt."""
        await defer(interaction, ephemeral=True, thinking=True)
        services = self._client.services
        wish = await subscription_of(interaction, services.database)
        async with services.database.begin() as tx:
            latest = await tx.digests.latest(wish.server_id)
            deliveries = await tx.deliveries.of(wish.server_id, latest.week) if latest else []
            to_retry = await tx.deliveries.newest_to_retry(wish.server_id, now=services.clock.now())
            private = await private_weeks(tx, wish.server_id)
        lines = status_lines(
            wish,
            latest,
            deliveries,
            next_week=await self._client.schedule.next_week(wish),
            now=services.clock.now(),
            week_being_made=await self._client.schedule.week_being_made(wish),
            in_vain=await self._client.runs.in_vain(wish, since=latest.week if latest else None),
            to_retry=to_retry,
            recording=await services.podcasts.standing(latest.id) if latest else "",
            refusal=None if wish.channel_id is None else self._client.messenger.refusal(wish.channel_id),
            private_weeks=private,
            index=None if services.index is None else str(services.index.status),
        )
        await tell(interaction, *lines)
