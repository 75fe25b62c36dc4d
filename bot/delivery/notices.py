"""Notices to a server's admin about problems with a digest: each kind once per week and channel.

A refusal and its notice are stored in one transaction, and the notice is kept until it has reached someone:
neither a crash nor an outage of Discord loses it. If nobody can be reached, runs give up after some tries.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from bot.clock import Clock
from bot.delivery.port import Messenger
from bot.delivery.untold import Untold
from bot.errors import DeliveryError
from storage.database import Database, Transaction
from storage.model import Delivery, Subscription

_TRIES = 4
"""How often a run that has nothing left to post tries to deliver a notice."""


class Trouble(StrEnum):
    """What went wrong with a digest's delivery."""

    CHANNEL = "channel"
    """The channel cannot be used; the other messages were not tried."""
    MESSAGE = "message"
    """One message was refused; the others went on."""
    UNREADABLE = "unreadable"
    """A message may have been posted, and the history cannot be read to check; the rest waits."""
    UNCLEAR = "unclear"
    """Discord does not answer clearly; the rest waits."""
    EXPIRED = "expired"
    """The week is over."""
    THREADS = "threads"
    """The messages are posted, some threads are missing."""


_MET_AGAIN = {Trouble.UNREADABLE, Trouble.THREADS}
"""Every run encounters these while they last; the others are stored with the messages' states."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One problem, worded for the server's admin."""

    trouble: Trouble
    channel_id: int
    words: str

    @classmethod
    def of(cls, trouble: Trouble, delivery: Delivery, error: DeliveryError) -> Self:
        """The problem that this delivery has."""
        return cls(trouble=trouble, channel_id=delivery.channel_id, words=str(error))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Notice:
    """A notice that has reached nobody yet."""

    problem: Problem
    tries: int


class Notices:
    """Tells admins what storage says they have not been told yet."""

    def __init__(self, database: Database, messenger: Messenger, clock: Clock) -> None:
        self._database = database
        self._messenger = messenger
        self._clock = clock

    async def tell(self, server_id: int, week: str, met: Sequence[Problem]) -> int:
        """Send stored notices and those of a run just ended; returns how many to try again.

        Raises:
            StorageFailure: the database failed; repeat later.
        """
        lasting = {(p.trouble, p.channel_id): p for p in reversed(met) if p.trouble in _MET_AGAIN}
        async with self._database.begin() as tx:
            subscription = await tx.subscriptions.get(server_id)
            for problem in lasting.values():
                await note(tx, server_id, week, problem)
            untold = await _untold(tx, server_id, week)
        waiting = 0
        for notice in untold:
            problem = notice.problem
            if problem.trouble in _MET_AGAIN and (problem.trouble, problem.channel_id) not in lasting:
                continue  # it has passed
            waiting += await self._try(server_id, week, notice, subscription)
        return waiting

    async def _try(
        self, server_id: int, week: str, notice: _Notice, subscription: Subscription | None
    ) -> bool:
        """Send one; returns whether to try again."""
        admin_id = subscription.admin_id if subscription else None
        is_personal = subscription is not None and subscription.is_personal
        problem, tries = notice.problem, notice.tries + 1
        is_told = await self._messenger.tell_admin(
            server_id, problem.channel_id, admin_id, _text(problem, week, is_personal=is_personal)
        )
        name = _name(server_id, week, problem)
        async with self._database.begin() as tx:
            if await tx.state.get(name) is None:
                return False  # the message was planned again meanwhile
            told = self._clock.now().isoformat()
            await tx.state.set(name, told if is_told else str(Untold(tries, problem.words)))
        return not is_told and tries < _TRIES


async def note(tx: Transaction, server_id: int, week: str, problem: Problem) -> None:
    """Store a notice for the admin, unless they were told of this kind for this week and channel."""
    name = _name(server_id, week, problem)
    stored = await tx.state.get(name)
    known = Untold() if stored is None else Untold.read(stored)
    if known is not None:
        await tx.state.set(name, str(known._replace(words=problem.words)))


async def forget_notices(tx: Transaction, server_id: int) -> None:
    """Forget all notices about a server's digests, sent or not."""
    await tx.state.forget(_of_server(server_id))


async def forget_notices_of_retried(tx: Transaction, server_id: int, week: str) -> None:
    """Forget the notices about a week that is being retried, so that its next refusal is reported again.

    An expired week's notice is kept.
    """
    for trouble in set(Trouble) - {Trouble.EXPIRED}:
        await tx.state.forget(f"{_of_week(server_id, week)}{trouble} ")


async def _untold(tx: Transaction, server_id: int, week: str) -> list[_Notice]:
    prefix, untold = _of_week(server_id, week), list[_Notice]()
    for name, value in (await tx.state.named(prefix)).items():
        stored = Untold.read(value)
        if stored is not None:
            trouble, channel_id = name.removeprefix(prefix).split(" ")
            problem = Problem(trouble=Trouble(trouble), channel_id=int(channel_id), words=stored.words)
            untold.append(_Notice(problem=problem, tries=stored.tries))
    return untold


def _name(server_id: int, week: str, problem: Problem) -> str:
    return f"{_of_week(server_id, week)}{problem.trouble} {problem.channel_id}"


def _of_week(server_id: int, week: str) -> str:
    return f"{_of_server(server_id)}{week} "


def _of_server(server_id: int) -> str:
    return f"told {server_id} "


_TEXTS = {
    Trouble.CHANNEL: "The digest of {week} could not be posted {where}. {why}",
    Trouble.MESSAGE: "Part of the digest of {week} could not be posted {where}. {why}",
    Trouble.UNREADABLE: (
        "The digest of {week} stopped half-way {where}, because the bot cannot see what it has posted. "
        "{why} Once this is granted, it continues."
    ),
    Trouble.EXPIRED: "The digest of {week} was not posted {where} in time, or only in part. {why}",
    Trouble.THREADS: "The digest of {week} is {where}, but some of its threads are missing. {why}",
}
"""None for `UNCLEAR`, which resolves itself or expires."""
_AFTERWARDS = {
    Trouble.CHANNEL: "Once that is fixed, `/digest now` posts it.",
    Trouble.MESSAGE: "Once that is fixed, `/digest now` posts it.",
    Trouble.EXPIRED: "`/digest export week:{week}` still has it.",
    Trouble.THREADS: "Once that is fixed, `/digest now` opens them.",
}
"""What the admin can do about problems that do not resolve themselves."""
_AFTERWARDS_IN_PERSON = {
    Trouble.CHANNEL: "Once that is fixed, `/digest mine` in a server sends it.",
    Trouble.MESSAGE: "Once that is fixed, `/digest mine` in a server sends it.",
    Trouble.EXPIRED: "`/digest mine` in a server sends the newest one.",
}
"""The same for the reader of a personal digest, which has no threads."""


def _text(problem: Problem, week: str, *, is_personal: bool) -> str:
    """The notice for an admin, or for the reader of a personal digest, in their direct messages."""
    where = "here" if is_personal else f"in <#{problem.channel_id}>"
    text = _TEXTS[problem.trouble].format(week=week, where=where, why=problem.words)
    afterwards = (_AFTERWARDS_IN_PERSON if is_personal else _AFTERWARDS).get(problem.trouble, "")
    return f"{text} {afterwards.format(week=week)}".rstrip()
