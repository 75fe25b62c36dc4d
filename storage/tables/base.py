"""What all tables share."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import BigInteger, MetaData
from sqlalchemy import Enum as EnumColumn
from sqlalchemy.orm import DeclarativeBase

from storage.types import CleanText, UtcDateTime

DiscordId = BigInteger
"""Discord's snowflakes have 64 bits."""


def enum(kind: type[StrEnum]) -> EnumColumn:
    """A column of the enum's values, as plain text: a new value needs no migration."""
    return EnumColumn(
        kind,
        native_enum=False,
        length=16,
        values_callable=lambda members: [member.value for member in members],
    )


class Base(DeclarativeBase):
    """Names every constraint, so that migrations can refer to it."""

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
