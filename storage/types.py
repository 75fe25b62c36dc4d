"""Column types for what SQLite and PostgreSQL cannot store as we mean it, and how text is made storable."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from typing import Any, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt
from pydantic import TypeAdapter
from pydantic_core import to_json
from sqlalchemy import DateTime, Dialect, LargeBinary, Text
from sqlalchemy.types import TypeDecorator

RecordT = TypeVar("RecordT")

FloatVector: TypeAlias = npt.NDArray[np.float32]
"""Shape (dimensions,) for one vector, (n, dimensions) for several."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_LITTLE_ENDIAN_FLOATS = np.dtype("<f4")


def storable(text: str) -> str:
    """`text` without what databases refuse: NUL and lone surrogates, which some PDFs contain.

    Each becomes one U+FFFD, so that character offsets into the text stay right.
    """
    return _UNSTORABLE.sub("\ufffd", text)


def _storable_tree(value: Any) -> Any:  # noqa: ANN401 - any plain Python value
    match value:
        case str():
            return storable(value)
        case dict():
            return {_storable_tree(key): _storable_tree(item) for key, item in value.items()}
        case list() | tuple():
            return [_storable_tree(item) for item in value]
        case _:
            return value


class CleanText(TypeDecorator[str]):
    """Text, made storable on its way in."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Replace what the database would refuse."""
        return None if value is None else storable(value)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, stored in UTC and returned aware: SQLite drops time zones.

    Naive datetimes are refused: nobody knows which moment they mean.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Convert to UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a datetime without a zone cannot be stored: {value}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Put the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Json(TypeDecorator[RecordT]):
    """A record as JSON text: any type that pydantic can validate, above all frozen dataclasses.

    Text rather than the databases' JSON types: no query looks inside, and a frozen payload stays as it is.
    """

    impl = Text
    cache_ok = True

    def __init__(self, record: type[RecordT], *, kept: int = 0) -> None:
        """`kept`: how many records, which nobody may change, to keep so that the same text is read once."""
        super().__init__()
        self.record = record
        self.kept = kept

    @cached_property
    def _adapter(self) -> TypeAdapter[RecordT]:
        return TypeAdapter(self.record)

    @cached_property
    def _read(self) -> Callable[[str], RecordT]:
        return lru_cache(self.kept)(self._adapter.validate_json)

    def process_bind_param(self, value: RecordT | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Write JSON, with its text made storable."""
        if value is None:
            return None
        return to_json(_storable_tree(self._adapter.dump_python(value))).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> RecordT | None:  # noqa: ARG002
        """Read the record back; pydantic raises ValidationError if it does not fit."""
        return None if value is None else self._read(value)


class Vector(TypeDecorator[FloatVector]):
    """One float32 vector as its bytes, little-endian on every machine."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: FloatVector | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002
        """The bytes of the vector."""
        return None if value is None else np.asarray(value, dtype=_LITTLE_ENDIAN_FLOATS).tobytes()

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> FloatVector | None:  # noqa: ARG002
        """The vector, read-only."""
        return None if value is None else vectors_of(value)


def vector_bytes(dimensions: int) -> int:
    """How many bytes a stored vector of so many numbers has."""
    return dimensions * _LITTLE_ENDIAN_FLOATS.itemsize


def vectors_of(stored: bytes) -> FloatVector:
    """One stored vector, or several concatenated, as a read-only one-dimensional array."""
    return np.frombuffer(stored, dtype=_LITTLE_ENDIAN_FLOATS)
