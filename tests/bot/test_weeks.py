from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import InputError
from bot.weeks import (
    Week,
    check_started,
    deadline,
    due_at,
    latest_complete_week,
    latest_due_week,
    parse_week,
    week_of,
)
from storage.model import Subscription

ZONES = sorted(available_timezones())
moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
subscriptions = st.builds(
    Subscription,
    server_id=st.just(1),
    channel_id=st.just(2),
    weekday=st.integers(0, 6),
    hour=st.integers(0, 23),
    zone=st.sampled_from(ZONES),
)


def subscription(weekday: int, hour: int, zone: str) -> Subscription:
    return Subscription(server_id=1, channel_id=2, weekday=weekday, hour=hour, zone=zone)


def test_a_week_runs_from_monday_to_sunday() -> None:
    week = parse_week("2026-W47")

    assert (week.first_day, week.last_day) == (date(2026, 11, 16), date(2026, 11, 22))


@pytest.mark.parametrize(
    "typed",
    [
        " 2026-W47 ",
        "2026w47",
        "2026 W47",
        "2026\u2013W47",
        "2026\u2011W47",
        "２０２６－Ｗ４７",
        "2026-W47\u200b",
        "\u202a2026-W47\u202c",
    ],
)
def test_a_week_may_be_typed_in_other_ways(typed: str) -> None:
    assert parse_week(typed) == Week(2026, 47)


def test_the_window_follows_the_cutoffs_of_new_york_through_the_clock_change() -> None:
    window = parse_week("2026-W45").window

    assert window.start == datetime(2026, 10, 29, 18, tzinfo=UTC)  # summer time: 14:00 is 18:00 UTC
    assert window.end == datetime(2026, 11, 5, 19, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "47", "2026-47", "2026-W54", "2025-W53", "0000-W01", "2026-W00", "W47-2026", "9999-W53"]
)
def test_a_week_that_does_not_exist_is_refused_with_advice(text: str) -> None:
    with pytest.raises(InputError, match=r"W47|no week"):
        parse_week(text)


def test_no_week_lies_behind_the_end_of_the_calendar() -> None:
    with pytest.raises(InputError, match="no week 3 weeks from 9999-W50"):
        Week(9999, 50).plus(3)


def test_a_week_has_begun_from_its_first_submissions_on() -> None:
    week = Week(2026, 47)
    begins = week.window.start

    check_started(week, begins)
    with pytest.raises(InputError, match="first papers come in on Thursday, 12 November 2026"):
        check_started(week, begins - timedelta(seconds=1))


def test_no_week_is_older_than_arxiv() -> None:
    now = datetime(2026, 11, 20, tzinfo=UTC)

    check_started(Week(1991, 31), now)
    with pytest.raises(InputError, match="arXiv started in August 1991"):
        check_started(Week(1991, 30), now)


def test_a_friday_morning_digest_covers_the_week_that_just_ended() -> None:
    assert due_at(Week(2026, 47), subscription(4, 9, "Europe/Berlin")) == datetime(
        2026, 11, 20, 8, tzinfo=UTC
    )


@pytest.mark.parametrize("weekday", range(7))
@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Australia/Sydney"])
def test_a_digest_is_due_on_its_weekday_at_its_hour_within_a_week(weekday: int, zone: str) -> None:
    week = Week(2026, 47)

    due = due_at(week, subscription(weekday, 12, zone))

    there = due.astimezone(ZoneInfo(zone))
    assert week.complete_at <= due < week.complete_at + timedelta(days=7)
    assert (there.weekday(), there.hour) == (weekday, 12)


@pytest.mark.parametrize(
    ("hour", "zone", "due"),
    [
        (1, "Asia/Tokyo", datetime(2026, 11, 26, 16, tzinfo=UTC)),
        (14, "Asia/Tokyo", datetime(2026, 11, 27, 5, tzinfo=UTC)),
        (6, "Europe/Berlin", datetime(2026, 11, 27, 5, tzinfo=UTC)),
        (6, "Europe/London", datetime(2026, 11, 20, 6, tzinfo=UTC)),
        (16, "Australia/Sydney", datetime(2026, 11, 20, 6, tzinfo=UTC)),
        (15, "Australia/Sydney", datetime(2026, 11, 27, 4, tzinfo=UTC)),
        (0, "America/Chicago", datetime(2026, 11, 20, 6, tzinfo=UTC)),
    ],
)
def test_a_friday_hour_before_the_week_is_complete_is_that_of_the_next_friday(
    hour: int, zone: str, due: datetime
) -> None:
    assert due_at(Week(2026, 47), subscription(4, hour, zone)) == due


