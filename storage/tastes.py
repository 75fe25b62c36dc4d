"""Tastes: votes, seeds and preferences. Each belongs to one server, and is used only there.

Only a person's own votes are read across servers.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, case, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.advisory_locks import hold
from storage.batches import batched
from storage.model import IMPORTED, Preference, Seed, Subject, Vote, VoteCount
from storage.rows import record_of, records_in_steps, row_of
from storage.tables import PreferenceRow, SeedRow, VoteRow
from storage.upserts import execute_rows, insert, upsert

_NEWEST_VOTES = 2_000
"""Looked through for the papers voted on lately, at each keystroke of an author's name."""


class Tastes:
    """The queries over tastes, inside one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def take_turn(self, server_id: int) -> None:
        """Make others who take a turn to change this server's taste wait until the transaction ends."""
        turn = func.hashtextextended(f"taste of {server_id}", 0)
        await hold(self._session, func.pg_advisory_xact_lock(turn))

    async def save_votes(self, votes: Sequence[Vote]) -> None:
        """Store several votes, each replacing the same person's for the same paper in the same server."""
        await upsert(self._session, VoteRow, [row_of(VoteRow, vote) for vote in votes])

    async def take_back_votes(self, server_id: int, user_id: int, paper_ids: Sequence[str]) -> None:
        """Forget a person's votes for several papers in that server."""
        for batch in batched(paper_ids):
            await self._session.execute(
                delete(VoteRow).where(
                    VoteRow.server_id == server_id, VoteRow.user_id == user_id, VoteRow.paper_id.in_(batch)
                )
            )

    async def vote_of(self, server_id: int, user_id: int, paper_id: str) -> Vote | None:
        """A person's vote for a paper in that server."""
        row = await self._session.get(VoteRow, (server_id, user_id, paper_id), populate_existing=True)
        return None if row is None else record_of(Vote, row)

    async def votes(
        self, server_id: int, *, user_id: int | None = None, before: datetime | None = None
    ) -> list[Vote]:
        """A server's votes, or one person's there, oldest first; those of a moment by person and paper."""
        whose = () if user_id is None else (VoteRow.user_id == user_id,)
        return await self._votes(VoteRow.server_id == server_id, *whose, before=before)

    async def votes_of_user(self, user_id: int, *, before: datetime | None = None) -> list[Vote]:
        """A person's votes in all servers and in direct messages, in the same order."""
        return await self._votes(VoteRow.user_id == user_id, before=before)

    async def count_since(self, server_id: int, user_id: int, since: datetime) -> int:
        """How many of a person's votes in that server were given after a moment."""
        own = (VoteRow.server_id == server_id, VoteRow.user_id == user_id, VoteRow.at > since)
        return await self._session.scalar(select(func.count()).select_from(VoteRow).where(*own)) or 0

    async def voted_on_lately(self, server_id: int, limit: int) -> list[str]:
        """Versionless ids of the papers that a server's newest votes are for, the last voted on first."""
        ids = await self._session.scalars(
            select(VoteRow.paper_id)
            .where(VoteRow.server_id == server_id)
            .order_by(VoteRow.at.desc(), VoteRow.paper_id.desc())
            .limit(_NEWEST_VOTES)
        )
        return list(dict.fromkeys(ids))[:limit]

    async def counts(
        self, server_id: int, paper_ids: Sequence[str], *, user_id: int | None = None
    ) -> dict[str, VoteCount]:
        """Count a server's votes for these papers, or one person's there; papers without any are missing.

        Imported votes are left out: they were not given there.
        """
        whose = VoteRow.user_id != IMPORTED if user_id is None else VoteRow.user_id == user_id
        found: dict[str, VoteCount] = {}
        for batch in batched(paper_ids):
            rows = await self._session.execute(
                select(
                    VoteRow.paper_id,
                    func.sum(case((VoteRow.liked, 1), else_=0)).label("up"),
                    func.sum(case((VoteRow.liked, 0), else_=1)).label("down"),
                )
                .where(VoteRow.server_id == server_id, VoteRow.paper_id.in_(batch), whose)
                .group_by(VoteRow.paper_id)
            )
            found |= {row.paper_id: VoteCount(up=row.up, down=row.down) for row in rows}
        return found

    async def save_seeds(self, seeds: Sequence[Seed]) -> None:
        """Store papers that a server likes; one that is stored already stays as it is."""
        rows = [row_of(SeedRow, seed) for seed in seeds]
        statement = insert(self._session, SeedRow)
        await execute_rows(self._session, statement.on_conflict_do_nothing(), rows)

    async def seeds(self, server_id: int) -> list[Seed]:
        """The papers that a server named, the oldest first."""
        rows = await self._session.scalars(
            select(SeedRow).where(SeedRow.server_id == server_id).order_by(SeedRow.at, SeedRow.paper_id)
        )
        return [record_of(Seed, row) for row in rows]

    async def save_preferences(self, preferences: Sequence[Preference]) -> None:
        """Follow or mute things, each named once, replacing earlier preferences for them."""
        rows = [row_of(PreferenceRow, preference) for preference in preferences]
        await upsert(self._session, PreferenceRow, rows)

    async def drop_preference(self, server_id: int, subject: Subject, value: str) -> None:
        """Stop following or muting something."""
        await self._session.execute(
            delete(PreferenceRow).where(
                PreferenceRow.server_id == server_id,
                PreferenceRow.subject == subject,
                PreferenceRow.value == value,
            )
        )

    async def preferences(self, server_id: int) -> list[Preference]:
        """What a server follows and mutes, by kind, subject and value."""
        rows = await self._session.scalars(
            select(PreferenceRow)
            .where(PreferenceRow.server_id == server_id)
            .order_by(PreferenceRow.kind, PreferenceRow.subject, PreferenceRow.value)
            .execution_options(populate_existing=True)
        )
        return [record_of(Preference, row) for row in rows]

    async def reset(self, server_id: int) -> None:
        """Forget a server's votes, seeds and preferences."""
        for table in (VoteRow, SeedRow, PreferenceRow):
            await self._session.execute(delete(table).where(table.server_id == server_id))

    async def forget_user(self, user_id: int) -> None:
        """Forget all votes of a person."""
        await self._session.execute(delete(VoteRow).where(VoteRow.user_id == user_id))

    async def _votes(self, *whose: ColumnElement[bool], before: datetime | None) -> list[Vote]:
        until = () if before is None else (VoteRow.at < before,)
        # No row objects: for a server's tens of thousands of votes they would take seconds.
        return await records_in_steps(
            self._session,
            select(VoteRow.server_id, VoteRow.user_id, VoteRow.paper_id, VoteRow.liked, VoteRow.at)
            .where(*whose, *until)
            .order_by(VoteRow.at, VoteRow.server_id, VoteRow.user_id, VoteRow.paper_id),
            _vote,
        )


def _vote(server_id: int, user_id: int, paper_id: str, liked: bool, at: datetime) -> Vote:
    return Vote(server_id=server_id, user_id=user_id, paper_id=paper_id, liked=liked, at=at)
