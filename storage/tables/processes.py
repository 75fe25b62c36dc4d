"""What processes share."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base


class StateRow(Base):
    """A small fact."""

    __tablename__ = "state"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class ProcessRow(Base):
    """A running process. `instance` is empty once another process has declared it dead."""

    __tablename__ = "processes"

    name: Mapped[str] = mapped_column(primary_key=True)
    instance: Mapped[str]
    seen_at: Mapped[datetime]


class LeaseRow(Base):
    """What only one process at a time may hold, for as long as it lives."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(primary_key=True)
    process: Mapped[str] = mapped_column(ForeignKey("processes.name", ondelete="CASCADE"))
