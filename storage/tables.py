"""The tables. Rows stay inside `storage`: queries give back the records of `storage.model`.

Deep records that are read and written whole are one JSON column, beside the columns that queries look at.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    String,
)
from sqlalchemy import Enum as EnumColumn
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from storage.model import (
    DeliveryState,
    Digest,
    DigestStyle,
    Paper,
    PaperText,
    PreferenceKind,
    SectionKind,
    Subject,
    Summary,
    ThreadPolicy,
)
from storage.types import CleanText, FloatVector, Json, UtcDateTime, Vector

DiscordId = BigInteger
"""Discord's snowflakes have 64 bits."""


def _enum(kind: type[StrEnum]) -> EnumColumn:
    """A column of the enum's values, as plain text: a new value needs no migration."""
    return EnumColumn(
        kind,
        native_enum=False,
        length=16,
        values_callable=lambda members: [member.value for member in members],
    )


class Base(DeclarativeBase):
    """Names every constraint, so that migrations can name it too."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {str: CleanText, datetime: UtcDateTime}


class PaperRow(Base):
    """What is known of a paper over all its versions; `version`, `title` and `published` are the newest's."""

    __tablename__ = "papers"

    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    title: Mapped[str]
    published: Mapped[datetime] = mapped_column(index=True)
    licence: Mapped[str | None]
    announced: Mapped[date | None]
    first_seen_week: Mapped[str | None]


