"""The processes that share a database: their signs of life, and who holds what only one may hold."""

from datetime import UTC, datetime

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import LeaseRow, ProcessRow
from storage.upserts import insert, upsert

_GONE = datetime(1970, 1, 1, tzinfo=UTC)
_NOBODY = ""


class Processes:
    """The queries over processes, inside one transaction.

    A process is known by its name over restarts; `instance` tells one start from the next.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def begin(self, name: str, instance: str, now: datetime) -> None:
        """A start under a name, which ends what went on under it before; leases stay with the name."""
        await upsert(self._session, ProcessRow, [{"name": name, "instance": instance, "seen_at": now}])

    async def beat(self, name: str, instance: str, now: datetime) -> bool:
        """Give a sign of life; False where the instance was declared dead or started anew meanwhile."""
        return await self._set_seen(name, instance, now)

    async def leave(self, name: str, instance: str) -> None:
        """Let all leases go, and count as silent from now on: others need not wait to take the work over."""
        if await self._set_seen(name, instance, _GONE):
            await self._session.execute(delete(LeaseRow).where(LeaseRow.process == name))

    async def _set_seen(self, name: str, instance: str, moment: datetime) -> bool:
        result = await self._session.execute(
            update(ProcessRow)
            .where(ProcessRow.name == name, ProcessRow.instance == instance)
            .values(seen_at=moment)
        )
        assert isinstance(result, CursorResult)
        return result.rowcount > 0

    async def seen_at(self, name: str) -> datetime | None:
        """When this process last gave a sign of life; None where it never did, or was declared dead."""
        return await self._session.scalar(select(ProcessRow.seen_at).where(ProcessRow.name == name))

    async def hold(self, lease: str, name: str) -> bool:
        """Whether this process holds the lease, which it takes where nobody does."""
        statement = insert(self._session, LeaseRow).on_conflict_do_nothing(index_elements=["name"])
        await self._session.execute(statement, [{"name": lease, "process": name}])
        holder = await self._session.scalar(select(LeaseRow.process).where(LeaseRow.name == lease))
        return holder == name

    async def declare_dead(self, *, silent_since: datetime) -> list[str]:
        """The names of the processes without a sign of life since then; none of them can give one any more.

        They stay in the list until they are removed, so that taking over their work can be repeated.
        """
        names = await self._session.scalars(
            update(ProcessRow)
            .where(ProcessRow.seen_at < silent_since)
            .values(instance=_NOBODY)
            .returning(ProcessRow.name)
        )
        return sorted(names)

    async def remove(self, name: str) -> None:
        """Forget a process that was declared dead, with its leases, unless it was started anew meanwhile."""
        await self._session.execute(
            delete(ProcessRow).where(ProcessRow.name == name, ProcessRow.instance == _NOBODY)
        )
