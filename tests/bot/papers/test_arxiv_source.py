import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from bot.errors import ArxivError, InputError
from bot.papers.arxiv_source import PAGE_SIZE, ArxivSource, has_weekday, submission_query
from bot.papers.connection import TRIES
from storage.model import SubmissionWindow
from tests.bot.papers.answers import atom, entry, error_feed, feed, page
from tests.bot.papers.loopback import Handler, Loopback, line

WEEK = SubmissionWindow(
    start=datetime(2026, 11, 16, tzinfo=UTC), end=datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
)
ONE = feed([entry("2611.00001v1")])


@asynccontextmanager
async def asking(
    *script: web.Response | Handler, timeout_seconds: float = 5
) -> AsyncIterator[tuple[ArxivSource, Loopback]]:
    async with line(*script) as arxiv:
        source = ArxivSource(
            arxiv.connection, api_url=f"{arxiv.server.url}/api/query", timeout_seconds=timeout_seconds
        )
        try:
            yield source, arxiv.server
        finally:
            source.close()


async def test_a_window_is_asked_for_in_gmt_newest_first() -> None:
    async with asking(atom(ONE)) as (source, server):
        papers = await source.submitted(["cs.cl", "cs.LG"], WEEK)

    assert [paper.key for paper in papers] == ["2611.00001v1"]
    (request,) = server.requests
    assert request.path == "/api/query"
    assert dict(request.query) == {
        "search_query": "(cat:cs.CL OR cat:cs.LG) AND submittedDate:[202611160000 TO 202611201830]",
        "id_list": "",
        "sortBy": "submittedDate",
        "sortOrder": "descending",
        "start": "0",
        "max_results": "1000",
    }
    assert request.headers["User-Agent"] == "Broadsheet/test"


async def test_papers_outside_the_window_are_dropped_and_cross_lists_come_once() -> None:
    body = feed(
        [
            entry("2611.00001v1", published="2026-11-17T10:00:00Z"),
            entry("2611.00002v2", published="2026-11-18T10:00:00Z", updated="2026-11-22T10:00:00Z"),
            entry("2611.00003v1", published="2026-11-20T18:30:00Z"),
            entry("2611.00004v1", published="2026-11-15T23:59:59Z"),
        ]
    )

    async with asking(atom(body)) as (source, _):
        papers = await source.submitted(["cs.CL"], WEEK)

    assert [paper.key for paper in papers] == ["2611.00002v2", "2611.00001v1"]


def numbered(start: int, stop: int) -> list[str]:
    return [entry(f"2611.{number:05}v1") for number in range(start + 1, stop + 1)]


async def paged(request: web.Request) -> web.Response:
    start, total = int(request.query["start"]), 2 * PAGE_SIZE + 3
    return atom(feed(numbered(start, min(total, start + PAGE_SIZE)), total=total))


async def test_all_pages_are_turned() -> None:
    async with asking(paged) as (source, server):
        papers = await source.submitted(["cs.CL"], WEEK)

    assert len({paper.id for paper in papers}) == len(papers) == 2 * PAGE_SIZE + 3
    assert [request.query["start"] for request in server.requests] == ["0", "1000", "2000"]


async def test_pages_that_overlap_too_much_are_an_incomplete_answer() -> None:
    same = atom(feed(numbered(0, PAGE_SIZE), total=2 * PAGE_SIZE))

    async with asking(same) as (source, _):
        with pytest.raises(ArxivError, match=r"overlap too much: 1,000 of 2,000"):
            await source.submitted(["cs.CL"], WEEK)


GARBLED = [
    web.Response(text="Rate exceeded."),
    page("<html>We are down</html>"),
    atom(feed()),
    atom(feed(total=7)),
    atom(ONE[:-20]),
    atom(b""),
    page("<html>Bad gateway</html>", status=502),
]


@pytest.mark.parametrize("garbled", GARBLED)
async def test_a_garbled_or_empty_answer_is_asked_for_again(garbled: web.Response) -> None:
    async with asking(garbled, atom(ONE)) as (source, server):
        papers = await source.submitted(["cs.CL"], WEEK)

    assert len(papers) == 1
    assert len(server.requests) == 2


@pytest.mark.parametrize("garbled", GARBLED)
async def test_a_garbled_or_empty_answer_is_never_no_papers(garbled: web.Response) -> None:
    async with asking(garbled) as (source, server):
        with pytest.raises(ArxivError) as failure:
            await source.submitted(["cs.CL"], WEEK)

    assert failure.value.retryable
    assert len(server.requests) == TRIES


async def test_a_garbled_second_page_is_asked_for_again() -> None:
    failed = False

    async def once_empty(request: web.Request) -> web.Response:
        nonlocal failed
        if request.query["start"] == "1000" and not failed:
            failed = True
            return atom(feed(total=2 * PAGE_SIZE + 3))
        return await paged(request)

    async with asking(once_empty) as (source, _):
        papers = await source.submitted(["cs.CL"], WEEK)

    assert failed
    assert len(papers) == 2 * PAGE_SIZE + 3


async def test_a_listing_that_shrinks_between_pages_is_an_incomplete_answer() -> None:
    async def shrinking(request: web.Request) -> web.Response:
        if request.query["start"] == "0":
            return atom(feed(numbered(0, PAGE_SIZE), total=2 * PAGE_SIZE))
        return atom(feed(total=PAGE_SIZE))

    async with asking(shrinking) as (source, _):
        with pytest.raises(ArxivError, match="could not be read") as failure:
            await source.submitted(["cs.CL"], WEEK)

    assert failure.value.retryable


