"""Votes, seeds and preferences."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.model import PreferenceKind, Subject
from storage.tables.base import Base, DiscordId, enum


class VoteRow(Base):
    """One person's vote for a paper in one server."""

    __tablename__ = "votes"
    __table_args__ = (
        Index(None, "user_id"),
        Index(None, "paper_id", "server_id"),
        # For the newest ones, with their papers: a server's votes of years are many.
        Index(None, "server_id", "at", "paper_id"),
    )

    server_id: Mapped[int] = mapped_column(DiscordId, primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(DiscordId, primary_key=True, autoincrement=False)
    paper_id: Mapped[str] = mapped_column(ForeignKey("papers.id", ondelete="CASCADE"), primary_key=True)
    liked: Mapped[bool]
    at: Mapped[datetime]


class SeedRow(Base):
    """A paper that a server named as one it likes."""

    __tablename__ = "examples"

    server_id: Mapped[int] = mapped_column(DiscordId, primary_key=True, autoincrement=False)
    paper_id: Mapped[str] = mapped_column(ForeignKey("papers.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime]


class PreferenceRow(Base):
    """Something a server follows or mutes."""

    __tablename__ = "preferences"

    server_id: Mapped[int] = mapped_column(DiscordId, primary_key=True, autoincrement=False)
    subject: Mapped[Subject] = mapped_column(enum(Subject), primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[PreferenceKind] = mapped_column(enum(PreferenceKind))
