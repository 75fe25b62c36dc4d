"""Days in words."""

from datetime import UTC, date, datetime

import pytest

from bot.dates import MONTHS, WEEKDAYS, written_day
from bot.errors import InputError
from bot.weeks import check_started, parse_week


def test_a_day_is_written_as_people_write_it() -> None:
    assert written_day(date(2026, 11, 5)) == "5 November 2026"
    assert written_day(datetime(2026, 11, 5, 19, tzinfo=UTC), weekday=True) == "Thursday, 5 November 2026"


def test_every_month_and_weekday_has_its_own_name() -> None:
    assert [written_day(date(2026, month, 1)).split()[1] for month in range(1, 13)] == [*MONTHS]
    monday = parse_week("2026-W47").first_day.day
    written = [written_day(date(2026, 11, monday + number), weekday=True) for number in range(7)]
    assert [day.partition(",")[0] for day in written] == [*WEEKDAYS]


def test_a_week_that_has_not_begun_says_its_first_day_in_words() -> None:
    with pytest.raises(InputError, match=r"come in on Thursday, 5 November 2026\.$"):
        check_started(parse_week("2026-W46"), datetime(2026, 11, 1, tzinfo=UTC))
