"""Deliveries: the outbox."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, delete, false, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.model import Delivery, DeliveryState, ThreadPolicy
from storage.rows import record_of, row_of
from storage.tables import DeliveryRow
from storage.upserts import insert

_UNFINISHED = (DeliveryState.PLANNED, DeliveryState.SENDING)
_LACKS_THREAD = (
    DeliveryRow.message_id.is_not(None)
    & DeliveryRow.thread_name.is_not(None)
    & DeliveryRow.thread_id.is_(None)
)


class Deliveries:
    """The queries over deliveries, inside one transaction.

    What was sent stays sent: no later mark undoes it.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def plan(self, deliveries: Sequence[Delivery]) -> None:
        """Store new deliveries; one whose key exists already stays as it is."""
        rows = [row_of(DeliveryRow, delivery) for delivery in deliveries]
        if rows:
            statement = insert(self._session, DeliveryRow)
            await self._session.execute(statement.on_conflict_do_nothing(index_elements=["key"]), rows)

    async def replace(self, old: Sequence[Delivery], new: Sequence[Delivery]) -> None:
        """Replace deliveries that have no message in their channel."""
        await self._session.execute(delete(DeliveryRow).where(DeliveryRow.key.in_([one.key for one in old])))
        await self.plan(new)

    async def plan_again(self, server_id: int, week: str) -> int:
        """Plan again what was refused; returns how many messages are to be posted or lack their thread.

        The time of the first attempt stays, so that they are searched for before they are posted.
        """
        of_week = (DeliveryRow.server_id == server_id, DeliveryRow.week == week)
        await self._session.execute(
            update(DeliveryRow)
            .where(*of_week, DeliveryRow.state == DeliveryState.FAILED)
            .values(state=DeliveryState.PLANNED, error=None)
        )
        waiting = select(func.count()).where(*of_week, DeliveryRow.state.in_(_UNFINISHED) | _LACKS_THREAD)
        return await self._session.scalar(waiting) or 0

    async def newest_to_retry(self, server_id: int, *, now: datetime) -> str | None:
        """The newest ISO week with messages that were refused or lack their thread, before their deadline."""
        return await self._session.scalar(
            select(func.max(DeliveryRow.week)).where(
                DeliveryRow.server_id == server_id,
                DeliveryRow.deadline > now,
                (DeliveryRow.state == DeliveryState.FAILED) | _LACKS_THREAD,
            )
        )

    async def of(self, server_id: int, week: str) -> list[Delivery]:
        """A server's deliveries of an ISO week, by channel and part."""
        return await self._where(DeliveryRow.server_id == server_id, DeliveryRow.week == week)

    async def unfinished(self, server_id: int) -> list[Delivery]:
        """A server's deliveries that are planned or sending, by week, channel and part."""
        return await self._where(DeliveryRow.state.in_(_UNFINISHED), DeliveryRow.server_id == server_id)

    async def shown_at(self, place_id: int) -> tuple[str, str | None] | None:
        """The ISO week of the digest that this message belongs to, and the key of the highlight it is about.

        A thread opened from it, by us or by a member, is known too: Discord gives it the message's id. The
        key is None if the message shows the digest as a whole.
        """
        found = await self._session.execute(
            select(DeliveryRow.week, DeliveryRow.paper_key).where(
                (DeliveryRow.thread_id == place_id) | (DeliveryRow.message_id == place_id)
            )
        )
        row = found.first()
        return None if row is None else (row.week, row.paper_key)

    async def forget_owner(self, owner_id: int) -> None:
        """Delete all deliveries to a server or a person."""
        await self._session.execute(delete(DeliveryRow).where(DeliveryRow.server_id == owner_id))

    async def mark_sending(self, key: str, at: datetime) -> None:
        """Record that it is about to be posted; the time of the first attempt stays. Commit before posting.

        Raises:
            LookupError: there is no such delivery, or it is finished: it must not be posted.
        """
        first_try_at = func.coalesce(DeliveryRow.first_try_at, at)
        await self._mark(
            key, DeliveryRow.state.in_(_UNFINISHED), state=DeliveryState.SENDING, first_try_at=first_try_at
        )

    async def mark_sent(self, key: str, message_id: int) -> None:
        """Record the message it was posted as.

        Raises:
            LookupError: there is no such delivery.
        """
        await self._mark(key, state=DeliveryState.SENT, message_id=message_id, error=None)

    async def mark_failed(self, key: str, error: str) -> None:
        """Record why it was refused; `error` is fit for a user.

        Raises:
            LookupError: there is no such delivery, or it was sent.
        """
        await self._mark(
            key, DeliveryRow.state != DeliveryState.SENT, state=DeliveryState.FAILED, error=error
        )

    async def mark_expired(self, key: str) -> None:
        """Record that its deadline passed.

        Raises:
            LookupError: there is no such delivery, or it was sent.
        """
        await self._mark(key, DeliveryRow.state != DeliveryState.SENT, state=DeliveryState.EXPIRED)

    async def mark_thread(self, key: str, thread_id: int) -> None:
        """Record the thread that was opened from its message.

        Raises:
            LookupError: there is no such delivery.
        """
        await self._mark(key, thread_id=thread_id)

    async def mark_threadless(self, key: str) -> None:
        """Record that no thread is to be opened from its message any more.

        Raises:
            LookupError: there is no such delivery.
        """
        await self._mark(key, thread_name=None)

    async def drop_unwanted_threads(self, server_id: int, policy: ThreadPolicy) -> None:
        """Give up those of a server's missing threads that the policy does not include."""
        is_wanted = {
            ThreadPolicy.EACH: DeliveryRow.part > 0,
            ThreadPolicy.DIGEST: DeliveryRow.part == 0,
            ThreadPolicy.NONE: false(),
        }
        await self._session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.server_id == server_id, DeliveryRow.thread_id.is_(None), ~is_wanted[policy])
            .values(thread_name=None)
        )

    async def _mark(self, key: str, *where: Any, **values: Any) -> None:  # noqa: ANN401 - SQL expressions
        result = await self._session.execute(
            update(DeliveryRow).where(DeliveryRow.key == key, *where).values(**values)
        )
        assert isinstance(result, CursorResult)
        if result.rowcount == 0:
            raise LookupError(f"there is no delivery {key} that may be marked {values.get('state', 'so')}")

    async def _where(self, *where: Any) -> list[Delivery]:  # noqa: ANN401 - SQL expressions
        rows = await self._session.scalars(
            select(DeliveryRow).where(*where).execution_options(populate_existing=True)
        )
        # Sorted here: to sort, SQLite would read all of a server's deliveries to find the unfinished ones.
        return sorted([record_of(Delivery, row) for row in rows], key=_place)


def _place(delivery: Delivery) -> tuple[str, int, int]:
    return delivery.week, delivery.channel_id, delivery.part
