"""The fake Discord, used by a real discord.py client."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import discord
import pytest

from tests.fakes.discord import FakeDiscord, Guild, faults
from tests.fakes.discord_bot import Bot, connected


async def test_a_dropped_connection_is_resumed_with_what_was_missed(fake: FakeDiscord, guild: Guild) -> None:
    ada, papers = fake.add_member(guild, "ada"), next(fake.world.channels_of(guild))

    async with connected(fake) as bot:
        await fake.gateway.drop()
        await fake.say(ada, papers, "missed")
        await fake.gateway.until_connected(times=2)
        heard = [await bot.heard(), await bot.heard()]

    assert heard == ["message ", "resumed"]  # without the privileged intent the text is left out


async def test_an_invalid_session_is_replaced_by_a_new_one(fake: FakeDiscord, guild: Guild) -> None:
    async with connected(fake):
        await fake.gateway.ask_to_reconnect()
        await fake.gateway.until_connected(times=2)
        await fake.gateway.invalidate()
        await fake.gateway.until_connected(times=3)

    assert (fake.gateway.identified, fake.gateway.resumed) == (2, 1)


async def test_a_wrong_token_is_refused(fake: FakeDiscord) -> None:
    async with Bot() as bot:
        with pytest.raises(discord.LoginFailure):
            await bot.login("wrong")


async def test_privileged_intents_are_refused(fake: FakeDiscord) -> None:
    async with discord.Client(intents=discord.Intents.all()) as client:
        with pytest.raises(discord.PrivilegedIntentsRequired):
            await client.start(fake.token)


@pytest.fixture
async def channel(fake: FakeDiscord, guild: Guild) -> AsyncIterator[discord.TextChannel]:
    async with connected(fake) as bot:
        channel = await bot.fetch_channel(next(fake.world.channels_of(guild)).id)
        assert isinstance(channel, discord.TextChannel)
        yield channel


async def test_messages_are_kept_edited_and_deleted(fake: FakeDiscord, channel: discord.TextChannel) -> None:
    first = await channel.send("first", file=discord.File(__file__, "test.py"))
    second = await channel.send("second", reference=first)
    await first.edit(content="changed")
    await second.add_reaction("👍")
    history = [message async for message in channel.history(after=first)]
    read = await channel.fetch_message(second.id)
    await second.delete()

    assert [message["content"] for message in fake.messages(_channel(fake))] == ["changed"]
    assert [message.id for message in history] == [second.id]
    assert (read.reactions[0].emoji, read.reactions[0].me) == ("👍", True)
    assert (await first.attachments[0].read()).startswith(b'"""The fake Discord')


async def test_a_thread_opens_once(fake: FakeDiscord, channel: discord.TextChannel) -> None:
    message = await channel.send("a paper")

    thread = await message.create_thread(name="About it")
    with pytest.raises(discord.HTTPException, match="160004"):
        await message.create_thread(name="Again")
    await thread.send("first!")

    assert thread.id == message.id
    assert [fake.messages(place)[0]["content"] for place in fake.threads_of(_channel(fake))] == ["first!"]


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ({"content": "x" * 2001}, "content"),
        ({"flags": 1 << 15, "content": "both", "components": [{"type": 10, "content": "x"}]}, "content"),
        ({"flags": 1 << 15, "components": [{"type": 10, "content": "x" * 2001}] * 2}, "components"),
        ({"flags": 1 << 15, "components": [{"type": 10, "content": "x"}] * 41}, "components"),
        ({"components": [{"type": 10, "content": "x"}]}, "components"),
        ({"components": [{"type": 1, "components": []}]}, "components"),
    ],
)
async def test_messages_beyond_the_limits_are_refused(
    fake: FakeDiscord, channel: discord.TextChannel, payload: dict[str, Any], field: str
) -> None:
    route = discord.http.Route("POST", "/channels/{channel_id}/messages", channel_id=channel.id)

    with pytest.raises(discord.HTTPException) as refused:
        await channel._state.http.request(route, json=payload)

    assert (refused.value.status, refused.value.code) == (400, 50035)
    assert f"In {field}" in str(refused.value)
    assert fake.messages(_channel(fake)) == []


async def test_missing_permissions_are_refused(fake: FakeDiscord, channel: discord.TextChannel) -> None:
    await channel.send("before")
    await fake.set_permissions(_channel(fake), send_messages=False, read_message_history=False)

    with pytest.raises(discord.Forbidden) as refused:
        await channel.send("after")

    assert refused.value.code == 50013
    assert [message async for message in channel.history()] == []  # an empty list, not an error


async def test_the_same_nonce_within_the_window_is_the_same_message(
    fake: FakeDiscord, channel: discord.TextChannel
) -> None:
    route = discord.http.Route("POST", "/channels/{channel_id}/messages", channel_id=channel.id)
    body = {"content": "once", "nonce": "n", "enforce_nonce": True}

    first = await channel._state.http.request(route, json=body)
    second = await channel._state.http.request(route, json=body)
    fake.messenger.nonce_window_seconds = -1
    third = await channel._state.http.request(route, json=body)

    assert first == second
    assert third["id"] != first["id"]
    assert len(fake.messages(_channel(fake))) == 2


async def test_faults_come_on_demand(fake: FakeDiscord, channel: discord.TextChannel) -> None:
    fake.break_next(faults.reset_after_storing())
    with pytest.raises(aiohttp.ClientOSError):
        await channel.send("stored")
    fake.break_next(faults.failure(503))
    with pytest.raises(discord.DiscordServerError):
        await channel.send("lost")
    fake.break_next(faults.rate_limited(), times=2)
    await channel.send("late")

    assert [message["content"] for message in fake.messages(_channel(fake))] == ["stored", "late"]
    assert fake.calls_to("POST", "/messages") == 5


async def test_direct_messages_and_reactions_reach_the_bot(fake: FakeDiscord, guild: Guild) -> None:
    ada = fake.add_member(guild, "ada")

    async with connected(fake) as bot:
        await (await bot.fetch_user(ada.id)).send("hello")
        await fake.react(ada, fake.messages(ada.user)[0], "👍")
        posted = await bot.get_guild(guild.id).text_channels[0].send("a paper")  # type: ignore[union-attr]
        await fake.react(ada, fake.messages(_channel(fake))[0], "👎")
        heard = [await bot.heard() for _ in range(3)]

    assert heard == ["message hello", "message a paper", "reaction 👎"]
    assert posted.id == int(fake.messages(_channel(fake))[0]["id"])
    assert [message["content"] for message in fake.messages(ada.user)] == ["hello"]


async def test_a_bot_in_a_process_of_its_own_finds_it(
    fake: FakeDiscord, guild: Guild, tmp_path: Path
) -> None:
    (tmp_path / "child_bot.py").write_text(
        "import asyncio, discord, sys\n"
        "client = discord.Client(intents=discord.Intents(guilds=True))\n"
        "asyncio.run(client.start(sys.argv[1]))\n"
    )
    path = os.pathsep.join([str(tmp_path), str(Path(__file__).parents[2])])
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.fakes.discord", fake.base_url, "child_bot", fake.token),
        env={**os.environ, "PYTHONPATH": path},
    )

    await fake.gateway.until_connected(timeout_seconds=60)
    child.kill()
    await child.wait()
    await fake.say(fake.add_member(guild, "ada"), _channel(fake), "nobody hears this")

    assert fake.gateway.identified == 1


def _channel(fake: FakeDiscord) -> Any:
    return next(c for c in fake.world.channels.values() if c.name == "papers")
