"""Usage: one row for each question, summary or preview that took work. Nobody's words, only counts."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import BigInteger, ColumnElement, case, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.model import Asker, UsageTotal, WorkKind
from storage.tables import UsageRow


class Usage:
    """The queries over usage, inside one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def save(
        self,
        asker: Asker,
        kind: WorkKind,
        *,
        at: datetime,
        prompt_tokens: int,
        completion_tokens: int,
        cost_usd: float | None,
    ) -> None:
        """Record one piece of work."""
        self._session.add(
            UsageRow(
                at=at,
                server_id=asker.server_id,
                user_id=asker.user_id,
                kind=kind,
                prompt_tokens=prompt_tokens,
                completion_tokens=completion_tokens,
                cost_usd=cost_usd,
            )
        )
        await self._session.flush()

    async def nth_newest(
        self,
        n: int,
        since: datetime,
        until: datetime,
        *,
        kinds: Collection[WorkKind],
        user_id: int | None = None,
        server_id: int | None = None,
    ) -> datetime | None:
        """When a person's or a server's `n`th newest piece of work started; None if there are fewer.

        What started after `until`, the present, does not count: it was recorded by a clock that was ahead,
        and would keep people waiting until then.
        """
        return await self._session.scalar(
            select(UsageRow.at)
            .where(*_between(since, until), UsageRow.kind.in_(kinds), *_of(user_id, server_id))
            .order_by(UsageRow.at.desc())
            .offset(n - 1)
            .limit(1)
        )

    async def nth_newest_token(
        self,
        n: int,
        since: datetime,
        until: datetime,
        *,
        kinds: Collection[WorkKind],
        user_id: int | None = None,
        server_id: int | None = None,
    ) -> datetime | None:
        """When the work started that used a person's or a server's `n`th newest token; None if fewer were.

        Tokens of prompts and replies count together. Newer work alone used fewer than `n`. `until` is as in
        `nth_newest`.
        """
        tokens = UsageRow.prompt_tokens + UsageRow.completion_tokens
        used = func.sum(tokens, type_=BigInteger).over(order_by=UsageRow.at.desc())
        newest_first = (
            select(UsageRow.at, used.label("used"))
            .where(*_between(since, until), UsageRow.kind.in_(kinds), *_of(user_id, server_id))
            .subquery()
        )
        at: datetime | None = await self._session.scalar(
            select(func.max(newest_first.c.at)).where(newest_first.c.used >= n)
        )
        return at

    async def totals(self, server_id: int, since: datetime) -> list[UsageTotal]:
        """What a server's members used since a moment, by kind."""
        used_nothing = UsageRow.prompt_tokens + UsageRow.completion_tokens == 0
        has_known_cost = UsageRow.cost_usd.is_not(None) | used_nothing
        rows = await self._session.execute(
            select(
                UsageRow.kind,
                func.count().label("requests"),
                func.count(UsageRow.user_id.distinct()).label("people"),
                func.sum(UsageRow.prompt_tokens).label("prompt_tokens"),
                func.sum(UsageRow.completion_tokens).label("completion_tokens"),
                func.sum(UsageRow.cost_usd).label("cost_usd"),
                func.count(case((has_known_cost, 1))).label("priced"),
            )
            .where(UsageRow.server_id == server_id, UsageRow.at > since)
            .group_by(UsageRow.kind)
            .order_by(UsageRow.kind)
        )
        return [UsageTotal(**row) for row in rows.mappings()]

    async def count_of_user(self, user_id: int) -> int:
        """How many pieces of work are recorded for a person."""
        counted = select(func.count()).where(UsageRow.user_id == user_id)
        return await self._session.scalar(counted) or 0

    async def forget_user(self, user_id: int, *, before: datetime) -> None:
        """Delete what a person used before a moment; what they used since counts towards the limits."""
        await self._session.execute(delete(UsageRow).where(UsageRow.user_id == user_id, UsageRow.at < before))

    async def prune(self, *, before: datetime, after: datetime) -> None:
        """Delete what was used before a moment, or after another in the future: recorded by a clock ahead."""
        await self._session.execute(delete(UsageRow).where((UsageRow.at < before) | (UsageRow.at > after)))


def _between(since: datetime, until: datetime) -> list[ColumnElement[bool]]:
    return [UsageRow.at > since, UsageRow.at <= until]


def _of(user_id: int | None, server_id: int | None) -> list[ColumnElement[bool]]:
    wanted = ((UsageRow.user_id, user_id), (UsageRow.server_id, server_id))
    return [column == value for column, value in wanted if value is not None]
