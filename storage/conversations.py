"""Conversations: the last turns up to each answer, for a day."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.deletions import Deletions
from storage.model import Conversation
from storage.tables import ConversationRow
from storage.upserts import upsert

KEPT = timedelta(hours=24)
"""Longer than that nobody goes on, and what people asked is theirs."""


class Conversations:
    """The queries over conversations, inside one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def save(self, conversation: Conversation) -> None:
        """Keep what a follow-up to this answer needs, unless who asked had everything deleted since."""
        if await Deletions(self._session).came_since(conversation.user_id, conversation.asked_at):
            return
        row = {name: getattr(conversation, name) for name in ("id", "user_id", "message_id", "asked_at")}
        await upsert(self._session, ConversationRow, [row | {"record": conversation}])

    async def posted(self, conversation_id: str, message_id: int) -> None:
        """Note which message shows the answer."""
        await self._session.execute(
            update(ConversationRow).where(ConversationRow.id == conversation_id).values(message_id=message_id)
        )

    async def get(self, conversation_id: str, *, now: datetime) -> Conversation | None:
        """The conversation up to this answer, unless it is over."""
        return await self._session.scalar(
            select(ConversationRow.record).where(
                ConversationRow.id == conversation_id, ConversationRow.asked_at > now - KEPT
            )
        )

    async def at_message(self, message_id: int, *, now: datetime) -> Conversation | None:
        """The conversation up to the answer that this message shows, unless it is over."""
        return await self._session.scalar(
            select(ConversationRow.record).where(
                ConversationRow.message_id == message_id, ConversationRow.asked_at > now - KEPT
            )
        )

    async def prune(self, *, now: datetime) -> int:
        """Forget the conversations that are over; returns how many."""
        forgotten = await self._session.execute(
            delete(ConversationRow)
            .where(ConversationRow.asked_at <= now - KEPT)
            .returning(ConversationRow.id)
        )
        return len(forgotten.all())

    async def count_of_user(self, user_id: int) -> int:
        """How many answers to a person are kept for follow-ups."""
        counted = select(func.count()).where(ConversationRow.user_id == user_id)
        return await self._session.scalar(counted) or 0

    async def forget_user(self, user_id: int) -> None:
        """Forget what a person asked."""
        await self._session.execute(delete(ConversationRow).where(ConversationRow.user_id == user_id))
