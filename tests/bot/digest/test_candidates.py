import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.digest.candidates import Candidates
from bot.errors import ArxivError, InputError
from bot.weeks import Week
from storage.database import Database
from storage.model import Paper, SubmissionWindow
from tests.bot.examples import paper
from tests.databases import reads_of_papers
from tests.fakes.clock import StillClock
from tests.fakes.papers import ListedPapers
from tests.storage.records import announcement
from tests.waiting import until

WEEK = Week(2026, 47)
AFTER = datetime(2026, 11, 21, tzinfo=UTC)
HELD = datetime(2026, 11, 10, tzinfo=UTC)
"""A submission of the previous week."""
BOTH, HELD_IDS = ("cs.CL", "cs.LG"), ["2611.00008", "2611.00009"]


def candidates(database: Database, source: ListedPapers, now: datetime = AFTER) -> Candidates:
    return Candidates(database=database, source=source, clock=StillClock(now))


async def test_a_week_holds_what_was_submitted_in_its_window(database: Database) -> None:
    source = ListedPapers(paper("2611.00001"), paper("2611.00002", published=HELD))

    listing = await candidates(database, source).week(["cs.CL"], WEEK)

    assert [paper.id for paper in listing.papers] == ["2611.00001"]
    assert listing.remarks == ()


async def test_the_second_request_of_a_day_is_served_from_storage(database: Database) -> None:
    source = ListedPapers(paper("2611.00001"))

    first = await candidates(database, source).week(["cs.CL"], WEEK)
    second = await candidates(database, source).week(["cs.CL"], WEEK)

    assert first == second
    assert len(source.asked) == 1


class SlowPapers(ListedPapers):
    """Answers when the test allows it."""

    def __init__(self, *papers: Paper) -> None:
        super().__init__(*papers)
        self.may_answer = asyncio.Event()

    async def submitted(self, categories: Sequence[str], window: SubmissionWindow) -> list[Paper]:
        found = await super().submitted(categories, window)
        await self.may_answer.wait()
        return found


async def test_a_weeks_list_is_known_even_after_arxivs_answer_was_deleted(database: Database) -> None:
    desk = candidates(database, ListedPapers(paper("2611.00001")))
    listing = await desk.week(["cs.CL"], WEEK)
    async with database.begin() as tx:
        await tx.papers.save([paper("2611.00002")])  # for another reason
        await tx.arxiv.prune(answers_before=AFTER.date() + timedelta(days=1), lists_before=str(WEEK))

    assert await desk.stored(["cs.CL"], WEEK) == list(listing.papers)


async def test_simultaneous_requests_share_one_answer(database: Database) -> None:
    source = SlowPapers(paper("2611.00001"))
    desk = candidates(database, source)

    asking = [
        asyncio.create_task(desk.week(names, WEEK)) for names in (["cs.CL", "cs.LG"], ["cs.LG", "cs.CL"])
    ]
    await until(lambda: source.asked)
    await asyncio.sleep(0.1)  # time in which the other might ask too
    source.may_answer.set()
    first, second = await asyncio.gather(*asking)

    assert [paper.id for paper in first.papers] == ["2611.00001"]
    assert first == second
    assert len(source.asked) == 1


async def test_the_next_day_arxiv_is_asked_again(database: Database) -> None:
    source = ListedPapers(paper("2611.00001"))
    await candidates(database, source).week(["cs.CL"], WEEK)

    await candidates(database, source, now=datetime(2026, 11, 22, tzinfo=UTC)).week(["cs.CL"], WEEK)

    assert len(source.asked) == 2


async def test_a_list_from_before_the_week_was_complete_is_not_reused_afterwards(database: Database) -> None:
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


async def test_after_an_incomplete_list_of_the_previous_week_its_papers_are_left_out(
    database: Database,
) -> None:
    source = ListedPapers(paper("2611.00001"))
    wednesday = datetime(2026, 11, 11, tzinfo=UTC)
    await candidates(database, source, now=wednesday).week(["cs.CL"], WEEK.plus(-1))
    source.listed.append(paper("2611.00002", published=HELD))

    listing = await candidates(database, source).week(["cs.CL"], WEEK)

    assert [paper.id for paper in listing.papers] == ["2611.00001"]


HELD_IN_TIME = paper("2611.00008", published=datetime(2026, 11, 18, 12, tzinfo=UTC), categories=BOTH)
"""Submitted in the week, released on Tuesday of the next."""
HELD_FOR_LONG = paper("2611.00009", published=datetime(2026, 11, 11, 12, tzinfo=UTC), categories=BOTH)
"""Submitted in the previous week, released with the other."""


