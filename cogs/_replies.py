"""How commands reply."""

import asyncio
import codecs
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import TypeVar

import aiohttp
import discord

from bot.errors import InputError, ServiceError
from bot.failures import ALREADY_ACKNOWLEDGED, BROKEN
from bot.rendering.discord import text_view

Result = TypeVar("Result")

_TOKEN_SECONDS = 14 * 60
"""An interaction can be answered for 15 minutes (https://docs.discord.com/developers/interactions/receiving-and-responding)."""

UNDER_WAY = "is already being made or posted. If something holds it up, I try again at least once an hour."


async def defer(interaction: discord.Interaction, *, ephemeral: bool = False, thinking: bool = False) -> None:
    """Acknowledge the interaction, as `interaction.response.defer` does.

    If Discord takes it but answers with a 5xx, discord.py retries and hears that it is already acknowledged.
    """
    try:
        await interaction.response.defer(ephemeral=ephemeral, thinking=thinking)
    except discord.HTTPException as error:
        if error.code != ALREADY_ACKNOWLEDGED:
            raise


async def within_token_life(work: Awaitable[Result]) -> Result:
    """The result of `work`, if it comes while the interaction can still be answered.

    Raises:
        ServiceError: it takes longer; what has been read is kept.
    """
    try:
        async with asyncio.timeout(_TOKEN_SECONDS):
            return await work
    except TimeoutError:
        raise ServiceError(
            "This is taking longer than Discord allows. What I have read so far is kept: try again later."
        ) from None


async def send_privately(interaction: discord.Interaction, views: Sequence[discord.ui.LayoutView]) -> None:
    """Send these messages in order as private follow-ups."""
    for view in views:
        await interaction.followup.send(view=view, ephemeral=True)


async def tell(interaction: discord.Interaction, *lines: str) -> None:
    """Send our own lines as a private follow-up, in Markdown; other people's words must be escaped."""
    await send_privately(interaction, [text_view("\n".join(lines), markdown=True)])


@asynccontextmanager
async def typing_in(channel: discord.abc.Messageable) -> AsyncIterator[None]:
    """Show that the bot is typing; if Discord fails to show it, the work goes on all the same.

    Raises:
        discord.Forbidden: the bot may not write there.
    """
    async with AsyncExitStack() as stack:
        with suppress(*BROKEN):
            await stack.enter_async_context(channel.typing())
        yield


async def read_attachment(file: discord.Attachment, most_bytes: int) -> str:
    """The text of an attached file.

    Raises:
        InputError: it is too large.
        ServiceError: Discord does not provide it.
    """
    if file.size > most_bytes:
        raise InputError(f"The file is too large: the limit is {most_bytes // 1_000_000} MB.")
    try:
        content = await file.read()
    except (discord.HTTPException, aiohttp.ClientError, TimeoutError) as error:
        raise ServiceError("I could not download the file from Discord. Try again.") from error
    return _decoded(content)


def _decoded(content: bytes) -> str:
    """Decode UTF-8, or UTF-16 if it starts with its byte order mark, as Excel's "Unicode Text" does."""
    is_utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return content.decode("utf-16" if is_utf16 else "utf-8-sig", errors="replace")
