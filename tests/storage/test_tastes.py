"""Votes, examples and preferences."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from storage import tastes
from storage.database import Database
from storage.model import IMPORTED, Preference, PreferenceKind, Seed, Subject, Vote, VoteCount
from tests.databases import NOW
from tests.storage.query_plans import plans
from tests.storage.records import paper

SERVER, OTHER = 2**63 - 1, 8


@pytest.fixture(autouse=True)
async def papers(database: Database) -> None:
    async with database.begin() as tx:
        await tx.papers.save([paper("2611.00001"), paper("2611.00002")])


def vote(
    user_id: int,
    paper_id: str = "2611.00001",
    *,
    liked: bool = True,
    server_id: int = SERVER,
    at: datetime = NOW,
) -> Vote:
    return Vote(server_id=server_id, user_id=user_id, paper_id=paper_id, liked=liked, at=at)


def preference(kind: PreferenceKind, value: str, *, server_id: int = SERVER) -> Preference:
    return Preference(server_id=server_id, kind=kind, subject=Subject.AUTHOR, value=value)


async def test_a_person_has_one_vote_a_paper_which_may_change(database: Database) -> None:
    async with database.begin() as tx:
        await tx.tastes.save_votes([vote(1)])
        await tx.tastes.save_votes([vote(1, liked=False, at=NOW + timedelta(hours=1))])

    async with database.begin() as tx:
        assert await tx.tastes.votes(SERVER) == [vote(1, liked=False, at=NOW + timedelta(hours=1))]


async def test_a_vote_can_be_taken_back(database: Database) -> None:
    async with database.begin() as tx:
        await tx.tastes.save_votes([vote(1), vote(1, "2611.00002"), vote(2)])
        await tx.tastes.take_back_votes(SERVER, 1, ["2611.00001"])

    async with database.begin() as tx:
        assert await tx.tastes.votes(SERVER) == [vote(1, "2611.00002"), vote(2)]
        assert await tx.tastes.vote_of(SERVER, 1, "2611.00001") is None
        assert await tx.tastes.vote_of(SERVER, 2, "2611.00001") == vote(2)


async def test_a_persons_votes_for_several_papers_can_be_taken_back(database: Database) -> None:
    kept = [vote(1, "2611.00002", server_id=OTHER), vote(1), vote(2, "2611.00002")]
    taken = ["2611.00002", *(f"2610.{number:05}" for number in range(1, 701))]
    async with database.begin() as tx:
        await tx.papers.save([paper(each) for each in taken])
        await tx.tastes.save_votes([*kept, *(vote(1, each) for each in taken)])
        await tx.tastes.take_back_votes(SERVER, 1, taken)

        assert await tx.tastes.votes(OTHER) + await tx.tastes.votes(SERVER) == kept


async def test_votes_are_counted_by_server(database: Database) -> None:
    async with database.begin() as tx:
        await tx.tastes.save_votes([vote(1), vote(2), vote(3, liked=False), vote(4, server_id=OTHER)])
        counts = await tx.tastes.counts(SERVER, ["2611.00001", "2611.00002"])

        of_one = await tx.tastes.counts(SERVER, ["2611.00001"], user_id=3)

    assert counts == {"2611.00001": VoteCount(up=2, down=1)}
    assert of_one == {"2611.00001": VoteCount(down=1)}


async def test_the_votes_of_a_file_are_not_counted(database: Database) -> None:
    of_file = vote(IMPORTED, liked=False)
    async with database.begin() as tx:
        await tx.tastes.save_votes([of_file, replace(of_file, paper_id="2611.00002"), vote(1, liked=False)])
        counts = await tx.tastes.counts(SERVER, ["2611.00001", "2611.00002"])

    assert counts == {"2611.00001": VoteCount(down=1)}


async def test_votes_come_oldest_first_and_up_to_a_moment(database: Database) -> None:
    old = vote(2, at=NOW - timedelta(days=1))
    async with database.begin() as tx:
        await tx.tastes.save_votes([vote(1), old])

        assert await tx.tastes.votes(SERVER) == [old, vote(1)]
        assert await tx.tastes.votes(SERVER, before=NOW) == [old]


async def test_one_persons_votes_in_a_server_are_found(database: Database) -> None:
    async with database.begin() as tx:
        await tx.tastes.save_votes([vote(1), vote(IMPORTED), vote(IMPORTED, server_id=OTHER)])

        assert await tx.tastes.votes(SERVER, user_id=IMPORTED) == [vote(IMPORTED)]


async def test_others_run_while_many_votes_are_read(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database.begin() as tx:
        await tx.tastes.save_votes([vote(number) for number in range(1, 1_501)])
    turn, turns = 0, set[int]()

    async def others() -> None:
        nonlocal turn
        while True:
            turn += 1
            await asyncio.sleep(0)

    def noted(**columns: Any) -> Vote:
        turns.add(turn)
        return Vote(**columns)

    monkeypatch.setattr(tastes, "Vote", noted)
    running = asyncio.create_task(others())
    async with database.begin() as tx:
        assert len(await tx.tastes.votes(SERVER)) == 1_500
    running.cancel()

    assert len(turns) > 1


async def test_only_a_servers_newest_votes_are_looked_through_for_papers(fresh_sqlite_url: str) -> None:
    database = await Database.open(fresh_sqlite_url, clock_now=lambda: NOW)

    async with plans(database) as steps, database.begin() as tx:
        await tx.tastes.voted_on_lately(SERVER, 5)
    await database.close()

    assert any("USING COVERING INDEX ix_votes_server_id" in step for step in steps)
    assert not any("TEMP B-TREE" in step for step in steps)


async def test_the_papers_that_were_voted_on_last_come_first_and_once(database: Database) -> None:
    later = NOW + timedelta(hours=1)
    async with database.begin() as tx:
        await tx.tastes.save_votes(
            [
                vote(1),
                vote(1, "2611.00002"),
                vote(2, "2611.00002", at=later),
                vote(1, server_id=OTHER, at=later + timedelta(hours=1)),
            ]
        )

        assert await tx.tastes.voted_on_lately(SERVER, 5) == ["2611.00002", "2611.00001"]
        assert await tx.tastes.voted_on_lately(SERVER, 1) == ["2611.00002"]


async def test_a_persons_votes_are_found_over_all_servers(database: Database) -> None:
    mine = [vote(1, server_id=0), vote(1, server_id=OTHER), vote(1)]
    async with database.begin() as tx:
        await tx.tastes.save_votes([*mine, vote(2)])

        assert await tx.tastes.votes_of_user(1) == mine


async def test_what_is_followed_can_be_muted_and_forgotten(database: Database) -> None:
    async with database.begin() as tx:
        await tx.tastes.save_preferences([preference(PreferenceKind.FOLLOW, "Ada Example")])
        await tx.tastes.save_preferences([preference(PreferenceKind.MUTE, "Ada Example")])
        await tx.tastes.save_preferences([preference(PreferenceKind.FOLLOW, "Bob", server_id=OTHER)])

        assert await tx.tastes.preferences(SERVER) == [preference(PreferenceKind.MUTE, "Ada Example")]
        others = [
            preference(PreferenceKind.MUTE, "Ada Example", server_id=OTHER),
            replace(preference(PreferenceKind.MUTE, "Ada Example"), subject=Subject.TOPIC),
            preference(PreferenceKind.MUTE, "Eve"),
        ]
        await tx.tastes.save_preferences(others)
        await tx.tastes.drop_preference(SERVER, Subject.AUTHOR, "Ada Example")
        left = [*await tx.tastes.preferences(OTHER), *await tx.tastes.preferences(SERVER)]
        assert set(left) == {*others, preference(PreferenceKind.FOLLOW, "Bob", server_id=OTHER)}


async def test_an_example_is_kept_once_and_the_oldest_comes_first(database: Database) -> None:
    example = Seed(server_id=SERVER, paper_id="2611.00002", at=NOW)
    later = replace(example, at=NOW + timedelta(days=1))
    another = replace(later, paper_id="2611.00001")
    async with database.begin() as tx:
        await tx.tastes.save_seeds([example])
        await tx.tastes.save_seeds([later, another])

        assert await tx.tastes.seeds(SERVER) == [example, another]


async def test_a_reset_leaves_other_servers_alone(database: Database) -> None:
    async with database.begin() as tx:
        for server_id in (SERVER, OTHER):
            await tx.tastes.save_votes([vote(1, server_id=server_id)])
            await tx.tastes.save_seeds([Seed(server_id=server_id, paper_id="2611.00002", at=NOW)])
            await tx.tastes.save_preferences([preference(PreferenceKind.MUTE, "Bob", server_id=server_id)])
        await tx.tastes.reset(SERVER)

        assert await tx.tastes.votes(SERVER) == []
        assert await tx.tastes.seeds(SERVER) == []
        assert await tx.tastes.preferences(SERVER) == []
        assert len(await tx.tastes.votes(OTHER)) == 1
        assert len(await tx.tastes.seeds(OTHER)) == 1
        assert len(await tx.tastes.preferences(OTHER)) == 1


async def test_a_person_is_forgotten_everywhere(database: Database) -> None:
    async with database.begin() as tx:
        await tx.tastes.save_votes([vote(1), vote(1, server_id=OTHER), vote(2)])
        await tx.tastes.forget_user(1)

        assert await tx.tastes.votes(SERVER) == [vote(2)]
        assert await tx.tastes.votes(OTHER) == []


async def test_a_papers_votes_are_counted_without_reading_all_of_its_server(fresh_sqlite_url: str) -> None:
    database = await Database.open(fresh_sqlite_url, clock_now=lambda: NOW)

    async with plans(database) as steps, database.begin() as tx:
        await tx.tastes.counts(SERVER, ["2611.00001"])
    await database.close()

    assert any("ix_votes_paper_id (paper_id=? AND server_id=?)" in step for step in steps)