class Lists:
    """Lists of weeks as several servers request them, each on its own day, the earliest first."""

    def __init__(self, database: Database) -> None:
        self.source = ListedPapers(paper("2611.00001", categories=BOTH))
        self._database = database

    async def at(
        self, categories: Sequence[str], week: Week, *, day: int, last: Sequence[str] = ()
    ) -> list[str]:
        """The held papers that a week's list has, this many days after Monday, 16 November 2026."""
        now = datetime(2026, 11, 16, 9, tzinfo=UTC) + timedelta(days=day)
        desk = candidates(self._database, self.source, now=now)
        listing = await desk.week(categories, week, last=last)
        stored = await desk.stored(categories, week, last=last)
        assert {paper.id for paper in stored} == {paper.id for paper in listing.papers}
        return sorted(paper.id for paper in listing.papers if paper.id in HELD_IDS)

    def release(self) -> None:
        self.source.listed += [HELD_IN_TIME, HELD_FOR_LONG]

    async def announce(self, day: date) -> None:
        """Have the day's feed announce the held papers."""
        async with self._database.begin() as tx:
            await tx.papers.announce([announcement(paper_id, day=day) for paper_id in HELD_IDS])


@pytest.fixture
def lists(database: Database) -> Lists:
    return Lists(database)


async def test_a_paper_held_by_moderation_is_in_the_first_digest_after_its_release(lists: Lists) -> None:
    await lists.at(["cs.CL"], WEEK, day=4)
    lists.release()

    assert await lists.at(["cs.CL"], WEEK.plus(1), day=11) == HELD_IDS
    assert await lists.at(["cs.CL"], WEEK.plus(2), day=18) == []


async def test_previews_do_not_take_a_held_paper_from_the_digest(lists: Lists) -> None:
    await lists.at(["cs.CL"], WEEK, day=4)
    lists.release()
    await lists.at(["cs.CL"], WEEK, day=9)
    await lists.at(["cs.CL"], WEEK.plus(1), day=9)
    await lists.at(["cs.LG", "cs.CL"], WEEK, day=9)

    assert await lists.at(["cs.CL"], WEEK.plus(1), day=11) == HELD_IDS
    assert await lists.at(["cs.CL"], WEEK.plus(2), day=18) == []


async def test_servers_with_different_days_each_get_a_held_paper_once(lists: Lists) -> None:
    on_thursday, on_friday, on_monday = ["cs.CL", "cs.LG"], ["cs.CL"], ["cs.LG"]
    await lists.at(on_thursday, WEEK.plus(-1), day=3)
    await lists.at(on_friday, WEEK, day=4)
    await lists.at(on_monday, WEEK, day=7)
    lists.release()  # on Tuesday, day 8

    assert await lists.at(on_thursday, WEEK, day=10) == HELD_IDS
    assert await lists.at(on_friday, WEEK.plus(1), day=11) == HELD_IDS
    assert await lists.at(on_monday, WEEK.plus(1), day=14) == HELD_IDS
    assert await lists.at(on_thursday, WEEK.plus(1), day=17) == []
    assert await lists.at(on_friday, WEEK.plus(2), day=18) == []
    assert await lists.at(on_monday, WEEK.plus(2), day=21) == []


async def test_servers_with_different_days_and_the_same_categories_both_get_a_held_paper(
    lists: Lists,
) -> None:
    await lists.at(["cs.CL"], WEEK.plus(-1), day=-3)  # Friday; the other server's day is Thursday
    await lists.at(["cs.CL"], WEEK.plus(-1), day=3)
    await lists.at(["cs.CL"], WEEK, day=4)
    lists.release()

    assert await lists.at(["cs.CL"], WEEK, day=10) == HELD_IDS
    assert await lists.at(["cs.CL"], WEEK.plus(1), day=11) == HELD_IDS


async def test_a_held_paper_survives_a_change_of_categories(lists: Lists) -> None:
    before, changed = ["cs.CL"], ["cs.CL", "cs.IR"]
    await lists.at(before, WEEK, day=4)
    lists.release()
    await lists.at(changed, WEEK, day=9, last=before)  # a preview of the changed digest

    assert await lists.at(changed, WEEK.plus(1), day=11, last=before) == HELD_IDS
    assert await lists.at(changed, WEEK.plus(2), day=18, last=changed) == []


async def test_a_held_paper_is_recognised_by_a_list_for_one_of_its_categories(lists: Lists) -> None:
    await lists.at(["cs.CL", "cs.IR"], WEEK, day=4)
    lists.release()

    assert await lists.at(["cs.CL"], WEEK.plus(1), day=11) == HELD_IDS
    assert await lists.at(["cs.LG"], WEEK.plus(1), day=11) == []


