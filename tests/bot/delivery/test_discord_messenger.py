"""What only Discord's messenger has to get right."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import aiohttp
import discord
import pytest

from bot.delivery import discord_messenger
from bot.delivery.discord_messenger import DiscordMessenger
from bot.delivery.discord_rights import INVITE_PERMISSIONS, invite_url, missing_permissions
from bot.delivery.port import Attachment
from bot.errors import ChannelGoneError, ChannelRefusedError, DeliveryRefusedError, DeliveryUnclearError
from storage.model import ThreadPolicy
from tests.fakes.discord import Channel, FakeDiscord, Member, faults
from tests.fakes.discord.faults import Fault
from tests.waiting import until

KEY = "7-70-2026-W47-1"
FILE = Attachment(name="a.ogg", content=b"sound" * 1_000)


def text(words: str) -> dict[str, Any]:
    return {"flags": 1 << 15, "components": [{"type": 10, "content": words}]}


@dataclass
class Stage:
    fake: FakeDiscord
    client: discord.Client
    channel: Channel
    ada: Member
    messenger: DiscordMessenger

    @property
    def place(self) -> discord.TextChannel:
        place = self.client.get_channel(self.channel.id)
        assert isinstance(place, discord.TextChannel)
        return place

    async def set_permissions(self, **rights: bool) -> None:
        """Change the bot's permissions and wait until it knows."""
        heard = self.client.wait_for("guild_channel_update", timeout=10)
        await self.fake.set_permissions(self.channel, None, **rights)
        await heard

    def texts(self) -> list[str]:
        messages = self.fake.messages(self.channel)
        return [m["content"] or m["components"][0]["content"] for m in messages]


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with FakeDiscord() as fake:
        guild = fake.add_guild()
        channel, ada = fake.add_channel(guild, "papers"), fake.add_member(guild, "ada")
        with fake.patch():
            still_starting = discord.Client(intents=discord.Intents(guilds=True), guild_ready_timeout=600)
            async with fake.running(still_starting):
                yield Stage(fake, still_starting, channel, ada, DiscordMessenger(still_starting))


def a_minute_ago() -> datetime:
    return datetime.now(UTC) - timedelta(minutes=1)


async def test_nobody_is_pinged_whatever_the_message_asks_for(stage: Stage) -> None:
    ping = text(f"@everyone <@{stage.ada.id}>") | {"allowed_mentions": {"parse": ["everyone", "users"]}}

    posted = await stage.messenger.post(stage.channel.id, ping, nonce="n")
    edited = await stage.messenger.post(stage.channel.id, text("quiet"), nonce="m")
    await stage.messenger.edit(stage.channel.id, edited, ping)

    messages = {int(message["id"]): message for message in stage.fake.messages(stage.channel)}
    for message in (messages[posted], messages[edited]):
        assert (message["mention_everyone"], message["mentions"]) == (False, [])


async def test_a_rate_limit_is_waited_for(stage: Stage) -> None:
    stage.fake.break_next(faults.rate_limited(), times=2)

    await stage.messenger.post(stage.channel.id, text("late"), nonce="n")

    assert stage.texts() == ["late"]


@pytest.mark.parametrize(
    "fault",
    [
        faults.no_answer(),
        faults.no_answer(after_storing=True),
        faults.rate_limited(600),
        faults.rate_limited(600, everywhere=True),
        faults.failure(500),
        faults.reset(),
    ],
    ids=["no answer", "stored, no answer", "rate limit", "global rate limit", "500", "reset"],
)
async def test_a_post_that_takes_too_long_is_unclear_and_does_not_block_the_next(
    stage: Stage, fault: Fault
) -> None:
    stage.fake.break_next(fault)
    hasty = DiscordMessenger(stage.client, time_limit_seconds=0.2)

    with pytest.raises(DeliveryUnclearError):
        await hasty.post(stage.channel.id, text("maybe"), nonce="n")
    await stage.messenger.post(stage.channel.id, text("maybe"), nonce="n")

    assert stage.texts() == ["maybe"]


@pytest.mark.parametrize("status", [401, 403, 404, 408, 429, 503])
async def test_a_failure_that_is_not_the_channels_is_unclear_and_not_a_refusal(
    stage: Stage, status: int
) -> None:
    stage.fake.break_next(faults.failure(status))

    with pytest.raises(DeliveryUnclearError):
        await stage.messenger.post(stage.channel.id, text("maybe"), nonce="n")


