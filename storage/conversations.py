"""Conversations: the last turns up to each answer, kept for a day."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Text, delete, func, select, type_coerce, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.deletions import Deletions
from storage.model import Conversation
from storage.rows import row_of
from storage.tables import ConversationRow
from storage.upserts import upsert

KEPT = timedelta(hours=24)
"""Nobody follows up later than that, and what people asked is theirs."""


class Conversations:
    """The queries over conversations, inside one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._deletions = Deletions(session)

    async def save(self, conversation: Conversation) -> None:
        """Store what a follow-up to this answer needs, without those who had everything deleted since."""
        if await self._deletions.deleted_since(conversation.user_id, conversation.asked_at):
            return
        turns = tuple(
            [
                turn
                for turn in conversation.turns
                if not await self._deletions.deleted_since(turn.user_id, turn.asked_at)
            ]
        )
        record = replace(conversation, turns=turns)
        await upsert(self._session, ConversationRow, [row_of(ConversationRow, record) | {"record": record}])

    async def posted(self, conversation_id: str, message_id: int) -> None:
        """Record which message shows the answer."""
        await self._session.execute(
            update(ConversationRow).where(ConversationRow.id == conversation_id).values(message_id=message_id)
        )

    async def get(self, conversation_id: str, *, now: datetime) -> Conversation | None:
        """The conversation up to this answer, unless it has expired."""
        return await self._session.scalar(
            select(ConversationRow.record).where(
                ConversationRow.id == conversation_id, ConversationRow.asked_at > now - KEPT
            )
        )

    async def at_message(self, message_id: int, *, now: datetime) -> Conversation | None:
        """The conversation up to the answer that this message shows, unless it has expired."""
        return await self._session.scalar(
            select(ConversationRow.record).where(
                ConversationRow.message_id == message_id, ConversationRow.asked_at > now - KEPT
            )
        )

    async def prune(self, *, now: datetime) -> None:
        """Delete expired conversations."""
        await self._session.execute(delete(ConversationRow).where(ConversationRow.asked_at <= now - KEPT))

    async def count_of_user(self, user_id: int) -> int:
        """How many answers to a person are kept for follow-ups."""
        counted = select(func.count()).where(ConversationRow.user_id == user_id)
        return await self._session.scalar(counted) or 0

    async def forget_user(self, user_id: int) -> None:
        """Forget what a person asked, also where others followed up on it."""
        await self._session.execute(delete(ConversationRow).where(ConversationRow.user_id == user_id))
        # Few records contain their id: only those are read.
        may_name_them = type_coerce(ConversationRow.record, Text).contains(str(user_id))
        rows = await self._session.execute(
            select(ConversationRow.id, ConversationRow.record).where(may_name_them)
        )
        for row in rows.all():
            turns = tuple(turn for turn in row.record.turns if turn.user_id != user_id)
            await self._session.execute(
                update(ConversationRow)
                .where(ConversationRow.id == row.id)
                .values(record=replace(row.record, turns=turns))
            )
