"""The stand-in answers as arXiv does, judged by the `arxiv` package and by arXiv's recorded answers."""

import asyncio
import json
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator
from datetime import date
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

import aiohttp
import arxiv
import pytest

from bot.sample.server import SampleArxiv
from bot.sample.week import THURSDAY, sample_papers
from tests.shared_data import SHARED_DATA, needs_shared_data

ATOM = "{http://www.w3.org/2005/Atom}"
ARXIV = "{http://arxiv.org/schemas/atom}"
DUBLIN = "{http://purl.org/dc/elements/1.1/}"
EVERYTHING = " OR ".join(sorted({f"cat:{paper.primary_category}" for paper in sample_papers()}))
RECORDINGS = SHARED_DATA / "arxiv-recordings"


@pytest.fixture
async def server() -> AsyncIterator[SampleArxiv]:
    async with SampleArxiv() as running:
        yield running


async def found(server: SampleArxiv, page_size: int = 10, **search: Any) -> list[arxiv.Result]:
    client = arxiv.Client(page_size=page_size, delay_seconds=0, num_retries=0)
    client.query_url_format = server.api_url + "?{}"
    wanted = arxiv.Search(max_results=None, sort_by=arxiv.SortCriterion.SubmittedDate, **search)
    with client._session:
        return await asyncio.to_thread(lambda: list(client.results(wanted)))


async def fetched(url: str) -> tuple[int, str, bytes]:
    timeout = aiohttp.ClientTimeout(total=10)
    async with aiohttp.ClientSession(timeout=timeout) as session, session.get(url) as response:
        return response.status, response.content_type, await response.read()


def keys(results: list[arxiv.Result]) -> set[str]:
    return {result.get_short_id() for result in results}


async def test_a_client_pages_through_every_paper_once(server: SampleArxiv) -> None:
    results = await found(server, page_size=7, query=EVERYTHING)

    assert len(results) == len({paper.id for paper in sample_papers()})
    assert [result.published for result in results] == sorted(
        (result.published for result in results), reverse=True
    )


async def test_an_entry_carries_the_papers_metadata(server: SampleArxiv) -> None:
    (result,) = await found(server, id_list=["2611.90301"])

    paper = next(paper for paper in sample_papers() if paper.id == "2611.90301")
    assert (result.title, result.summary) == (paper.title, paper.abstract)
    assert tuple(author.name for author in result.authors) == paper.authors
    assert (result.primary_category, tuple(result.categories)) == ("cs.LG", paper.categories)
    assert (result.published, result.updated) == (paper.published, paper.updated)
    assert result.comment == paper.comment
    assert result.pdf_url == paper.pdf_url


async def test_a_category_finds_cross_lists_too(server: SampleArxiv) -> None:
    results = await found(server, query="cat:cs.LG")

    assert {"cs.LG", "quant-ph", "cs.CV"} <= {result.primary_category for result in results}
    assert all("cs.LG" in result.categories for result in results)


async def test_the_submission_window_limits_the_answer_to_the_week(server: SampleArxiv) -> None:
    window = "submittedDate:[202611121900 TO 202611191859]"

    results = await found(server, query=f"(cat:cs.CL OR cat:cs.LG) AND {window}")

    days = {result.published.date() for result in results}
    assert min(days) == date(2026, 11, 12)
    assert max(days) == date(2026, 11, 19)
    # The paper that moderation held, the one submitted too late, and the new version of an old one.
    assert not {"2611.90007v1", "2611.90991v1", "2609.91007v2"} & keys(results)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("cat:cs.MA OR cat:cs.AI AND cat:cs.LG", {"2611.90439v1", "2611.90671v1"}),
        ("(cat:cs.MA OR cat:cs.AI) AND cat:cs.LG", {"2611.90439v1"}),
    ],
)
async def test_the_query_language_is_understood(server: SampleArxiv, query: str, expected: set[str]) -> None:
    assert keys(await found(server, query=query)) == expected


