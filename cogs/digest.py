"""/digest: preview, now, latest, status, pause, resume; and the menus under a digest."""

import secrets
from collections.abc import Sequence
from typing import cast

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import BroadsheetClient
from bot.digest.plan import DigestRequest, weekly_run_id
from bot.digest.weeks import Week, latest_complete_week, parse_week
from bot.errors import InputError
from bot.rendering import discord as rendering
from bot.rendering.status import message_link, status_lines
from cogs._replies import send_privately, within_token_life
from storage.model import Digest as DigestRecord
from storage.model import DigestStyle, Subscription


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class Digest(commands.GroupCog, name="digest", description="This server's weekly digest"):
    """Everything an admin does with digests, and what everybody can open under one."""

    def __init__(self, client: BroadsheetClient) -> None:
        self._client = client
        self._database = client.services.database
        self._clock = client.services.clock
        client.components["open"] = self.open_chosen
        client.components["full"] = self.open_full

    async def interaction_check(self, interaction: discord.Interaction) -> bool:
        """Discord's own check is a default that admins can change; this one holds."""
        if not interaction.permissions.manage_guild:
            raise app_commands.MissingPermissions(["manage_guild"])
        return True

    @app_commands.command()
    @app_commands.describe(week="ISO week such as 2026-W47; the last complete one if left out")
    async def preview(self, interaction: discord.Interaction, week: str | None = None) -> None:
        """Make a digest that only you see; nothing is posted."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        wish = await self._wish(interaction)
        chosen = self._week(week)
        run_id = f"preview:{wish.server_id}:{chosen}:{secrets.token_hex(4)}"
        await self._client.runs.start_digest(
            DigestRequest(run_id=run_id, subscription=wish, week=str(chosen), published=False)
        )
        await within_token_life(self._client.runs.digest_made(run_id))
        await self._show(interaction, run_id, wish)

    @app_commands.command()
    async def now(self, interaction: discord.Interaction) -> None:
        """Post the digest of the last complete week without waiting for its time."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        wish = await self._wish(interaction)
        week = self._week(None)
        run_id = weekly_run_id(wish.server_id, week)
        request = DigestRequest(run_id=run_id, subscription=wish, week=str(week), published=True)
        async with self._database.begin() as tx:
            made = await tx.digests.get(run_id)
            posted = await tx.deliveries.of(wish.server_id, str(week))
            refused = await tx.deliveries.plan_again(wish.server_id, str(week))
        if refused:
            await self._client.runs.deliver_again(request)
        elif made is not None:
            link = next((message_link(delivery) for delivery in posted if delivery.message_id), None)
            raise InputError(f"The digest of {week} has been made already" + (f": {link}" if link else "."))
        else:
            await self._client.runs.start_digest(request)
        await interaction.followup.send(
            f"The digest of {week} is on its way to <#{wish.channel_id}>; it takes a few minutes.",
            ephemeral=True,
        )

    @app_commands.command()
    async def latest(self, interaction: discord.Interaction) -> None:
        """Show the latest digest, to you alone."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        assert interaction.guild_id is not None
        async with self._database.begin() as tx:
            latest = await tx.digests.latest(interaction.guild_id)
        if latest is None:
            raise InputError("There is no digest yet. `/digest preview` makes one that only you see.")
        await self._send(interaction, latest, DigestStyle.COMPACT)

    @app_commands.command()
    async def status(self, interaction: discord.Interaction) -> None:
        """Show the settings, the next run and the last receipt."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        wish = await self._wish(interaction)
        async with self._database.begin() as tx:
            latest = await tx.digests.latest(wish.server_id)
            deliveries = await tx.deliveries.of(wish.server_id, latest.week) if latest else []
        lines = status_lines(wish, latest, deliveries, now=self._clock.now())
        await send_privately(interaction, [rendering.text_view("\n".join(lines), markdown=True)])

    @app_commands.command()
    async def pause(self, interaction: discord.Interaction) -> None:
        """Stop the weekly posts until /digest resume."""
        await self._set_paused(interaction, paused=True)

    @app_commands.command()
    async def resume(self, interaction: discord.Interaction) -> None:
        """Go on with the weekly posts."""
        await self._set_paused(interaction, paused=False)

    async def _set_paused(self, interaction: discord.Interaction, *, paused: bool) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        wish = await self._wish(interaction)
        async with self._database.begin() as tx:
            await tx.subscriptions.set_paused(wish.server_id, paused)
        words = (
            "paused. `/digest resume` goes on."
            if paused
            else "on again: the next one comes at its usual time."
        )
        await interaction.followup.send(f"The weekly digest is {words}", ephemeral=True)

    async def open_chosen(
        self, interaction: discord.Interaction, digest_id: str, chosen: Sequence[str]
    ) -> None:
        """Show the summary that somebody chose from a digest's menu, to them alone."""
        await self._open_summary(interaction, digest_id, chosen[0])

    async def open_full(self, interaction: discord.Interaction, argument: str, _: Sequence[str]) -> None:
        """Show a summary without what its message had to shorten, to the reader alone."""
        digest_id, _, paper_key = argument.partition("/")
        await self._open_summary(interaction, digest_id, paper_key)

    async def _open_summary(self, interaction: discord.Interaction, digest_id: str, paper_key: str) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        async with self._database.begin() as tx:
            digest = await tx.digests.get(digest_id)
        for highlight in digest.highlights if digest is not None else ():
            if highlight.pick.paper.key == paper_key:
                await send_privately(
                    interaction, rendering.summary_views(highlight.pick.paper, highlight.summary)
                )
                return
        raise InputError("This digest is not stored any more.")

    async def _wish(self, interaction: discord.Interaction) -> Subscription:
        assert interaction.guild_id is not None
        async with self._database.begin() as tx:
            wish = await tx.subscriptions.get(interaction.guild_id)
        if wish is None:
            raise InputError("This server has no digest yet: `/setup` makes one.")
        return wish

    def _week(self, text: str | None) -> Week:
        return parse_week(text) if text else latest_complete_week(self._clock.now())

    async def _show(self, interaction: discord.Interaction, digest_id: str, wish: Subscription) -> None:
        async with self._database.begin() as tx:
            digest = await tx.digests.get(digest_id)
        assert digest is not None, "its run is over"
        await self._send(interaction, digest, wish.style)

    async def _send(self, interaction: discord.Interaction, digest: DigestRecord, style: DigestStyle) -> None:
        rendered = rendering.digest_views(digest, style=style)
        await send_privately(interaction, [message.view for message in rendered])


async def setup(client: commands.Bot) -> None:
    """discord.py's entry point of an extension."""
    await client.add_cog(Digest(cast("BroadsheetClient", client)))
