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
    """What an admin does with the server's digests, and what everybody may ask for themselves."""

    def __init__(self, client: BroadsheetClient) -> None:
        self._client = client
        self._database = client.services.database
        self._clock = client.services.clock

    async def interaction_check(self, interaction: discord.Interaction) -> bool:
        """Let nobody else change or post anything."""
        return manages(interaction, unless={"latest", "listen", "mine", "export"})

    @app_commands.command()
    @app_commands.describe(week="ISO week such as 2026-W47; the last complete one if left out")
    async def preview(self, interaction: discord.Interaction, week: str | None = None) -> None:
        """Make a digest that only you see; nothing is posted."""
        await defer(interaction, ephemeral=True, thinking=True)
        wish = await subscription_of(interaction, self._database)
        chosen = self._week(week)
        run_id = f"preview:{wish.server_id}:{chosen}:{secrets.token_hex(4)}"
        await self._client.runs.start_digest(
            DigestRequest(run_id=run_id, subscription=anonymous(wish), week=str(chosen), published=False)
        )
        await within_token_life(self._client.runs.digest_made(run_id))
        await self._show(interaction, run_id, wish)

    @app_commands.command()
    async def now(self, interaction: discord.Interaction) -> None:
        """Post what is missing of a digest, or that of the last complete week ahead of its time."""
        await defer(interaction, ephemeral=True, thinking=True)
        wish = await subscription_of(interaction, self._database)
        week = await week_to_post(self._database, wish.server_id, self._clock.now())
        services = self._client.services
        asked = await make_or_finish(
            weekly_request(wish, week),
            database=services.database,
            runs=self._client.runs,
            admission=services.admission,
        )
        if asked.outcome is Outcome.MADE:
            link = next((message_link(one) for one in asked.deliveries if one.message_id), None)
            raise InputError(f"The digest of {week} has been made already" + (f": {link}" if link else "."))
        words = f"The digest of {week} {self._now_words(asked, wish)}"
        await interaction.followup.send(words, ephemeral=True)

    def _now_words(self, asked: Requested, wish: Subscription) -> str:
        if asked.outcome is Outcome.UNDER_WAY:
            return UNDER_WAY
        if asked.outcome is Outcome.THREADS:
            return f"stands in <#{asked.deliveries[0].channel_id}>; its threads follow in a few minutes."
        return f"is on its way to <#{self._destination(asked.deliveries, wish)}>; it takes a few minutes."

    def _destination(self, planned: Sequence[Delivery], wish: Subscription) -> int | None:
        """The channel that gets what is not posted: the one where a part may stand, if it is still there."""
        may_stand = {DeliveryState.SENDING, DeliveryState.SENT}
        channels = [delivery.channel_id for delivery in planned if delivery.state in may_stand]
        return next(filter(self._client.get_channel, channels), wish.channel_id)

    @app_commands.command()
    async def latest(self, interaction: discord.Interaction) -> None:
        """Show the latest digest, to you alone."""
        await defer(interaction, ephemeral=True, thinking=True)
        await self._send(interaction, await digest_of(interaction, self._client), DigestStyle.COMPACT)

    @app_commands.command()
    async def pause(self, interaction: discord.Interaction) -> None:
        """Stop the weekly posts until /digest resume."""
        await self._set_paused(interaction, paused=True)
        words = "The weekly digest is paused. `/digest resume` goes on."
        await interaction.followup.send(words, ephemeral=True)

    @app_commands.command()
    async def resume(self, interaction: discord.Interaction) -> None:
        """Go on with the weekly posts."""
        await self._set_paused(interaction, paused=False)
        wish = await subscription_of(interaction, self._database)
        week = await self._client.schedule.next_week(wish)
        lines = [f"The weekly digest is on again. {next_digest(wish, week, now=self._clock.now())}"]
        if under_way := await self._client.schedule.week_being_made(wish):
            lines.append(being_made(under_way))
        await interaction.followup.send("\n".join(lines), ephemeral=True)

    async def _set_paused(self, interaction: discord.Interaction, *, paused: bool) -> None:
        await defer(interaction, ephemeral=True, thinking=True)
        wish = await subscription_of(interaction, self._database)
        async with self._database.begin() as tx:
            await tx.subscriptions.set_paused(wish.server_id, paused)

    def _week(self, text: str | None) -> Week:
        return parse_week(text) if text else latest_complete_week(self._clock.now())

    async def _show(self, interaction: discord.Interaction, digest_id: str, wish: Subscription) -> None:
        async with self._database.begin() as tx:
            digest = await tx.digests.get(digest_id)
        assert digest is not None, "its run is over"
        await self._send(interaction, digest, wish.style)

    async def _send(self, interaction: discord.Interaction, digest: DigestRecord, style: DigestStyle) -> None:
        shown = [highlight.pick.paper.id for highlight in digest.highlights]
        async with self._database.begin() as tx:
            votes = await tx.tastes.counts(digest.server_id, shown)
        rendered = rendering.digest_views(digest, style=style, votes=votes)
        await send_privately(interaction, [message.view for message in rendered])


async def setup(client: commands.Bot) -> None:
    """discord.py's entry point of an extension."""
    await client.add_cog(Digest(cast("BroadsheetClient", client)))
