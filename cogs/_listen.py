"""/digest listen: a digest's recording."""

import asyncio
import io

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import BroadsheetClient
from bot.errors import InputError
from bot.rendering import wording
from bot.rendering.discord_audio import chapter_line
from bot.rendering.discord_view import view_of
from bot.rendering.status import message_link, moment
from bot.speech.broadcast import attached_name
from bot.speech.podcasts import Episode
from cogs._digest_of import digest_of
from cogs._inputs import suggest_weeks
from cogs._replies import defer
from storage.model import Digest

_LINE_CHARACTERS = 3_500


class Listen(commands.Cog):
    """Part of the group /digest."""

    _client: BroadsheetClient

    @app_commands.command()
    @app_commands.describe(week="ISO week such as 2026-W47; by default the latest digest")
    @app_commands.autocomplete(week=suggest_weeks)
    async def listen(self, interaction: discord.Interaction, week: str | None = None) -> None:
        """Listen to a digest, with chapters; only you see it."""
        await defer(interaction, ephemeral=True, thinking=True)
        digest = await digest_of(interaction, self._client, week)
        episode = await self._client.services.podcasts.find(digest.id)
        if episode is None:
            raise InputError(await self._why_not(digest))
        content = await asyncio.to_thread(episode.opus.read_bytes)
        if len(content) > interaction.filesize_limit:
            raise InputError(await self._where_else(digest))
        await self._play(interaction, digest, episode, content)

    async def _why_not(self, digest: Digest) -> str:
        """Says why there is no recording; starts making one unless it is too old or that failed."""
        services, week = self._client.services, digest.week
        if too_old := services.podcasts.why_not_kept(digest):
            link = await self._attached_to(digest)
            where = f" The one that was made may still be attached to the digest: {link}" if link else ""
            return f"There is no recording of {week}: {too_old}{where}"
        problem = await services.podcasts.problem(digest.id)
        if problem and not services.podcasts.can_speak:
            return f"There is no recording of {week}: {problem}"
        if until := await services.podcasts.retry_after(digest.id):
            again = f"Ask again after {moment(until)}, and I will retry."
            return f"There is no recording of {week}: {problem} {again}"
        await self._client.runs.start_audio(digest.id, again=f" {services.clock.now():%Y-%m-%d}")
        if link := await self._attached_to(digest):
            return f"The recording of {week} is not on this machine. It is attached to the digest: {link}"
        return f"The recording of {week} is being made. Try again in a few minutes."

    async def _attached_to(self, digest: Digest) -> str | None:
        """Link to the message that the recording was attached to, if another process made one."""
        if await self._client.services.podcasts.made(digest.id) is None:
            return None
        async with self._client.services.database.begin() as tx:
            posted = await tx.deliveries.of(digest.server_id, digest.week)
        first_messages = (one for one in posted if one.part == 0 and one.message_id is not None)
        return next(map(message_link, first_messages), None)

    async def _where_else(self, digest: Digest) -> str:
        services = self._client.services
        async with services.database.begin() as tx:
            subscription = await tx.subscriptions.get(digest.server_id)
        page = None if subscription is None else await services.site.digest_address(subscription, digest.week)
        too_large = f"The recording of {digest.week} is too large to send here"
        return f"{too_large}. Listen to it at {page}" if page else f"{too_large}."

    async def _play(
        self, interaction: discord.Interaction, digest: Digest, episode: Episode, content: bytes
    ) -> None:
        name = attached_name(digest)
        line = chapter_line(episode.audio, _LINE_CHARACTERS)
        view = view_of(
            discord.ui.TextDisplay(f"### {wording.headline(digest)}\n{line}"),
            discord.ui.File(f"attachment://{name}"),
        )
        file = discord.File(io.BytesIO(content), filename=name)
        await interaction.followup.send(view=view, file=file, ephemeral=True)
