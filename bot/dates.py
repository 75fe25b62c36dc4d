"""Dates in English, whatever the process's locale: strftime would use the locale's names (pure)."""

from datetime import date

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def written_day(day: date, *, weekday: bool = False) -> str:
    """Such as `5 November 2026`, or `Thursday, 5 November 2026`."""
    written = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    return f"{WEEKDAYS[day.weekday()]}, {written}" if weekday else written
