"""/setup: the channel, time and topics of a server's weekly digest."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import BroadsheetClient
from bot.errors import InputError
from bot.papers import taxonomy
from bot.rendering.status import (
    being_made,
    dates,
    interests_warnings,
    lateness_warnings,
    moment,
    subscription_lines,
)
from bot.taste.preference_checks import bare
from bot.texts.separators import items
from bot.weeks import Week, deadline, due_at
from bot.zones import canonical_zone
from cogs._channel import channel_warnings
from cogs._inputs import WEEKDAY_CHOICES, suggest_categories, suggest_zones
from cogs._people import server_of
from cogs._replies import defer, tell
from storage.model import DigestStyle, Subscription, ThreadPolicy

_CLEARS = {"none", "-"}
"""Typed to clear an option, as one that is left out stays unchanged."""
_STYLES = [
    app_commands.Choice(name="full: a message for each highlight", value=DigestStyle.FULL.value),
    app_commands.Choice(name="compact: one message with a menu", value=DigestStyle.COMPACT.value),
]
_THREADS = [
    app_commands.Choice(name="each highlight", value=ThreadPolicy.EACH.value),
    app_commands.Choice(name="the digest", value=ThreadPolicy.DIGEST.value),
    app_commands.Choice(name="none", value=ThreadPolicy.NONE.value),
]


class Setup(commands.Cog):
    """Lets a server's admins set up its digest."""

    def __init__(self, client: BroadsheetClient) -> None:
        self._client = client
        self._database = client.services.database
        self._clock = client.services.clock

    @app_commands.command()
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.checks.has_permissions(manage_guild=True)
    @app_commands.describe(
        channel="Where to post the digest",
        weekday="Day of the week; at first Friday",
        hour="Hour of the day (0-23); at first 9",
        time_zone="Time zone, such as Europe/Berlin; at first UTC",
        arxiv_categories="arXiv categories separated by commas, such as cs.CL,cs.LG",
        interests="What this server cares about, in plain English words; type none for a broad choice",
        leave_out="Words that papers must not contain, separated by commas; type none to clear them",
        highlights="Papers summarised in full each week (1-25); at first 8",
        style="How highlights are shown; at first full",
        threads="What gets a thread for discussion; highlights only in the style full; at first none",
    )
    @app_commands.choices(weekday=WEEKDAY_CHOICES)  # of another type than the rest
    @app_commands.choices(style=_STYLES, threads=_THREADS)
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
        """Set the channel, time and topics of the weekly digest; options you leave out stay unchanged."""
        await defer(interaction, ephemeral=True, thinking=True)
        named = {
            "channel_id": None if channel is None else channel.id,
            "weekday": weekday,
            "hour": hour,
            "zone": None if time_zone is None else canonical_zone(time_zone),
            "categories": None if arxiv_categories is None else taxonomy.listed(arxiv_categories),
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
            subscription = replace(_changed(before or first, named), admin_id=interaction.user.id)
            await tx.subscriptions.save(subscription)
            if threads is not None:
                await tx.deliveries.drop_unwanted_threads(server_id, threads)
        under_way = await self._client.schedule.week_being_made(subscription)
        week = await self._client.schedule.next_week(subscription)
        lines = [
            f"{self._next_due(subscription, week)} `/digest preview` shows you one now.",
            *lateness_warnings(subscription, week),
            *([] if under_way is None else [being_made(under_way)]),
            *channel_warnings(self._client, subscription),
            # Before lines that may be too long, whose end is cut off.
            *interests_warnings(subscription.interests, subscription.excluded_words),
            *subscription_lines(subscription),
        ]
        await tell(interaction, *lines)

    def _next_due(self, subscription: Subscription, week: Week) -> str:
        """When the next digest, this week's, comes and, if it is already due, the one after it."""
        where = f"<#{subscription.channel_id}>"
        if subscription.paused:
            return f"The digest in {where} is still paused. Resume it with `/digest resume`."
        due = due_at(week, subscription)
        if due > self._clock.now():
            return f"{where} gets its next digest on {moment(due)}, with the papers of {dates(week)}."
        after_it = moment(deadline(week, subscription))
        return f"The digest of {week} comes to {where} in a few minutes, the next one on {after_it}."


def _changed(before: Subscription, named: Mapping[str, Any]) -> Subscription:
    """The subscription with the named values; None leaves a value unchanged.

    Raises:
        InputError: something that has no default is missing, or style and threads do not go together.
    """
    subscription = replace(before, **{name: value for name, value in named.items() if value is not None})
    if subscription.channel_id is None or not subscription.categories:
        raise InputError("To start, choose a `channel` and `arxiv_categories`. The rest is optional.")
    # What an earlier version stored may stay as it is.
    if subscription.has_unusable_threads and (named["style"], named["threads"]) != (None, None):
        raise InputError(
            "In the `compact` style highlights have no messages of their own, so they cannot have threads. "
            "Choose the style `full`, or set `threads` to `the digest` or `none`."
        )
    return subscription


def _words(typed: str) -> tuple[str, ...]:
    """The words typed, without quotation marks around them, which no paper would have."""
    return tuple(filter(None, map(bare, items(_text(typed)))))


def _text(typed: str) -> str:
    """The text typed, or an empty one if it says to clear it."""
    text = typed.strip()
    return "" if text.casefold() in _CLEARS else text


async def setup(client: commands.Bot) -> None:
    """Entry point of the extension for discord.py."""
    await client.add_cog(Setup(cast("BroadsheetClient", client)))
