"""Posting to Discord through the bot's own client."""

import asyncio
import io
import json
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import aiohttp
import discord
from discord.http import Route

from bot.delivery.discord_failures import FORBIDDEN, THREAD_EXISTS, UNKNOWN_MESSAGE, code_of, failure_of
from bot.delivery.discord_rights import NAMES, Place, lacks, missing_to_read, missing_to_write
from bot.delivery.marker import nonce as nonce_of
from bot.delivery.marker import shows
from bot.delivery.port import Attachment
from bot.errors import (
    ChannelGoneError,
    ChannelRefusedError,
    DeliveryError,
    DeliveryRefusedError,
    DeliveryUnclearError,
    MessageGoneError,
)
from storage.model import ThreadPolicy

log = logging.getLogger(__name__)

_PAGE_MESSAGES, _MAX_PAGES = 100, 100
_MAX_THREAD_NAME, _MAX_CONTENT = 100, 2000
_SLOWEST_BYTES = 100_000
"""Per second: the slowest upload that the time limit allows for."""


class DiscordMessenger:
    """The Messenger that posts with the bot's own client.

    discord.py itself retries after 500, 502, 504 and 429. For a post that is harmless: it all happens within
    the time limit, and so within the window in which Discord recognises the nonce.
    """

    def __init__(self, client: discord.Client, *, time_limit_seconds: float = 60.0) -> None:
        self._client = client
        self._time_limit_seconds = time_limit_seconds

    async def post(self, channel_id: int, payload: Mapping[str, Any], *, nonce: str) -> int:
        """Post once and return the message's id; the text never pings anyone.

        Raises:
            DeliveryRefusedError: definitely not stored, with the reason.
            ChannelRefusedError: the same for every message there; it names the missing permission.
            DeliveryUnclearError: perhaps stored.
        """
        body = {**payload, "allowed_mentions": {"parse": []}, "nonce": nonce, "enforce_nonce": True}
        route = Route("POST", "/channels/{channel_id}/messages", channel_id=channel_id)
        return _id(await self._request(route, channel_id, json=body))

    async def find(self, channel_id: int, key: str, *, since: datetime) -> int | None:
        """The id of our own message since `since` that shows the marker of `key`, or None.

        Raises:
            ChannelRefusedError: the history cannot be read; asking for it would give an empty list.
            ChannelGoneError: the channel was deleted.
            DeliveryUnclearError: no answer, or more messages than can be looked through.
        """
        place = self._client.get_channel(channel_id)
        if isinstance(place, Place) and (missing := missing_to_read(place)):
            raise ChannelRefusedError(lacks(place, missing))
        async for message in self._history(channel_id, discord.utils.time_snowflake(since) - 1):
            if int(message["author"]["id"]) == self._own_id and shows(message, key):
                return _id(message)
        await self._check_history(channel_id, discord.utils.time_snowflake(since))
        return None

    async def _history(self, channel_id: int, after: int) -> AsyncIterator[dict[str, Any]]:
        """The messages after an id, oldest first."""
        route = Route("GET", "/channels/{channel_id}/messages", channel_id=channel_id)
        for _ in range(_MAX_PAGES):
            asked = {"after": str(after), "limit": str(_PAGE_MESSAGES)}
            page = await self._request(route, channel_id, params=asked)
            for message in sorted(page, key=_id):
                yield message
            if len(page) < _PAGE_MESSAGES:
                return
            after = max(_id(message) for message in page)
        raise DeliveryUnclearError("The channel has too many messages to search.")

    async def _check_history(self, channel_id: int, nowhere: int) -> None:
        """Make sure that the history was not empty because a permission is missing.

        The permissions we know from the gateway may be out of date, especially while the connection is bad.
        Unlike the list, a single message is refused without the permission, so we ask for one that does not
        exist: "unknown" means allowed
        (https://discord.com/developers/docs/resources/message#get-channel-message).
        """
        route = Route(
            "GET",
            "/channels/{channel_id}/messages/{message_id}",
            channel_id=channel_id,
            message_id=nowhere,
        )
        try:
            await self._request(route, channel_id)
        except ChannelRefusedError as refusal:
            if code_of(refusal) == UNKNOWN_MESSAGE:
                return
            if code_of(refusal) in FORBIDDEN:
                words = lacks(self._client.get_channel(channel_id), [NAMES["read_message_history"]])
                raise ChannelRefusedError(words) from refusal
            raise

    async def is_gone(self, channel_id: int) -> bool:
        """Whether a channel was deleted; for one it may not see, the bot gets "no access" instead.

        Raises:
            DeliveryUnclearError: no answer.
        """
        try:
            await self._request(Route("GET", "/channels/{channel_id}", channel_id=channel_id), channel_id)
        except DeliveryRefusedError as refusal:
            return isinstance(refusal, ChannelGoneError)
        return False

    async def edit(
        self,
        channel_id: int,
        message_id: int,
        payload: Mapping[str, Any],
        *,
        attachment: Attachment | None = None,
    ) -> None:
        """Replace one of our messages, and its files by the attachment (or none).

        Raises:
            MessageGoneError: it was deleted.
            DeliveryError: as for `post`.
        """
        route = Route(
            "PATCH",
            "/channels/{channel_id}/messages/{message_id}",
            channel_id=channel_id,
            message_id=message_id,
        )
        body = {**payload, "allowed_mentions": {"parse": []}, "attachments": []}
        try:
            if attachment is None:
                await self._request(route, channel_id, json=body)
            else:
                await self._upload(route, channel_id, body, attachment)
        except ChannelRefusedError as refusal:
            if code_of(refusal) == UNKNOWN_MESSAGE:
                raise MessageGoneError from refusal
            raise

    async def _upload(
        self, route: Route, channel_id: int, body: Mapping[str, Any], attachment: Attachment
    ) -> None:
        # The same request as discord.py's, whose own method needs the whole message as its objects.
        file = discord.File(io.BytesIO(attachment.content))
        described = json.dumps({**body, "attachments": [{"id": 0, "filename": attachment.name}]})
        form: list[dict[str, Any]] = [
            {"name": "payload_json", "value": described},
            {
                "name": "files[0]",
                "value": file.fp,
                "filename": attachment.name,
                "content_type": "application/octet-stream",
            },
        ]
        upload_seconds = len(attachment.content) / _SLOWEST_BYTES
        async with self._guard(channel_id, files=True, more_seconds=upload_seconds):
            await self._client.http.request(route, files=[file], form=form)

    def refusal(self, channel_id: int) -> str | None:
        """Why this channel would refuse messages, as far as known; None while disconnected."""
        place = self._client.get_channel(channel_id) if self._client.is_ready() else None
        missing = missing_to_write(place) if isinstance(place, Place) else []
        return lacks(place, missing) if missing else None

    def upload_limit(self, channel_id: int) -> int:
        """The largest file this channel takes, in bytes; boosted servers take more."""
        place = self._client.get_channel(channel_id)
        if isinstance(place, Place):
            return place.guild.filesize_limit
        return discord.utils.DEFAULT_FILE_SIZE_LIMIT_BYTES

    async def open_thread(self, channel_id: int, message_id: int, name: str) -> int:
        """Open a thread from a message and return its id; an existing one counts.

        Raises:
            MessageGoneError: the message was deleted.
            DeliveryError: as for `post`.
        """
        route = Route(
            "POST",
            "/channels/{channel_id}/messages/{message_id}/threads",
            channel_id=channel_id,
            message_id=message_id,
        )
        try:
            thread = await self._request(
                route, channel_id, threads=ThreadPolicy.EACH, json={"name": name[:_MAX_THREAD_NAME]}
            )
        except DeliveryRefusedError as refusal:
            if code_of(refusal) == THREAD_EXISTS:
                return message_id  # a thread has the id of the message it starts from
            if code_of(refusal) == UNKNOWN_MESSAGE:
                raise MessageGoneError from refusal
            raise
        return _id(thread)

    async def direct_channel(self, user_id: int) -> int:
        """The id of a person's direct-message channel; only a post shows whether they accept messages.

        Raises:
            DeliveryError: as for `post`.
        """
        route = Route("POST", "/users/@me/channels")
        return _id(await self._request(route, None, json={"recipient_id": str(user_id)}))

    async def tell_admin(
        self, server_id: int, channel_id: int | None, admin_id: int | None, text: str
    ) -> bool:
        """Tell a server's admin something, by direct message or else in the channel."""
        body = {"content": text[:_MAX_CONTENT]}
        known_as = nonce_of(f"{server_id} {admin_id} {text}")
        if admin_id is not None:
            try:
                await self.post(await self.direct_channel(admin_id), body, nonce=known_as)
            except DeliveryError as error:
                log.info("server %d: no direct message to the admin: %s", server_id, error)
            else:
                return True
        if channel_id is not None:
            try:
                await self.post(channel_id, body, nonce=known_as)
            except DeliveryError as error:
                log.info("server %d: no notice in the channel either: %s", server_id, error)
            else:
                return True
        return False

    @property
    def _own_id(self) -> int:
        assert self._client.user is not None
        return self._client.user.id

    async def _request(
        self,
        route: Route,
        channel_id: int | None,
        *,
        threads: ThreadPolicy = ThreadPolicy.NONE,
        **body: Any,  # noqa: ANN401 - json or params, as aiohttp takes them
    ) -> Any:  # noqa: ANN401 - whatever JSON Discord answers
        async with self._guard(channel_id, threads=threads):
            answer = await self._client.http.request(route, **body)
        if not isinstance(answer, dict | list):
            raise DeliveryUnclearError("Discord's response made no sense.")
        return answer

    @asynccontextmanager
    async def _guard(
        self,
        channel_id: int | None,
        *,
        threads: ThreadPolicy = ThreadPolicy.NONE,
        files: bool = False,
        more_seconds: float = 0.0,
    ) -> AsyncIterator[None]:
        """Bound a request and tell a definite refusal from an unclear end."""
        if self._client.user is None:
            raise DeliveryUnclearError("The bot is not logged in to Discord yet.")
        try:
            async with asyncio.timeout(self._time_limit_seconds + more_seconds):
                yield
        except TimeoutError as error:
            # While it sleeps off a global rate limit, discord.py keeps a gate closed for every request; the
            # sleep that was just cancelled would leave it closed for good.
            self._client.http._global_over.set()  # noqa: SLF001 - nothing public opens it
            raise DeliveryUnclearError("Discord did not answer in time.") from error
        except discord.HTTPException as error:
            place = None if channel_id is None else self._client.get_channel(channel_id)
            raise failure_of(error, place, threads=threads, files=files) from error
        except discord.RateLimited as error:
            raise DeliveryUnclearError("Discord asks the bot to slow down.") from error
        except (discord.DiscordException, aiohttp.ClientError, OSError, RuntimeError) as error:
            # aiohttp raises RuntimeError when its session is closed, as while the bot logs in again.
            raise DeliveryUnclearError("The connection to Discord broke.") from error


def _id(thing: Mapping[str, Any]) -> int:
    return int(thing["id"])
