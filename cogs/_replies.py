"""How answers are sent."""

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

UNDER_WAY = (
    "is being made or posted already. Where something keeps it waiting, the bot tries again by itself, "
    "at least every hour."
)


async def defer(interaction: discord.Interaction, *, ephemeral: bool = False, thinking: bool = False) -> None:
    """Say that an answer comes, as `interaction.response.defer` does.

    Where Discord takes that and answers with a 5xx, discord.py repeats it, and is told that it was said.
    """
    try:
        await interaction.response.defer(ephemeral=ephemeral, thinking=thinking)
    except discord.HTTPException as error:
        if error.code != ALREADY_ACKNOWLEDGED:
            raise


async def within_token_life(work: Awaitable[Result]) -> Result:
    """The result of `work`, if it comes while the interaction can still be answered.

    Raises:
        ServiceError: it takes longer; what was done so far is kept.
    """
    try:
        async with asyncio.timeout(_TOKEN_SECONDS):
            return await work
    except TimeoutError:
        raise ServiceError(
            "This takes longer than Discord lets me answer. What was read so far is kept: try again later."
        ) from None


async def send_privately(interaction: discord.Interaction, views: Sequence[discord.ui.LayoutView]) -> None:
    """Follow up a private defer with these messages, in order."""
    for view in views:
        await interaction.followup.send(view=view, ephemeral=True)


async def tell(interaction: discord.Interaction, *lines: str) -> None:
    """Follow up a private defer with lines of our own, in Markdown; words of others' in them are escaped."""
    await send_privately(interaction, [text_view("\n".join(lines), markdown=True)])


@asynccontextmanager
async def typing_in(channel: discord.abc.Messageable) -> AsyncIterator[None]:
    """Show that something is being written; where Discord fails to show it, the work goes on all the same.

    Raises:
        discord.Forbidden: nothing may be written there.
    """
    async with AsyncExitStack() as stack:
        with suppress(*BROKEN):
            await stack.enter_async_context(channel.typing())
        yield


async def read_attachment(file: discord.Attachment, most_bytes: int) -> str:
    """The text of a file that somebody attached.

    Raises:
        InputError: it is too large.
        ServiceError: Discord does not give it.
    """
    if file.size > most_bytes:
        raise InputError(f"The file is too large: {most_bytes // 1_000_000} MB is the limit.")
    try:
        content = await file.read()
    except (discord.HTTPException, aiohttp.ClientError, TimeoutError) as error:
        raise ServiceError("Discord did not give me the file. Try again.") from error
    return _decoded(content)


def _decoded(content: bytes) -> str:
    """UTF-8, or what begins with the mark of UTF-16, as Excel's "Unicode Text" does."""
    is_utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return content.decode("utf-16" if is_utf16 else "utf-8-sig", errors="replace")
