"""Digests on request: post what is missing of a week's digest, or make it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.delivery.moving import moved
from bot.delivery.outbox import plan_again
from bot.digest.plan import DigestRequest
from bot.limits.admission import Admission
from bot.weeks import Week, latest_complete_week, parse_week
from storage.database import Database, Transaction
from storage.model import Delivery


class Runs(Protocol):
    """What this module needs of the durable runs (`bot.runs.control.Runs`)."""

    async def start_again(self, request: DigestRequest) -> bool:
        """Start the run of a week without a digest; returns False if one was already under way."""
        ...

    async def deliver_again(self, request: DigestRequest) -> bool:
        """Deliver a digest's planned messages; returns False if a run was already under way."""
        ...


class Outcome(StrEnum):
    """What became of the request."""

    MADE = "made"
    """It exists, and nothing is missing."""
    UNDER_WAY = "under way"
    """A run was already working on it."""
    THREADS = "threads"
    """It is posted; its missing threads are being opened."""
    STARTED = "started"
    """It is being made, or what is missing of it is being posted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Requested:
    """The state of a requested digest."""

    outcome: Outcome
    deliveries: Sequence[Delivery]
    """Its messages, planned or posted so far; empty if it is still to be made."""


async def week_to_post(database: Database, server_id: int, now: datetime) -> Week:
    """The newest week with something missing that may still be posted, else the last complete week."""
    async with database.begin() as tx:
        week = await tx.deliveries.newest_to_retry(server_id, now=now)
    return latest_complete_week(now) if week is None else parse_week(week)


async def make_or_finish(
    request: DigestRequest, *, database: Database, runs: Runs, admission: Admission
) -> Requested:
    """Start posting what is missing of a week's digest, or making it.

    What its channel refused moves to the channel the subscription names now.

    Raises:
        LimitReachedError: it would have to be made, and the server or person has used up the limit.
    """
    subscription = request.subscription
    async with database.begin() as tx:
        is_made = await tx.digests.is_made(request.run_id)
        deliveries = await _in_its_channel(tx, request)
        waiting = await plan_again(tx, subscription.server_id, request.week)
    if waiting:
        is_new = await runs.deliver_again(request)
    elif is_made:
        return Requested(outcome=Outcome.MADE, deliveries=deliveries)
    else:
        is_new = await _make(request, runs, admission)
    if not is_new:
        outcome = Outcome.UNDER_WAY
    elif waiting and all(delivery.message_id for delivery in deliveries):
        outcome = Outcome.THREADS
    else:
        outcome = Outcome.STARTED
    return Requested(outcome=outcome, deliveries=deliveries)


async def _make(request: DigestRequest, runs: Runs, admission: Admission) -> bool:
    owner_id = request.subscription.server_id
    if not request.subscription.is_personal:
        await admission.check_digests(owner_id)
        return await runs.start_again(request)
    await admission.check_personal_digest(owner_id, is_weekly=not request.subscription.paused)
    if is_new := await runs.start_again(request):
        await admission.note_personal_digest(owner_id)
    return is_new


async def _in_its_channel(tx: Transaction, request: DigestRequest) -> Sequence[Delivery]:
    subscription = request.subscription
    planned = await tx.deliveries.of(subscription.server_id, request.week)
    if subscription.channel_id is not None and (elsewhere := moved(planned, subscription.channel_id)):
        await tx.deliveries.replace(planned, elsewhere)
        return elsewhere
    return planned
