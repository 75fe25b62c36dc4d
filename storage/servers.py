"""Servers that the bot was removed from, and the deletion of all that is theirs."""

from datetime import datetime

from sqlalchemy import delete, select, union
from sqlalchemy.ext.asyncio import AsyncSession

from storage.deliveries import Deliveries
from storage.digests import Digests
from storage.state import State
from storage.tables import (
    PreferenceRow,
    SeedRow,
    SeenPaperRow,
    SubscriptionRow,
    VoteRow,
)

_PREFIX = "left:"
"""Prefix of the facts' names; the server's id and a colon follow."""
_OF_A_SERVER = (SubscriptionRow, SeedRow, PreferenceRow, SeenPaperRow)
"""Besides its digests and deliveries, which have a subscription; votes also belong to people, and usage is
kept for only a month."""
_READERS = select(SubscriptionRow.server_id).where(SubscriptionRow.admin_id == SubscriptionRow.server_id)
"""The people who have a personal digest."""
_OF_PEOPLE = 0
"""In place of a server, where people vote and read for themselves."""


class Servers:
    """The queries over servers the bot has left, inside one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._state = State(session)

    async def with_data(self) -> list[int]:
        """The servers of which `forget` would delete something, in order; people's own data don't count."""
        found = [select(table.server_id) for table in _OF_A_SERVER]
        votes = select(VoteRow.server_id).where(VoteRow.user_id.not_in(_READERS))
        ids = set(await self._session.scalars(union(*found, votes)))
        return sorted(ids - set(await self._session.scalars(_READERS)) - {_OF_PEOPLE})

    async def note_left(self, server_id: int, at: datetime) -> None:
        """Record when the bot left a server, replacing an earlier time."""
        await self._state.set(_name(server_id), at.isoformat())

    async def note_back(self, server_id: int) -> None:
        """Record that the bot is back in a server."""
        await self._state.forget(_name(server_id))

    async def left(self) -> dict[int, datetime]:
        """When the bot left each server that it is not back in, by the server's id."""
        facts = await self._state.named(_PREFIX)
        return {
            int(name.removeprefix(_PREFIX).removesuffix(":")): datetime.fromisoformat(at)
            for name, at in facts.items()
        }

    async def forget(self, server_id: int) -> None:
        """Delete all that is stored about a server.

        Votes of people who have a personal digest stay: it follows their votes in all servers.
        """
        await Digests(self._session).forget_owner(server_id)
        await Deliveries(self._session).forget_owner(server_id)
        for table in _OF_A_SERVER:
            await self._session.execute(delete(table).where(table.server_id == server_id))
        await self._session.execute(
            delete(VoteRow).where(VoteRow.server_id == server_id, VoteRow.user_id.not_in(_READERS))
        )
        await self.note_back(server_id)


def _name(server_id: int) -> str:
    return f"{_PREFIX}{server_id}:"
