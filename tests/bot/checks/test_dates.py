"""Dates, however written, are compared whole and with what happened on them."""

import time

import pytest

from bot.checks.dates import dates
from tests.bot.checks.held import holds

BOTH = "The recordings were made on 5 June 2024, and their transcripts were published on 11 July 2025."


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("on 5 June 2024", [(2024, 6, 5)]),
        ("on the 1st of Sept. 2026", [(2026, 9, 1)]),
        ("June 5, 2026, and Dec. 2025", [(2026, 6, 5), (2025, 12, None)]),
        ("2026-07-11", [(2026, 7, 11)]),
        ("in 2026-07", [(2026, 7, None)]),
        ("from 5 to 9 June 2024", [(2024, 6, 5), (2024, 6, 9)]),
        ("between 28 May and 3 June 2024", [(None, 5, 28), (2024, 6, 3)]),
        ("in June and July 2024", [(None, 6, None), (2024, 7, None)]),
        ("in June, 20 patients left", [(None, 6, None)]),
        ("It may keep 5 slots, and they march on.", []),
        ("the pages 2026-0711 and the code 12-2026-07-11", []),
    ],
)
def test_dates_are_read_in_each_form(text: str, read: list[tuple[int | None, int, int | None]]) -> None:
    assert [(date.year, date.month, date.day) for date in dates(text)] == read


@pytest.mark.parametrize("pad", [" or 30", "1, ", "May 1-"])
def test_a_hostile_list_of_days_is_read_in_bounded_time(pad: str) -> None:
    text = pad * (30_000 // len(pad))

    started = time.process_time()
    dates(text)

    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("It was submitted, and published there, on 5 June 2026.", ["submitted"]),
        ("This is version 2, an update of 11 July 2026.", ["updated"]),
        ("Version 2 was submitted on 11 July 2026.", ["updated"]),
        ("Submitted on 5 June 2026, last revised 11 July 2026.", ["submitted", "updated"]),
        ("On 5 June 2026 it was published, and on 11 July 2026 revised.", ["submitted", "updated"]),
        ("It was accepted on 5 June 2026.", ["accepted"]),
        ("The recordings were made on 5 June 2026.", [""]),
    ],
)
def test_each_date_has_its_event(text: str, events: list[str]) -> None:
    assert [date.event for date in dates(text)] == events


@pytest.mark.parametrize(
    "statement",
    [
        "The recordings were made on 5 June 2024.",
        "The recordings were made on June 5, 2024.",
        "The recordings were made on 2024-06-05.",
        "The recordings were made in June 2024.",
        "Their transcripts were published on 2025-07-11.",
        "The transcripts of the recordings were published in July 2025.",
    ],
)
def test_a_date_of_the_paper_is_kept_in_each_form(statement: str) -> None:
    assert holds(BOTH, statement)


@pytest.mark.parametrize(
    "statement",
    [
        "The recordings were made on 5 July 2024.",
        "The recordings were made on 11 June 2024.",
        "The recordings were made on 2024-06-06.",
        "The recordings were made on 2025-06-05.",
        "The recordings were made in August 2024.",
        "Their transcripts were published on 5 June 2024.",
        "Their transcripts were published on 5 July 2025.",
        "Their transcripts were revised on 11 July 2025.",
    ],
)
def test_parts_of_two_dates_make_no_third(statement: str) -> None:
    assert not holds(BOTH, statement)


def test_a_date_in_digits_is_the_same_in_words() -> None:
    page = "The recordings were made on 2024-06-05 in the old hall."

    assert holds(page, "The recordings were made on 5 June 2024.")
    assert not holds(page, "The recordings were made on 6 June 2024.")
