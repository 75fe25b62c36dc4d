"""Values go in and come back as they were, or as near as a database can keep them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects.sqlite.aiosqlite import dialect

from storage.model import Digest, PaperText
from storage.types import Json, UtcDateTime, storable
from tests.storage.records import digest, paper_text

SQLITE = dialect()


def test_what_databases_refuse_is_replaced_one_by_one() -> None:
    assert storable("a\x00b\ud835c") == "a\ufffdb\ufffdc"


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_becomes_storable_without_moving(text: str) -> None:
    cleaned = storable(text)

    assert "\x00" not in cleaned
    assert len(cleaned) == len(text)
    cleaned.encode()


def test_a_moment_of_any_zone_is_stored_in_utc() -> None:
    berlin = datetime(2026, 11, 16, 10, 0, tzinfo=timezone(timedelta(hours=1)))

    stored = UtcDateTime().process_bind_param(berlin, SQLITE)

    assert stored == datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
    assert stored.utcoffset() == timedelta(0)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        UtcDateTime().process_bind_param(datetime(2026, 11, 16, 9, 0), SQLITE)  # noqa: DTZ001 - the point


def test_a_deep_record_survives_json() -> None:
    record = digest(highlights=("2611.00001",), noted=("2611.00002",))
    column = Json(Digest)

    json = column.process_bind_param(record, SQLITE)

    assert column.process_result_value(json, SQLITE) == record


def test_text_deep_inside_a_record_is_made_storable() -> None:
    record = paper_text(problem="lone \ud800 and \x00")
    column = Json(PaperText)

    json = column.process_bind_param(record, SQLITE)

    restored = column.process_result_value(json, SQLITE)
    assert restored == paper_text(problem="lone \ufffd and \ufffd")
