"""Moving a digest that its channel refused to another channel (pure)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.delivery.marker import visible_marker
from storage.model import Delivery, DeliveryState


def moved(deliveries: Sequence[Delivery], channel_id: int) -> list[Delivery]:
    """A digest's deliveries, planned for another channel.

    Empty if none was refused, if one is in that channel already, or if one was or may have been posted: a
    digest is never split.
    """
    was_refused = any(delivery.state is DeliveryState.FAILED for delivery in deliveries)
    stays = any(
        delivery.state in {DeliveryState.SENDING, DeliveryState.SENT} or delivery.channel_id == channel_id
        for delivery in deliveries
    )
    return [_moved(delivery, channel_id) for delivery in deliveries] if was_refused and not stays else []


def _moved(delivery: Delivery, channel_id: int) -> Delivery:
    there = replace(
        delivery, channel_id=channel_id, state=DeliveryState.PLANNED, first_try_at=None, error=None
    )
    old, new = visible_marker(delivery.key), visible_marker(there.key)
    return replace(there, payload={name: _with(part, old, new) for name, part in delivery.payload.items()})


def _with(part: Any, old: str, new: str) -> Any:  # noqa: ANN401 - JSON
    """A part of a message with the old marker replaced wherever it occurs."""
    if isinstance(part, str):
        return part.replace(old, new)
    if isinstance(part, list):
        return [_with(inner, old, new) for inner in part]
    if isinstance(part, dict):
        return {name: _with(inner, old, new) for name, inner in part.items()}
    return part
