"""Small facts that must outlive the process, by name."""

from uuid import uuid4

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import StateRow
from storage.upserts import insert, upsert

_DATABASE_ID = "database"


class State:
    """The queries over small facts, inside one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, name: str) -> str | None:
        """The value under this name, if one is stored."""
        return await self._session.scalar(select(StateRow.value).where(StateRow.name == name))

    async def named(self, prefix: str) -> dict[str, str]:
        """The facts whose names start with `prefix`, by name, in order."""
        facts = select(StateRow.name, StateRow.value).where(StateRow.name.startswith(prefix, autoescape=True))
        return {row.name: row.value for row in await self._session.execute(facts.order_by(StateRow.name))}

    async def set(self, name: str, value: str) -> None:
        """Store a value under a name, replacing an earlier one."""
        await upsert(self._session, StateRow, [{"name": name, "value": value}])

    async def database_id(self) -> str:
        """The random id of this database, made when it is first asked for; a copy has the same."""
        made = insert(self._session, StateRow).values(name=_DATABASE_ID, value=_new_id())
        await self._session.execute(made.on_conflict_do_nothing())  # all processes have to use the same
        return await self._session.scalar(select(StateRow.value).where(StateRow.name == _DATABASE_ID)) or ""

    async def renew_database_id(self) -> None:
        """Tell this database apart from those it was copied from or to."""
        await self.set(_DATABASE_ID, _new_id())

    async def forget(self, prefix: str) -> None:
        """Delete the facts whose names start with `prefix`."""
        await self._session.execute(delete(StateRow).where(StateRow.name.startswith(prefix, autoescape=True)))


def _new_id() -> str:
    return uuid4().hex[:12]
