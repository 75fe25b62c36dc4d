from datetime import UTC, datetime

import pytest
from aiohttp import web

from bot.errors import PdfError
from bot.papers.connection import TRIES
from bot.papers.download import MAX_PDF_BYTES, PdfDownload
from storage.model import Paper
from tests.bot.papers.answers import page
from tests.bot.papers.loopback import Handler, Line, line

PDF = b"%PDF-1.7\n1 0 obj"
PAPER = Paper(
    id="math/0309136",
    version=2,
    title="A title",
    abstract="An abstract.",
    authors=("Ada Lovelace",),
    categories=("math.GT",),
    published=datetime(2003, 9, 8, tzinfo=UTC),
    updated=datetime(2003, 9, 8, tzinfo=UTC),
)


def pdf(body: bytes = PDF) -> web.Response:
    return web.Response(body=body, content_type="application/pdf")


async def fetch(arxiv: Line) -> bytes:
    return await PdfDownload(arxiv.connection, pdf_url=f"{arxiv.server.url}/pdf", timeout_seconds=30).fetch(
        PAPER
    )


async def test_the_pdf_of_this_version_is_fetched() -> None:
    async with line(pdf()) as arxiv:
        body = await fetch(arxiv)

    assert body == PDF
    assert arxiv.server.requests[0].raw_path == "/pdf/math/0309136v2"


async def test_a_pdf_may_have_its_header_after_some_bytes() -> None:
    async with line(pdf(b"\n" * 1000 + PDF)) as arxiv:
        assert await fetch(arxiv) == b"\n" * 1000 + PDF


async def test_a_redirect_to_the_same_host_is_followed() -> None:
    async with line(
        web.Response(status=301, headers={"Location": "/pdf/math/0309136v2.pdf"}), pdf()
    ) as arxiv:
        assert await fetch(arxiv) == PDF


@pytest.mark.parametrize(
    ("answer", "message", "passes", "requests"),
    [
        (
            page("<html>No PDF</html>", status=404),
            "The PDF of math/0309136v2 did not arrive. arXiv has none; perhaps the paper was withdrawn.",
            False,
            1,
        ),
        (page("<html>Gone</html>", status=410), "arXiv has none", False, 1),
        (page("<html>Denied</html>", status=403), "refuses our requests", True, 1),
        (page("<html>Bad</html>", status=400), "HTTP 400", True, 1),
        (web.Response(status=408), "HTTP 408", True, 1),
        (page("<html>Please solve this</html>"), "a web page instead", True, TRIES),
        (web.Response(body=b"<!doctype html><HTML>"), "a web page instead", True, TRIES),
        (web.Response(text="Rate exceeded."), "something else instead", True, TRIES),
        (pdf(b"\n" * 1024 + PDF), "something else instead", True, TRIES),
        (pdf(b""), "something else instead", True, TRIES),
        (web.Response(status=500), "did not arrive. arXiv has a problem", True, TRIES),
        (
            web.Response(status=302, headers={"Location": "https://evil.example/x.pdf"}),
            "another host",
            True,
            1,
        ),
    ],
)
async def test_what_is_no_pdf_is_refused_with_its_reason(
    answer: web.Response, message: str, passes: bool, requests: int
) -> None:
    async with line(answer) as arxiv:
        with pytest.raises(PdfError, match=message) as failure:
            await fetch(arxiv)

    assert failure.value.passes is passes
    assert len(arxiv.server.requests) == requests


async def test_a_passing_failure_is_tried_again_at_arxivs_pace() -> None:
    momentary = (web.Response(status=503), web.Response(text="Rate exceeded."), page("<html>Wait</html>"))
    async with line(*momentary, pdf()) as arxiv:
        assert await fetch(arxiv) == PDF

    assert arxiv.pacer.slots == len(arxiv.server.requests) == TRIES


def endless(size: int) -> Handler:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/pdf"})
        await response.prepare(request)
        for _ in range(size // 1_000_000):
            await response.write(PDF.ljust(1_000_000, b"\0"))
        return response

    return answer


async def test_a_download_stops_at_its_limit() -> None:
    async with line(endless(MAX_PDF_BYTES * 4)) as arxiv:
        with pytest.raises(PdfError, match="larger than 50 MB") as failure:
            await fetch(arxiv)

    assert not failure.value.passes
    assert len(arxiv.server.requests) == 1


async def test_the_largest_allowed_pdf_arrives_whole() -> None:
    async with line(endless(MAX_PDF_BYTES)) as arxiv:
        assert len(await fetch(arxiv)) == MAX_PDF_BYTES
