"""Servers the bot has left."""

from datetime import timedelta

from sqlalchemy import func, select

from storage.database import Database
from storage.model import (
    Asker,
    Preference,
    PreferenceKind,
    Reader,
    Seed,
    Subject,
    Subscription,
    Vote,
    WorkKind,
)
from storage.tables import Base
from tests.databases import NOW
from tests.storage.records import delivery, digest, paper

LEFT, OTHER, READER, VOTER = 7, 77, 1, 2
"""Two servers, of which one's id begins like the other's; a reader of an own digest, and another voter."""


async def fill(database: Database, server_id: int) -> None:
    """Store something about a server in every table."""
    week, papers = "2026-W47", [paper().id]
    async with database.begin() as tx:
        await tx.papers.save([paper()])
        await tx.subscriptions.save(Subscription(server_id=server_id, channel_id=70, categories=("cs.CL",)))
        made = digest(server_id, week)
        await tx.digests.save(made)
        for run_id in (f"digest:{server_id}:{week}", f"preview:{server_id}:{week}:1"):
            await tx.digests.save_plan(run_id, {})
        await tx.deliveries.plan([delivery(server_id=server_id)])
        await tx.tastes.save_votes(
            [
                Vote(server_id=server_id, user_id=person, paper_id=papers[0], liked=True, at=NOW)
                for person in (READER, VOTER)
            ]
        )
        await tx.tastes.save_seeds([Seed(server_id=server_id, paper_id=papers[0], at=NOW)])
        await tx.tastes.save_preferences(
            [Preference(server_id=server_id, kind=PreferenceKind.MUTE, subject=Subject.TOPIC, value="chess")]
        )
        await tx.seen.note(Reader(server_id=server_id), papers[0], NOW)
        await tx.usage.save(
            Asker(user_id=VOTER, server_id=server_id),
            WorkKind.QUESTION,
            at=NOW,
            prompt_tokens=1,
            completion_tokens=1,
            cost_usd=None,
        )


async def rows(database: Database, server_id: int) -> dict[str, int]:
    """How many rows a server has in each table with servers."""
    tables = [table for table in Base.metadata.sorted_tables if "server_id" in table.c]
    async with database.begin() as tx:
        session = tx.servers._session  # for all tables, also those to come
        return {
            table.name: await session.scalar(
                select(func.count()).select_from(table).where(table.c.server_id == server_id)
            )
            or 0
            for table in tables
        }


async def test_nothing_of_a_forgotten_server_stays_except_what_belongs_to_people(database: Database) -> None:
    async with database.begin() as tx:
        await tx.subscriptions.save(
            Subscription(server_id=READER, channel_id=10, categories=("cs.CL",), admin_id=READER)
        )
    await fill(database, LEFT)
    await fill(database, OTHER)
    before = await rows(database, OTHER)
    assert 0 not in before.values()

    async with database.begin() as tx:
        await tx.servers.note_left(LEFT, NOW)
        await tx.servers.note_left(OTHER, NOW)
        await tx.servers.forget(LEFT)

    stays = {name: number for name, number in (await rows(database, LEFT)).items() if number}
    assert stays == {"votes": 1, "usage": 1}
    assert await rows(database, OTHER) == before
    async with database.begin() as tx:
        assert [vote.user_id for vote in await tx.tastes.votes(LEFT)] == [READER]
        assert await tx.digests.plan(f"digest:{LEFT}:2026-W47") is None
        assert await tx.digests.plan(f"preview:{LEFT}:2026-W47:1") is None
        assert await tx.digests.plan(f"digest:{OTHER}:2026-W47") == {}
        assert await tx.servers.left() == {OTHER: NOW}


async def test_the_time_a_server_was_left_is_known_until_it_is_joined_again(database: Database) -> None:
    later = NOW + timedelta(days=1)
    async with database.begin() as tx:
        for server_id, at in ((LEFT, NOW), (LEFT, later), (OTHER, NOW)):
            await tx.servers.note_left(server_id, at)
        assert await tx.servers.left() == {LEFT: later, OTHER: NOW}

        await tx.servers.note_back(LEFT)
        assert await tx.servers.left() == {OTHER: NOW}


async def test_servers_with_data_are_told_from_people(database: Database) -> None:
    async with database.begin() as tx:
        for server_id, admin_id in ((LEFT, READER), (OTHER, None), (READER, READER)):
            await tx.subscriptions.save(
                Subscription(server_id=server_id, channel_id=1, categories=("cs.CL",), admin_id=admin_id)
            )

        assert await tx.servers.with_data() == [LEFT, OTHER]


async def test_a_server_may_have_data_without_a_subscription(database: Database) -> None:
    person, voted, read, followed = 5, 81, 82, 83
    async with database.begin() as tx:
        await tx.papers.save([paper()])
        for server_id in (voted, 0):
            await tx.tastes.save_votes(
                [Vote(server_id=server_id, user_id=person, paper_id=paper().id, liked=True, at=NOW)]
            )
        for reader in (Reader(server_id=read), Reader(user_id=person)):
            await tx.seen.note(reader, paper().id, NOW)
        mute = Preference(server_id=followed, kind=PreferenceKind.MUTE, subject=Subject.TOPIC, value="chess")
        await tx.tastes.save_preferences([mute])

        assert await tx.servers.with_data() == [voted, read, followed]


async def test_votes_that_stay_for_a_person_are_no_data_of_a_server(database: Database) -> None:
    async with database.begin() as tx:
        await tx.subscriptions.save(
            Subscription(server_id=READER, channel_id=10, categories=("cs.CL",), admin_id=READER)
        )
    await fill(database, LEFT)
    async with database.begin() as tx:
        assert await tx.servers.with_data() == [LEFT]

        await tx.servers.forget(LEFT)

        assert await tx.servers.with_data() == []