async def test_a_page_instead_of_json_is_unclear(stage: Stage) -> None:
    stage.fake.break_next(faults.web_page())

    with pytest.raises(DeliveryUnclearError):
        await stage.messenger.post(stage.channel.id, text("maybe"), nonce="n")


async def test_before_the_login_everything_is_unclear() -> None:
    async with discord.Client(intents=discord.Intents.none()) as client:
        messenger = DiscordMessenger(client)

        with pytest.raises(DeliveryUnclearError, match="not logged in"):
            await messenger.post(1, text("early"), nonce="n")
        with pytest.raises(DeliveryUnclearError, match="not logged in"):
            await messenger.find(1, KEY, since=a_minute_ago())


async def test_a_closed_connection_is_unclear(stage: Stage) -> None:
    async with discord.Client(intents=discord.Intents.none()) as client:
        await client.login(stage.fake.token)
        await client.http.close()

        with pytest.raises(DeliveryUnclearError, match="broke"):
            await DiscordMessenger(client).post(stage.channel.id, text("late"), nonce="n")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (aiohttp.ServerDisconnectedError(), "The connection to Discord broke"),
        (ConnectionResetError(), "The connection to Discord broke"),
        (discord.RateLimited(60), "Discord asks the bot to slow down"),
    ],
    ids=["disconnected", "reset", "rate limit"],
)
async def test_whatever_breaks_a_request_leaves_it_unclear(
    stage: Stage, error: Exception, words: str
) -> None:
    with (
        patch.object(stage.client.http, "request", side_effect=error),
        pytest.raises(DeliveryUnclearError, match=words),
    ):
        await stage.messenger.post(stage.channel.id, text("maybe"), nonce="n")


async def test_an_oversized_message_is_refused_but_not_its_channel(stage: Stage) -> None:
    with pytest.raises(DeliveryRefusedError, match="4000 or fewer") as refused:
        await stage.messenger.post(stage.channel.id, text("x" * 4001), nonce="n")

    assert not isinstance(refused.value, ChannelRefusedError)
    assert not refused.value.retryable


async def test_a_deleted_channel_is_refused(stage: Stage) -> None:
    await stage.fake.delete_channel(stage.channel)

    with pytest.raises(ChannelRefusedError, match="can't find"):
        await stage.messenger.post(stage.channel.id, text("gone"), nonce="n")
    with pytest.raises(ChannelRefusedError, match="can't find"):
        await stage.messenger.find(stage.channel.id, KEY, since=a_minute_ago())


@pytest.mark.parametrize(
    ("right", "name"), [("view_channel", "View Channel"), ("send_messages", "Send Messages")]
)
async def test_the_missing_permission_is_named(stage: Stage, right: str, name: str) -> None:
    await stage.set_permissions(**{right: False})

    with pytest.raises(ChannelRefusedError, match=rf"lacks permissions in #papers: .*{name}"):
        await stage.messenger.post(stage.channel.id, text("shut out"), nonce="n")


async def test_the_history_counts_as_hidden_even_before_the_gateway_says_so(stage: Stage) -> None:
    hidden = discord.Permissions(read_message_history=True).value
    stage.channel.overwrites[stage.fake.world.bot.id] = (0, hidden)

    with pytest.raises(ChannelRefusedError, match="Read Message History"):
        await stage.messenger.find(stage.channel.id, KEY, since=a_minute_ago())


@pytest.mark.parametrize(
    ("right", "names"),
    [
        ("read_message_history", "Read Message History"),
        ("view_channel", "View Channel, Read Message History"),
    ],
)
async def test_a_history_known_to_be_hidden_is_not_requested(stage: Stage, right: str, names: str) -> None:
    await stage.set_permissions(**{right: False})

    with pytest.raises(ChannelRefusedError, match=rf"lacks permissions in #papers: {names}\."):
        await stage.messenger.find(stage.channel.id, KEY, since=a_minute_ago())

    assert stage.fake.calls_to("GET", "/messages") == 0


async def test_a_marker_in_someone_elses_message_is_ignored(stage: Stage) -> None:
    message_id = await stage.messenger.post(stage.channel.id, text(f"-# broadsheet {KEY}"), nonce="n")
    stage.channel.messages[message_id]["author"] = stage.ada.user.json()

    assert await stage.messenger.find(stage.channel.id, KEY, since=a_minute_ago()) is None


