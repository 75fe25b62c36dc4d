"""Usage rows."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from storage.database import Database
from storage.model import NOBODY, Asker, UsageTotal, WorkKind
from tests.databases import NOW

BIG = 2**63 - 1
ALL = tuple(WorkKind)


async def note(
    database: Database,
    user_id: int,
    server_id: int | None,
    *,
    at: datetime = NOW,
    kind: WorkKind = WorkKind.QUESTION,
    tokens: int = 10,
    reply_tokens: int = 1,
    cost_usd: float | None = None,
) -> None:
    async with database.begin() as tx:
        await tx.usage.save(
            Asker(user_id=user_id, server_id=server_id),
            kind,
            at=at,
            prompt_tokens=tokens,
            completion_tokens=reply_tokens,
            cost_usd=cost_usd,
        )


async def test_totals_are_by_kind_and_count_people_once(database: Database) -> None:
    await note(database, 1, BIG, cost_usd=0.25)
    await note(database, 1, BIG, cost_usd=0.5)
    await note(database, 2, BIG, kind=WorkKind.SUMMARY)
    await note(database, 3, 8)
    await note(database, 4, BIG, at=NOW - timedelta(days=2))

    async with database.begin() as tx:
        totals = await tx.usage.totals(BIG, NOW - timedelta(days=1))

    assert totals == [
        UsageTotal(
            kind=WorkKind.QUESTION,
            requests=2,
            people=1,
            prompt_tokens=20,
            completion_tokens=2,
            cost_usd=0.75,
            priced=2,
        ),
        UsageTotal(
            kind=WorkKind.SUMMARY,
            requests=1,
            people=1,
            prompt_tokens=10,
            completion_tokens=1,
            cost_usd=None,
            priced=0,
        ),
    ]


async def test_totals_tell_of_how_many_the_cost_is_known(database: Database) -> None:
    await note(database, 1, 7, cost_usd=0.25)
    await note(database, 1, 7)
    await note(database, 1, 7, tokens=0, reply_tokens=0)
    await note(database, 1, 7, tokens=5, reply_tokens=5)

    async with database.begin() as tx:
        (total,) = await tx.usage.totals(7, NOW - timedelta(days=1))

    assert (total.requests, total.priced, total.cost_usd) == (4, 2, 0.25)


async def test_the_nth_newest_is_found_by_person_and_by_server(database: Database) -> None:
    for minutes in (50, 40, 30):
        await note(database, 1, 7, at=NOW - timedelta(minutes=minutes))
    await note(database, 2, 7)
    since = NOW - timedelta(hours=1)

    async with database.begin() as tx:
        nth = partial(tx.usage.nth_newest, until=NOW, kinds=ALL)
        assert await nth(2, since, user_id=1) == NOW - timedelta(minutes=40)
        assert await nth(2, since, server_id=7) == NOW - timedelta(minutes=30)
        assert await nth(4, since, user_id=1) is None
        assert await nth(3, NOW - timedelta(minutes=45), user_id=1) is None
        assert await tx.usage.nth_newest(1, since, NOW, kinds=[WorkKind.DIGEST], server_id=7) is None


async def test_the_nth_newest_token_is_found_by_person_and_by_server(database: Database) -> None:
    for minutes, server in ((50, 7), (40, 8), (30, None), (30, 7)):
        at = NOW - timedelta(minutes=minutes)
        await note(database, 1, server, at=at, tokens=100, reply_tokens=20)
    await note(database, 2, 7, tokens=100, reply_tokens=20)
    since = NOW - timedelta(hours=1)

    async with database.begin() as tx:
        nth = partial(tx.usage.nth_newest_token, until=NOW, kinds=ALL)
        assert await nth(240, since, user_id=1) == NOW - timedelta(minutes=30)
        assert await nth(241, since, user_id=1) == NOW - timedelta(minutes=40)
        assert await nth(480, since, user_id=1) == NOW - timedelta(minutes=50)
        assert await nth(481, since, user_id=1) is None
        assert await nth(120, since, server_id=7) == NOW
        assert await nth(121, since, server_id=7) == NOW - timedelta(minutes=30)
        assert await nth(361, NOW - timedelta(minutes=45), user_id=1) is None
        assert await nth(1, since, user_id=9) is None


async def test_tokens_are_of_the_kinds_that_were_asked_about(database: Database) -> None:
    await note(database, 1, 7, at=NOW - timedelta(minutes=2), tokens=100)
    await note(database, NOBODY, 7, at=NOW - timedelta(minutes=1), tokens=1000, kind=WorkKind.DIGEST)
    since = NOW - timedelta(hours=1)

    async with database.begin() as tx:
        of_questions = await tx.usage.nth_newest_token(
            101, since, NOW, kinds=[WorkKind.QUESTION], server_id=7
        )
        too_many = await tx.usage.nth_newest_token(102, since, NOW, kinds=[WorkKind.QUESTION], server_id=7)
        of_digests = await tx.usage.nth_newest_token(1001, since, NOW, kinds=[WorkKind.DIGEST], server_id=7)

    assert of_questions == NOW - timedelta(minutes=2)
    assert too_many is None
    assert of_digests == NOW - timedelta(minutes=1)


async def test_what_was_recorded_while_the_clock_was_ahead_does_not_count(database: Database) -> None:
    await note(database, 1, 7)
    await note(database, 1, 7, at=NOW + timedelta(days=900))
    since = NOW - timedelta(hours=1)

    async with database.begin() as tx:
        assert await tx.usage.nth_newest(1, since, NOW, kinds=ALL, user_id=1) == NOW
        assert await tx.usage.nth_newest(2, since, NOW, kinds=ALL, user_id=1) is None
        assert await tx.usage.nth_newest_token(1, since, NOW, kinds=ALL, user_id=1) == NOW
        assert await tx.usage.nth_newest_token(12, since, NOW, kinds=ALL, user_id=1) is None


async def test_a_limit_may_have_more_than_32_bits(database: Database) -> None:
    await note(database, 1, 7)

    async with database.begin() as tx:
        nth = partial(tx.usage.nth_newest_token, kinds=ALL, user_id=1)
        assert await nth(10**12, NOW - timedelta(hours=1), NOW) is None


@pytest.mark.parametrize("away", [timedelta(days=-40), timedelta(days=900)])
async def test_what_is_old_or_in_the_future_is_forgotten(database: Database, away: timedelta) -> None:
    await note(database, 1, 7, at=NOW + away, tokens=500)
    await note(database, 1, 7)

    async with database.begin() as tx:
        await tx.usage.prune(before=NOW - timedelta(days=31), after=NOW + timedelta(days=1))
        (total,) = await tx.usage.totals(7, NOW - timedelta(days=400))
    assert total.prompt_tokens == 10
