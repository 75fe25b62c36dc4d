"""Subscriptions: at most one per server."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import case, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.model import Subscription
from storage.rows import record_of, row_of
from storage.tables import SubscriptionRow
from storage.upserts import insert


class Subscriptions:
    """The queries over subscriptions, inside one transaction."""

    def __init__(self, session: AsyncSession, clock_now: Callable[[], datetime]) -> None:
        self._session = session
        self._clock_now = clock_now

    async def save(self, subscription: Subscription) -> None:
        """Store a server's subscription, replacing the one it had, whose `created_at` stays.

        A first one without `created_at` gets the current time, and so does one that resumes a paused one: see
        `set_paused`.
        """
        row = row_of(SubscriptionRow, subscription)
        row["created_at"] = subscription.created_at or self._clock_now()
        statement = insert(self._session, SubscriptionRow)
        changed: dict[str, Any] = {
            name: statement.excluded[name] for name in row if name not in {"server_id", "created_at"}
        }
        is_resumed = SubscriptionRow.paused & ~statement.excluded["paused"]
        changed["created_at"] = case((is_resumed, self._clock_now()), else_=SubscriptionRow.created_at)
        await self._session.execute(
            statement.on_conflict_do_update(index_elements=["server_id"], set_=changed), [row]
        )

    async def get(self, server_id: int) -> Subscription | None:
        """The server's subscription."""
        row = await self._session.get(SubscriptionRow, server_id, populate_existing=True)
        return None if row is None else record_of(Subscription, row)

    async def get_to_change(self, server_id: int) -> Subscription | None:
        """The server's subscription, locked until the transaction ends."""
        # FOR UPDATE makes others wait on PostgreSQL; on SQLite the transaction itself does.
        row = await self._session.get(
            SubscriptionRow, server_id, populate_existing=True, with_for_update=True
        )
        return None if row is None else record_of(Subscription, row)

    async def active(self) -> list[Subscription]:
        """The subscriptions that get digests posted: not paused, with a channel; by server id."""
        rows = await self._session.scalars(
            select(SubscriptionRow)
            .where(~SubscriptionRow.paused, SubscriptionRow.channel_id.is_not(None))
            .order_by(SubscriptionRow.server_id)
            .execution_options(populate_existing=True)
        )
        return [record_of(Subscription, row) for row in rows]

    async def set_paused(self, server_id: int, paused: bool) -> None:
        """Pause or resume a server's digests; does nothing if they are so already, or without a subscription.

        A resumed subscription counts as created now: what became due during the pause is no longer wanted.
        """
        since = {} if paused else {"created_at": self._clock_now()}
        await self._session.execute(
            update(SubscriptionRow)
            .where(SubscriptionRow.server_id == server_id, SubscriptionRow.paused != paused)
            .values(paused=paused, **since)
        )

    async def set_publication(self, server_id: int, title: str | None) -> None:
        """Make a server's digests public under a title, or private again with None."""
        await self._session.execute(
            update(SubscriptionRow).where(SubscriptionRow.server_id == server_id).values(publication=title)
        )

    async def public(self) -> list[Subscription]:
        """The subscriptions whose digests are public, by server id."""
        rows = await self._session.scalars(
            select(SubscriptionRow)
            .where(SubscriptionRow.publication.is_not(None))
            .order_by(SubscriptionRow.server_id)
            .execution_options(populate_existing=True)
        )
        return [record_of(Subscription, row) for row in rows]

    async def set_up_by(self, user_id: int) -> list[int]:
        """The servers whose subscription this person was the last to set up."""
        ids = await self._session.scalars(
            select(SubscriptionRow.server_id)
            .where(SubscriptionRow.admin_id == user_id, SubscriptionRow.server_id != user_id)
            .order_by(SubscriptionRow.server_id)
        )
        return list(ids)

    async def forget_user(self, user_id: int) -> None:
        """Delete a person's personal subscription, and forget that they set up those of servers."""
        await self.delete(user_id)
        await self._session.execute(
            update(SubscriptionRow).where(SubscriptionRow.admin_id == user_id).values(admin_id=None)
        )

    async def delete(self, server_id: int) -> None:
        """Delete a server's subscription."""
        await self._session.execute(delete(SubscriptionRow).where(SubscriptionRow.server_id == server_id))
