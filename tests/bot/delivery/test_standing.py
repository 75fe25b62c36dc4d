"""Tests of finding a digest that the database does not know."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import cast

import pytest

from bot.delivery.port import Messenger
from bot.delivery.standing import is_already_posted
from bot.errors import ChannelRefusedError, DeliveryUnclearError
from bot.weeks import Week
from storage.model import Subscription, delivery_key

WEEK = Week(2026, 47)
SUBSCRIPTION = Subscription(server_id=1, channel_id=2, categories=("cs.CL",))
KEY = delivery_key(1, 2, "2026-W47", 0)


@dataclass
class Channel:
    """A messenger whose channel shows one digest, at one time."""

    key: str
    at: datetime
    failure: Exception | None = None
    searched: list[int] = field(default_factory=list)

    async def find(self, channel_id: int, key: str, *, since: datetime) -> int | None:
        self.searched.append(channel_id)
        if self.failure is not None:
            raise self.failure
        return 9 if key == self.key and since <= self.at else None


async def is_posted(channel: Channel, created_at: datetime | None = None) -> bool:
    return await is_already_posted(
        cast("Messenger", channel), replace(SUBSCRIPTION, created_at=created_at), WEEK
    )


@pytest.mark.parametrize(
    ("made_after", "is_found"), [(None, True), (timedelta(hours=-1), True), (timedelta(hours=2), False)]
)
async def test_a_digest_counts_as_posted_only_since_the_subscription_was_made(
    made_after: timedelta | None, is_found: bool
) -> None:
    made = None if made_after is None else WEEK.complete_at + made_after
    messenger = Channel(KEY, WEEK.complete_at + timedelta(hours=1))

    assert await is_posted(messenger, made) is is_found


async def test_a_message_from_before_the_week_was_complete_is_no_digest_of_it() -> None:
    messenger = Channel(KEY, WEEK.complete_at - timedelta(hours=1))

    assert not await is_posted(messenger)


async def test_another_weeks_digest_does_not_count() -> None:
    messenger = Channel(delivery_key(1, 2, "2026-W46", 0), WEEK.complete_at + timedelta(hours=1))

    assert not await is_posted(messenger)


@pytest.mark.parametrize("failure", [ChannelRefusedError("No history."), DeliveryUnclearError("No answer.")])
async def test_a_digest_that_cannot_be_looked_for_is_posted(failure: Exception) -> None:
    messenger = Channel(KEY, WEEK.complete_at + timedelta(hours=1), failure)

    assert not await is_posted(messenger)
    assert messenger.searched == [2]
