"""What arXiv was asked, and when it may be asked again."""

from datetime import date, datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base
from storage.types import Json


class ArxivAnswerRow(Base):
    """The newest answer to a query, valid for one day. `query` is a hash: long keys cannot be indexed."""

    __tablename__ = "arxiv_answers"

    query: Mapped[str] = mapped_column(String(64), primary_key=True)
    day: Mapped[date]
    paper_ids: Mapped[list[str]] = mapped_column(Json(list[str]))


class ArxivListRow(Base):
    """A query's complete list of a week, as arXiv first gave it."""

    __tablename__ = "arxiv_lists"

    query: Mapped[str] = mapped_column(String(64), primary_key=True)
    week: Mapped[str] = mapped_column(primary_key=True)
    paper_ids: Mapped[list[str]] = mapped_column(Json(list[str]))


class ArxivSlotRow(Base):
    """When the next request to arXiv may be sent, and until when none may: a row each, for all processes."""

    __tablename__ = "arxiv_slots"

    name: Mapped[str] = mapped_column(primary_key=True)
    free_from: Mapped[datetime]
