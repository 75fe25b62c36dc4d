"""A planned digest of three messages, and a clock set in its week."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.delivery.marker import visible_marker
from bot.delivery.notices import Trouble
from bot.delivery.outbox import DeliveryReport, Outbox
from storage.database import Database
from storage.model import Delivery, Subscription, delivery_key
from tests.fakes.clock import StillClock
from tests.fakes.messenger import FakeMessenger

SERVER, CHANNEL, ADMIN, WEEK = 7, 70, 700, "2026-W47"
FRIDAY = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
DEADLINE = FRIDAY + timedelta(days=3)


ALL = ["part 0", "part 1", "part 2"]
"""What `shown` returns once the whole digest is posted."""


def delivery(part: int, **changes: Any) -> Delivery:
    marker = visible_marker(delivery_key(SERVER, changes.get("channel_id", CHANNEL), WEEK, part))
    components = [{"type": 10, "content": f"part {part}"}, {"type": 10, "content": marker}]
    facts: dict[str, Any] = {
        "server_id": SERVER,
        "channel_id": CHANNEL,
        "week": WEEK,
        "payload": {"flags": 1 << 15, "components": components},
        "deadline": DEADLINE,
    }
    return Delivery(part=part, **(facts | changes))


def shown(messenger: FakeMessenger) -> list[str]:
    """The first line of every posted message, oldest first."""
    return [str(message.payload["components"][0]["content"]) for message in messenger.posted]


async def stored(database: Database) -> list[Delivery]:
    async with database.begin() as tx:
        return await tx.deliveries.of(SERVER, WEEK)


def troubles(report: DeliveryReport) -> list[Trouble]:
    return [problem.trouble for problem in report.problems]


@pytest.fixture
def clock() -> StillClock:
    return StillClock(FRIDAY)


@pytest.fixture
def messenger(clock: StillClock) -> FakeMessenger:
    return FakeMessenger(clock)


@pytest.fixture
async def sqlite(fresh_sqlite_url: str, clock: StillClock) -> AsyncIterator[Database]:
    """A database with three planned deliveries and their subscription."""
    database = await Database.open(fresh_sqlite_url, clock_now=clock.now)
    async with database.begin() as tx:
        await tx.subscriptions.save(Subscription(server_id=SERVER, channel_id=CHANNEL, admin_id=ADMIN))
        await tx.deliveries.plan([delivery(part) for part in range(3)])
    yield database
    await database.close()


@pytest.fixture
def outbox(sqlite: Database, messenger: FakeMessenger, clock: StillClock) -> Outbox:
    return Outbox(sqlite, messenger, clock)
