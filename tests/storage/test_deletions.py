"""When people had everything deleted, on both databases."""

import asyncio
from datetime import datetime, timedelta

import pytest

from storage.database import Database
from storage.model import AskScope, Conversation, ScopeKind
from tests.databases import NOW

ADA, BOB = 2**63 - 1, 3
MINUTE = timedelta(minutes=1)
TALK = Conversation(
    id="a1",
    user_id=ADA,
    scope=AskScope(kind=ScopeKind.EVERYTHING),
    turns=(),
    asked_at=NOW,
)


async def delete_all(database: Database) -> None:
    """Ada has everything deleted."""
    async with database.begin() as tx:
        await tx.deletions.note(ADA, NOW)
        await tx.conversations.forget_user(ADA)


@pytest.mark.parametrize(("began", "came"), [(NOW - MINUTE, True), (NOW, True), (NOW + MINUTE, False)])
async def test_a_deletion_covers_one_person_and_what_they_asked_for_before(
    database: Database, began: datetime, came: bool
) -> None:
    await delete_all(database)

    async with database.begin() as tx:
        assert await tx.deletions.deleted_since(ADA, began) is came
        assert not await tx.deletions.deleted_since(BOB, began)


async def test_the_last_deletion_counts(database: Database) -> None:
    async with database.begin() as tx:
        await tx.deletions.note(ADA, NOW)
        await tx.deletions.note(ADA, NOW + MINUTE)

        assert await tx.deletions.of(ADA) == NOW + MINUTE


@pytest.mark.parametrize("noted", [NOW - MINUTE, NOW + 2 * MINUTE])
async def test_old_and_future_deletions_are_pruned_per_person(database: Database, noted: datetime) -> None:
    async with database.begin() as tx:
        await tx.deletions.note(BOB, noted)
        await tx.deletions.note(BOB * 10 + 1, NOW)  # its digits begin with Bob's

        assert await tx.deletions.prune(before=NOW, after=NOW + MINUTE) == {BOB: noted}

        assert await tx.deletions.of(BOB) is None
        assert await tx.deletions.of(BOB * 10 + 1) == NOW


async def test_a_deletion_finds_what_another_transaction_was_about_to_store(database: Database) -> None:
    async with database.begin() as tx:
        await tx.conversations.save(TALK)
        deletion = asyncio.create_task(delete_all(database))
        await asyncio.wait({deletion}, timeout=0.5)  # long enough for one that does not wait for us

    await deletion

    async with database.begin() as tx:
        assert await tx.conversations.count_of_user(ADA) == 0
