"""Subscriptions."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from storage.database import Database
from storage.model import DigestStyle, Subscription, ThreadPolicy
from tests.databases import NOW

WISH = Subscription(
    server_id=2**63 - 1,
    channel_id=2**63 - 2,
    weekday=0,
    hour=18,
    zone="Europe/Berlin",
    categories=("cs.CL", "cs.LG"),
    interests="long contexts; “quotes” and commas, too",
    excluded_words=("survey", "a, b"),
    highlights=25,
    style=DigestStyle.COMPACT,
    threads=ThreadPolicy.EACH,
    publication="Papers of “the reading club”",
    created_at=NOW - timedelta(days=3),
    admin_id=2**63 - 3,
)


async def test_a_subscription_comes_back_as_it_was(database: Database) -> None:
    async with database.begin() as tx:
        await tx.subscriptions.save(WISH)

    async with database.begin() as tx:
        assert await tx.subscriptions.get(WISH.server_id) == WISH
        assert await tx.subscriptions.get(1) is None


async def test_a_new_subscription_replaces_the_old_one_but_not_its_created_at(database: Database) -> None:
    new = replace(WISH, hour=7, channel_id=None, created_at=NOW)

    async with database.begin() as tx:
        await tx.subscriptions.save(WISH)
        await tx.subscriptions.save(new)

    async with database.begin() as tx:
        found = await tx.subscriptions.get(WISH.server_id)
        assert found == replace(new, created_at=WISH.created_at)


async def test_a_first_subscription_gets_the_time_of_the_clock(database: Database) -> None:
    async with database.begin() as tx:
        await tx.subscriptions.save(replace(WISH, created_at=None))

    async with database.begin() as tx:
        found = await tx.subscriptions.get(WISH.server_id)
        assert found == replace(WISH, created_at=NOW)


async def test_active_ones_have_a_channel_and_are_not_paused(database: Database) -> None:
    async with database.begin() as tx:
        for server_id in (5, 4, 3, 2):
            await tx.subscriptions.save(replace(WISH, server_id=server_id))
        await tx.subscriptions.save(replace(WISH, server_id=2, channel_id=None))
        await tx.subscriptions.set_paused(3, paused=True)

    async with database.begin() as tx:
        assert [wish.server_id for wish in await tx.subscriptions.active()] == [4, 5]


async def test_a_pause_is_seen_at_once_and_ends_again(database: Database) -> None:
    async with database.begin() as tx:
        await tx.subscriptions.save(WISH)
        await tx.subscriptions.set_paused(WISH.server_id, paused=True)
        assert await tx.subscriptions.get(WISH.server_id) == replace(WISH, paused=True)
        await tx.subscriptions.set_paused(WISH.server_id, paused=False)

    async with database.begin() as tx:
        assert await tx.subscriptions.active() == [replace(WISH, created_at=NOW)]


async def test_to_resume_what_is_not_paused_changes_nothing(database: Database) -> None:
    async with database.begin() as tx:
        await tx.subscriptions.save(WISH)
        await tx.subscriptions.set_paused(WISH.server_id, paused=False)

    async with database.begin() as tx:
        assert await tx.subscriptions.get(WISH.server_id) == WISH


async def test_a_subscription_that_ends_a_pause_counts_as_created_now(database: Database) -> None:
    async with database.begin() as tx:
        await tx.subscriptions.save(replace(WISH, paused=True))
        await tx.subscriptions.save(WISH)

    async with database.begin() as tx:
        assert await tx.subscriptions.get(WISH.server_id) == replace(WISH, created_at=NOW)


async def test_a_change_does_not_undo_what_others_change_meanwhile(database: Database) -> None:
    async def stop() -> None:
        async with database.begin() as tx:
            await tx.subscriptions.set_paused(WISH.server_id, paused=True)
            await tx.subscriptions.set_publication(WISH.server_id, None)

    async with database.begin() as tx:
        await tx.subscriptions.save(WISH)

    async with database.begin() as tx:
        before = await tx.subscriptions.get_to_change(WISH.server_id)
        assert before == WISH
        stopping = asyncio.create_task(stop())
        await asyncio.wait({stopping}, timeout=0.5)
        await tx.subscriptions.save(replace(before, hour=7))
    await stopping

    async with database.begin() as tx:
        found = await tx.subscriptions.get(WISH.server_id)
    assert found == replace(WISH, hour=7, paused=True, publication=None)


async def test_a_deleted_subscription_is_gone(database: Database) -> None:
    async with database.begin() as tx:
        await tx.subscriptions.save(WISH)
        await tx.subscriptions.delete(WISH.server_id)

    async with database.begin() as tx:
        assert await tx.subscriptions.get(WISH.server_id) is None


async def test_a_personal_subscription_is_told_from_those_a_person_set_up(database: Database) -> None:
    async with database.begin() as tx:
        for server_id, admin_id in ((7, 50), (8, 51), (50, 50)):
            wish = Subscription(server_id=server_id, channel_id=1, admin_id=admin_id)
            await tx.subscriptions.save(wish)

    async with database.begin() as tx:
        own = await tx.subscriptions.get(50)
        assert own is not None
        assert own.is_personal
        assert await tx.subscriptions.set_up_by(50) == [7]
        await tx.subscriptions.forget_user(50)

    async with database.begin() as tx:
        assert await tx.subscriptions.get(50) is None
        server, other = await tx.subscriptions.get(7), await tx.subscriptions.get(8)
    assert server is not None
    assert other is not None
    assert (server.admin_id, server.is_personal, other.admin_id) == (None, False, 51)


async def test_public_ones_are_those_with_a_title(database: Database) -> None:
    async with database.begin() as tx:
        for server_id in (3, 2, 1):
            await tx.subscriptions.save(replace(WISH, server_id=server_id, publication=None))
        await tx.subscriptions.set_publication(3, "Third")
        await tx.subscriptions.set_publication(2, "Second")
        await tx.subscriptions.set_publication(3, None)

    async with database.begin() as tx:
        assert await tx.subscriptions.public() == [
            replace(WISH, server_id=2, publication="Second", created_at=WISH.created_at)
        ]
