"""/setup: where, when and about what a server wants its weekly digest."""

from dataclasses import replace
from typing import cast

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import BroadsheetClient
from bot.delivery.discord_rights import missing_permissions
from bot.digest.weeks import deadline, due_at
from bot.errors import InputError
from bot.rendering.discord import text_view
from bot.rendering.status import being_made, moment, subscription_lines
from cogs._inputs import WEEKDAYS, categories, comma_separated, suggest_categories, suggest_zones, zone
from cogs._replies import send_privately
from storage.model import DigestStyle, Subscription, ThreadPolicy


class Setup(commands.Cog):
    """Lets a server's admins wish for a digest."""

    def __init__(self, client: BroadsheetClient) -> None:
        self._client = client
        self._database = client.services.database
        self._clock = client.services.clock

    @app_commands.command()
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.checks.has_permissions(manage_guild=True)
    @app_commands.describe(
        channel="Where the digest appears",
        weekday="On which day",
        hour="At which hour (0-23)",
        time_zone="In which time zone",
        arxiv_categories="Such as cs.CL,cs.LG: separate them by commas",
        interests="What this server cares about, in plain words",
        leave_out="Words that papers must not contain, separated by commas",
        highlights="Papers summarised in full each week (1-25)",
        style="full: a message for each highlight; compact: one message with a menu",
        threads="Threads for discussion",
    )
    @app_commands.choices(weekday=WEEKDAYS)
    @app_commands.autocomplete(time_zone=suggest_zones, arxiv_categories=suggest_categories)
    async def setup(
        self,
        interaction: discord.Interaction,
        channel: discord.TextChannel,
        arxiv_categories: app_commands.Range[str, 1, 1000],
        interests: app_commands.Range[str, 0, 1000] = "",
        weekday: int = 4,
        hour: app_commands.Range[int, 0, 23] = 9,
        time_zone: str = "UTC",
        leave_out: app_commands.Range[str, 0, 1000] = "",
        highlights: app_commands.Range[int, 1, 25] = 8,
        style: DigestStyle = DigestStyle.FULL,
        threads: ThreadPolicy = ThreadPolicy.NONE,
    ) -> None:
        """Choose channel, time and topics of this server's weekly digest."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        assert interaction.guild_id is not None
        wish = Subscription(
            server_id=interaction.guild_id,
            channel_id=channel.id,
            weekday=weekday,
            hour=hour,
            zone=zone(time_zone),
            categories=categories(arxiv_categories),
            interests=interests.strip(),
            excluded_words=comma_separated(leave_out),
            highlights=highlights,
            style=style,
            threads=threads,
            created_at=self._clock.now(),
            admin_id=interaction.user.id,
        )
        if wish.has_threads_in_vain:
            raise InputError(
                "In the style `compact` highlights have no messages of their own, so none can have a thread. "
                "Choose `full`, or `digest` for one thread for the digest."
            )
        async with self._database.begin() as tx:
            before = await tx.subscriptions.get(wish.server_id) or wish
            # Ending a pause is /digest resume's: it also leaves out what became due meanwhile.
            wish = replace(
                wish, paused=before.paused, publication=before.publication, created_at=before.created_at
            )
            await tx.subscriptions.save(wish)
        under_way = await self._client.schedule.week_being_made(wish)
        lines = [
            f"{await self._coming(wish, channel)} `/digest preview` shows you one now.",
            *([] if under_way is None else [being_made(under_way)]),
            *subscription_lines(wish),
        ]
        if missing := missing_permissions(channel, threads=threads):
            names = ", ".join(missing)
            lines.append(
                f"⚠️ I lack permissions in {channel.mention}: {names}. Please grant them before then."
            )
        await send_privately(interaction, [text_view("\n".join(lines), markdown=True)])

    async def _coming(self, wish: Subscription, channel: discord.TextChannel) -> str:
        """When the next digest comes; also the one after it, where the next is due already."""
        if wish.paused:
            return f"The digest of {channel.mention} is still paused: `/digest resume` goes on."
        week = await self._client.schedule.next_week(wish)
        due = due_at(week, wish)
        if due > self._clock.now():
            return f"{channel.mention} gets its next digest {moment(due)}."
        after_it = moment(deadline(week, wish))
        return f"The digest of {week} comes to {channel.mention} in a few minutes, the next one {after_it}."


async def setup(client: commands.Bot) -> None:
    """discord.py's entry point of an extension."""
    await client.add_cog(Setup(cast("BroadsheetClient", client)))
