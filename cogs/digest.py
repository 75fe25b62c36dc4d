"""/digest: preview, now, latest, listen, mine, export, publish, unpublish, status, pause, resume."""

import secrets
from collections.abc import Sequence
from typing import cast

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import BroadsheetClient
from bot.digest.plan import DigestRequest, anonymous, weekly_request
from bot.errors import InputError
from bot.rendering import discord as rendering
from bot.rendering.status import being_made, message_link, next_digest
from bot.runs.requested import Outcome, Requested, make_or_finish, week_to_post
from bot.weeks import Week, latest_complete_week, parse_week
from cogs._channel import channel_problem, channel_warnings
from cogs._digest_of import digest_of
from cogs._export import Export
from cogs._listen import Listen
from cogs._mine import Mine
from cogs._people import manages
from cogs._publish import Publish
from cogs._replies import UNDER_WAY, defer, send_privately, within_token_life
from cogs._status import Status
from cogs._subscription import subscription_of
from storage.model import Delivery, DeliveryState, DigestStyle, Subscription
from storage.model import Digest as DigestRecord


@app_commands.guild_only()
class Digest(
    commands.GroupCog, Status, Mine, Listen, Export, Publish, name="digest", description="The weekly digest"
):
    """What admins do with the server's digests, and what anyone may ask for."""

    def __init__(self, client: BroadsheetClient) -> None:
        self._client = client
        self._database = client.services.database
        self._clock = client.services.clock
        client.replies.append(self.stop_by_message)

    async def interaction_check(self, interaction: discord.Interaction) -> bool:
        """Let only admins change or post anything."""
        return manages(interaction, unless={"latest", "listen", "mine", "export"})

    @app_commands.command()
    @app_commands.describe(week="ISO week such as 2026-W47; by default the last complete week")
    async def preview(self, interaction: discord.Interaction, week: str | None = None) -> None:
        """Make a digest that only you see; nothing is posted."""
        await defer(interaction, ephemeral=True, thinking=True)
        subscription = await subscription_of(interaction, self._database)
        chosen = parse_week(week) if week else latest_complete_week(self._clock.now())
        run_id = f"preview:{subscription.server_id}:{chosen}:{secrets.token_hex(4)}"
        await self._client.runs.start_digest(
            DigestRequest(
                run_id=run_id, subscription=anonymous(subscription), week=str(chosen), published=False
            )
        )
        await within_token_life(self._client.runs.wait_for_end(run_id))
        async with self._database.begin() as tx:
            digest = await tx.digests.get(run_id)
        assert digest is not None, "its run has ended"
        await self._send(interaction, digest, subscription.style)

    @app_commands.command()
    async def now(self, interaction: discord.Interaction) -> None:
        """Post the last complete week's digest now, or what is missing of one that was posted in part."""
        await defer(interaction, ephemeral=True, thinking=True)
        subscription = await subscription_of(interaction, self._database)
        week = await week_to_post(self._database, subscription.server_id, self._clock.now())
        await self._check_channel(subscription, week)
        services = self._client.services
        asked = await make_or_finish(
            weekly_request(subscription, week),
            database=services.database,
            runs=self._client.runs,
            admission=services.admission,
        )
        if asked.outcome is Outcome.MADE:
            link = next((message_link(one) for one in asked.deliveries if one.message_id), None)
            raise InputError(f"The digest of {week} has already been made" + (f": {link}" if link else "."))
        words = f"The digest of {week} {self._now_words(asked, subscription)}"
        await interaction.followup.send(words, ephemeral=True)

    async def _check_channel(self, subscription: Subscription, week: Week) -> None:
        """Make no digest that cannot be posted.

        Raises:
            InputError: messages are missing, and their channel is gone or closed to the bot.
        """
        async with self._database.begin() as tx:
            planned = await tx.deliveries.of(subscription.server_id, str(week))
        channel_id = self._destination(planned, subscription)
        is_posted = bool(planned) and all(delivery.message_id for delivery in planned)
        if channel_id is None or is_posted:
            return
        if why := channel_problem(self._client, channel_id):
            raise InputError(f"The digest of {week} cannot be posted. {why}")

    def _now_words(self, asked: Requested, subscription: Subscription) -> str:
        if asked.outcome is Outcome.UNDER_WAY:
            return UNDER_WAY
        if asked.outcome is Outcome.THREADS:
            return f"is in <#{asked.deliveries[0].channel_id}>; its threads will follow in a few minutes."
        channel_id = self._destination(asked.deliveries, subscription)
        return f"is on its way to <#{channel_id}>. This takes a few minutes."

    def _destination(self, planned: Sequence[Delivery], subscription: Subscription) -> int | None:
        """The channel for what is missing: the one that may already have a part, if it still exists."""
        may_be_posted = {DeliveryState.SENDING, DeliveryState.SENT}
        channels = [delivery.channel_id for delivery in planned if delivery.state in may_be_posted]
        return next(filter(self._client.get_channel, channels), subscription.channel_id)

    @app_commands.command()
    async def latest(self, interaction: discord.Interaction) -> None:
        """Show the latest digest; only you see it."""
        await defer(interaction, ephemeral=True, thinking=True)
        await self._send(interaction, await digest_of(interaction, self._client), DigestStyle.COMPACT)

    @app_commands.command()
    async def pause(self, interaction: discord.Interaction) -> None:
        """Pause the weekly digest until /digest resume."""
        await self._set_paused(interaction, paused=True)
        words = "The weekly digest is paused. Resume it with `/digest resume`."
        await interaction.followup.send(words, ephemeral=True)

    @app_commands.command()
    async def resume(self, interaction: discord.Interaction) -> None:
        """Resume the weekly digest."""
        await self._set_paused(interaction, paused=False)
        subscription = await subscription_of(interaction, self._database)
        week = await self._client.schedule.next_week(subscription)
        lines = [f"The weekly digest is on again. {next_digest(subscription, week, now=self._clock.now())}"]
        if under_way := await self._client.schedule.week_being_made(subscription):
            lines.append(being_made(under_way))
        lines += channel_warnings(self._client, subscription)
        await interaction.followup.send("\n".join(lines), ephemeral=True)

    async def _set_paused(self, interaction: discord.Interaction, *, paused: bool) -> None:
        await defer(interaction, ephemeral=True, thinking=True)
        subscription = await subscription_of(interaction, self._database)
        async with self._database.begin() as tx:
            await tx.subscriptions.set_paused(subscription.server_id, paused)

    async def _send(self, interaction: discord.Interaction, digest: DigestRecord, style: DigestStyle) -> None:
        shown = [highlight.pick.paper.id for highlight in digest.highlights]
        async with self._database.begin() as tx:
            votes = await tx.tastes.counts(digest.server_id, shown)
        rendered = rendering.digest_views(digest, style=style, votes=votes)
        await send_privately(interaction, [message.view for message in rendered])


async def setup(client: commands.Bot) -> None:
    """Entry point of the extension for discord.py."""
    await client.add_cog(Digest(cast("BroadsheetClient", client)))
