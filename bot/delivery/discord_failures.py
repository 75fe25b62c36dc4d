"""What Discord's error responses mean for a message and its channel."""

import discord

from bot.delivery.discord_rights import Place, lacks, missing_permissions, name_of
from bot.errors import (
    ChannelGoneError,
    ChannelRefusedError,
    DeliveryError,
    DeliveryRefusedError,
    DeliveryUnclearError,
)
from storage.model import ThreadPolicy

UNKNOWN_MESSAGE, THREAD_EXISTS = 10008, 160004
FORBIDDEN = {50001, 50013}
_UNKNOWN_CHANNEL, _DIRECT_MESSAGES_CLOSED = 10003, 50007
"""https://discord.com/developers/docs/topics/opcodes-and-status-codes#json-json-error-codes"""
_TOKEN_REFUSED, _CHANNEL_STATUSES, _UNCLEAR_STATUSES, _SERVER_ERROR = 401, {403, 404}, {408, 429}, 500
_CLOSED_TO_US = (
    "I can't send you direct messages. Please allow them for a server we share "
    "(in that server's Privacy Settings)."
)


def failure_of(
    error: discord.HTTPException, place: object, *, threads: ThreadPolicy, files: bool
) -> DeliveryError:
    """The error for a failed request about `place`, worded for a server's admin.

    `threads` and `files` say which further permissions the request needed.
    """
    if (trouble := _trouble(error)) is not None:
        return DeliveryUnclearError(trouble)
    return _kind(error)(_why(error, place, threads=threads, files=files))


def code_of(refusal: DeliveryRefusedError) -> int | None:
    """Discord's own code for a refusal."""
    return refusal.__cause__.code if isinstance(refusal.__cause__, discord.HTTPException) else None


def _trouble(error: discord.HTTPException) -> str | None:
    """Why a response says nothing about the message or its channel; None if it does."""
    status = error.status
    if status == _TOKEN_REFUSED:
        return "Discord rejected the bot's token."  # it was reset, and the bot will get the new one
    if status >= _SERVER_ERROR or status in _UNCLEAR_STATUSES:
        return f"Discord is having trouble (HTTP {status})."
    if status in _CHANNEL_STATUSES and not error.code:  # such as Cloudflare's page
        return f"Something between the bot and Discord is blocking it (HTTP {status})."
    return None


def _kind(error: discord.HTTPException) -> type[DeliveryRefusedError]:
    """Whether a definite refusal concerns one message or the whole channel."""
    if error.code == _UNKNOWN_CHANNEL:
        return ChannelGoneError
    return ChannelRefusedError if error.status in _CHANNEL_STATUSES else DeliveryRefusedError


def _why(error: discord.HTTPException, place: object, *, threads: ThreadPolicy, files: bool) -> str:
    match error.status:
        case 403 if error.code in FORBIDDEN:
            missing = (
                missing_permissions(place, threads=threads, files=files) if isinstance(place, Place) else []
            )
            return lacks(place, missing or ["Discord does not say which"])
        case 403 if error.code == _DIRECT_MESSAGES_CLOSED:
            return _CLOSED_TO_US
        case 403:
            return f"Discord doesn't allow the bot to do this in {name_of(place)}: {_words(error)}"
        case 404:
            return f"Discord can't find {name_of(place)}, or the bot isn't there any more."
        case 413:
            return "The message is larger than Discord allows."
        case _:
            return f"Discord rejected the message: {_words(error)}"


def _words(error: discord.HTTPException) -> str:
    return " ".join(error.text.split()) or f"HTTP {error.status}"
