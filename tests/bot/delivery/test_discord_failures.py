from types import SimpleNamespace
from typing import Any

import discord
import pytest

from bot.delivery.discord_failures import failure_of
from bot.errors import (
    ChannelGoneError,
    ChannelRefusedError,
    DeliveryError,
    DeliveryRefusedError,
    DeliveryUnclearError,
)
from storage.model import ThreadPolicy


def failure(status: int, code: int = 0, message: str = "") -> DeliveryError:
    """For a response about a channel of which nothing is known."""
    response: Any = SimpleNamespace(status=status, reason="")
    error = discord.HTTPException(response, {"code": code, "message": message})
    return failure_of(error, None, threads=ThreadPolicy.NONE, files=False)


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (401, 0, "Discord rejected the bot's token."),
        (408, 0, "Discord is having trouble (HTTP 408)."),
        (429, 0, "Discord is having trouble (HTTP 429)."),
        (500, 0, "Discord is having trouble (HTTP 500)."),
        (403, 0, "Something between the bot and Discord is blocking it (HTTP 403)."),
        (404, 0, "Something between the bot and Discord is blocking it (HTTP 404)."),
    ],
)
def test_trouble_on_the_way_leaves_it_unclear_what_became_of_a_message(
    status: int, code: int, words: str
) -> None:
    error = failure(status, code)

    assert (type(error), str(error), error.retryable) == (DeliveryUnclearError, words, True)


@pytest.mark.parametrize(
    ("status", "code", "message", "kind", "words"),
    [
        (404, 10003, "Unknown Channel", ChannelGoneError,
         "Discord can't find the channel, or the bot isn't there any more."),
        (404, 10008, "Unknown Message", ChannelRefusedError,
         "Discord can't find the channel, or the bot isn't there any more."),
        (403, 50001, "Missing Access", ChannelRefusedError,
         "The bot lacks permissions in the channel: Discord does not say which."),
        (403, 50007, "Cannot send", ChannelRefusedError,
         ("I can't send you direct messages. Please allow them for a server we share (in that server's "
         "Privacy Settings).")),
        (403, 20022, "Slow\ndown", ChannelRefusedError,
         "Discord doesn't allow the bot to do this in the channel: Slow down"),
        (413, 40005, "Too large", DeliveryRefusedError, "The message is larger than Discord allows."),
        (400, 50035, "Invalid\nbody", DeliveryRefusedError, "Discord rejected the message: Invalid body"),
        (400, 0, "", DeliveryRefusedError, "Discord rejected the message: HTTP 400"),
    ],
)  # fmt: skip
def test_a_refusal_says_whether_the_channel_or_the_message_is_refused_and_why(
    status: int, code: int, message: str, kind: type[DeliveryError], words: str
) -> None:
    error = failure(status, code, message)

    assert (type(error), str(error), error.retryable) == (kind, words, False)
