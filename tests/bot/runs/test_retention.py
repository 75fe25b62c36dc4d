"""How long old data is kept."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from bot.runs.retention import clear_up, forget_people
from bot.weeks import Week
from storage.database import Database, Transaction
from storage.model import Asker, AskScope, Conversation, ScopeKind, Turn, WorkKind
from tests.storage.records import announcement, digest, paper

FRIDAY_NINE = datetime(2026, 11, 20, 9, tzinfo=UTC)


async def test_previews_are_kept_for_a_week(database: Database) -> None:
    kept = [
        digest(id=f"preview:{days}", published=False, created_at=FRIDAY_NINE - timedelta(days=days))
        for days in (6, 8)
    ]
    async with database.begin() as tx:
        for item in kept:
            await tx.digests.save(item)

    await clear_up(database, FRIDAY_NINE)

    async with database.begin() as tx:
        assert [await tx.digests.get(item.id) for item in kept] == [kept[0], None]


async def test_conversations_are_kept_for_a_day(database: Database) -> None:
    kept = [
        Conversation(
            id=str(hours),
            user_id=1,
            scope=AskScope(kind=ScopeKind.WEEK),
            turns=(Turn(question="Why?", answer="Because.", user_id=1, asked_at=FRIDAY_NINE),),
            asked_at=FRIDAY_NINE - timedelta(hours=hours),
        )
        for hours in (23, 25)
    ]
    async with database.begin() as tx:
        for item in kept:
            await tx.conversations.save(item)

    await forget_people(database, FRIDAY_NINE)

    long_ago = FRIDAY_NINE - timedelta(days=2)
    async with database.begin() as tx:
        assert [await tx.conversations.get(item.id, now=long_ago) for item in kept] == [kept[0], None]


async def test_deletions_of_people_and_their_usage_for_the_limits_are_kept_for_a_day(
    database: Database,
) -> None:
    people = {1: 23, 2: 25, 3: None, 4: 25, 5: -1, 6: -25}
    async with database.begin() as tx:
        for person, hours in people.items():
            for asked in (26, 24.5, 1):
                await note_question(tx, person, FRIDAY_NINE - timedelta(hours=asked))
            if hours is not None:
                await tx.deletions.note(person, FRIDAY_NINE - timedelta(hours=hours))

    await forget_people(database, FRIDAY_NINE)

    async with database.begin() as tx:
        assert [await tx.deletions.of(person) is None for person in people] == [
            False,
            True,
            True,
            True,
            False,
            True,
        ]
        # Usage from after a person's deletion is kept.
        assert [await tx.usage.count_of_user(person) for person in people] == [3, 2, 3, 2, 3, 0]


async def note_question(tx: Transaction, user_id: int, at: datetime) -> None:
    asker = Asker(user_id=user_id, server_id=1)
    await tx.usage.save(asker, WorkKind.QUESTION, at=at, prompt_tokens=1, completion_tokens=1, cost_usd=None)


async def test_usage_is_kept_for_as_long_as_it_is_shown_plus_a_day(database: Database) -> None:
    async with database.begin() as tx:
        for days in (30, 32):
            await note_question(tx, 1, FRIDAY_NINE - timedelta(days=days))

    await forget_people(database, FRIDAY_NINE)

    async with database.begin() as tx:
        assert await tx.usage.count_of_user(1) == 1


async def test_vectors_of_papers_are_kept_for_half_a_year(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.paper_vectors._ROWS_PER_STEP", 1)
    weeks = {"2611.00025": 25, "2611.00027": 27, "2611.00028": 28}
    async with database.begin() as tx:
        await tx.papers.save(
            [paper(id_, published=FRIDAY_NINE - timedelta(weeks=ago)) for id_, ago in weeks.items()]
        )
        await tx.paper_vectors.save("minilm", list(weeks), np.eye(3, dtype=np.float32))

    await clear_up(database, FRIDAY_NINE)

    async with database.begin() as tx:
        assert list(await tx.paper_vectors.of("minilm", list(weeks))) == ["2611.00025"]


async def test_announcements_of_papers_never_stored_are_kept_for_eight_weeks(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.papers._ROWS_PER_STEP", 1)
    weeks = {"2611.00007": 7, "2611.00009": 9, "2611.00010": 10}
    async with database.begin() as tx:
        await tx.papers.announce(
            [announcement(id_, day=(FRIDAY_NINE - timedelta(weeks=ago)).date()) for id_, ago in weeks.items()]
        )

    await clear_up(database, FRIDAY_NINE)

    async with database.begin() as tx:
        await tx.papers.save([paper(id_) for id_ in weeks])
        assert [one.id for one in await tx.papers.many(list(weeks)) if one.licence] == ["2611.00007"]


async def test_arxivs_answers_are_kept_for_their_day_and_lists_for_half_a_year(database: Database) -> None:
    today = FRIDAY_NINE.date()
    async with database.begin() as tx:
        await tx.arxiv.remember("yesterday's", today - timedelta(days=1), ["2611.00001"])
        await tx.arxiv.remember("today's", today, ["2611.00001"])
        for weeks_ago in (26, 27):
            await tx.arxiv.keep_first_list("cs.CL", str(Week(2026, 47).plus(-weeks_ago)), ["2611.00001"])

    await clear_up(database, FRIDAY_NINE)

    async with database.begin() as tx:
        assert await tx.arxiv.cached("yesterday's", today - timedelta(days=1)) is None
        assert await tx.arxiv.cached("today's", today) == ["2611.00001"]
        assert await tx.arxiv.first_list("cs.CL", str(Week(2026, 47).plus(-26))) == ["2611.00001"]
        assert await tx.arxiv.first_list("cs.CL", str(Week(2026, 47).plus(-27))) is None


async def test_the_plan_of_a_digest_that_was_never_made_is_kept_for_two_months(database: Database) -> None:
    weeks = [Week(2026, 47).plus(-8), Week(2026, 47).plus(-9)]
    names = [name for week in weeks for name in (f"digest:7:{week}", f"preview:7:{week}:1a")]
    async with database.begin() as tx:
        for name in names:
            await tx.digests.save_plan(name, {"of": name})

    await clear_up(database, FRIDAY_NINE)

    async with database.begin() as tx:
        assert [await tx.digests.plan(name) is not None for name in names] == [True, True, False, False]