def test_a_week_counts_from_the_moment_on_when_it_is_complete_or_due() -> None:
    week, wish = Week(2026, 47), subscription(4, 9, "Europe/Berlin")

    assert latest_complete_week(week.complete_at) == week
    assert latest_due_week(due_at(week, wish), wish) == week


@pytest.mark.parametrize(
    ("weekday", "hour", "zone"),
    [
        (4, 7, "Europe/Berlin"),
        (4, 6, "Europe/London"),
        (4, 1, "America/New_York"),
        (4, 0, "America/Chicago"),
        (3, 23, "America/Denver"),
        (3, 22, "America/Los_Angeles"),
        (4, 16, "Australia/Sydney"),
    ],
)
def test_an_hour_that_summer_time_puts_before_the_completeness_loses_no_week(
    weekday: int, hour: int, zone: str
) -> None:
    wish = subscription(weekday, hour, zone)

    due = [due_at(Week(2026, 1).plus(number), wish) for number in range(106)]

    assert {later - earlier for earlier, later in pairwise(due)} <= {
        timedelta(days=7) + timedelta(hours=hours) for hours in (-1, 0, 1)
    }


def test_where_summer_time_puts_the_hour_before_the_completeness_the_digest_waits_for_it() -> None:
    friday_seven = subscription(4, 7, "Europe/Berlin")

    assert due_at(Week(2026, 47), friday_seven) == datetime(2026, 11, 20, 6, tzinfo=UTC)
    assert due_at(Week(2026, 30), friday_seven) == datetime(2026, 7, 24, 6, tzinfo=UTC)  # 8:00 in Berlin


def test_an_hour_that_the_clocks_skip_is_due_right_after_the_change() -> None:
    sunday_two = subscription(6, 2, "Europe/Berlin")

    assert due_at(Week(2026, 13), sunday_two) == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_an_hour_that_comes_twice_is_due_once_the_first_time() -> None:
    sunday_one = subscription(6, 1, "America/New_York")

    assert due_at(Week(2026, 44), sunday_one) == datetime(2026, 11, 1, 5, tzinfo=UTC)
    assert latest_due_week(datetime(2026, 11, 1, 6, 30, tzinfo=UTC), sunday_one) == Week(2026, 44)


@given(moments)
def test_the_newest_complete_week_is_complete_and_the_next_is_not(now: datetime) -> None:
    week = latest_complete_week(now)

    assert week.complete_at <= now < week.plus(1).complete_at


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_weeks_follow_each_other_without_gap(day: date) -> None:
    week = week_of(day)

    assert week.first_day <= day <= week.last_day
    assert parse_week(str(week)) == week
    assert week.window.end == week.plus(1).window.start


@given(moments, subscriptions)
def test_every_moment_belongs_to_exactly_one_due_week(now: datetime, wish: Subscription) -> None:
    week = latest_due_week(now, wish)

    assert week.complete_at <= due_at(week, wish) <= now < deadline(week, wish)
    assert timedelta(days=6) < deadline(week, wish) - due_at(week, wish) < timedelta(days=8)


@given(st.integers(2020, 2090), st.sampled_from(ZONES), st.integers(-3, 3))
def test_the_weeks_of_a_year_are_due_one_after_the_other(year: int, zone: str, hours_away: int) -> None:
    # Hours around the completeness are the ones at risk, and the days around it with them.
    around = (Week(year, 1).complete_at + timedelta(hours=hours_away)).astimezone(ZoneInfo(zone))
    wish = subscription(around.weekday(), around.hour, zone)

    weeks = [Week(year, 1).plus(number) for number in range(54)]
    due = [due_at(week, wish) for week in weeks]

    assert all(week.complete_at <= moment for week, moment in zip(weeks, due, strict=True))
    assert all(timedelta(days=6) < later - earlier < timedelta(days=8) for earlier, later in pairwise(due))


@given(st.text(max_size=12))
def test_any_text_is_a_week_or_refused(text: str) -> None:
    try:
        week = parse_week(text)
    except InputError:
        return

    assert str(week)[:4].isdigit()
