"""What people asked for."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.model import Conversation, WorkKind
from storage.tables.base import Base, DiscordId, enum
from storage.types import Json


class SeenPaperRow(Base):
    """A paper that was summarised or asked about for a reader."""

    __tablename__ = "seen_papers"
    __table_args__ = (Index(None, "user_id"),)

    server_id: Mapped[int] = mapped_column(DiscordId, primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(DiscordId, primary_key=True, autoincrement=False)
    paper_id: Mapped[str] = mapped_column(ForeignKey("papers.id", ondelete="CASCADE"), primary_key=True)


class UsageRow(Base):
    """One question, summary or preview that took work: who asked and what it used, without a word of it."""

    __tablename__ = "usage"
    __table_args__ = (Index(None, "user_id", "at"), Index(None, "server_id", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    server_id: Mapped[int | None] = mapped_column(DiscordId)
    user_id: Mapped[int] = mapped_column(DiscordId)
    kind: Mapped[WorkKind] = mapped_column(enum(WorkKind))
    prompt_tokens: Mapped[int]
    completion_tokens: Mapped[int]
    cost_usd: Mapped[float | None]


class ConversationRow(Base):
    """The last turns up to one answer."""

    __tablename__ = "conversations"

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(DiscordId, index=True)
    message_id: Mapped[int | None] = mapped_column(DiscordId, index=True)
    asked_at: Mapped[datetime] = mapped_column(index=True)
    record: Mapped[Conversation] = mapped_column(Json(Conversation))
