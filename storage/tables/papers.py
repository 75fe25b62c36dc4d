"""Papers, what was read of them, and what is found in it."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.model import Paper, PaperText, SectionKind, Summary
from storage.tables.base import Base, enum
from storage.types import FloatVector, Json, Vector


class PaperRow(Base):
    """What is known of a paper across its versions; `version`, `title` and `published` are the newest's."""

    __tablename__ = "papers"
    __table_args__ = (
        # In display order, with the titles: each keystroke looks through all of them.
        Index(None, "published", "id", "compared_title"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    title: Mapped[str]
    compared_title: Mapped[str] = mapped_column(server_default="")
    """As in `storage.title_search`; empty if a process of an earlier version saved the paper."""
    published: Mapped[datetime]


class AnnouncementRow(Base):
    """What arXiv's daily feeds said about a paper, which is often stored days later, or never."""

    __tablename__ = "announcements"

    paper_id: Mapped[str] = mapped_column(primary_key=True)
    first_day: Mapped[date | None]
    last_day: Mapped[date]
    licence: Mapped[str | None]


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
    kind: Mapped[SectionKind] = mapped_column(enum(SectionKind))
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
        # For the cascade: with the primary key alone, deleting a passage would look through all vectors.
        Index(None, "paper_id", "version", "ordinal"),
    )

    embedder: Mapped[str] = mapped_column(primary_key=True)
    paper_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    vector: Mapped[FloatVector] = mapped_column(Vector)


class PaperVectorRow(Base):
    """The embedding of a whole paper: of its title and abstract, or of its title alone.

    The embedder's name tells which.
    """

    __tablename__ = "paper_vectors"

    embedder: Mapped[str] = mapped_column(primary_key=True)
    paper_id: Mapped[str] = mapped_column(ForeignKey("papers.id", ondelete="CASCADE"), primary_key=True)
    vector: Mapped[FloatVector] = mapped_column(Vector)
