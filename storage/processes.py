"""The processes that share a database: their heartbeats and leases."""

from datetime import UTC, datetime

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import LeaseRow, ProcessRow
from storage.upserts import insert, upsert

_GONE = datetime(1970, 1, 1, tzinfo=UTC)
_NOBODY = ""


class Processes:
    """The queries over processes, inside one transaction.

    A process keeps its name across restarts; `instance` tells one start from the next.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def begin(self, name: str, instance: str, now: datetime) -> None:
        """Register a start under a name, which replaces its earlier instance; leases stay with the name."""
        await upsert(self._session, ProcessRow, [{"name": name, "instance": instance, "seen_at": now}])

    async def beat(self, name: str, instance: str, now: datetime) -> bool:
        """Record a heartbeat; False if the instance was declared dead or replaced meanwhile."""
        return await self._set_seen(name, instance, now)

    async def leave(self, name: str, instance: str) -> None:
        """Release all leases, and count as silent from now on: others can take over the work at once."""
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

    async def last_beats(self) -> dict[str, datetime | None]:
        """When each process sent its last heartbeat, by its own clock; None if it has left."""
        # In order, so that two processes that declare the same ones dead cannot lock each other out.
        rows = await self._session.execute(
            select(ProcessRow.name, ProcessRow.seen_at).order_by(ProcessRow.name)
        )
        return {row.name: None if row.seen_at == _GONE else row.seen_at for row in rows}

    async def hold(self, lease: str, name: str) -> str | None:
        """Take the lease if nobody holds it; returns who holds it now, None if they just released it."""
        statement = insert(self._session, LeaseRow).on_conflict_do_nothing(index_elements=["name"])
        await self._session.execute(statement, [{"name": lease, "process": name}])
        return await self._session.scalar(select(LeaseRow.process).where(LeaseRow.name == lease))

    async def declare_dead(self, name: str, *, last_beat: datetime | None) -> bool:
        """Declare a process dead; returns whether it is: not if this is no longer its last heartbeat.

        It cannot send one any more. Can be repeated until it is removed, and so can taking over its work.
        """
        result = await self._session.execute(
            update(ProcessRow)
            .where(ProcessRow.name == name, ProcessRow.seen_at == (last_beat or _GONE))
            .values(instance=_NOBODY)
        )
        assert isinstance(result, CursorResult)
        return result.rowcount > 0

    async def remove_all(self) -> None:
        """Delete every process, with its leases."""
        await self._session.execute(delete(ProcessRow))

    async def remove(self, name: str) -> None:
        """Delete a process that was declared dead, with its leases, unless it was started again meanwhile."""
        await self._session.execute(
            delete(ProcessRow).where(ProcessRow.name == name, ProcessRow.instance == _NOBODY)
        )
