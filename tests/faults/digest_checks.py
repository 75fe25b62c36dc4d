"""Checks that the week's digest was posted as it should be: nothing lost, nothing twice."""

import asyncio
from collections import Counter

from bot.digest.plan import weekly_run_id
from bot.sample.week import WEEK, sample_papers
from bot.weeks import parse_week
from storage.database import Database
from storage.model import Delivery, DeliveryState, delivery_key
from tests.end_to_end.world import PATIENCE_SECONDS, World, marker
from tests.faults.kills import HIGHLIGHTS


async def until_delivered(around: World, week: str = WEEK) -> None:
    """Wait until the bot's database says that all messages and threads are posted."""
    # Opened once, as opening it takes ten times as long as a query.
    async with asyncio.timeout(PATIENCE_SECONDS), around.database() as database:
        while not (kept := await _deliveries(database, around, week)) or not all(map(_is_done, kept)):
            await around.until(lambda: True)  # fails if the bot died meanwhile
            await asyncio.sleep(0.1)


async def deliveries(around: World, week: str = WEEK) -> list[Delivery]:
    """What the bot's database says about a week's messages."""
    async with around.database() as database:
        return await _deliveries(database, around, week)


async def _deliveries(database: Database, around: World, week: str) -> list[Delivery]:
    async with database.begin() as tx:
        return await tx.deliveries.of(around.guild.id, week)


def _is_done(delivery: Delivery) -> bool:
    has_thread = (delivery.thread_name is None) == (delivery.thread_id is None)
    return delivery.state is DeliveryState.SENT and has_thread


async def check_stands_once(around: World) -> None:
    """Each message and thread is there once and in order, as the database says; no admin was notified."""
    kept, posted = await deliveries(around), around.posted()
    keys = [delivery_key(around.guild.id, around.channel.id, WEEK, part) for part in range(len(kept))]
    assert [marker(message) for message in posted] == [f"-# broadsheet {key}" for key in keys]
    assert [(delivery.key, delivery.message_id) for delivery in kept] == [
        (key, int(message["id"])) for key, message in zip(keys, posted, strict=True)
    ]
    assert {delivery.state for delivery in kept} == {DeliveryState.SENT}
    threads = {thread.id: thread.name for thread in around.discord.threads_of(around.channel)}
    assert threads == {each.message_id: each.thread_name for each in kept if each.thread_name}
    assert threads.keys() == {each.thread_id for each in kept} - {None}
    assert len(threads) == HIGHLIGHTS
    assert around.discord.messages(around.admin.user) == []
    await _check_digest(around)


async def _check_digest(around: World) -> None:
    async with around.database() as database, database.begin() as tx:
        digest = await tx.digests.get(weekly_run_id(around.guild.id, parse_week(WEEK)))
    assert digest is not None
    assert len(digest.highlights) == digest.receipt.read_in_full == HIGHLIGHTS
    assert not digest.receipt.failed
    assert digest.model


def calls_for_a_paper(around: World) -> int:
    """The highest number of model calls for any one paper."""
    titles = {paper.title for paper in sample_papers()}
    counts = Counter(title for chat in around.model.chats for title in titles if title in chat.user)
    assert len(counts) == HIGHLIGHTS
    return max(counts.values())
