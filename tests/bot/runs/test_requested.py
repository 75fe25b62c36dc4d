"""A week's digest on request."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from bot.digest.plan import DigestRequest
from bot.limits.rules import MAX_PERSONAL_DIGESTS, LimitReachedError, Limits
from bot.llm.usage import UsageTally
from bot.runs.requested import Outcome, Requested, make_or_finish, week_to_post
from bot.weeks import parse_week
from storage.database import Database
from storage.model import Delivery, DeliveryState
from tests.bot.digest.press import FRIDAY_NINE, SUBSCRIPTION, WEEK, planned, request
from tests.bot.limits.doors import NO_LIMITS, ONE_TOKEN, admission
from tests.fakes.clock import StillClock
from tests.storage.records import delivery, digest

REQUEST = request()
POSTED: dict[str, Any] = {"state": DeliveryState.SENT, "message_id": 100}
REFUSED: dict[str, Any] = {"state": DeliveryState.FAILED, "error": "no"}


@dataclass
class Desk:
    """Requests a digest; its runs only note what they are told to do."""

    database: Database
    limits: Limits = NO_LIMITS
    clock: StillClock = field(default_factory=lambda: StillClock(FRIDAY_NINE))
    started: list[str] = field(default_factory=list)
    is_under_way: bool = False

    async def start_again(self, request: DigestRequest) -> bool:
        return self._start("make", request)

    async def deliver_again(self, request: DigestRequest) -> bool:
        return self._start("deliver", request)

    def _start(self, what: str, request: DigestRequest) -> bool:
        if not self.is_under_way:
            self.started.append(f"{what} {request.week}")
        return not self.is_under_way

    async def ask(self) -> Requested:
        door = admission(self.database, self.clock, limits=self.limits)
        return await make_or_finish(REQUEST, database=self.database, runs=self, admission=door)

    async def store(self, *messages: Delivery) -> None:
        """Store the digest, as if made before, with these messages."""
        async with self.database.begin() as tx:
            await tx.digests.save(digest(id=REQUEST.run_id, server_id=SUBSCRIPTION.server_id, week=WEEK))
            await tx.deliveries.plan(messages)


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


def message(part: int = 0, **facts: Any) -> Delivery:
    place = {"server_id": SUBSCRIPTION.server_id, "channel_id": SUBSCRIPTION.channel_id, "week": WEEK}
    return delivery(part=part, deadline=FRIDAY_NINE + timedelta(days=7), **(place | facts))


async def test_a_missing_digest_is_made(desk: Desk) -> None:
    asked = await desk.ask()

    assert (asked.outcome, asked.deliveries) == (Outcome.STARTED, [])
    assert desk.started == [f"make {WEEK}"]


async def test_the_limit_on_personal_digests_is_none_on_a_servers(desk: Desk) -> None:
    asked = [(await desk.ask()).outcome for _ in range(MAX_PERSONAL_DIGESTS + 1)]

    assert set(asked) == {Outcome.STARTED}


async def test_nothing_is_done_about_a_posted_digest(desk: Desk) -> None:
    await desk.store(message(**POSTED))

    asked = await desk.ask()

    assert asked.outcome is Outcome.MADE
    assert [one.message_id for one in asked.deliveries] == [100]
    assert desk.started == []


async def test_a_refused_message_is_posted_again(desk: Desk) -> None:
    await desk.store(message(**POSTED), message(1, **REFUSED))

    asked = await desk.ask()

    assert asked.outcome is Outcome.STARTED
    assert [one.state for one in await planned(desk.database)] == [DeliveryState.SENT, DeliveryState.PLANNED]
    assert desk.started == [f"deliver {WEEK}"]


async def test_what_another_channel_refused_goes_to_the_current_one(desk: Desk) -> None:
    await desk.store(message(channel_id=71, **REFUSED))

    asked = await desk.ask()

    assert asked.outcome is Outcome.STARTED
    assert [(one.channel_id, one.state) for one in await planned(desk.database)] == [
        (SUBSCRIPTION.channel_id, DeliveryState.PLANNED)
    ]
    assert [one.channel_id for one in asked.deliveries] == [SUBSCRIPTION.channel_id]


async def test_missing_threads_of_a_posted_digest_are_opened(desk: Desk) -> None:
    await desk.store(message(**POSTED), message(1, **POSTED, thread_name="About it"))

    assert (await desk.ask()).outcome is Outcome.THREADS
    assert desk.started == [f"deliver {WEEK}"]


@pytest.mark.parametrize("is_made", [False, True])
async def test_a_run_under_way_is_left_alone(desk: Desk, is_made: bool) -> None:
    if is_made:
        await desk.store(message(**REFUSED))
    desk.is_under_way = True

    assert (await desk.ask()).outcome is Outcome.UNDER_WAY
    assert desk.started == []


async def test_a_server_that_used_up_its_share_gets_no_new_digest_but_a_started_one_is_finished(
    desk: Desk,
) -> None:
    desk.limits = ONE_TOKEN
    async with desk.database.begin() as tx:
        door = admission(desk.database, desk.clock, limits=desk.limits)
        await door.note_digest(tx, SUBSCRIPTION.server_id, UsageTally(calls=1, prompt_tokens=1))

    with pytest.raises(LimitReachedError):
        await desk.ask()
    assert desk.started == []

    await desk.store(message(**REFUSED))
    assert (await desk.ask()).outcome is Outcome.STARTED


async def test_an_earlier_week_with_something_missing_comes_before_the_last_complete_one(desk: Desk) -> None:
    now, deadline = FRIDAY_NINE, FRIDAY_NINE + timedelta(days=1)
    assert await week_to_post(desk.database, SUBSCRIPTION.server_id, now) == parse_week(WEEK)

    await desk.store(replace(message(**REFUSED), week="2026-W46", deadline=deadline))

    assert await week_to_post(desk.database, SUBSCRIPTION.server_id, now) == parse_week("2026-W46")
    assert await week_to_post(desk.database, SUBSCRIPTION.server_id, deadline) == parse_week(WEEK)
