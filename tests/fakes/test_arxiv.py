"""The fake arXiv fails in the ways it says, and only on demand."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.sample.week import sample_papers
from tests.fakes.arxiv import RETRY_AFTER_SECONDS, FakeArxiv, Fault

QUESTION = "?search_query=cat:cs.CL&max_results=100"


@pytest.fixture
async def fake() -> AsyncIterator[FakeArxiv]:
    async with FakeArxiv() as running:
        yield running


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as opened:
        yield opened


async def test_faults_are_used_up_in_order_and_per_path(
    fake: FakeArxiv, session: aiohttp.ClientSession
) -> None:
    fake.fail(Fault.UNAVAILABLE, Fault.TOO_MANY_REQUESTS, on="/api")

    answers = [await session.get(fake.api_url + QUESTION) for _ in range(3)]
    feed = await session.get(f"{fake.rss_url}/cs.CL")

    assert [answer.status for answer in answers] == [503, 429, 200]
    assert answers[1].headers["Retry-After"] == str(RETRY_AFTER_SECONDS)
    assert feed.status == 200
    assert [request.path for request in fake.history] == ["/api/query"] * 3 + ["/rss/cs.CL"]
    assert fake.history == sorted(fake.history, key=lambda request: request.at)


@pytest.mark.parametrize(
    ("fault", "entries", "total"), [(None, 18, 18), (Fault.EMPTY, 0, 0), (Fault.MISSING_ENTRIES, 9, 18)]
)
async def test_feeds_lack_entries(
    fake: FakeArxiv, session: aiohttp.ClientSession, fault: Fault | None, entries: int, total: int
) -> None:
    if fault is not None:
        fake.fail(fault)

    body = await (await session.get(fake.api_url + QUESTION)).text()

    assert body.count("<entry>") == entries
    assert f"<opensearch:totalResults>{total}<" in body


@pytest.mark.parametrize(
    ("fault", "status", "start"),
    [
        (Fault.RATE_EXCEEDED, 200, "Rate exceeded."),
        (Fault.HTML, 200, "<!DOCTYPE html>"),
        (Fault.ERROR_ENTRY, 200, "<?xml"),
        (Fault.CUT_OFF, 200, "<?xml"),
        (Fault.FORBIDDEN, 403, ""),
        (Fault.NOT_FOUND, 404, ""),
        (Fault.MOVED, 301, ""),
    ],
)
async def test_answers_go_wrong(
    fake: FakeArxiv, session: aiohttp.ClientSession, fault: Fault, status: int, start: str
) -> None:
    fake.fail_always(fault)

    answer = await session.get(fake.api_url + QUESTION, allow_redirects=False)

    assert answer.status == status
    assert (await answer.text()).startswith(start)


async def test_a_reset_is_a_reset(fake: FakeArxiv, session: aiohttp.ClientSession) -> None:
    fake.fail_always(Fault.RESET)

    with pytest.raises(aiohttp.ClientConnectionError):
        await session.get(fake.api_url)


async def test_a_hanging_answer_never_comes(fake: FakeArxiv, session: aiohttp.ClientSession) -> None:
    fake.fail(Fault.HANG)

    with pytest.raises(TimeoutError):
        await session.get(fake.api_url, timeout=aiohttp.ClientTimeout(total=0.2))


@pytest.mark.parametrize(("fault", "size"), [(Fault.ENDLESS, 1_000_000), (Fault.SLOW, 20)])
async def test_a_download_goes_on_and_on(
    fake: FakeArxiv, session: aiohttp.ClientSession, fault: Fault, size: int
) -> None:
    fake.fail(fault, on="/pdf")

    async with session.get(f"{fake.pdf_url}/2611.90112v1") as response:
        body = await response.content.readexactly(size)

    assert body.startswith(b"%PDF-")


async def test_papers_can_be_added_with_their_pdf(session: aiohttp.ClientSession) -> None:
    paper = sample_papers()[-1]

    async with FakeArxiv([]) as fake:
        fake.add(paper, b"%PDF-1.4 one")
        feed = await (await session.get(f"{fake.api_url}?id_list={paper.id}")).text()
        pdf = await (await session.get(f"{fake.pdf_url}/{paper.key}")).read()

    assert paper.key in feed
    assert pdf == b"%PDF-1.4 one"


async def test_simultaneous_requests_are_noticed(session: aiohttp.ClientSession) -> None:
    async with FakeArxiv(delay_seconds=0.05) as fake:
        await asyncio.gather(*(session.get(fake.api_url) for _ in range(3)))

    assert fake.most_at_once == 3
