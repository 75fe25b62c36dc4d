"""Subscriptions, digests and the outbox."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.model import Audio, DeliveryState, Digest, DigestStyle, ThreadPolicy
from storage.tables.base import Base, DiscordId, enum
from storage.types import Json

_AUDIOS_KEPT = 10_000
"""The public pages look at all public recordings every minute. To read those of 30 servers from JSON, once
they are three years old, would take 0.8 s each time."""


class SubscriptionRow(Base):
    """A server's subscription."""

    __tablename__ = "subscriptions"

    server_id: Mapped[int] = mapped_column(DiscordId, primary_key=True, autoincrement=False)
    channel_id: Mapped[int | None] = mapped_column(DiscordId)
    weekday: Mapped[int]
    hour: Mapped[int]
    zone: Mapped[str]
    categories: Mapped[tuple[str, ...]] = mapped_column(Json(tuple[str, ...]))
    interests: Mapped[str]
    excluded_words: Mapped[tuple[str, ...]] = mapped_column(Json(tuple[str, ...]))
    highlights: Mapped[int]
    style: Mapped[DigestStyle] = mapped_column(enum(DigestStyle))
    threads: Mapped[ThreadPolicy] = mapped_column(enum(ThreadPolicy))
    paused: Mapped[bool]
    publication: Mapped[str | None]
    created_at: Mapped[datetime]
    admin_id: Mapped[int | None] = mapped_column(DiscordId)


class DigestRow(Base):
    """One digest, whole."""

    __tablename__ = "digests"
    __table_args__ = (Index(None, "server_id", "week"), Index(None, "published", "created_at"))

    id: Mapped[str] = mapped_column(primary_key=True)
    server_id: Mapped[int] = mapped_column(DiscordId)
    week: Mapped[str]
    published: Mapped[bool]
    created_at: Mapped[datetime]
    record: Mapped[Digest] = mapped_column(Json(Digest))


class DigestEntryRow(Base):
    """A paper that a published digest showed."""

    __tablename__ = "digest_entries"

    digest_id: Mapped[str] = mapped_column(ForeignKey("digests.id", ondelete="CASCADE"), primary_key=True)
    paper_id: Mapped[str] = mapped_column(primary_key=True)


class DigestPlanRow(Base):
    """What a run decided before its digest existed."""

    __tablename__ = "digest_plans"

    digest_id: Mapped[str] = mapped_column(primary_key=True)
    plan: Mapped[dict[str, Any]] = mapped_column(Json(dict[str, Any]))


class AudioRow(Base):
    """A digest that was read aloud."""

    __tablename__ = "audios"

    digest_id: Mapped[str] = mapped_column(ForeignKey("digests.id", ondelete="CASCADE"), primary_key=True)
    record: Mapped[Audio] = mapped_column(Json(Audio, kept=_AUDIOS_KEPT))


class DeliveryRow(Base):
    """The outbox: one message that has to reach a channel."""

    __tablename__ = "deliveries"
    __table_args__ = (Index(None, "server_id", "week"), Index(None, "state", "server_id"))

    key: Mapped[str] = mapped_column(primary_key=True)
    server_id: Mapped[int] = mapped_column(DiscordId)
    channel_id: Mapped[int] = mapped_column(DiscordId)
    week: Mapped[str]
    part: Mapped[int]
    payload: Mapped[dict[str, Any]] = mapped_column(Json(dict[str, Any]))
    deadline: Mapped[datetime]
    paper_key: Mapped[str | None]
    thread_name: Mapped[str | None]
    state: Mapped[DeliveryState] = mapped_column(enum(DeliveryState))
    first_try_at: Mapped[datetime | None]
    message_id: Mapped[int | None] = mapped_column(DiscordId, index=True)
    thread_id: Mapped[int | None] = mapped_column(DiscordId, index=True)
    error: Mapped[str | None]