async def test_an_id_gives_the_newest_version_and_a_key_that_one(server: SampleArxiv) -> None:
    results = await found(server, id_list=["2609.91007", "2609.91007v1", "2611.00001"])

    assert [result.get_short_id() for result in results] == ["2609.91007v2", "2609.91007v1"]


@pytest.mark.parametrize("question", ["id_list=abc", "search_query=cat:cs.CL+AND", "search_query=x&start=-1"])
async def test_a_wrong_request_is_answered_with_an_error_entry(server: SampleArxiv, question: str) -> None:
    status, _, body = await fetched(f"{server.api_url}?{question}")

    assert status == 400
    assert ET.fromstring(body).findtext(f"{ATOM}entry/{ATOM}title") == "Error"


async def test_the_rss_feed_shows_its_day_alone(server: SampleArxiv) -> None:
    _, kind, body = await fetched(f"{server.rss_url}/cs.CL+cs.LG")

    items = ET.fromstring(body).findall("channel/item")
    assert kind == "application/rss+xml"
    assert {item.findtext("guid", "").split(":")[-1] for item in items} == {
        paper.key
        for paper in sample_papers()
        if paper.announced == THURSDAY and {"cs.CL", "cs.LG"} & set(paper.categories)
    }
    assert {item.findtext(f"{ARXIV}announce_type") for item in items} == {"new", "cross", "replace"}
    assert all(item.findtext(f"{DUBLIN}rights", "").startswith("http") for item in items)
    assert {parsedate_to_datetime(item.findtext("pubDate", "")).date() for item in items} == {THURSDAY}


async def test_there_are_no_announcements_at_the_weekend() -> None:
    async with SampleArxiv(today=date(2026, 11, 21)) as server:
        _, _, body = await fetched(f"{server.rss_url}/cs.CL")

    assert ET.fromstring(body).findall("channel/item") == []


async def test_pdfs_are_served_by_key_and_by_id(server: SampleArxiv) -> None:
    status, kind, body = await fetched(f"{server.pdf_url}/2611.90112v1")
    _, _, same = await fetched(f"{server.pdf_url}/2611.90112")

    assert (status, kind, body[:5]) == (200, "application/pdf", b"%PDF-")
    assert same == body


@pytest.mark.parametrize("path", ["pdf/2611.90342v2", "pdf/2611.00001", "pdf/../week.json", "abs/2611.90112"])
async def test_there_is_nothing_else(server: SampleArxiv, path: str) -> None:
    status, _, _ = await fetched(f"{server.api_url.removesuffix('api/query')}{path}")

    assert status == 404


@needs_shared_data
async def test_a_query_feed_has_the_shape_that_arxiv_sends(server: SampleArxiv) -> None:
    recordings = map(json.loads, (file.read_text() for file in RECORDINGS.glob("api/q_testing_s*.json")))
    known = {path for recorded in recordings for path in shape(ET.fromstring(recorded["body"].encode()))}

    _, _, body = await fetched(f"{server.api_url}?search_query={quote(EVERYTHING)}&max_results=100")

    ours = shape(ET.fromstring(body))
    assert ours <= known
    assert known - ours <= {f"{ATOM}feed/{ATOM}entry/{ARXIV}{name}[]" for name in ("doi", "journal_ref")} | {
        f"{ATOM}feed/{ATOM}entry/{ATOM}link[href,rel,title]",  # to the DOI
        f"{ATOM}feed/{ATOM}entry/{ATOM}author/{ARXIV}affiliation[]",
    }


@needs_shared_data
async def test_an_announcement_feed_has_the_shape_that_arxiv_sends(server: SampleArxiv) -> None:
    (recording,) = RECORDINGS.glob("rss/*.xml")

    _, _, body = await fetched(f"{server.rss_url.removesuffix('rss')}atom/cs.AI")

    assert shape(ET.fromstring(body)) == shape(ET.fromstring(recording.read_bytes()))


def shape(element: ET.Element, path: str = "") -> set[str]:
    """Every element's path with the names of its attributes."""
    here = f"{path}{element.tag}"
    return {f"{here}[{','.join(sorted(element.attrib))}]"}.union(
        *(shape(child, f"{here}/") for child in element)
    )
