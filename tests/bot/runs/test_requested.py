"""A week's digest that somebody asks for."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from bot.digest.plan import DigestRequest
from bot.limits.rules import LimitReachedError, Limits
from bot.llm.usage import UsageTally
from bot.runs.requested import Outcome, Requested, make_or_finish, week_to_post
from bot.weeks import parse_week
from storage.database import Database
from storage.model import Delivery, DeliveryState
from tests.bot.digest.press import FRIDAY_NINE, WEEK, WISH, request
from tests.bot.limits.doors import NO_LIMITS, ONE_TOKEN, admission
from tests.fakes.clock import StillClock
from tests.storage.records import delivery, digest

REQUEST = request()
STANDS: dict[str, Any] = {"state": DeliveryState.SENT, "message_id": 100}
REFUSED: dict[str, Any] = {"state": DeliveryState.FAILED, "error": "no"}


@dataclass
class Desk:
    """Where a digest is asked for; the runs only note what they are told to do."""

    database: Database
    limits: Limits = NO_LIMITS
    clock: StillClock = field(default_factory=lambda: StillClock(FRIDAY_NINE))
    begun: list[str] = field(default_factory=list)
    is_under_way: bool = False

    async def start_again(self, wish: DigestRequest) -> bool:
        return self._begin("make", wish)

    async def deliver_again(self, wish: DigestRequest) -> bool:
        return self._begin("deliver", wish)

    def _begin(self, what: str, wish: DigestRequest) -> bool:
        if not self.is_under_way:
            self.begun.append(f"{what} {wish.week}")
        return not self.is_under_way

    async def ask(self) -> Requested:
        door = admission(self.database, self.clock, limits=self.limits)
        return await make_or_finish(REQUEST, database=self.database, runs=self, admission=door)

    async def made(self, *messages: Delivery) -> None:
        """Let the digest have been made, with these messages."""
        async with self.database.begin() as tx:
            await tx.digests.save(digest(id=REQUEST.run_id, server_id=WISH.server_id, week=WEEK))
            await tx.deliveries.plan(messages)

    async def planned(self) -> list[Delivery]:
        async with self.database.begin() as tx:
            return await tx.deliveries.of(WISH.server_id, WEEK)


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


def message(part: int = 0, **facts: Any) -> Delivery:
    place = {"server_id": WISH.server_id, "channel_id": WISH.channel_id, "week": WEEK}
    return delivery(part=part, deadline=FRIDAY_NINE + timedelta(days=7), **(place | facts))


async def test_what_was_not_made_is_made(desk: Desk) -> None:
    asked = await desk.ask()

    assert (asked.outcome, asked.deliveries) == (Outcome.STARTED, [])
    assert desk.begun == [f"make {WEEK}"]


async def test_nothing_is_done_about_what_stands(desk: Desk) -> None:
    await desk.made(message(**STANDS))

    asked = await desk.ask()

    assert asked.outcome is Outcome.MADE
    assert [one.message_id for one in asked.deliveries] == [100]
    assert desk.begun == []


async def test_what_was_refused_is_posted_again(desk: Desk) -> None:
    await desk.made(message(**STANDS), message(1, **REFUSED))

    asked = await desk.ask()

    assert asked.outcome is Outcome.STARTED
    assert [one.state for one in await desk.planned()] == [DeliveryState.SENT, DeliveryState.PLANNED]
    assert desk.begun == [f"deliver {WEEK}"]


async def test_what_another_channel_refused_goes_to_the_one_of_now(desk: Desk) -> None:
    await desk.made(message(channel_id=71, **REFUSED))

    asked = await desk.ask()

    assert asked.outcome is Outcome.STARTED
    assert [(one.channel_id, one.state) for one in await desk.planned()] == [
        (WISH.channel_id, DeliveryState.PLANNED)
    ]
    assert [one.channel_id for one in asked.deliveries] == [WISH.channel_id]


async def test_of_one_that_stands_missing_threads_are_opened(desk: Desk) -> None:
    await desk.made(message(**STANDS), message(1, **STANDS, thread_name="About it"))

    assert (await desk.ask()).outcome is Outcome.THREADS
    assert desk.begun == [f"deliver {WEEK}"]


@pytest.mark.parametrize("is_made", [False, True])
async def test_a_run_that_is_at_it_is_left_alone(desk: Desk, is_made: bool) -> None:
    if is_made:
        await desk.made(message(**REFUSED))
    desk.is_under_way = True

    assert (await desk.ask()).outcome is Outcome.UNDER_WAY
    assert desk.begun == []


async def test_a_server_that_used_its_share_has_none_made_but_one_finished(desk: Desk) -> None:
    desk.limits = ONE_TOKEN
    async with desk.database.begin() as tx:
        door = admission(desk.database, desk.clock, limits=desk.limits)
        await door.note_digest(tx, WISH.server_id, UsageTally(calls=1, prompt_tokens=1))

    with pytest.raises(LimitReachedError):
        await desk.ask()
    assert desk.begun == []

    await desk.made(message(**REFUSED))
    assert (await desk.ask()).outcome is Outcome.STARTED


async def test_an_earlier_week_that_is_not_whole_comes_before_the_last_complete_one(desk: Desk) -> None:
    now, deadline = FRIDAY_NINE, FRIDAY_NINE + timedelta(days=1)
    assert await week_to_post(desk.database, WISH.server_id, now) == parse_week(WEEK)

    await desk.made(replace(message(**REFUSED), week="2026-W46", deadline=deadline))

    assert await week_to_post(desk.database, WISH.server_id, now) == parse_week("2026-W46")
    assert await week_to_post(desk.database, WISH.server_id, deadline) == parse_week(WEEK)
