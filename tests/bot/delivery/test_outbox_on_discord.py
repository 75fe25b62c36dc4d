"""The outbox and Discord's messenger together, over sockets."""

from collections.abc import AsyncIterator

import discord
import pytest

from bot.delivery.discord_messenger import DiscordMessenger
from bot.delivery.moving import moved
from bot.delivery.outbox import Outbox
from storage.database import Database
from tests.bot.delivery.conftest import SERVER, WEEK, delivery, stored
from tests.fakes.clock import StillClock
from tests.fakes.discord import Channel, FakeDiscord, faults
from tests.fakes.discord.faults import Fault


@pytest.fixture
async def fake(clock: StillClock) -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord(now=clock.now) as fake:
        with fake.patch():
            yield fake


@pytest.fixture
def channel(fake: FakeDiscord) -> Channel:
    return fake.add_channel(fake.add_guild(), "papers")


@pytest.fixture
async def outbox(
    fake: FakeDiscord, channel: Channel, sqlite: Database, clock: StillClock
) -> AsyncIterator[Outbox]:
    async with sqlite.begin() as tx:
        for row in await tx.deliveries.of(SERVER, WEEK):
            await tx.deliveries.mark_expired(row.key)  # their channel does not exist here
        rows = [delivery(part, channel_id=channel.id, thread_name=f"About {part}") for part in range(3)]
        await tx.deliveries.plan(rows)
    client = discord.Client(intents=discord.Intents(guilds=True))
    async with fake.running(client):
        yield Outbox(sqlite, DiscordMessenger(client, time_limit_seconds=0.5), clock)


@pytest.mark.parametrize("window_seconds", [300, -1], ids=["window", "no window"])
@pytest.mark.parametrize(
    "fault",
    [
        faults.reset(),
        faults.reset_after_storing(),
        faults.failure(503),
        faults.failure_after_storing(502),
        faults.no_answer(after_storing=True),
    ],
    ids=["reset", "stored, reset", "503", "stored, 502", "stored, silent"],
)
async def test_each_message_is_posted_once_and_each_thread_opened_once(
    fake: FakeDiscord, channel: Channel, outbox: Outbox, fault: Fault, window_seconds: float
) -> None:
    fake.messenger.nonce_window_seconds = window_seconds
    fake.break_next(fault)
    fake.break_next(fault, path="/threads$")

    report = await outbox.deliver(SERVER, WEEK)

    texts = [message["components"][0]["content"] for message in fake.messages(channel)]
    assert texts == ["part 0", "part 1", "part 2"]
    assert [thread.name for thread in fake.threads_of(channel)] == ["About 0", "About 1", "About 2"]
    assert (report.sent, report.problems) == (3, ())


async def test_a_digest_whose_channel_is_deleted_while_a_message_is_unclear_can_be_moved(
    fake: FakeDiscord, channel: Channel, outbox: Outbox, sqlite: Database
) -> None:
    for _ in range(4):  # the tries of one run
        fake.break_next(faults.reset())
    unclear = await outbox.deliver(SERVER, WEEK)
    await fake.delete_channel(channel)

    report = await outbox.deliver(SERVER, WEEK)

    planned = [row for row in await stored(sqlite) if row.channel_id == channel.id]
    assert unclear.waiting == len(planned)
    assert (report.waiting, report.failed) == (0, len(planned))
    assert len(moved(planned, channel.id + 1)) == len(planned)
