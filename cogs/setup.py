"""/setup: where, when and about what a server wants its weekly digest."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import BroadsheetClient
from bot.delivery.discord_rights import Place, missing_permissions
from bot.errors import InputError
from bot.rendering.status import being_made, moment, subscription_lines
from bot.taste.wishing import bare
from bot.weeks import deadline, due_at
from bot.zones import canonical_zone
from cogs._inputs import WEEKDAY_CHOICES, categories, comma_separated, suggest_categories, suggest_zones
from cogs._people import server_of
from cogs._replies import defer, tell
from storage.model import DigestStyle, Subscription, ThreadPolicy

_CLEARS = {"none", "-"}
"""What somebody types to clear a text: one that is left out stays as it was."""


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
        interests="What this server cares about, in plain words; none: a broad choice",
        leave_out="Words that papers must not contain, separated by commas; none: no such words",
        highlights="Papers summarised in full each week (1-25)",
        style="full: a message for each highlight; compact: one message with a menu",
        threads="Threads for discussion",
    )
    @app_commands.choices(weekday=WEEKDAY_CHOICES)
    @app_commands.autocomplete(time_zone=suggest_zones, arxiv_categories=suggest_categories)
    async def setup(
        self,
        interaction: discord.Interaction,
        channel: discord.TextChannel | None = None,
        arxiv_categories: app_commands.Range[str, 1, 1000] | None = None,
        interests: app_commands.Range[str, 0, 1000] | None = None,
        weekday: int | None = None,
        hour: app_commands.Range[int, 0, 23] | None = None,
        time_zone: str | None = None,
        leave_out: app_commands.Range[str, 0, 1000] | None = None,
        highlights: app_commands.Range[int, 1, 25] | None = None,
        style: DigestStyle | None = None,
        threads: ThreadPolicy | None = None,
    ) -> None:
        """Choose channel, time and topics of the weekly digest; what you leave out stays as it was."""
        await defer(interaction, ephemeral=True, thinking=True)
        named = {
            "channel_id": None if channel is None else channel.id,
            "weekday": weekday,
            "hour": hour,
            "zone": None if time_zone is None else canonical_zone(time_zone),
            "categories": None if arxiv_categories is None else categories(arxiv_categories),
            "interests": None if interests is None else _text(interests),
            "excluded_words": None if leave_out is None else _words(leave_out),
            "highlights": highlights,
            "style": style,
            "threads": threads,
        }
        server_id = server_of(interaction)
        first = Subscription(server_id=server_id, channel_id=None, created_at=self._clock.now())
        async with self._database.begin() as tx:
            before = await tx.subscriptions.get_to_change(server_id)
            wish = replace(_changed(before or first, named), admin_id=interaction.user.id)
            await tx.subscriptions.save(wish)
            if threads is not None:
                await tx.deliveries.want_threads(server_id, threads)
        under_way = await self._client.schedule.week_being_made(wish)
        lines = [
            f"{await self._coming(wish)} `/digest preview` shows you one now.",
            *([] if under_way is None else [being_made(under_way)]),
            *self._warnings(wish),  # before what may be so long that a message's end is cut off
            *subscription_lines(wish),
        ]
        await tell(interaction, *lines)

    def _warnings(self, wish: Subscription) -> list[str]:
        """What keeps the bot from posting in the channel, as far as it can be seen from here."""
        assert wish.channel_id is not None, "no wish is stored without one"
        where, channel = f"<#{wish.channel_id}>", self._client.get_channel(wish.channel_id)
        if not isinstance(channel, Place):
            return [f"⚠️ I cannot find {where}. If it was deleted, name another `channel`."]
        if missing := ", ".join(missing_permissions(channel, threads=wish.threads)):
            return [f"⚠️ I lack permissions in {where}: {missing}. Please grant them before then."]
        is_heard = self._client.services.podcasts.can_speak
        if is_heard and missing_permissions(channel, threads=wish.threads, files=True):
            return [f"⚠️ Recordings will not be attached in {where}: for them I lack Attach Files."]
        return []

    async def _coming(self, wish: Subscription) -> str:
        """When the next digest comes; also the one after it, where the next is due already."""
        where = f"<#{wish.channel_id}>"
        if wish.paused:
            return f"The digest of {where} is still paused: `/digest resume` goes on."
        week = await self._client.schedule.next_week(wish)
        due = due_at(week, wish)
        if due > self._clock.now():
            return f"{where} gets its next digest {moment(due)}."
        after_it = moment(deadline(week, wish))
        return f"The digest of {week} comes to {where} in a few minutes, the next one {after_it}."


def _changed(before: Subscription, named: Mapping[str, Any]) -> Subscription:
    """The subscription with what was named in place of what it was; None names nothing.

    Raises:
        InputError: it lacks what has no default, or its style and its threads do not go together.
    """
    wish = replace(before, **{name: value for name, value in named.items() if value is not None})
    if wish.channel_id is None or not wish.categories:
        raise InputError(
            "To begin with, name the `channel` and the `arxiv_categories`. All else may be left out."
        )
    # What is stored so from earlier versions may be left as it is.
    if wish.has_threads_in_vain and (named["style"], named["threads"]) != (None, None):
        raise InputError(
            "In the style `compact` highlights have no messages of their own, so none can have a thread. "
            "Choose the style `full`, or for `threads` `digest` (one thread for the digest) or `none`."
        )
    return wish


def _words(typed: str) -> tuple[str, ...]:
    """The words that were typed, without quotation marks around them, which no paper has there."""
    return tuple(filter(None, map(bare, comma_separated(_text(typed)))))


def _text(typed: str) -> str:
    """What was typed, or nothing where it says so."""
    text = typed.strip()
    return "" if text.casefold() in _CLEARS else text


async def setup(client: commands.Bot) -> None:
    """discord.py's entry point of an extension."""
    await client.add_cog(Setup(cast("BroadsheetClient", client)))
