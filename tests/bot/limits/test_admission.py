"""What is admitted, refused and noted."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from unittest.mock import AsyncMock

import pytest

from bot.errors import InputError, ModelError, ServiceError
from bot.limits.admission import MAX_QUESTIONS_PER_PERSON, Admission
from bot.limits.rules import MAX_PERSONAL_DIGESTS, LimitReachedError, Limits, Share
from bot.llm.usage import UsageTally
from bot.progress import UNWATCHED
from storage.database import Database
from storage.failures import StorageFailure
from storage.model import Asker, UsageTotal, WorkKind
from storage.usage import Usage
from tests.bot.limits.doors import NO_LIMITS, admission, asker
from tests.databases import NOW
from tests.fakes.clock import StillClock

TWO_AN_HOUR = Share(questions_per_hour=2, tokens_per_day=0)
HUNDRED_TOKENS = Share(questions_per_hour=0, tokens_per_day=100)


async def ask(door: Admission, who: Asker | None, *, tokens: int = 0) -> None:
    async with door.admitted(who, WorkKind.QUESTION) as work:
        work.bill.add(UsageTally(calls=1, prompt_tokens=tokens))


async def _fail(door: Admission) -> None:
    async with door.admitted(asker(1), WorkKind.SUMMARY) as work:
        work.bill.add(UsageTally(calls=1, prompt_tokens=30))
        raise ModelError("no usable reply")


async def noted(database: Database, server_id: int = 7) -> Sequence[UsageTotal]:
    async with database.begin() as tx:
        return await tx.usage.totals(server_id, NOW - timedelta(days=1))


async def test_what_was_used_is_noted_with_its_cost(database: Database) -> None:
    door = admission(database, StillClock(NOW))

    async with door.admitted(asker(1), WorkKind.QUESTION) as work:
        work.bill.add(UsageTally(calls=1, prompt_tokens=1_000_000, completion_tokens=500_000))
        work.bill.add(UsageTally(calls=1, prompt_tokens=1))

    [total] = await noted(database)
    assert (total.prompt_tokens, total.completion_tokens) == (1_000_001, 500_000)
    assert total.cost_usd == pytest.approx(2.0, abs=1e-4)


async def test_work_that_fails_is_noted_too(database: Database) -> None:
    door = admission(database, StillClock(NOW))

    with pytest.raises(ModelError):
        await _fail(door)

    [total] = await noted(database)
    assert (total.kind, total.requests, total.prompt_tokens) == (WorkKind.SUMMARY, 1, 30)


async def test_an_answer_is_given_even_if_its_usage_cannot_be_noted(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(Usage, "save", AsyncMock(side_effect=StorageFailure("the database is busy")))
    door = admission(database, StillClock(NOW))

    await ask(door, asker(1))
    with pytest.raises(ModelError, match="no usable reply"):
        await _fail(door)

    assert caplog.text.count("not recorded: the database is busy") == 2


async def test_a_person_over_the_limit_is_told_when_to_try_again(database: Database) -> None:
    clock = StillClock(NOW)
    door = admission(database, clock, limits=replace(NO_LIMITS, user=TWO_AN_HOUR))
    await ask(door, asker(1))
    clock.move_to(NOW + timedelta(minutes=20))
    await ask(door, asker(1))

    again = int((NOW + timedelta(hours=1)).timestamp()) + 1
    with pytest.raises(LimitReachedError, match=f"You have asked 2 questions.*<t:{again}:R>"):
        await ask(door, asker(1))
    await ask(door, asker(2))
    clock.move_to(NOW + timedelta(minutes=61))
    await ask(door, asker(1))


async def test_people_asking_at_once_are_admitted_up_to_the_limit(database: Database) -> None:
    door = admission(database, StillClock(NOW), limits=replace(NO_LIMITS, server=TWO_AN_HOUR))

    came = await asyncio.gather(*(ask(door, asker(user)) for user in range(1, 4)), return_exceptions=True)

    assert [type(one) for one in came] == [type(None), type(None), LimitReachedError]


async def test_a_persons_limit_covers_all_servers_and_direct_messages(database: Database) -> None:
    door = admission(database, StillClock(NOW), limits=replace(NO_LIMITS, user=TWO_AN_HOUR))
    await ask(door, asker(1, 7))
    await ask(door, asker(1, None))

    with pytest.raises(LimitReachedError):
        await ask(door, asker(1, 8))


async def test_a_servers_limit_does_not_affect_other_servers_or_direct_messages(database: Database) -> None:
    door = admission(database, StillClock(NOW), limits=replace(NO_LIMITS, server=TWO_AN_HOUR))
    await ask(door, asker(1, 7))
    await ask(door, asker(2, 7))

    with pytest.raises(LimitReachedError, match="This server"):
        await ask(door, asker(3, 7))
    await ask(door, asker(3, 8))
    await ask(door, asker(3, None))


async def test_a_servers_spent_tokens_do_not_affect_other_servers(database: Database) -> None:
    door = admission(database, StillClock(NOW), limits=replace(NO_LIMITS, server=HUNDRED_TOKENS))
    await ask(door, asker(1, 7), tokens=100)

    with pytest.raises(LimitReachedError, match="This server"):
        await ask(door, asker(2, 7))
    await ask(door, asker(1, 8))


async def test_a_person_may_have_three_personal_digests_a_day_whatever_others_have(
    database: Database,
) -> None:
    clock = StillClock(NOW)
    door = admission(database, clock)
    for _ in range(MAX_PERSONAL_DIGESTS):
        await door.check_personal_digest(1, is_weekly=False)
        await door.note_personal_digest(1)

    with pytest.raises(LimitReachedError, match="3 personal digests"):
        await door.check_personal_digest(1, is_weekly=False)
    await door.check_personal_digest(2, is_weekly=False)
    clock.move_to(NOW + timedelta(days=1, seconds=1))
    await door.check_personal_digest(1, is_weekly=False)


async def test_questions_under_way_count(database: Database) -> None:
    door = admission(database, StillClock(NOW), limits=replace(NO_LIMITS, user=TWO_AN_HOUR))

    async with door.admitted(asker(1), WorkKind.QUESTION), door.admitted(asker(1), WorkKind.QUESTION):
        with pytest.raises(LimitReachedError, match="once one of them is answered"):
            await ask(door, asker(1))


async def test_questions_of_several_people_under_way_count_for_their_server(database: Database) -> None:
    door = admission(database, StillClock(NOW), limits=replace(NO_LIMITS, server=TWO_AN_HOUR))

    async with door.admitted(asker(1), WorkKind.QUESTION), door.admitted(asker(2), WorkKind.QUESTION):
        with pytest.raises(LimitReachedError, match="once one of them is answered"):
            await ask(door, asker(3))
        await ask(door, asker(3, 8))


async def test_one_person_may_have_only_a_few_questions_under_way(database: Database) -> None:
    door = admission(database, StillClock(NOW))

    async with AsyncExitStack() as stack:
        for _ in range(MAX_QUESTIONS_PER_PERSON):
            await stack.enter_async_context(door.admitted(asker(1), WorkKind.QUESTION))
        with pytest.raises(InputError, match="answered"):
            await ask(door, asker(1))
        await ask(door, asker(2))

    assert door.in_hand(user_id=1) == door.in_hand(server_id=7) == 0


async def test_more_questions_than_can_be_answered_in_time_are_refused(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.limits.admission.MAX_QUESTIONS", 2)
    door = admission(database, StillClock(NOW))

    async with door.admitted(asker(1), WorkKind.QUESTION), door.admitted(asker(2), WorkKind.QUESTION):
        with pytest.raises(ServiceError, match="few minutes"):
            await ask(door, asker(3))


async def test_waiting_for_a_paper_keeps_nobody_else_from_an_answer(database: Database) -> None:
    door = admission(database, StillClock(NOW), at_a_time=1)

    async with (
        door.admitted(asker(1), WorkKind.QUESTION) as slow,
        slow.reading(UNWATCHED),
        door.admitted(asker(2), WorkKind.QUESTION) as work,
        asyncio.timeout(30),
        work.writing(UNWATCHED),
    ):
        pass


async def test_a_spent_token_budget_comes_back_after_a_day(database: Database) -> None:
    clock = StillClock(NOW)
    door = admission(database, clock, limits=replace(NO_LIMITS, user=HUNDRED_TOKENS))
    await ask(door, asker(1), tokens=60)
    clock.move_to(NOW + timedelta(hours=5))
    await ask(door, asker(1), tokens=60)

    again = int((NOW + timedelta(hours=24)).timestamp()) + 1
    with pytest.raises(LimitReachedError, match=f"100 language model tokens.*<t:{again}:R>"):
        await ask(door, asker(1))
    clock.move_to(NOW + timedelta(hours=24, seconds=1))
    await ask(door, asker(1))


async def test_a_person_over_the_limit_is_refused_without_queueing(database: Database) -> None:
    door = admission(database, StillClock(NOW), limits=replace(NO_LIMITS, user=HUNDRED_TOKENS), at_a_time=1)
    await ask(door, asker(1), tokens=100)

    async with (
        door.admitted(asker(2), WorkKind.QUESTION) as work,
        work.writing(UNWATCHED),
        asyncio.timeout(10),
    ):
        with pytest.raises(LimitReachedError):
            await ask(door, asker(1))


async def test_the_command_line_has_no_limits(database: Database) -> None:
    door = admission(database, StillClock(NOW), limits=replace(NO_LIMITS, user=TWO_AN_HOUR))

    for _ in range(3):
        await ask(door, None, tokens=10)

    assert await noted(database) == []


async def use(database: Database, door: Admission, tokens: int, *, server_id: int = 7) -> None:
    """Note the tokens of a digest other than the weekly one."""
    async with database.begin() as tx:
        await door.note_digest(tx, server_id, UsageTally(calls=1, prompt_tokens=tokens))


async def test_digests_over_a_servers_share_are_refused_for_a_day(database: Database) -> None:
    clock = StillClock(NOW)
    door = admission(database, clock, limits=replace(NO_LIMITS, server=HUNDRED_TOKENS))
    await door.check_digests(7)
    await use(database, door, 99)
    await door.check_digests(7)
    clock.move_to(NOW + timedelta(hours=3))
    await use(database, door, 50)

    again = int((NOW + timedelta(hours=24)).timestamp()) + 1
    with pytest.raises(LimitReachedError, match=f"100 language model tokens in 24 hours.*<t:{again}:R>"):
        await door.check_digests(7)
    await door.check_digests(8)
    clock.move_to(NOW + timedelta(hours=24, seconds=1))
    await door.check_digests(7)


async def test_digests_and_questions_have_separate_limits(database: Database) -> None:
    limits = Limits(
        user=Share(questions_per_hour=0, tokens_per_day=100),
        server=Share(questions_per_hour=2, tokens_per_day=100),
    )
    door = admission(database, StillClock(NOW), limits=limits)
    await use(database, door, 99)
    await use(database, door, 1)

    await ask(door, asker(1), tokens=100)
    with pytest.raises(LimitReachedError, match="digests"):
        await door.check_digests(7)
    await door.check_digests(8)
    with pytest.raises(LimitReachedError, match="You have used"):
        await ask(door, asker(1))


async def test_without_a_limit_no_digest_is_refused(database: Database) -> None:
    door = admission(database, StillClock(NOW))
    await use(database, door, 10**9)

    await door.check_digests(7)


async def test_the_usage_of_digests_is_noted_with_its_cost_unless_no_model_was_used(
    database: Database,
) -> None:
    door = admission(database, StillClock(NOW))
    await use(database, door, 500_000)
    async with database.begin() as tx:
        await door.note_digest(tx, 7, UsageTally())

    [total] = await noted(database)

    assert (total.kind, total.requests, total.prompt_tokens) == (WorkKind.DIGEST, 1, 500_000)
    assert total.cost_usd == pytest.approx(0.5)