async def test_what_the_last_digest_had_is_not_news_because_of_another_servers_list(lists: Lists) -> None:
    on_friday, on_thursday = ["cs.CL"], ["cs.CL", "cs.LG"]
    await lists.at(on_friday, WEEK, day=4)
    lists.release()
    await lists.at(on_thursday, WEEK, day=10)

    changed = ["cs.CL", "cs.LG", "cs.IR"]

    assert await lists.at(changed, WEEK.plus(1), day=17, last=on_thursday) == []


RELEASED_ON = date(2026, 11, 24)
"""The Tuesday of the week after."""


async def test_without_a_list_of_the_previous_week_a_held_paper_belongs_to_the_week_it_was_announced_in(
    lists: Lists,
) -> None:
    await lists.announce(RELEASED_ON)
    lists.release()

    assert await lists.at(["cs.CL"], WEEK.plus(1), day=11) == HELD_IDS
    assert await lists.at(["cs.CL"], WEEK.plus(2), day=18) == []


async def test_without_a_list_of_the_previous_week_a_paper_announced_in_it_is_left_out(lists: Lists) -> None:
    await lists.announce(RELEASED_ON - timedelta(weeks=1))
    lists.release()

    assert await lists.at(["cs.CL"], WEEK.plus(1), day=11) == []


async def test_a_held_paper_in_a_late_list_of_the_previous_week_is_not_shown_again(lists: Lists) -> None:
    await lists.announce(RELEASED_ON)
    lists.release()

    assert await lists.at(["cs.CL"], WEEK, day=9) == HELD_IDS[:1]
    assert await lists.at(["cs.CL"], WEEK.plus(1), day=11) == []


async def test_a_list_tells_what_is_news_in_its_category_whenever_the_paper_was_announced(
    lists: Lists,
) -> None:
    await lists.announce(RELEASED_ON - timedelta(weeks=1))
    await lists.at(["cs.CL"], WEEK, day=4)
    lists.release()

    assert await lists.at(["cs.CL"], WEEK.plus(1), day=11) == HELD_IDS


async def test_a_weeks_papers_have_what_the_feeds_said_about_them(database: Database) -> None:
    async with database.begin() as tx:
        await tx.papers.announce([announcement(licence="http://cc/by")])

    listing = await candidates(database, ListedPapers(paper())).week(["cs.CL"], WEEK)

    assert [paper.licence for paper in listing.papers] == ["http://cc/by"]


async def test_papers_in_a_first_list_made_a_week_late_are_not_news_afterwards(lists: Lists) -> None:
    lists.release()
    await lists.at(["cs.CL"], WEEK, day=9)

    assert await lists.at(["cs.CL"], WEEK.plus(1), day=11) == []


async def test_papers_in_the_previous_weeks_list_for_more_categories_are_left_out(database: Database) -> None:
    source = ListedPapers(paper("2611.00002", published=HELD))
    await candidates(database, source).week(["cs.LG", "cs.CL"], WEEK.plus(-1))

    listing = await candidates(database, source).week(["cs.CL"], WEEK)

    assert listing.papers == ()


async def test_a_failed_request_is_an_error_and_leaves_no_trace(database: Database) -> None:
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
        "The week was not over: arXiv's list is complete from Friday, 20 November 2026, 06:00 UTC on.",
    )


async def test_a_week_to_come_is_refused(database: Database) -> None:
    with pytest.raises(InputError, match="has not started"):
        await candidates(database, ListedPapers()).week(["cs.CL"], WEEK.plus(2))


async def test_others_are_served_while_a_long_list_is_stored(
    fresh_sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.batches.BATCH_SIZE", 2)
    database = await Database.open(fresh_sqlite_url, clock_now=lambda: AFTER)
    source = ListedPapers(*(paper(f"2611.{number:05}") for number in range(1, 41)))
    stored = list[int]()

    async def look() -> None:
        while True:
            async with database.begin() as tx:
                stored.append(len(await tx.papers.ids_submitted(["cs.CL"], WEEK.window)))

    looking = asyncio.create_task(look())
    listing = await candidates(database, source).week(["cs.CL"], WEEK)
    looking.cancel()
    await asyncio.gather(looking, return_exceptions=True)
    await database.close()

    assert len(listing.papers) == 40
    assert any(0 < count < 40 for count in stored)


async def test_a_stored_week_is_read_in_small_transactions(
    fresh_sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.batches.BATCH_SIZE", 2)
    database = await Database.open(fresh_sqlite_url, clock_now=lambda: AFTER)
    ids = [f"2611.{number:05}" for number in range(9, 0, -1)]
    async with database.begin() as tx:
        await tx.papers.save([paper(paper_id) for paper_id in ids])
    reads = reads_of_papers(database)

    found = await candidates(database, ListedPapers()).stored(["cs.CL"], WEEK)
    await database.close()

    assert [one.id for one in found] == ids
    assert (sum(reads), max(reads)) == (5, 1)