async def test_an_invalid_date_is_a_garbled_answer() -> None:
    async with asking(atom(feed([entry("2611.00001v1", published="yesterday")]))) as (source, _):
        with pytest.raises(ArxivError, match="could not be read"):
            await source.submitted(["cs.CL"], WEEK)


async def test_a_weekend_may_be_empty() -> None:
    weekend = SubmissionWindow(
        start=datetime(2026, 11, 21, tzinfo=UTC), end=datetime(2026, 11, 23, tzinfo=UTC)
    )

    async with asking(atom(feed())) as (source, _):
        assert await source.submitted(["cs.CL"], weekend) == []


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (atom(error_feed("incorrect id format for abc"), status=400), "incorrect id format for abc"),
        (atom(error_feed("start must be non-negative")), "start must be non-negative"),
        (page("<html>no</html>", status=404), "HTTP 404"),
        (page("<html>no</html>", status=403), "refuses our requests"),
        (atom(feed(numbered(0, PAGE_SIZE), total=30_001)), "choose fewer categories"),
    ],
)
async def test_what_cannot_get_better_is_not_tried_again(answer: web.Response, message: str) -> None:
    async with asking(answer) as (source, server):
        with pytest.raises(ArxivError, match=message) as failure:
            await source.submitted(["cs.CL"], WEEK)

    assert not failure.value.retryable
    assert len(server.requests) == 1


async def test_a_wrong_category_is_not_sent() -> None:
    async with asking(atom(ONE)) as (source, server):
        with pytest.raises(InputError, match=r"cs\.XY"):
            await source.submitted(["cs.XY"], WEEK)

    assert server.requests == []


async def test_one_unreadable_entry_does_not_cost_the_others() -> None:
    entries = [*numbered(0, 199), entry("not-an-id")]

    async with asking(atom(feed(entries))) as (source, _):
        papers = await source.submitted(["cs.CL"], WEEK)

    assert len(papers) == 199


async def test_papers_are_asked_for_by_id_or_key_each_once() -> None:
    body = feed([entry("2611.00001v2"), entry("math/0309136v1")])

    async with asking(atom(body)) as (source, server):
        papers = await source.papers(["2611.00001v2", "math.GT/0309136", "math/0309136"])

    assert [paper.key for paper in papers] == ["2611.00001v2", "math/0309136v1"]
    assert server.requests[0].query["id_list"] == "2611.00001v2,math/0309136"


async def test_many_papers_are_asked_for_in_pieces() -> None:
    async def known(request: web.Request) -> web.Response:
        return atom(feed([entry(f"{paper_id}v1") for paper_id in request.query["id_list"].split(",")]))

    wanted = [f"2611.{number:05}" for number in range(1, 251)]

    async with asking(known) as (source, server):
        papers = await source.papers(wanted)

    assert [paper.id for paper in papers] == wanted
    assert len(server.requests) == 3


async def test_an_unknown_paper_is_missing_after_two_requests() -> None:
    async with asking(atom(feed())) as (source, server):
        assert await source.papers(["2611.00001"]) == []

    assert len(server.requests) == 2


async def test_an_answer_that_is_empty_by_mistake_is_asked_for_again() -> None:
    async with asking(atom(feed()), atom(ONE)) as (source, _):
        papers = await source.papers(["2611.00001"])

    assert [paper.id for paper in papers] == ["2611.00001"]


async def test_arxiv_is_not_asked_where_no_papers_are_wanted() -> None:
    async with asking(atom(ONE)) as (source, server):
        assert await source.papers([]) == []

    assert server.requests == []


async def test_giving_up_ends_the_request_and_its_thread() -> None:
    arrived = asyncio.Event()

    async def silent(_request: web.Request) -> web.Response:
        arrived.set()
        await asyncio.sleep(60)
        return web.Response()

    async with asking(silent, timeout_seconds=600) as (source, _):
        question = asyncio.create_task(source.submitted(["cs.CL"], WEEK))
        await arrived.wait()
        question.cancel()
        with pytest.raises(asyncio.CancelledError):
            await question

        assert not [task for task in asyncio.all_tasks() if "_LoopSession" in repr(task.get_coro())]
        async with asyncio.timeout(10):
            await asyncio.to_thread(source._threads.shutdown, wait=True)


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        (datetime(2026, 11, 16, tzinfo=UTC), 24, True),  # a Monday
        (datetime(2026, 11, 16, tzinfo=UTC), 23, False),
        (datetime(2026, 11, 20, 12, tzinfo=UTC), 24 * 3, True),  # Friday noon to Monday noon
        (datetime(2026, 11, 20, 12, tzinfo=UTC), 24 * 2, False),
        (datetime(2026, 11, 21, tzinfo=UTC), 48, False),
        (datetime(2026, 11, 16, tzinfo=UTC), 24 * 21, True),
        (datetime(2026, 11, 16, tzinfo=UTC), 0, False),
    ],
)
def test_a_window_has_a_weekday_if_a_day_of_it_is_outside_the_weekend(
    start: datetime, hours: int, expected: bool
) -> None:
    window = SubmissionWindow(start=start, end=start + timedelta(hours=hours))

    assert has_weekday(window) is expected


def test_the_query_is_in_gmt() -> None:
    berlin = datetime.fromisoformat("2026-11-16T01:30:00+01:00")

    query = submission_query(["cs.CL"], SubmissionWindow(start=berlin, end=berlin + timedelta(days=7)))

    assert query == "(cat:cs.CL) AND submittedDate:[202611160030 TO 202611230030]"