class PaperVersionRow(Base):
    """One version's metadata."""

    __tablename__ = "paper_versions"

    paper_id: Mapped[str] = mapped_column(ForeignKey("papers.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    record: Mapped[Paper] = mapped_column(Json(Paper))


def _of_a_version() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["paper_id", "version"], ["paper_versions.paper_id", "paper_versions.version"], ondelete="CASCADE"
    )


class PaperCategoryRow(Base):
    """One category of one version, cross-lists included."""

    __tablename__ = "paper_categories"
    __table_args__ = (_of_a_version(),)

    paper_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    category: Mapped[str] = mapped_column(primary_key=True)


class PaperTextRow(Base):
    """What could be read of one version."""

    __tablename__ = "paper_texts"
    __table_args__ = (_of_a_version(),)

    paper_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    record: Mapped[PaperText] = mapped_column(Json(PaperText))


class SummaryRow(Base):
    """One version's summary by one recipe in one language."""

    __tablename__ = "summaries"
    __table_args__ = (_of_a_version(),)

    paper_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    recipe: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    record: Mapped[Summary] = mapped_column(Json(Summary))


class PassageRow(Base):
    """A piece of one version's text."""

    __tablename__ = "passages"
    __table_args__ = (_of_a_version(),)

    paper_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    heading: Mapped[str]
    kind: Mapped[SectionKind] = mapped_column(_enum(SectionKind))
    first_page: Mapped[int]
    last_page: Mapped[int]
    text: Mapped[str]


class PassageVectorRow(Base):
    """A passage's embedding."""

    __tablename__ = "passage_vectors"
    __table_args__ = (
        ForeignKeyConstraint(
            ["paper_id", "version", "ordinal"],
            ["passages.paper_id", "passages.version", "passages.ordinal"],
            ondelete="CASCADE",
        ),
    )

    embedder: Mapped[str] = mapped_column(primary_key=True)
    paper_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    vector: Mapped[FloatVector] = mapped_column(Vector)


class AbstractVectorRow(Base):
    """The embedding of a paper's title and abstract."""

    __tablename__ = "abstract_vectors"

    embedder: Mapped[str] = mapped_column(primary_key=True)
    paper_id: Mapped[str] = mapped_column(ForeignKey("papers.id", ondelete="CASCADE"), primary_key=True)
    vector: Mapped[FloatVector] = mapped_column(Vector)


class ArxivAnswerRow(Base):
    """The newest answer to a query, good for one day. `query` is a hash: long keys cannot be indexed."""

    __tablename__ = "arxiv_answers"

    query: Mapped[str] = mapped_column(String(64), primary_key=True)
    day: Mapped[date]
    paper_ids: Mapped[list[str]] = mapped_column(Json(list[str]))


class ArxivCoverageRow(Base):
    """A week of which a query's papers are all stored."""

    __tablename__ = "arxiv_coverage"

    query: Mapped[str] = mapped_column(String(64), primary_key=True)
    week: Mapped[str] = mapped_column(primary_key=True)


class ArxivSlotRow(Base):
    """From when on the next request to arXiv may be sent: one row, shared by all processes."""

    __tablename__ = "arxiv_slots"

    name: Mapped[str] = mapped_column(primary_key=True)
    free_from: Mapped[datetime]


class SubscriptionRow(Base):
    """A server's wish."""

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
    style: Mapped[DigestStyle] = mapped_column(_enum(DigestStyle))
    threads: Mapped[ThreadPolicy] = mapped_column(_enum(ThreadPolicy))
    paused: Mapped[bool]
    created_at: Mapped[datetime]
    admin_id: Mapped[int | None] = mapped_column(DiscordId)


class DigestRow(Base):
    """One digest, whole."""

    __tablename__ = "digests"
    __table_args__ = (Index(None, "server_id", "week"),)

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


class DeliveryRow(Base):
    """The outbox: one message that has to reach a channel."""

    __tablename__ = "deliveries"
    __table_args__ = (Index(None, "server_id", "week"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    server_id: Mapped[int] = mapped_column(DiscordId)
    channel_id: Mapped[int] = mapped_column(DiscordId)
    week: Mapped[str]
    part: Mapped[int]
    payload: Mapped[dict[str, Any]] = mapped_column(Json(dict[str, Any]))
    deadline: Mapped[datetime]
    thread_name: Mapped[str | None]
    state: Mapped[DeliveryState] = mapped_column(_enum(DeliveryState), index=True)
    first_try_at: Mapped[datetime | None]
    message_id: Mapped[int | None] = mapped_column(DiscordId)
    thread_id: Mapped[int | None] = mapped_column(DiscordId, index=True)
    error: Mapped[str | None]


class SeenPaperRow(Base):
    """A paper that was summarised or asked about for a reader."""

    __tablename__ = "seen_papers"

    server_id: Mapped[int] = mapped_column(DiscordId, primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(DiscordId, primary_key=True, autoincrement=False)
    paper_id: Mapped[str] = mapped_column(ForeignKey("papers.id", ondelete="CASCADE"), primary_key=True)
    seen_at: Mapped[datetime]


class VoteRow(Base):
    """One person's vote for a paper in one server."""

    __tablename__ = "votes"
    __table_args__ = (Index(None, "user_id"),)

    server_id: Mapped[int] = mapped_column(DiscordId, primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(DiscordId, primary_key=True, autoincrement=False)
    paper_id: Mapped[str] = mapped_column(ForeignKey("papers.id", ondelete="CASCADE"), primary_key=True)
    liked: Mapped[bool]
    at: Mapped[datetime]


class ExampleRow(Base):
    """A paper that a server named as one it likes."""

    __tablename__ = "examples"

    server_id: Mapped[int] = mapped_column(DiscordId, primary_key=True, autoincrement=False)
    paper_id: Mapped[str] = mapped_column(ForeignKey("papers.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime]


class PreferenceRow(Base):
    """Something a server follows or mutes."""

    __tablename__ = "preferences"

    server_id: Mapped[int] = mapped_column(DiscordId, primary_key=True, autoincrement=False)
    subject: Mapped[Subject] = mapped_column(_enum(Subject), primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[PreferenceKind] = mapped_column(_enum(PreferenceKind))


class StateRow(Base):
    """A small fact."""

    __tablename__ = "state"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class ProcessRow(Base):
    """A running process. `instance` is empty once others declared it dead."""

    __tablename__ = "processes"

    name: Mapped[str] = mapped_column(primary_key=True)
    instance: Mapped[str]
    seen_at: Mapped[datetime]


class LeaseRow(Base):
    """What one process at a time holds, for as long as it lives."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(primary_key=True)
    process: Mapped[str] = mapped_column(ForeignKey("processes.name", ondelete="CASCADE"))
