"""Digests, what they showed, and the plans of runs under way."""

import re
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.batches import batched
from storage.model import Digest, DigestListing
from storage.rows import row_of
from storage.tables import DigestEntryRow, DigestPlanRow, DigestRow
from storage.upserts import upsert

_WEEK = re.compile(r"\d{4}-W\d{2}")


class Digests:
    """The queries over digests, inside one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def save(self, digest: Digest) -> None:
        """Store a digest, replacing one with the same id; a published one's papers count as shown."""
        await upsert(self._session, DigestRow, [row_of(DigestRow, digest) | {"record": digest}])
        await self._session.execute(delete(DigestEntryRow).where(DigestEntryRow.digest_id == digest.id))
        if digest.published:
            rows = [
                {"digest_id": digest.id, "paper_id": paper_id}
                for paper_id in {pick.paper.id for pick in digest.picks}
            ]
            await upsert(self._session, DigestEntryRow, rows)

    async def get(self, digest_id: str) -> Digest | None:
        """The digest with this id."""
        return await self._session.scalar(select(DigestRow.record).where(DigestRow.id == digest_id))

    async def is_made(self, digest_id: str) -> bool:
        """Whether there is a digest with this id."""
        found = select(DigestRow.id).where(DigestRow.id == digest_id)
        return await self._session.scalar(found) is not None

    async def latest(self, server_id: int) -> Digest | None:
        """The server's published digest of the newest week."""
        return await self._session.scalar(
            select(DigestRow.record)
            .where(published_by(server_id))
            .order_by(DigestRow.week.desc(), DigestRow.created_at.desc())
            .limit(1)
        )

    async def for_week(self, server_id: int, week: str) -> Digest | None:
        """The server's published digest of this ISO week."""
        return await self._session.scalar(
            select(DigestRow.record)
            .where(published_by(server_id), DigestRow.week == week)
            .order_by(DigestRow.created_at.desc())
            .limit(1)
        )

    async def categories(self, server_id: int, week: str) -> tuple[str, ...]:
        """The categories of the server's published digest of this ISO week; empty if there is none."""
        digest = await self.for_week(server_id, week)
        return () if digest is None else digest.categories

    async def listed(self, server_id: int) -> list[DigestListing]:
        """The server's published digests, the newest week first; if a week has several, the last one made."""
        rows = await self._session.execute(
            select(DigestRow.id, DigestRow.week, DigestRow.created_at)
            .where(published_by(server_id))
            .order_by(DigestRow.week, DigestRow.created_at)
        )
        of_weeks = {
            row.week: DigestListing(id=row.id, week=row.week, created_at=row.created_at) for row in rows
        }
        return list(reversed(of_weeks.values()))

    async def papers_shown(self, server_id: int) -> dict[str, list[str]]:
        """Versionless ids of the papers that each of the server's published digests showed, by digest."""
        rows = await self._session.execute(
            select(DigestEntryRow.digest_id, DigestEntryRow.paper_id)
            .join(DigestRow, DigestRow.id == DigestEntryRow.digest_id)
            .where(published_by(server_id))
            .order_by(DigestEntryRow.digest_id, DigestEntryRow.paper_id)
        )
        shown: dict[str, list[str]] = {}
        for digest_id, paper_id in rows:
            shown.setdefault(digest_id, []).append(paper_id)
        return shown

    async def already_shown(
        self, server_id: int, *, except_week: str, made_before: datetime | None = None
    ) -> set[str]:
        """Versionless ids of the papers in this server's published digests of any week but `except_week`.

        Later weeks count too: a week that is caught up on must not repeat what was shown meanwhile.
        `made_before` leaves out digests made at that moment or later.
        """
        then = () if made_before is None else (DigestRow.created_at < made_before,)
        ids = await self._session.scalars(
            select(DigestEntryRow.paper_id)
            .join(DigestRow, DigestRow.id == DigestEntryRow.digest_id)
            .where(published_by(server_id), DigestRow.week != except_week, *then)
        )
        return set(ids)

    async def weeks(self, server_id: int) -> list[str]:
        """The ISO weeks of the server's published digests, newest first."""
        weeks = await self._session.scalars(
            select(DigestRow.week).where(published_by(server_id)).distinct().order_by(DigestRow.week.desc())
        )
        return list(weeks)

    async def weeks_showing(self, server_id: int, paper_id: str) -> list[str]:
        """The ISO weeks whose published digests showed this paper in the server, newest first."""
        weeks = await self._session.scalars(
            select(DigestRow.week)
            .join(DigestEntryRow, DigestEntryRow.digest_id == DigestRow.id)
            .where(published_by(server_id), DigestEntryRow.paper_id == paper_id)
            .distinct()
            .order_by(DigestRow.week.desc())
        )
        return list(weeks)

    async def shown_lately(self, server_id: int, limit: int) -> list[str]:
        """Versionless ids of the papers that the server's newest published digests showed, newest first."""
        ids = await self._session.scalars(
            select(DigestEntryRow.paper_id)
            .join(DigestRow, DigestRow.id == DigestEntryRow.digest_id)
            .where(published_by(server_id))
            .order_by(DigestRow.week.desc(), DigestEntryRow.paper_id)
            .limit(limit)
        )
        return list(dict.fromkeys(ids))

    async def count(self, server_id: int) -> int:
        """How many digests are kept for a server."""
        counted = select(func.count()).where(DigestRow.server_id == server_id)
        return await self._session.scalar(counted) or 0

    async def forget_owner(self, owner_id: int) -> None:
        """Delete all digests made for a server or a person, and all plans, also of digests never made."""
        runs = (f"{kind}:{owner_id}:" for kind in ("digest", "preview"))
        begins = or_(*(DigestPlanRow.digest_id.startswith(run, autoescape=True) for run in runs))
        await self._session.execute(delete(DigestPlanRow).where(begins))
        await self._session.execute(delete(DigestRow).where(DigestRow.server_id == owner_id))

    async def forget_plans_of_weeks(self, *, before: str) -> None:
        """Delete the plans of all digests of ISO weeks before that, made or not: their ids name the week."""
        ids = await self._session.scalars(select(DigestPlanRow.digest_id))
        old = [id_ for id_ in ids if (week := _WEEK.search(id_)) is not None and week[0] < before]
        for batch in batched(old):
            await self._session.execute(delete(DigestPlanRow).where(DigestPlanRow.digest_id.in_(batch)))

    async def save_plan(self, digest_id: str, plan_json: dict[str, Any]) -> None:
        """Store what a run decided, before its digest exists."""
        await upsert(self._session, DigestPlanRow, [{"digest_id": digest_id, "plan": plan_json}])

    async def plan(self, digest_id: str) -> dict[str, Any] | None:
        """What the run of this digest decided."""
        return await self._session.scalar(
            select(DigestPlanRow.plan).where(DigestPlanRow.digest_id == digest_id)
        )

    async def forget(self, *, made_before: datetime) -> None:
        """Delete unpublished digests made before that moment, and the plans of all digests made before it."""
        is_old = select(DigestRow.id).where(
            DigestRow.id == DigestPlanRow.digest_id, DigestRow.created_at < made_before
        )
        await self._session.execute(delete(DigestPlanRow).where(is_old.exists()))
        await self._session.execute(
            delete(DigestRow).where(DigestRow.created_at < made_before, ~DigestRow.published)
        )


def published_by(server_id: int) -> ColumnElement[bool]:
    """The condition that a digest is a published one of this server."""
    # `IS NOT 0` uses no index. `= 1` did, as SQLite doesn't know that nearly all digests are published: it
    # read a page for each digest of every server, 24 MB for 6,000 of them, instead of the server's own.
    return (DigestRow.server_id == server_id) & DigestRow.published.is_not(False)
