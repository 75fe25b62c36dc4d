"""Casting votes: one for each person and paper, which may change."""

from dataclasses import dataclass, replace

from bot.clock import Clock
from bot.errors import InputError
from bot.limits.rules import HOUR
from storage.database import Database, Transaction
from storage.model import Paper, Vote, VoteCount

PERSONAL = 0
"""The server id of votes in direct messages, which belong to the voter alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A paper's votes as one person sees them."""

    paper: Paper
    count: VoteCount
    """The server's; in direct messages, the person's alone."""
    within_hour: int = 0
    """How many votes the person has cast there within the last hour; 0 unless one was just cast."""


class Ballots:
    """Takes votes and counts them."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def press(self, server_id: int, user_id: int, paper_id: str, *, liked: bool) -> Standing:
        """Vote, change the vote, or take it back if the same button is pressed again.

        Args:
            server_id: 0 for direct messages.
            user_id: The voter.
            paper_id: Versionless.
            liked: 👍 or 👎.

        Raises:
            InputError: the paper is not stored.
        """
        async with self._database.begin() as tx:
            paper = await _stored(tx, paper_id)
            before = await tx.tastes.vote_of(server_id, user_id, paper_id)
            if before is not None and before.liked is liked:
                await tx.tastes.take_back_votes(server_id, user_id, [paper_id])
                return await _standing(tx, server_id, user_id, paper)
            now = self._clock.now()
            vote = Vote(server_id=server_id, user_id=user_id, paper_id=paper_id, liked=liked, at=now)
            await tx.tastes.save_votes([vote])
            standing = await _standing(tx, server_id, user_id, paper)
            within_hour = await tx.tastes.count_since(server_id, user_id, now - HOUR)
        return replace(standing, within_hour=within_hour)

    async def standing(self, server_id: int, user_id: int, paper_id: str) -> Standing:
        """A paper's votes as one person sees them.

        Raises:
            InputError: the paper is not stored.
        """
        async with self._database.begin() as tx:
            return await _standing(tx, server_id, user_id, await _stored(tx, paper_id))

    async def count(self, server_id: int, user_id: int, paper_id: str) -> VoteCount:
        """A paper's votes as one person sees them, whether it is stored or not."""
        async with self._database.begin() as tx:
            return await _count(tx, server_id, user_id, paper_id)


async def _stored(tx: Transaction, paper_id: str) -> Paper:
    paper = await tx.papers.get(paper_id)
    if paper is None:
        raise InputError(
            "I have no record of this paper, perhaps because a backup was restored. "
            f"Run `/summarize paper:{paper_id}` first, then vote again."
        )
    return paper


async def _standing(tx: Transaction, server_id: int, user_id: int, paper: Paper) -> Standing:
    return Standing(paper=paper, count=await _count(tx, server_id, user_id, paper.id))


async def _count(tx: Transaction, server_id: int, user_id: int, paper_id: str) -> VoteCount:
    alone = user_id if server_id == PERSONAL else None
    counts = await tx.tastes.counts(server_id, [paper_id], user_id=alone)
    return counts.get(paper_id, VoteCount())