async def test_a_message_is_found_behind_hundreds_of_others(stage: Stage) -> None:
    for number in range(205):
        await stage.fake.say(stage.ada, stage.channel, f"chat {number}")
    message_id = await stage.messenger.post(stage.channel.id, text(f"-# broadsheet {KEY}"), nonce="n")

    assert await stage.messenger.find(stage.channel.id, KEY, since=a_minute_ago()) == message_id


async def test_a_channel_deleted_during_a_search_is_gone(stage: Stage) -> None:
    delete = faults.calling(before=lambda: stage.fake.world.channels.pop(stage.channel.id))
    stage.fake.break_next(delete, method="GET", path=r"/messages/\d+$")

    with pytest.raises(ChannelGoneError):
        await stage.messenger.find(stage.channel.id, KEY, since=a_minute_ago())


async def test_a_search_through_too_many_messages_is_unclear(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discord_messenger, "_PAGE_MESSAGES", 1)
    monkeypatch.setattr(discord_messenger, "_MAX_PAGES", 2)
    for number in range(2):
        await stage.fake.say(stage.ada, stage.channel, f"chat {number}")

    with pytest.raises(DeliveryUnclearError, match="too many messages"):
        await stage.messenger.find(stage.channel.id, KEY, since=a_minute_ago())


async def test_thread_names_are_cut_to_fit(stage: Stage) -> None:
    message_id = await stage.messenger.post(stage.channel.id, text("a paper"), nonce="n")

    await stage.messenger.open_thread(stage.channel.id, message_id, "x" * 120)

    assert [thread.name for thread in stage.fake.threads_of(stage.channel)] == ["x" * 100]


async def test_an_admin_is_told_directly_and_once(stage: Stage) -> None:
    for _ in range(2):
        assert await stage.messenger.tell_admin(7, stage.channel.id, stage.ada.id, "look")

    assert [message["content"] for message in stage.fake.messages(stage.ada.user)] == ["look"]
    assert stage.texts() == []


async def test_an_admin_of_two_servers_is_told_of_both(stage: Stage) -> None:
    for server_id in (7, 8):
        assert await stage.messenger.tell_admin(server_id, stage.channel.id, stage.ada.id, "look")

    assert [message["content"] for message in stage.fake.messages(stage.ada.user)] == ["look", "look"]


async def test_an_admin_who_is_told_directly_is_not_told_in_the_channel_too(stage: Stage) -> None:
    stage.fake.messenger.nonce_window_seconds = -1

    assert await stage.messenger.tell_admin(7, stage.channel.id, stage.ada.id, "look")

    assert stage.texts() == []


async def test_a_long_notice_is_cut_to_fit(stage: Stage) -> None:
    assert await stage.messenger.tell_admin(7, stage.channel.id, None, "x" * 2001)

    assert stage.texts() == ["x" * 2000]


async def test_an_admin_who_accepts_no_direct_messages_is_told_in_the_channel(stage: Stage) -> None:
    stage.ada.user.takes_direct_messages = False

    assert await stage.messenger.tell_admin(7, stage.channel.id, stage.ada.id, "look")

    assert stage.texts() == ["look"]


async def test_an_admin_who_cannot_be_reached_raises_nothing(stage: Stage) -> None:
    await stage.fake.delete_channel(stage.channel)

    assert not await stage.messenger.tell_admin(7, stage.channel.id, 12345, "look")
    assert not await stage.messenger.tell_admin(7, None, None, "look")


async def test_the_invites_permissions_are_enough(stage: Stage) -> None:
    for threads in ThreadPolicy:
        assert missing_permissions(stage.place, threads=threads) == []


async def test_missing_permissions_are_named_in_discords_words(stage: Stage) -> None:
    await stage.set_permissions(send_messages=False, read_message_history=False, create_public_threads=False)

    named = ["Send Messages", "Read Message History"]
    assert missing_permissions(stage.place, threads=ThreadPolicy.NONE) == named
    assert missing_permissions(stage.place, threads=ThreadPolicy.EACH) == [*named, "Create Public Threads"]


async def test_the_missing_permission_for_threads_is_named(stage: Stage) -> None:
    message_id = await stage.messenger.post(stage.channel.id, text("hello"), nonce="n")
    await stage.set_permissions(create_public_threads=False)

    with pytest.raises(ChannelRefusedError, match="lacks permissions in #papers: Create Public Threads"):
        await stage.messenger.open_thread(stage.channel.id, message_id, "About it")


