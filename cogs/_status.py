"""/digest status: the state of a server's digests."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import BroadsheetClient
from bot.rendering.status import status_lines
from bot.site.publishing import private_weeks
from cogs._channel import channel_problem
from cogs._replies import defer, tell
from cogs._subscription import subscription_of


class Status(commands.Cog):
    """Part of the group /digest."""

    _client: BroadsheetClient

    @app_commands.command()
    async def status(self, interaction: discord.Interaction) -> None:
        """Show the settings, the next digest, and how the last one went."""
        await defer(interaction, ephemeral=True, thinking=True)
        services = self._client.services
        subscription = await subscription_of(interaction, services.database)
        async with services.database.begin() as tx:
            latest = await tx.digests.latest(subscription.server_id)
            deliveries = await tx.deliveries.of(subscription.server_id, latest.week) if latest else []
            to_retry = await tx.deliveries.newest_to_retry(subscription.server_id, now=services.clock.now())
            private = await private_weeks(tx, subscription.server_id)
        channel_id = subscription.channel_id
        lines = status_lines(
            subscription,
            latest,
            deliveries,
            next_week=await self._client.schedule.next_week(subscription),
            now=services.clock.now(),
            week_being_made=await self._client.schedule.week_being_made(subscription),
            latest_failure=await self._client.runs.latest_failure(
                subscription, since=latest.week if latest else None
            ),
            to_retry=to_retry,
            recording=await services.podcasts.status(latest.id) if latest else "",
            refusal=None if channel_id is None else channel_problem(self._client, channel_id),
            private_weeks=private,
            index=None if services.index is None else str(services.index.status),
        )
        await tell(interaction, *lines)
