"""Moving a digest that its channel refused to another channel."""

from dataclasses import replace

import pytest

from bot.delivery.moving import moved
from storage.model import DeliveryState
from tests.bot.delivery.conftest import delivery

OTHER = 99


def test_a_refused_digest_is_planned_for_another_channel_with_its_own_marker() -> None:
    refused = [
        replace(delivery(0), state=DeliveryState.FAILED, error="no", first_try_at=delivery(0).deadline),
        delivery(1),
    ]

    there = moved(refused, OTHER)

    assert [(one.channel_id, one.part, one.state) for one in there] == [
        (OTHER, 0, DeliveryState.PLANNED),
        (OTHER, 1, DeliveryState.PLANNED),
    ]
    assert all(one.first_try_at is None and one.error is None for one in there)
    assert [one.payload for one in there] == [delivery(part, channel_id=OTHER).payload for part in range(2)]


@pytest.mark.parametrize("state", [DeliveryState.SENDING, DeliveryState.SENT])
def test_a_possibly_posted_message_keeps_the_digest_in_its_channel(state: DeliveryState) -> None:
    head, part = replace(delivery(0), state=state), replace(delivery(1), state=DeliveryState.FAILED)

    assert moved([head, part], OTHER) == []


def test_a_digest_that_was_not_refused_or_is_already_in_the_channel_stays() -> None:
    assert moved([delivery(0)], OTHER) == []
    assert moved([replace(delivery(0), state=DeliveryState.FAILED)], delivery(0).channel_id) == []
    assert moved([], OTHER) == []
