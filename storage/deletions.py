"""When people had everything about them deleted, kept while work they asked for before may be under way.

Work takes a minute and stores its result at the end. In that transaction it asks whether the person had
everything deleted since it started, and if so stores nothing about them.
"""

from datetime import datetime

from sqlalchemy import delete, func
from sqlalchemy.ext.asyncio import AsyncSession

from storage.advisory_locks import hold
from storage.state import State
from storage.tables import StateRow

_PREFIX = "forgotten:"
"""Prefix of the facts' names; the person's id follows."""
_LOCK = 0x666F72676F74  # "forgot": any number, as long as all our processes use the same


class Deletions:
    """The queries over deletions, inside one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._state = State(session)

    async def note(self, user_id: int, at: datetime) -> None:
        """Record that this transaction deletes all about a person; call it before deleting anything."""
        # It waits for transactions that asked `deleted_since`, so that what they store is found and deleted.
        await hold(self._session, func.pg_advisory_xact_lock(_LOCK))
        await self._state.set(f"{_PREFIX}{user_id}", at.isoformat())

    async def deleted_since(self, user_id: int, began: datetime) -> bool:
        """Whether a person had everything deleted after they asked for what is to be stored now.

        Call it before anything is written in this transaction.
        """
        await hold(self._session, func.pg_advisory_xact_lock_shared(_LOCK))
        at = await self.of(user_id)
        return at is not None and at >= began

    async def of(self, user_id: int) -> datetime | None:
        """When a person last had everything deleted; None if never, or long ago."""
        at = await self._state.get(f"{_PREFIX}{user_id}")
        return None if at is None else datetime.fromisoformat(at)

    async def prune(self, *, before: datetime, after: datetime) -> dict[int, datetime]:
        """Forget the deletions before a moment, or after another; returns their times by the person's id.

        Those in the future were noted by a clock that was ahead, and nothing would be stored until then.
        """
        noted = {name: datetime.fromisoformat(at) for name, at in (await self._state.named(_PREFIX)).items()}
        over = {name: at for name, at in noted.items() if not before <= at <= after}
        await self._session.execute(delete(StateRow).where(StateRow.name.in_(over)))
        return {int(name.removeprefix(_PREFIX)): at for name, at in over.items()}
