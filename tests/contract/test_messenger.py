"""What every Messenger guarantees: tested on the one in memory and, over sockets, on Discord's."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import discord
import pytest

from bot.clock import SystemClock
from bot.delivery.discord_messenger import DiscordMessenger
from bot.delivery.port import Attachment, Messenger
from bot.errors import ChannelGoneError, ChannelRefusedError, DeliveryUnclearError, MessageGoneError
from tests.fakes.discord import Channel, FakeDiscord, faults
from tests.fakes.messenger import FakeMessenger, Fault
from tests.waiting import until

KEY = "7-70-2026-W47-1"
PAYLOAD: dict[str, Any] = {
    "flags": 1 << 15,
    "components": [
        {"type": 17, "components": [{"type": 10, "content": "A paper"}]},
        {"type": 10, "content": f"-# broadsheet {KEY}"},
    ],
}


class Stage(Protocol):
    """A messenger, a channel, and what can be done to them."""

    channel_id: int

    @property
    def messenger(self) -> Messenger: ...

    def shown(self) -> list[list[dict[str, Any]]]:
        """The components of each message in the channel, oldest first."""
        ...

    def files(self) -> dict[str, bytes]:
        """What is attached to messages in the channel, by name."""
        ...

    def break_next(self, fault: Fault) -> None: ...

    async def close_channel(self) -> None: ...

    async def delete_channel(self) -> None: ...

    async def hide_history(self) -> None: ...

    def end_nonce_window(self) -> None: ...


class InMemory:
    """The fake messenger."""

    channel_id = 70

    def __init__(self) -> None:
        self.messenger = FakeMessenger(SystemClock())

    def shown(self) -> list[list[dict[str, Any]]]:
        return [message.payload["components"] for message in self.messenger.posted]

    def files(self) -> dict[str, bytes]:
        return {one.name: one.content for one in self.messenger.attached.values()}

    def break_next(self, fault: Fault) -> None:
        self.messenger.faults.append(fault)

    async def close_channel(self) -> None:
        self.messenger.closed.add(self.channel_id)
        self.messenger.known_closed.add(self.channel_id)
        self.messenger.can_open_threads = False

    async def delete_channel(self) -> None:
        self.messenger.gone.add(self.channel_id)

    async def hide_history(self) -> None:
        self.messenger.can_read = False

    def end_nonce_window(self) -> None:
        self.messenger.nonce_window = timedelta(seconds=-1)


class OverSockets:
    """The messenger that posts to Discord, with a fake Discord behind it."""

    def __init__(self, fake: FakeDiscord, channel: Channel, client: discord.Client) -> None:
        self.messenger = DiscordMessenger(client)
        self.channel_id = channel.id
        self._fake, self._channel = fake, channel

    def shown(self) -> list[list[dict[str, Any]]]:
        return [message["components"] for message in self._fake.messages(self._channel)]

    def files(self) -> dict[str, bytes]:
        attached = [one for message in self._fake.messages(self._channel) for one in message["attachments"]]
        stored = self._fake.messenger.files
        return {one["filename"]: stored[one["url"].removeprefix(self._fake.base_url)] for one in attached}

    def break_next(self, fault: Fault) -> None:
        kinds = {Fault.STORED: faults.reset_after_storing(), Fault.LOST: faults.failure(503)}
        path = r"/(messages|threads)$|/(messages|channels)/\d+$"
        for method in ("POST", "GET", "PATCH"):
            self._fake.break_next(kinds[fault], method=method, path=path)

    async def close_channel(self) -> None:
        await self._fake.set_permissions(self._channel, send_messages=False, create_public_threads=False)

    async def delete_channel(self) -> None:
        await self._fake.delete_channel(self._channel)

    async def hide_history(self) -> None:
        await self._fake.set_permissions(self._channel, read_message_history=False)

    def end_nonce_window(self) -> None:
        self._fake.messenger.nonce_window_seconds = -1


@pytest.fixture(params=["memory", "discord"])
async def stage(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    if request.param == "memory":
        yield InMemory()
        return
    async with FakeDiscord() as fake:
        channel = fake.add_channel(fake.add_guild())
        with fake.patch():
            client = discord.Client(intents=discord.Intents(guilds=True))
            async with fake.running(client):
                yield OverSockets(fake, channel, client)


def a_minute_ago() -> datetime:
    return datetime.now(UTC) - timedelta(minutes=1)


async def test_a_post_is_in_the_channel_and_is_found(stage: Stage) -> None:
    message_id = await stage.messenger.post(stage.channel_id, PAYLOAD, nonce="n")

    found = await stage.messenger.find(stage.channel_id, KEY, since=a_minute_ago())

    assert stage.shown() == [PAYLOAD["components"]]
    assert found == message_id


async def test_the_same_nonce_posts_once_while_the_window_lasts(stage: Stage) -> None:
    first = await stage.messenger.post(stage.channel_id, PAYLOAD, nonce="n")
    second = await stage.messenger.post(stage.channel_id, PAYLOAD, nonce="n")
    stage.end_nonce_window()
    third = await stage.messenger.post(stage.channel_id, PAYLOAD, nonce="n")

    assert first == second
    assert third != first
    assert len(stage.shown()) == 2


@pytest.mark.parametrize("key", [KEY[:-1], f"{KEY}0", "2026-W47-1"])
async def test_only_the_whole_key_is_found(stage: Stage, key: str) -> None:
    await stage.messenger.post(stage.channel_id, PAYLOAD, nonce="n")

    assert await stage.messenger.find(stage.channel_id, key, since=a_minute_ago()) is None


async def test_a_post_older_than_the_search_is_not_found(stage: Stage) -> None:
    await stage.messenger.post(stage.channel_id, PAYLOAD, nonce="n")

    since = datetime.now(UTC) + timedelta(minutes=1)

    assert await stage.messenger.find(stage.channel_id, KEY, since=since) is None


async def test_a_post_stored_without_an_answer_is_unclear_and_so_is_a_lost_search(stage: Stage) -> None:
    stage.break_next(Fault.STORED)

    with pytest.raises(DeliveryUnclearError):
        await stage.messenger.post(stage.channel_id, PAYLOAD, nonce="n")
    stage.break_next(Fault.LOST)
    with pytest.raises(DeliveryUnclearError):
        await stage.messenger.find(stage.channel_id, KEY, since=a_minute_ago())

    assert len(stage.shown()) == 1


async def test_a_post_that_was_lost_is_unclear(stage: Stage) -> None:
    stage.break_next(Fault.LOST)

    with pytest.raises(DeliveryUnclearError):
        await stage.messenger.post(stage.channel_id, PAYLOAD, nonce="n")

    assert stage.shown() == []


async def test_a_closed_channel_refuses(stage: Stage) -> None:
    await stage.close_channel()

    with pytest.raises(ChannelRefusedError, match="lacks permissions in #papers"):
        await stage.messenger.post(stage.channel_id, PAYLOAD, nonce="n")


async def test_a_history_that_cannot_be_read_is_not_mistaken_for_an_empty_one(stage: Stage) -> None:
    await stage.messenger.post(stage.channel_id, PAYLOAD, nonce="n")
    await stage.hide_history()

    with pytest.raises(ChannelRefusedError, match="lacks permissions in #papers"):
        await stage.messenger.find(stage.channel_id, KEY, since=a_minute_ago())


async def test_a_deleted_channel_is_not_mistaken_for_a_hidden_one(stage: Stage) -> None:
    await stage.delete_channel()

    with pytest.raises(ChannelGoneError, match="can't find"):
        await stage.messenger.find(stage.channel_id, KEY, since=a_minute_ago())
    with pytest.raises(ChannelGoneError, match="can't find"):
        await stage.messenger.post(stage.channel_id, PAYLOAD, nonce="n")


async def test_it_says_why_a_channel_refuses_messages(stage: Stage) -> None:
    assert stage.messenger.refusal(stage.channel_id) is None

    await stage.close_channel()

    await until(lambda: stage.messenger.refusal(stage.channel_id))  # the update from Discord takes a moment
    assert "The bot lacks permissions in #" in str(stage.messenger.refusal(stage.channel_id))


async def test_only_a_deleted_channel_is_gone(stage: Stage) -> None:
    assert not await stage.messenger.is_gone(stage.channel_id)
    await stage.close_channel()
    assert not await stage.messenger.is_gone(stage.channel_id)

    await stage.delete_channel()

    assert await stage.messenger.is_gone(stage.channel_id)


async def test_it_is_unclear_whether_a_channel_is_gone_while_discord_is_down(stage: Stage) -> None:
    await stage.delete_channel()
    stage.break_next(Fault.LOST)

    with pytest.raises(DeliveryUnclearError):
        await stage.messenger.is_gone(stage.channel_id)


FILE = Attachment(name="one.ogg", content=b"sound" * 1_000)
WITH_FILE = PAYLOAD | {
    "components": [{"type": 13, "file": {"url": "attachment://one.ogg"}}, *PAYLOAD["components"]]
}


async def test_an_edit_replaces_the_message_and_can_be_repeated(stage: Stage) -> None:
    message_id = await stage.messenger.post(stage.channel_id, PAYLOAD, nonce="n")

    for content in (b"at first", FILE.content):
        await stage.messenger.edit(
            stage.channel_id, message_id, WITH_FILE, attachment=Attachment(name="one.ogg", content=content)
        )

    assert stage.shown() == [WITH_FILE["components"]]
    assert stage.files() == {"one.ogg": FILE.content}
    assert await stage.messenger.find(stage.channel_id, KEY, since=a_minute_ago()) == message_id


async def test_an_edit_without_a_file_removes_the_attached_one(stage: Stage) -> None:
    message_id = await stage.messenger.post(stage.channel_id, PAYLOAD, nonce="n")
    await stage.messenger.edit(stage.channel_id, message_id, WITH_FILE, attachment=FILE)

    await stage.messenger.edit(stage.channel_id, message_id, PAYLOAD)

    assert stage.shown() == [PAYLOAD["components"]]
    assert stage.files() == {}


async def test_an_edit_with_an_unclear_outcome_can_be_repeated(stage: Stage) -> None:
    message_id = await stage.messenger.post(stage.channel_id, PAYLOAD, nonce="n")
    stage.break_next(Fault.LOST)

    with pytest.raises(DeliveryUnclearError):
        await stage.messenger.edit(stage.channel_id, message_id, WITH_FILE, attachment=FILE)
    await stage.messenger.edit(stage.channel_id, message_id, WITH_FILE, attachment=FILE)

    assert stage.files() == {"one.ogg": FILE.content}


async def test_a_message_that_is_gone_cannot_be_edited(stage: Stage) -> None:
    await stage.messenger.post(stage.channel_id, PAYLOAD, nonce="n")

    with pytest.raises(MessageGoneError, match="The message is gone"):
        await stage.messenger.edit(stage.channel_id, 1234567, PAYLOAD)


async def test_a_message_that_is_gone_cannot_get_a_thread(stage: Stage) -> None:
    with pytest.raises(MessageGoneError, match="The message is gone"):
        await stage.messenger.open_thread(stage.channel_id, 1234567, "About a paper")


async def test_a_channel_has_an_upload_limit(stage: Stage) -> None:
    assert stage.messenger.upload_limit(stage.channel_id) >= 10 * 2**20


async def test_opening_a_thread_twice_gives_the_same_thread(stage: Stage) -> None:
    message_id = await stage.messenger.post(stage.channel_id, PAYLOAD, nonce="n")

    first = await stage.messenger.open_thread(stage.channel_id, message_id, "About it")
    second = await stage.messenger.open_thread(stage.channel_id, message_id, "About it")

    assert first == second == message_id


async def test_a_thread_may_be_refused_or_unclear(stage: Stage) -> None:
    message_id = await stage.messenger.post(stage.channel_id, PAYLOAD, nonce="n")
    stage.break_next(Fault.LOST)

    with pytest.raises(DeliveryUnclearError):
        await stage.messenger.open_thread(stage.channel_id, message_id, "About it")
    await stage.close_channel()
    with pytest.raises(ChannelRefusedError):
        await stage.messenger.open_thread(stage.channel_id, message_id, "About it")


async def test_an_unknown_admin_is_told_in_the_channel(stage: Stage) -> None:
    assert await stage.messenger.tell_admin(7, stage.channel_id, None, "Something needs you.")
