"""What all processes share about arXiv: request slots, the day's answers, each week's first lists."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import ArxivAnswerRow, ArxivListRow, ArxivSlotRow
from storage.upserts import insert, upsert

_SLOT = "arxiv"
_SILENCE = "silence"
_MOST_WAITING = 40
"""Processes, each with one slot: a slot further ahead was handed out by a wrong clock."""


class Arxiv:
    """The queries about arXiv, inside one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def cached(self, query_key: str, day: date) -> list[str] | None:
        """The paper ids that arXiv answered to this query on `day`; None if it was not asked then."""
        return await self._session.scalar(
            select(ArxivAnswerRow.paper_ids).where(
                ArxivAnswerRow.query == _hashed(query_key), ArxivAnswerRow.day == day
            )
        )

    async def last_answer(self, query_key: str) -> list[str] | None:
        """The paper ids of the query's last answer; None if none is kept."""
        return await self._session.scalar(
            select(ArxivAnswerRow.paper_ids).where(ArxivAnswerRow.query == _hashed(query_key))
        )

    async def remember(self, query_key: str, day: date, paper_ids: Sequence[str]) -> None:
        """Store an answer for its day, replacing the query's last one."""
        row = {"query": _hashed(query_key), "day": day, "paper_ids": list(paper_ids)}
        await upsert(self._session, ArxivAnswerRow, [row])

    async def first_list(self, query_key: str, week: str) -> list[str] | None:
        """The paper ids of the query's first complete list of this ISO week, if there is one."""
        row = await self._session.get(ArxivListRow, (_hashed(query_key), week))
        return None if row is None else row.paper_ids

    async def keep_first_list(self, query_key: str, week: str, paper_ids: Sequence[str]) -> None:
        """Store the query's complete list of this ISO week, unless there is an earlier one."""
        row = {"query": _hashed(query_key), "week": week, "paper_ids": list(paper_ids)}
        await self._session.execute(insert(self._session, ArxivListRow).on_conflict_do_nothing(), [row])

    async def prune(self, *, answers_before: date, lists_before: str) -> None:
        """Delete the answers of days before that, and the first lists of ISO weeks before that."""
        await self._session.execute(delete(ArxivAnswerRow).where(ArxivAnswerRow.day < answers_before))
        await self._session.execute(delete(ArxivListRow).where(ArxivListRow.week < lists_before))

    async def reserve(self, earliest: datetime, delay_seconds: float) -> datetime:
        """Reserve the moment at which this caller may send one request, `earliest` or later.

        The next caller, in any process, gets a moment at least `delay_seconds` later. Commit at once: until
        then the others wait.
        """
        await self._session.execute(
            insert(self._session, ArxivSlotRow).on_conflict_do_nothing(),
            [{"name": _SLOT, "free_from": earliest}],
        )
        # FOR UPDATE makes others wait on PostgreSQL; on SQLite the transaction itself does.
        free_from = await self._session.scalar(
            select(ArxivSlotRow.free_from).where(ArxivSlotRow.name == _SLOT).with_for_update()
        )
        delay = timedelta(seconds=delay_seconds)
        slot = earliest
        if free_from is not None and earliest < free_from <= earliest + _MOST_WAITING * delay:
            slot = free_from
        await self._session.execute(
            update(ArxivSlotRow).where(ArxivSlotRow.name == _SLOT).values(free_from=slot + delay)
        )
        return slot

    async def be_silent(self, until: datetime) -> None:
        """Let no process send a request before `until`."""
        await upsert(self._session, ArxivSlotRow, [{"name": _SILENCE, "free_from": until}])

    async def silent_until(self) -> datetime | None:
        """When arXiv may be asked again, as it last told any process; None if it never did."""
        return await self._session.scalar(select(ArxivSlotRow.free_from).where(ArxivSlotRow.name == _SILENCE))


def _hashed(query_key: str) -> str:
    return sha256(query_key.encode()).hexdigest()
