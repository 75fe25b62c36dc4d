"""What a server's admin is told of trouble with a digest: each trouble once for a week and channel.

A refusal and the notice of it are stored in one transaction, and the notice stays until it reached somebody:
neither a bot that dies nor a Discord that does not answer keeps it from the admin. Where nobody can be
reached, runs end after some tries.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.clock import Clock
from bot.delivery.port import Messenger
from storage.database import Database, Transaction
from storage.model import Subscription

_TRIES = 4
"""A run that has nothing left to post is repeated so often to tell why, like one that has no digest."""
_UNTOLD = "untold"
"""What a notice's fact begins with until it reached somebody: the tries and the words follow. Then it is the
moment at which it did."""


class Trouble(StrEnum):
    """What went wrong with a digest's delivery."""

    CHANNEL = "channel"
    """The channel cannot be used; the rest was not tried."""
    MESSAGE = "message"
    """One message was refused; the others went on."""
    UNREADABLE = "unreadable"
    """A message was perhaps posted, and the history cannot be read to see; the rest waits."""
    UNCLEAR = "unclear"
    """Discord does not answer clearly; the rest waits."""
    EXPIRED = "expired"
    """The week is over."""
    THREADS = "threads"
    """The messages stand, some threads don't."""


_MET_AGAIN = {Trouble.UNREADABLE, Trouble.THREADS}
"""Every run meets these for as long as they last; the others are stored with the messages' states."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One trouble in words for the server's admin."""

    trouble: Trouble
    channel_id: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Untold:
    """A notice that reached nobody yet."""

    problem: Problem
    tries: int


class Notices:
    """Tells admins what storage says they were not told yet."""

    def __init__(self, database: Database, messenger: Messenger, clock: Clock) -> None:
        self._database = database
        self._messenger = messenger
        self._clock = clock

    async def tell(self, server_id: int, week: str, met: Sequence[Problem]) -> int:
        """Tell of what is stored and of what a run has just met; returns how many notices to try again.

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
                continue  # it is over
            waiting += await self._try(server_id, week, notice, subscription)
        return waiting

    async def _try(
        self, server_id: int, week: str, notice: _Untold, subscription: Subscription | None
    ) -> bool:
        """Tell one; returns whether to try again."""
        admin_id = subscription.admin_id if subscription else None
        is_personal = subscription is not None and subscription.is_personal
        problem, tries = notice.problem, notice.tries + 1
        is_told = await self._messenger.tell_admin(
            server_id, problem.channel_id, admin_id, _text(problem, week, is_personal=is_personal)
        )
        name = _name(server_id, week, problem)
        async with self._database.begin() as tx:
            if await tx.state.get(name) is None:
                return False  # what it told of was planned again meanwhile
            told = self._clock.now().isoformat()
            await tx.state.set(name, told if is_told else f"{_UNTOLD} {tries} {problem.words}")
        return not is_told and tries < _TRIES


async def note(tx: Transaction, server_id: int, week: str, problem: Problem) -> None:
    """Store that the admin is to be told of a trouble, if they were not for this week and channel."""
    name = _name(server_id, week, problem)
    known = await tx.state.get(name) or f"{_UNTOLD} 0 "
    if known.startswith(_UNTOLD):
        _, tries, _ = known.split(" ", 2)
        await tx.state.set(name, f"{_UNTOLD} {tries} {problem.words}")


async def forget_notices(tx: Transaction, server_id: int) -> None:
    """Forget all that was told, and was to be told, of a server's digests."""
    await tx.state.forget(_of_server(server_id))


async def forget_notices_of_retried(tx: Transaction, server_id: int, week: str) -> None:
    """Forget what was told, and was to be told, of what is tried once more: its next refusal is told again.

    That a week is over stays as it is.
    """
    for trouble in set(Trouble) - {Trouble.EXPIRED}:
        await tx.state.forget(f"{_of_week(server_id, week)}{trouble} ")


async def _untold(tx: Transaction, server_id: int, week: str) -> list[_Untold]:
    prefix, untold = _of_week(server_id, week), list[_Untold]()
    for name, value in (await tx.state.named(prefix)).items():
        if value.startswith(_UNTOLD):
            trouble, channel_id = name.removeprefix(prefix).split(" ")
            _, tries, words = value.split(" ", 2)
            problem = Problem(trouble=Trouble(trouble), channel_id=int(channel_id), words=words)
            untold.append(_Untold(problem=problem, tries=int(tries)))
    return untold


def _name(server_id: int, week: str, problem: Problem) -> str:
    return f"{_of_week(server_id, week)}{problem.trouble} {problem.channel_id}"


def _of_week(server_id: int, week: str) -> str:
    return f"{_of_server(server_id)}{week} "


def _of_server(server_id: int) -> str:
    return f"told {server_id} "


_TEXTS = {
    Trouble.CHANNEL: "The digest of {week} could not be posted in {channel}. {why}",
    Trouble.MESSAGE: "A part of the digest of {week} was not posted in {channel}. {why}",
    Trouble.UNREADABLE: (
        "The digest of {week} stopped half-way in {channel}, as the bot cannot see what it has posted. {why} "
        "Grant this, and it goes on where it was."
    ),
    Trouble.EXPIRED: "The digest of {week} was not posted in {channel} in time, or only in part. {why}",
    Trouble.THREADS: "The digest of {week} stands in {channel}, but not all its threads. {why}",
}
"""What is unclear solves itself, or expires."""
_AFTERWARDS = {
    Trouble.CHANNEL: "When that is put right, `/digest now` posts it.",
    Trouble.MESSAGE: "When that is put right, `/digest now` posts it.",
    Trouble.THREADS: "When that is put right, `/digest now` opens them.",
}
"""How an admin gets what does not go on by itself. What waits goes on, and what is overdue is over."""


def _text(problem: Problem, week: str, *, is_personal: bool) -> str:
    """What an admin, or the one reader of a digest of their own, is told of a trouble."""
    channel = f"<#{problem.channel_id}>"
    text = _TEXTS[problem.trouble].format(week=week, channel=channel, why=problem.words)
    afterwards = "" if is_personal else _AFTERWARDS.get(problem.trouble, "")
    return f"{text} {afterwards}".rstrip()
