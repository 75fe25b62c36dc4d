"""/digest publish and unpublish: whether the web may read along. A server that the bot left may not."""

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
from cogs._replies import defer, tell
from cogs._subscription import subscription_of
from storage.model import Subscription

log = logging.getLogger(__name__)
_PAUSES_SECONDS = (5.0, 60.0)
"""Before what the database did not take is tried again; the last one repeats."""
_PUBLIC = (
    "From now on **everybody on the web** can read this server's digests, the earlier too, as “{title}”: "
    "the papers with their summaries, why each was picked, the interests of `/setup`, the receipts, and "
    "recordings. Reasons name authors, topics and papers that this server follows or liked. Who voted for "
    "what, names of members, channels and this server's own name are not shown."
)
_UNPUBLISHED = (
    "This server's digests are private again: their pages are removed {when}. Copies that others made, and "
    "what feed readers fetched, cannot be called back."
)
_ONE_PRIVATE = (
    "The digest of {week} is private: its pages are removed {when}, and `/digest publish` leaves it out from "
    "now on. Copies that others made, and what feed readers fetched, cannot be called back. "
    "`/digest publish` with this `week` shows it again."
)


class Publish(commands.Cog):
    """Commands of the group that it is mixed into."""

    _client: BroadsheetClient

    @app_commands.command()
    @app_commands.describe(
        title="What the public pages and the podcast are called; as before if left out",
        week="ISO week such as 2026-W47: its digest, if it was made private alone, is shown again too",
    )
    async def publish(
        self,
        interaction: discord.Interaction,
        title: app_commands.Range[str, 1, 80] | None = None,
        week: str | None = None,
    ) -> None:
        """Make this server's digests public on the web, the earlier ones too."""
        await defer(interaction, ephemeral=True, thinking=True)
        wish = await subscription_of(interaction, self._client.services.database)
        name = wish.publication if title is None else clean_title(title)
        if name is None:
            raise InputError("Say under which `title`.")
        if not name:
            raise InputError("The title has no letter that can be seen.")
        if week is not None:
            await self._set_private(wish, week, private=False)
        await self._store_publication(wish.server_id, name)
        words = f"{_PUBLIC.format(title=escape(name))}\n\n{await self._where(wish.server_id, name)}"
        await tell(interaction, words)

    @app_commands.command()
    @app_commands.describe(week="ISO week such as 2026-W47: only its digest becomes private")
    async def unpublish(self, interaction: discord.Interaction, week: str | None = None) -> None:
        """Make this server's digests private again, or one of them."""
        await defer(interaction, ephemeral=True, thinking=True)
        wish = await subscription_of(interaction, self._client.services.database)
        kept = self._client.services.site.is_kept
        when = "within a minute" if kept else "when `broadsheet site build` runs next"
        if week is None:
            await self._store_publication(wish.server_id, None)
            words = _UNPUBLISHED.format(when=when)
        else:
            words = _ONE_PRIVATE.format(week=await self._set_private(wish, week, private=True), when=when)
        await tell(interaction, words)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Pause a server that the bot is taken out of, and make it private: nobody there could any more.

        A server that is merely unavailable is none of those: discord.py has another event for it.
        """
        self._client.answering.begins()
        await self._in_the_end(partial(self._note_left, guild.id))

    async def _note_left(self, server_id: int) -> None:
        if self._client.is_in(server_id):
            return  # it was invited again while the database was away
        services = self._client.services
        async with services.database.begin() as tx:
            await tx.servers.note_left(server_id, services.clock.now())
            await tx.subscriptions.set_paused(server_id, paused=True)
            await set_publication(tx, server_id, None)
        services.site.refresh()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Make private what the bot was taken out of while it was away.

        It is not paused: an operator who changes the bot's account invites it anew, and all goes on. Until
        then the schedule makes nothing for it.
        """
        self._client.answering.begins()
        await self._in_the_end(self._make_private_what_was_left)

    async def _make_private_what_was_left(self) -> None:
        async with self._client.services.database.begin() as tx:
            public = await tx.subscriptions.public()
        for wish in public:
            if self._client.has_left(wish.server_id):
                await self._store_publication(wish.server_id, None)
                log.warning("server %d was left meanwhile: its digests are private again", wish.server_id)

    async def _in_the_end(self, note: Callable[[], Awaitable[None]]) -> None:
        """Note what Discord tells once, also where the database fails at that moment."""
        tries = Tries(_PAUSES_SECONDS, sleep=self._client.services.clock.sleep)
        await tries.repeated(note, most=None)

    async def _set_private(self, wish: Subscription, week: str, *, private: bool) -> str:
        """The week as it is written, once its digest is kept from the web, or not any more."""
        chosen, services = str(parse_week(week)), self._client.services
        async with services.database.begin() as tx:
            if not any(each.week == chosen for each in await tx.digests.listed(wish.server_id)):
                raise InputError(f"There is no digest of {chosen} here.")
            await set_private(tx, wish.server_id, chosen, private=private)
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
            return f"The pages are there {when}; whoever runs me knows where."
        return f"The pages are at <{address}> {when}. Another title would move them."
