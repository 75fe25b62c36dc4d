from datetime import UTC, datetime

import pytest

from bot.digest.candidates import Candidates
from bot.digest.weeks import Week
from bot.errors import ArxivError, InputError
from storage.database import Database
from tests.bot.examples import paper
from tests.fakes.clock import StillClock
from tests.fakes.papers import ListedPapers

WEEK = Week(2026, 47)
AFTER = datetime(2026, 11, 21, tzinfo=UTC)
HELD = datetime(2026, 11, 10, tzinfo=UTC)
"""A submission of the week before."""


def candidates(database: Database, source: ListedPapers, now: datetime = AFTER) -> Candidates:
    return Candidates(database=database, source=source, clock=StillClock(now))


async def test_a_week_holds_what_was_submitted_in_its_window(database: Database) -> None:
    source = ListedPapers(paper("2611.00001"), paper("2611.00002", published=HELD))

    listing = await candidates(database, source).week(["cs.CL"], WEEK)

    assert [paper.id for paper in listing.papers] == ["2611.00001"]
    assert listing.remarks == ()


async def test_the_second_question_of_a_day_is_served_from_storage(database: Database) -> None:
    source = ListedPapers(paper("2611.00001"))

    first = await candidates(database, source).week(["cs.CL"], WEEK)
    second = await candidates(database, source).week(["cs.CL"], WEEK)

    assert first == second
    assert len(source.asked) == 1


async def test_the_next_day_arxiv_is_asked_again(database: Database) -> None:
    source = ListedPapers(paper("2611.00001"))
    await candidates(database, source).week(["cs.CL"], WEEK)

    await candidates(database, source, now=datetime(2026, 11, 22, tzinfo=UTC)).week(["cs.CL"], WEEK)

    assert len(source.asked) == 2


async def test_a_look_before_the_week_is_complete_does_not_stand_for_the_complete_list(
    database: Database,
) -> None:
    source = ListedPapers(paper("2611.00001"))
    for minutes in (30, 40):
        early = datetime(2026, 11, 20, 0, minutes, tzinfo=UTC)
        await candidates(database, source, now=early).week(["cs.CL"], WEEK)
    assert len(source.asked) == 1
    source.listed.append(paper("2611.00002"))  # announced at 01:00 UTC

    friday_nine = datetime(2026, 11, 20, 9, tzinfo=UTC)
    listing = await candidates(database, source, now=friday_nine).week(["cs.CL"], WEEK)

    assert [paper.id for paper in listing.papers] == ["2611.00001", "2611.00002"]
    assert listing.remarks == ()


async def test_after_a_look_at_an_incomplete_week_older_papers_are_left_to_it(database: Database) -> None:
    source = ListedPapers(paper("2611.00001"))
    wednesday = datetime(2026, 11, 11, tzinfo=UTC)
    await candidates(database, source, now=wednesday).week(["cs.CL"], WEEK.plus(-1))
    source.listed.append(paper("2611.00002", published=HELD))

    listing = await candidates(database, source).week(["cs.CL"], WEEK)

    assert [paper.id for paper in listing.papers] == ["2611.00001"]


async def test_a_paper_that_moderation_held_belongs_to_the_week_that_first_saw_it(database: Database) -> None:
    source = ListedPapers(paper("2611.00001"))
    await candidates(database, source).week(["cs.CL"], WEEK.plus(-1))
    source.listed.append(paper("2611.00002", published=HELD))

    listing = await candidates(database, source).week(["cs.CL"], WEEK)

    assert [paper.id for paper in listing.papers] == ["2611.00001", "2611.00002"]


async def test_without_a_look_at_the_week_before_older_papers_are_left_to_it(database: Database) -> None:
    source = ListedPapers(paper("2611.00002", published=HELD))
    await candidates(database, source).week(["cs.LG", "cs.CL"], WEEK.plus(-1))

    listing = await candidates(database, source).week(["cs.CL"], WEEK)

    assert listing.papers == ()


async def test_a_failed_question_is_an_error_and_leaves_no_trace(database: Database) -> None:
    source = ListedPapers(paper("2611.00001"))
    source.failure = ArxivError("arXiv does not answer.")
    with pytest.raises(ArxivError):
        await candidates(database, source).week(["cs.CL"], WEEK)
    source.failure = None

    listing = await candidates(database, source).week(["cs.CL"], WEEK)

    assert len(listing.papers) == 1


async def test_a_week_that_is_not_over_is_said_to_be_incomplete(database: Database) -> None:
    wednesday = datetime(2026, 11, 18, tzinfo=UTC)

    listing = await candidates(database, ListedPapers(paper()), now=wednesday).week(["cs.CL"], WEEK)

    assert listing.remarks == (
        "The week was not over: arXiv's list is complete from Friday, 20 November, 06:00 UTC on.",
    )


async def test_a_week_to_come_is_refused(database: Database) -> None:
    with pytest.raises(InputError, match="has not begun"):
        await candidates(database, ListedPapers()).week(["cs.CL"], WEEK.plus(2))
