import contextlib
from datetime import date

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ArxivError, InputError
from bot.papers.announcements import RssAnnouncements, parse_announcements
from storage.model import Announcement
from tests.bot.papers.answers import page
from tests.bot.papers.loopback import line
from tests.shared_data import SHARED_DATA, needs_shared_data

RECORDINGS = SHARED_DATA / "arxiv-recordings"
NAMESPACES = 'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/"'
CC_BY = "http://creativecommons.org/licenses/by/4.0/"


def item(
    key: str, *, kind: str = "new", day: str = "Mon, 23 Nov 2026 00:00:00 -0500", licence: str = CC_BY
) -> str:
    return f"""<item><title>A title</title><link>https://arxiv.org/abs/{key}</link>
        <guid isPermaLink="false">oai:arXiv.org:{key}</guid><pubDate>{day}</pubDate>
        <arxiv:announce_type>{kind}</arxiv:announce_type>
        {f"<dc:rights>{licence}</dc:rights>" if licence else ""}</item>"""


def rss(*items: str) -> bytes:
    return f"""<?xml version='1.0' encoding='UTF-8'?><rss {NAMESPACES} version="2.0"><channel>
        <title>cs.CL updates on arXiv.org</title>{"".join(items)}</channel></rss>""".encode()


def test_an_item_tells_paper_day_kind_and_licence() -> None:
    assert parse_announcements(rss(item("2611.00001v2", kind="replace-cross"))) == [
        Announcement(paper_id="2611.00001", day=date(2026, 11, 23), kind="replace-cross", licence=CC_BY)
    ]


def test_an_old_id_and_a_missing_licence_are_understood() -> None:
    (announced,) = parse_announcements(rss(item("hep-th/9901001v3", licence="")))

    assert (announced.paper_id, announced.licence) == ("hep-th/9901001", None)


def test_a_paper_is_announced_once() -> None:
    announced = parse_announcements(rss(item("2611.00001v1"), item("2611.00002v1"), item("2611.00001v1")))

    assert [one.paper_id for one in announced] == ["2611.00001", "2611.00002"]


def test_one_unreadable_entry_does_not_cost_the_others() -> None:
    announced = parse_announcements(
        rss(item("nonsense"), item("2611.00001v1"), item("2611.00002v1", day="yesterday"))
    )

    assert [one.paper_id for one in announced] == ["2611.00001"]


def test_a_feed_without_a_readable_entry_is_an_error() -> None:
    with pytest.raises(ArxivError, match="None of the entries"):
        parse_announcements(rss(item("nonsense")))


def test_a_weekends_feed_is_empty() -> None:
    assert parse_announcements(rss()) == []


@needs_shared_data
def test_the_recorded_feed_is_read() -> None:
    announced = parse_announcements((RECORDINGS / "rss" / "cs.AI-2025-08-20.xml").read_bytes())

    assert [one.paper_id for one in announced] == [
        *("2508.13426", "2508.13428", "2508.13429", "2508.13434", "2508.13435", "2508.14001", "2508.14002")
    ]
    assert {one.day for one in announced} == {date(2025, 8, 20)}
    assert [one.kind for one in announced] == ["cross"] * 5 + ["new"] * 2
    assert announced[0].licence == "http://creativecommons.org/licenses/by-nc-sa/4.0/"


@needs_shared_data
def test_the_recorded_oai_answer_is_no_feed() -> None:
    with pytest.raises(ArxivError, match="not an announcement feed"):
        parse_announcements((RECORDINGS / "oai" / "records_2026-09-28.arXivRaw.xml").read_bytes())


GARBLED = [b"", b"Rate exceeded.", b"<html><body>Down</body></html>", rss(item("2611.00001v1"))[:-20]]


@pytest.mark.parametrize("body", GARBLED)
async def test_a_garbled_feed_is_asked_for_again(body: bytes) -> None:
    good = web.Response(body=rss(item("2611.00001v1")), content_type="application/rss+xml")

    async with line(web.Response(body=body), good) as arxiv:
        announced = await RssAnnouncements(arxiv.connection, rss_url=f"{arxiv.server.url}/rss").today(
            ["cs.cl", "cs.LG"]
        )

    assert [one.paper_id for one in announced] == ["2611.00001"]
    assert [request.raw_path for request in arxiv.server.requests] == ["/rss/cs.CL+cs.LG"] * 2


@pytest.mark.parametrize("body", GARBLED)
async def test_a_garbled_feed_is_never_an_empty_day(body: bytes) -> None:
    async with line(web.Response(body=body)) as arxiv:
        with pytest.raises(ArxivError) as failure:
            await RssAnnouncements(arxiv.connection, rss_url=arxiv.server.url).today(["cs.CL"])

    assert failure.value.retryable


WHOLE = rss(item("2611.00001v1"), item("2611.00002v1"))


@given(
    st.binary()
    | st.builds(lambda at, noise: WHOLE[:at] + noise + WHOLE[at:], st.integers(0, 900), st.binary())
)
def test_no_bytes_raise_anything_but_arxiv_error(body: bytes) -> None:
    with contextlib.suppress(ArxivError):
        parse_announcements(body)


async def test_a_feed_that_is_not_there_is_not_asked_for_again() -> None:
    async with line(page("<html>no</html>", status=404)) as arxiv:
        with pytest.raises(ArxivError, match="no such feed"):
            await RssAnnouncements(arxiv.connection, rss_url=arxiv.server.url).today(["cs.CL"])

    assert len(arxiv.server.requests) == 1


async def test_a_wrong_category_is_not_sent() -> None:
    async with line(web.Response()) as arxiv:
        with pytest.raises(InputError):
            await RssAnnouncements(arxiv.connection, rss_url=arxiv.server.url).today(["../etc"])

    assert arxiv.server.requests == []
