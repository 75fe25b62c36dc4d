"""Which papers belong to a week, and when a week's digest is due (pure functions of dates).

A digest's week is an ISO week. arXiv announces Sunday to Thursday at 20:00 US Eastern; in UTC these five
announcements fall on Monday to Friday of one ISO week. They contain what was submitted from Thursday 14:00
Eastern of the previous week to Thursday 14:00 Eastern of this one
(https://info.arxiv.org/help/availability.html). All of it can be found from Friday 06:00 UTC, so that is the
earliest moment for the week's digest, whatever weekday a server chose.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from bot.dates import written_day
from bot.errors import InputError, echoed
from bot.texts.folding import in_plain_characters
from bot.zones import zone_named
from storage.model import SubmissionWindow, Subscription

OVERLAP = timedelta(days=14)
"""How far before the week a search looks: moderation can hold a paper for this long and longer."""

_EASTERN = ZoneInfo("America/New_York")
_CUTOFF = time(14, 0)
_COMPLETE = time(6, 0)
_THURSDAY, _FRIDAY = 4, 5
_YEAR_OF_OFFSETS = 2026
_WEEK = re.compile(r"(\d{4})[- ]?W(\d{1,2})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """An ISO week."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02}"

    @property
    def first_day(self) -> date:
        """Its Monday."""
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        """Its Sunday."""
        return self.first_day + timedelta(days=6)

    @property
    def window(self) -> SubmissionWindow:
        """When the papers announced in this week were submitted, unless moderation held them."""
        end = date.fromisocalendar(self.year, self.number, _THURSDAY)
        return SubmissionWindow(
            start=datetime.combine(end - timedelta(days=7), _CUTOFF, _EASTERN).astimezone(UTC),
            end=datetime.combine(end, _CUTOFF, _EASTERN).astimezone(UTC),
        )

    @property
    def complete_at(self) -> datetime:
        """When arXiv shows all of the week's announcements: Friday 06:00 UTC."""
        return datetime.combine(date.fromisocalendar(self.year, self.number, _FRIDAY), _COMPLETE, UTC)

    def plus(self, weeks: int) -> "Week":
        """The week this many weeks later (earlier if negative).

        Raises:
            InputError: it is outside the calendar.
        """
        try:
            return week_of(self.first_day + timedelta(weeks=weeks))
        except OverflowError:
            raise InputError(f"There is no week {weeks} weeks from {self}.") from None


def week_of(day: date) -> Week:
    """The ISO week of a day."""
    year, number, _ = day.isocalendar()
    return Week(year, number)


def parse_week(text: str) -> Week:
    """The week written as `2026-W47`, with any dash or none.

    Raises:
        InputError: it is not written so, or there is no such week.
    """
    match = _WEEK.fullmatch(in_plain_characters(text).strip())
    if match is None:
        echo = echoed(text)
        raise InputError(f"“{echo}” is not a week: write it like 2026-W47 (ISO week).", echo=echo)
    week = Week(int(match[1]), int(match[2]))
    try:
        _ = week.window, week.last_day
    except (ValueError, OverflowError):
        raise InputError(f"There is no week {week}: a year has 52 or 53 weeks.") from None
    return week


_ARXIV_STARTED = datetime(1991, 8, 1, tzinfo=UTC)
"""Its first paper is from that month (https://info.arxiv.org/about/)."""


def check_started(week: Week, now: datetime) -> None:
    """Refuse a week that cannot have papers yet.

    Raises:
        InputError: its submissions have not started, or it is older than arXiv.
    """
    if week.window.end <= _ARXIV_STARTED:
        raise InputError(f"There are no papers from {week}: arXiv started in August 1991.")
    if week.window.start > now:
        first_day = written_day(week.window.start, weekday=True)
        raise InputError(f"The week {week} has not started: its first papers come in on {first_day}.")


def latest_complete_week(now: datetime) -> Week:
    """The newest week whose announcements are all out."""
    week = week_of(now.astimezone(UTC).date())
    return week if week.complete_at <= now else week.plus(-1)


def due_at(week: Week, subscription: Subscription) -> datetime:
    """When the week's digest is due, in UTC.

    That is the first occurrence of the subscription's weekday and hour once the week is complete. The zone's
    winter time decides all year round which is the first. Otherwise an hour close to that moment would come
    right after it in one half of the year and a week later in the other, and two weeks would fall together
    when the clocks change. If summer time moves the hour before the week is complete, the digest waits until
    it is. An hour that the clocks skip counts as the moment they skip it; one that comes twice counts the
    first time.

    Raises:
        InputError: the subscription's zone does not exist.
    """
    zone = zone_named(subscription.zone)
    winter_time = _winter_time(zone)
    day = week.complete_at.astimezone(winter_time).date()
    day += timedelta(days=(subscription.weekday - day.weekday()) % 7)
    if _local(day, subscription.hour, winter_time) < week.complete_at:
        day += timedelta(days=7)
    return max(_local(day, subscription.hour, zone), week.complete_at)


def deadline(week: Week, subscription: Subscription) -> datetime:
    """Until when the week's digest may still be posted: when the next one is due."""
    return due_at(week.plus(1), subscription)


def latest_due_week(now: datetime, subscription: Subscription) -> Week:
    """The newest week whose digest is due; its deadline is always in the future."""
    week = week_of(now.astimezone(UTC).date())
    while due_at(week, subscription) > now:
        week = week.plus(-1)
    return week


def _winter_time(zone: ZoneInfo) -> timezone:
    """The zone without summer time: the smaller of its two offsets from UTC.

    Both are taken from one fixed year: if a country moves its zone, two weeks would fall together again.
    """
    january, july = (datetime(_YEAR_OF_OFFSETS, month, 1, tzinfo=zone).utcoffset() for month in (1, 7))
    return timezone(min(january or timedelta(0), july or timedelta(0)))


def _local(day: date, hour: int, zone: tzinfo) -> datetime:
    # Skipped local times have the offset from before the change: the conversion lands on the moment after it.
    return datetime.combine(day, time(hour), zone).astimezone(UTC)
