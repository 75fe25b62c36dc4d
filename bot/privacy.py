"""What is kept about a person, and deleting it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from bot.clock import Clock
from bot.digest.forgetting import forget_told
from bot.limits.rules import DAY
from bot.rendering.wording import counted
from storage.database import Database, Transaction

Tell: TypeAlias = Callable[[Transaction, int], Awaitable[str]]
"""Says on one line what is kept about the person with this id; empty if there is nothing to say."""
Forget: TypeAlias = Callable[[Transaction, int, datetime], Awaitable[None]]
"""Deletes it; the moment is the present."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One kind of thing that is kept about people."""

    tell: Tell
    forget: Forget


async def _deletion(tx: Transaction, user_id: int) -> str:
    at = await tx.deletions.of(user_id)
    return "" if at is None else f"You deleted your data on {at:%Y-%m-%d at %H:%M} UTC; kept for about a day."


async def _note_deletion(tx: Transaction, user_id: int, now: datetime) -> None:
    # Otherwise work under way would be stored after the deletion.
    await tx.deletions.note(user_id, now)


async def _votes(tx: Transaction, user_id: int) -> str:
    votes = await tx.tastes.votes_of_user(user_id)
    places = len({vote.server_id for vote in votes if vote.server_id})
    alone = sum(vote.server_id == 0 for vote in votes)
    return f"Votes: {len(votes)}, in {counted(places, 'server')}; {alone} of them in direct messages."


async def _forget_votes(tx: Transaction, user_id: int, _: datetime) -> None:
    await tx.tastes.forget_user(user_id)


async def _seen(tx: Transaction, user_id: int) -> str:
    seen = await tx.seen.count_of_user(user_id)
    return f"Papers you looked at on your own: {seen}."


async def _forget_seen(tx: Transaction, user_id: int, _: datetime) -> None:
    await tx.seen.forget_user(user_id)


async def _digests(tx: Transaction, user_id: int) -> str:
    subscription = await tx.subscriptions.get(user_id)
    made = await tx.digests.count(user_id)
    led = len(await tx.subscriptions.set_up_by(user_id))
    state = "not set up" if subscription is None else "on demand" if subscription.paused else "every week"
    return (
        f"Your personal digest: {state}; {made} kept. "
        f"I write to you if something is wrong with the digests of {counted(led, 'server')}."
    )


async def _forget_digests(tx: Transaction, user_id: int, _: datetime) -> None:
    await tx.subscriptions.forget_user(user_id)
    await tx.digests.forget_owner(user_id)
    await tx.deliveries.forget_owner(user_id)
    await forget_told(tx, user_id)


async def _conversations(tx: Transaction, user_id: int) -> str:
    kept = await tx.conversations.count_of_user(user_id)
    return f"Questions with their answers, kept for a day so that you can ask more: {kept}."


async def _forget_conversations(tx: Transaction, user_id: int, _: datetime) -> None:
    await tx.conversations.forget_user(user_id)


async def _usage(tx: Transaction, user_id: int) -> str:
    noted = await tx.usage.count_of_user(user_id)
    return f"Records of when you asked for something and what it used, but not what you wrote: {noted}."


async def _forget_usage(tx: Transaction, user_id: int, now: datetime) -> None:
    # Otherwise people could reset a used-up share by deleting their data.
    await tx.usage.forget_user(user_id, before=now - DAY)


EVERYTHING = (
    Kept(tell=_deletion, forget=_note_deletion),
    Kept(tell=_votes, forget=_forget_votes),
    Kept(tell=_seen, forget=_forget_seen),
    Kept(tell=_digests, forget=_forget_digests),
    Kept(tell=_conversations, forget=_forget_conversations),
    Kept(tell=_usage, forget=_forget_usage),
)
"""All that is kept about people; anything new belongs here. The deletion is noted first."""


class Privacy:
    """Shows people what is kept about them, and deletes it."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def show(self, user_id: int) -> list[str]:
        """What is kept, one line for each kind."""
        async with self._database.begin() as tx:
            lines = [await kind.tell(tx, user_id) for kind in EVERYTHING]
        return [line for line in lines if line]

    async def delete(self, user_id: int) -> None:
        """Delete all about the person or, on failure, nothing; the last day's usage stays for the limits."""
        now = self._clock.now()
        async with self._database.begin() as tx:
            for kind in EVERYTHING:
                await kind.forget(tx, user_id, now)