async def test_the_missing_permission_for_files_is_named(stage: Stage) -> None:
    message_id = await stage.messenger.post(stage.channel.id, text("hello"), nonce="n")
    await stage.set_permissions(attach_files=False)

    with pytest.raises(ChannelRefusedError, match="lacks permissions in #papers: Attach Files"):
        await stage.messenger.edit(stage.channel.id, message_id, text("hello"), attachment=FILE)

    assert missing_permissions(stage.place, threads=ThreadPolicy.NONE) == []
    assert missing_permissions(stage.place, threads=ThreadPolicy.NONE, files=True) == ["Attach Files"]


async def test_servers_and_people_take_files_up_to_discords_usual_limit(stage: Stage) -> None:
    direct = await stage.messenger.direct_channel(stage.ada.id)

    assert [stage.messenger.upload_limit(one) for one in (stage.channel.id, direct)] == [10 * 2**20] * 2


async def test_a_boosted_server_takes_larger_files(stage: Stage) -> None:
    boosted = stage.fake.add_guild("Boosted")
    boosted.premium_tier = 2
    channel = stage.fake.add_channel(boosted, "papers")
    await stage.fake.join(boosted)

    await until(lambda: stage.client.get_channel(channel.id))
    assert stage.messenger.upload_limit(channel.id) == 50 * 2**20


async def test_a_file_is_whole_after_a_rate_limit(stage: Stage) -> None:
    message_id = await stage.messenger.post(stage.channel.id, text("hello"), nonce="n")
    stage.fake.break_next(faults.rate_limited(), method="PATCH", path="/messages/")

    await stage.messenger.edit(stage.channel.id, message_id, text("hello"), attachment=FILE)

    assert list(stage.fake.messenger.files.values()) == [FILE.content]


async def test_a_large_file_is_given_the_time_that_a_slow_connection_takes(stage: Stage) -> None:
    message_id = await stage.messenger.post(stage.channel.id, text("hello"), nonce="n")
    hasty = DiscordMessenger(stage.client, time_limit_seconds=0)
    large = Attachment(name="a.ogg", content=b"x" * 3_000_000)  # thirty seconds

    await hasty.edit(stage.channel.id, message_id, text("hello"), attachment=large)

    with pytest.raises(DeliveryUnclearError, match="in time"):
        await hasty.edit(stage.channel.id, message_id, text("hello"))


async def test_an_upload_that_takes_too_long_is_unclear(stage: Stage) -> None:
    message_id = await stage.messenger.post(stage.channel.id, text("hello"), nonce="n")
    stage.fake.break_next(faults.no_answer(), method="PATCH", path="/messages/")
    hasty = DiscordMessenger(stage.client, time_limit_seconds=0.2)

    with pytest.raises(DeliveryUnclearError, match="in time"):
        await hasty.edit(stage.channel.id, message_id, text("hello"), attachment=FILE)


async def test_no_channel_is_called_closed_before_the_bot_has_started(stage: Stage) -> None:
    await stage.set_permissions(send_messages=False)

    assert stage.messenger.refusal(stage.channel.id) is None


def test_the_invite_link_names_the_bot_and_its_permissions() -> None:
    query = parse_qs(urlsplit(invite_url(123)).query)

    assert query["client_id"] == ["123"]
    assert query["permissions"] == [str(INVITE_PERMISSIONS.value)]
    assert query["scope"] == ["bot applications.commands"]


async def test_a_digest_reaches_a_person_and_is_found_there_again(stage: Stage) -> None:
    channel_id = await stage.messenger.direct_channel(stage.ada.id)

    posted = await stage.messenger.post(channel_id, text(f"-# broadsheet {KEY}"), nonce="n")

    since = datetime.now(UTC) - timedelta(minutes=1)
    assert await stage.messenger.find(channel_id, KEY, since=since) == posted
    assert await stage.messenger.find(channel_id, "another", since=since) is None


async def test_someone_who_accepts_no_direct_messages_is_told_what_to_change(stage: Stage) -> None:
    channel_id = await stage.messenger.direct_channel(stage.ada.id)
    stage.ada.user.takes_direct_messages = False

    with pytest.raises(ChannelRefusedError, match="I can't send you direct messages"):
        await stage.messenger.post(channel_id, text("hello"), nonce="n")
