"""What people are told when a command, a button, a window or a reply fails."""

import contextlib
import logging
from collections.abc import Mapping
from typing import Any, cast

import aiohttp
import discord
from discord import app_commands

from bot.errors import BroadsheetError, InputError
from bot.logs import incident
from bot.rendering.discord_text import escape
from bot.rendering.limits import shorten
from storage.failures import StorageFailure

log = logging.getLogger(__name__)

ALREADY_ACKNOWLEDGED, _INVALID_BODY, _UNKNOWN_MESSAGE = 40060, 50035, 10008
_TOO_LATE = frozenset({10062, 50027})
_MAY_NOT_READ_HISTORY = 160002
"""https://docs.discord.com/developers/topics/opcodes-and-status-codes#json-json-error-codes"""
BROKEN = (discord.DiscordServerError, discord.RateLimited, aiohttp.ClientError)
"""How discord.py says that Discord failed, imposes a long rate limit, or cannot be reached."""
_UNSAID = (discord.DiscordException, aiohttp.ClientError, OSError)
_NEEDS_PERMISSION = "You need the Manage Server permission for this."
_NOT_RUN = (
    app_commands.CheckFailure,
    app_commands.CommandNotFound,
    app_commands.CommandSignatureMismatch,
)
_CONTENT_LENGTH = 2_000
"""Of a message without components (https://discord.com/developers/docs/resources/message#create-message)."""


def _words_for(error: BaseException, what: str, question: str = "") -> str:
    """What to say about a failure, as Markdown; an unexpected one is logged as an incident.

    A question is repeated, as Discord forgets what was typed.
    """
    words = _whole_words_for(error, what)
    if question:
        words = f"{words}\n\nYour question was: {escape(question)}"
    return shorten(words, _CONTENT_LENGTH)


def _whole_words_for(error: BaseException, what: str) -> str:
    if isinstance(error, InputError):
        # Only the echo is escaped: the rest is ours, and its commands, links and times are Markdown.
        return str(error).replace(f"“{error.echo}”", f"“{escape(error.echo)}”")
    if isinstance(error, BroadsheetError | StorageFailure):
        return str(error)
    if isinstance(error, _NOT_RUN):
        return _why_not_run(error)
    if isinstance(error, discord.NotFound) and error.code == _UNKNOWN_MESSAGE:
        return "The message I was going to answer in has been deleted."
    is_too_late = isinstance(error, discord.HTTPException) and error.code in _TOO_LATE
    if is_too_late or isinstance(error, BROKEN):
        log.warning("%s: Discord did not accept an answer: %s", what, error)
        return "Discord did not accept my answer. Check whether your request worked before you try again."
    return incident(log, what, error)


def _why_not_run(error: BaseException) -> str:
    if isinstance(error, app_commands.MissingPermissions):
        return _NEEDS_PERMISSION
    if isinstance(error, app_commands.CheckFailure):
        return "This command cannot be used here."
    return "Discord showed you an old version of this command. Reload Discord and try again."


async def tell_in_reply(message: discord.Message, error: BaseException) -> None:
    """Answer a reply that failed, unless it is gone or the bot may not write there."""
    if _has_no_place(error):
        log.info("the reply %d is not answered: %s", message.id, error)
        return
    words = _words_for(error, f"the reply {message.id}")
    try:
        await reply_to(message, content=words)
    except _UNSAID as unsaid:  # no permission to write here, the message is gone, or the connection
        log.warning("a reply's failure could not be told: %s", unsaid)


async def reply_to(message: discord.Message, **parts: Any) -> discord.Message:  # noqa: ANN401 - as `reply` has them
    """Reply with these parts, or simply write below if the bot may not read the channel's history."""
    try:
        return await message.reply(**parts, mention_author=False)
    except discord.HTTPException as error:
        if error.code != _MAY_NOT_READ_HISTORY:
            raise
        return await message.channel.send(**parts)


def _has_no_place(error: BaseException) -> bool:
    """Whether there is nowhere to answer: the message or its channel was deleted, or is closed to the bot."""
    if isinstance(error, discord.Forbidden | discord.NotFound):
        return True
    is_invalid = isinstance(error, discord.HTTPException) and error.code == _INVALID_BODY
    return is_invalid and "message_reference" in str(error)


async def tell(interaction: discord.Interaction, error: BaseException) -> None:
    """Answer a failed interaction, for the person only."""
    words = _words_for(
        error,
        f"the interaction {interaction.id}",
        _question_in(cast("Mapping[str, Any]", interaction.data or {})),
    )
    try:
        await _say(interaction, words)
    except _UNSAID as unsaid:  # too late (10062) or no connection: nothing more can be said
        log.warning("an interaction's failure could not be told: %s", unsaid)


def _question_in(data: Mapping[str, Any]) -> str:
    """What was typed into a window or given as a command's `question`; empty if nothing was."""
    in_window = (field for row in data.get("components", ()) for field in row.get("components", ()))
    in_command = (option for option in data.get("options", ()) if option["name"] == "question")
    return next((str(one["value"]) for one in (*in_window, *in_command) if one.get("value")), "")


async def _say(interaction: discord.Interaction, words: str) -> None:
    if not interaction.response.is_done():
        try:
            await interaction.response.send_message(words, ephemeral=True)
        except discord.HTTPException as error:
            if error.code != ALREADY_ACKNOWLEDGED:
                raise  # otherwise Discord took the answer, but the connection broke before it said so
        else:
            return
    await _end_public_wait(interaction)
    await interaction.followup.send(words, ephemeral=True)


async def _end_public_wait(interaction: discord.Interaction) -> None:
    """Remove a public "thinking…": what is said next would take its place, and be public too.

    An answer that is already there stays, and so does a private wait. The wait is turned into a message
    first: once a mere wait is deleted, Discord accepts no more messages
    (https://github.com/discord/discord-api-docs/issues/2739).
    """
    if interaction.response.type not in {None, discord.InteractionResponseType.deferred_channel_message}:
        return
    with contextlib.suppress(*_UNSAID):  # it is gone, or cannot be looked at
        shown = await interaction.original_response()
        if shown.flags.loading and not shown.flags.ephemeral:
            await shown.edit(content="…")
            await shown.delete()
