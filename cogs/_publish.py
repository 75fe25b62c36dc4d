"""/digest publish and unpublish. A server that the bot is removed from becomes private."""

import logging
from collections.abc import Awaitable, Callable
from functools import partial

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import BroadsheetClient
from bot.errors import InputError
from bot.rendering.discord_text import escape
from bot.runs.tries import Tries
from bot.site.archive import clean_title
from bot.site.publishing import set_private, set_publication
from bot.weeks import parse_week
from cogs._inputs import suggest_weeks
from cogs._replies import defer, tell
from cogs._subscription import subscription_of
from storage.model import Subscription

log = logging.getLogger(__name__)
_PAUSES_SECONDS = (5.0, 60.0)
"""Seconds to wait before retrying a failed write; the last value repeats."""
_PUBLIC = (
    "**Anyone on the web** can now read this server's digests, including earlier ones, as “{title}”: the "
    "papers with their summaries, why each was picked, the interests from `/setup`, the receipts, and the "
    "recordings. The reasons name authors, topics and papers that this server follows or liked. Who voted "
    "for what, names of members, channels and this server's own name are not shown. A recording keeps "
    "the title it was made under; `/digest unpublish` with its `week` takes it and its digest off the web."
)
_COPIES = "Copies that other people or feed readers have made cannot be taken back."
_UNPUBLISHED = "This server's digests are private again: their pages will be removed {when}. " + _COPIES
_ONE_PRIVATE = (
    "The digest of {week} is private: its pages will be removed {when}, and `/digest publish` leaves it out "
    f"from now on. {_COPIES} To publish it again, use `/digest publish` with this `week`."
)


class Publish(commands.Cog):
    """Part of the group /digest."""

    _client: BroadsheetClient

    @app_commands.command()
    @app_commands.describe(
        title="Title of the public pages and the podcast; by default unchanged",
        week="ISO week such as 2026-W47, to also publish its digest again if you unpublished just that one",
    )
    @app_commands.autocomplete(week=suggest_weeks)
    async def publish(
        self,
        interaction: discord.Interaction,
        title: app_commands.Range[str, 1, 80] | None = None,
        week: str | None = None,
    ) -> None:
        """Make this server's digests public on the web, including earlier ones."""
        await defer(interaction, ephemeral=True, thinking=True)
        subscription = await subscription_of(interaction, self._client.services.database)
        name = subscription.publication if title is None else clean_title(title)
        if name is None:
            raise InputError("Choose a `title` for the public pages.")
        if not name:
            raise InputError("The `title` needs at least one visible character.")
        if week is not None:
            await self._set_private(subscription, week, private=False)
        await self._store_publication(subscription.server_id, name)
        words = f"{_PUBLIC.format(title=escape(name))}\n\n{await self._where(subscription.server_id, name)}"
        await tell(interaction, words)

    @app_commands.command()
    @app_commands.describe(week="ISO week such as 2026-W47, to make only its digest private")
    @app_commands.autocomplete(week=suggest_weeks)
    async def unpublish(self, interaction: discord.Interaction, week: str | None = None) -> None:
        """Make this server's digests, or one of them, private again."""
        await defer(interaction, ephemeral=True, thinking=True)
        subscription = await subscription_of(interaction, self._client.services.database)
        kept = self._client.services.site.is_kept
        when = "within a minute" if kept else "when `broadsheet site build` next runs"
        if week is None:
            await self._store_publication(subscription.server_id, None)
            words = _UNPUBLISHED.format(when=when)
        else:
            chosen = await self._set_private(subscription, week, private=True)
            words = _ONE_PRIVATE.format(week=chosen, when=when)
        await tell(interaction, words)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Pause a server that the bot is removed from, and make it private: nobody there can do it any more.

        For a server that is merely unavailable, discord.py has another event.
        """
        self._client.answering.register()
        await self._until_stored(partial(self._note_left, guild.id))

    async def _note_left(self, server_id: int) -> None:
        if self._client.is_in(server_id):
            return  # the bot was invited again while the database failed
        services = self._client.services
        async with services.database.begin() as tx:
            await tx.servers.note_left(server_id, services.clock.now())
            await tx.subscriptions.set_paused(server_id, paused=True)
            await set_publication(tx, server_id, None)
        services.site.refresh()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Make private the servers that the bot was removed from while it was offline.

        They are not paused: an operator who changes the bot's account invites the new one, and all goes on.
        Until then the schedule makes nothing for them.
        """
        self._client.answering.register()
        await self._until_stored(self._unpublish_left_servers)

    async def _unpublish_left_servers(self) -> None:
        async with self._client.services.database.begin() as tx:
            public = await tx.subscriptions.public()
        for subscription in public:
            server_id = subscription.server_id
            if self._client.has_left(server_id):
                await self._store_publication(server_id, None)
                log.warning("the bot is no longer in server %d: its digests are private again", server_id)

    async def _until_stored(self, store: Callable[[], Awaitable[None]]) -> None:
        """Retry while the database fails: Discord reports this only once."""
        tries = Tries(_PAUSES_SECONDS, sleep=self._client.services.clock.sleep)
        await tries.repeated(store, most=None)

    async def _set_private(self, subscription: Subscription, week: str, *, private: bool) -> str:
        """Make one week's digest private, or public again; returns the week in its usual spelling."""
        chosen, services = str(parse_week(week)), self._client.services
        async with services.database.begin() as tx:
            if not any(each.week == chosen for each in await tx.digests.listed(subscription.server_id)):
                raise InputError(f"This server has no digest of {chosen}.")
            await set_private(tx, subscription.server_id, chosen, private=private)
        services.site.refresh()
        return chosen

    async def _store_publication(self, server_id: int, title: str | None) -> None:
        services = self._client.services
        async with services.database.begin() as tx:
            await set_publication(tx, server_id, title)
        services.site.refresh()

    async def _where(self, server_id: int, title: str) -> str:
        site = self._client.services.site
        address = await site.address(server_id, title)
        when = "within a minute" if site.is_kept else "once `broadsheet site build` has run"
        if address is None:
            return f"The pages will be ready {when}; whoever runs me knows their address."
        return f"The pages will be at <{address}> {when}. A new title would move them."
