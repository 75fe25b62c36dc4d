"""A local arXiv that serves the sample week as arXiv would: query API, announcement feeds and PDFs."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time
from types import TracebackType
from typing import Self

from aiohttp import web

from bot.sample.feeds import atom_feed, error_feed, query_feed, rss_feed
from bot.sample.query import QueryError, parse_query
from bot.sample.week import THURSDAY, sample_papers, sample_pdf
from storage.model import Paper

MAX_RESULTS = 30_000
"""The most that one request may ask for (https://info.arxiv.org/help/api/user-manual.html#paging)."""

_ID = re.compile(r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v(\d+))?")


class SampleArxiv:
    """A stand-in for arXiv on loopback, which runs within its `async with` block.

    `papers` may hold several versions of a paper: a search finds the newest, an id with a version that one.
    `pdf` returns the PDF for a key; None gives 404. `today` is the only day that the announcement feeds show.
    """

    def __init__(
        self,
        papers: Sequence[Paper] | None = None,
        *,
        pdf: Callable[[str], bytes | None] = sample_pdf,
        today: date = THURSDAY,
    ) -> None:
        self.papers: list[Paper] = list(sample_papers() if papers is None else papers)
        self.today = today
        self._pdf = pdf
        self._runner: web.AppRunner | None = None
        self._address = ""

    @property
    def api_url(self) -> str:
        """Stands for https://export.arxiv.org/api/query."""
        return f"{self._address}/api/query"

    @property
    def rss_url(self) -> str:
        """Stands for https://rss.arxiv.org/rss."""
        return f"{self._address}/rss"

    @property
    def pdf_url(self) -> str:
        """Stands for https://arxiv.org/pdf."""
        return f"{self._address}/pdf"

    async def __aenter__(self) -> Self:
        app = self._application()
        app.router.add_get("/api/query", self._query)
        app.router.add_get("/rss/{categories}", self._announcements)
        app.router.add_get("/atom/{categories}", self._announcements)
        app.router.add_get("/pdf/{key:.+}", self._download)
        # A client that disconnects late must not delay the end of a demo or a test.
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self._address = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def _application(self) -> web.Application:
        """The application without routes; the tests' fake overrides this to add its faults."""
        return web.Application()

    @property
    def _now(self) -> datetime:
        return datetime.combine(self.today, time(5), UTC)

    async def _query(self, request: web.Request) -> web.Response:
        asked = request.query
        query, ids = asked.get("search_query", ""), asked.get("id_list", "")
        try:
            start, size = int(asked.get("start", "0")), int(asked.get("max_results", "10"))
        except ValueError:
            return self._refusal("start_and_max_results_must_be_integers")
        if start < 0 or not 0 <= size <= MAX_RESULTS:
            return self._refusal("start_or_max_results_out_of_range")
        references = ids.split(",") if ids else []
        wrong = [reference for reference in references if not _ID.fullmatch(reference.strip())]
        if wrong:
            return self._refusal(f"incorrect_id_format_for_{wrong[0]}")
        found = self._named(references)
        if query:
            try:
                found = _matching(query, found if ids else self._newest())
            except QueryError as error:
                return self._refusal(f"malformed_query:_{error}")
        page = found[start : start + size]
        body = query_feed(
            page, query=query, ids=ids, start=start, max_results=size, total=len(found), now=self._now
        )
        return web.Response(body=body, content_type="application/atom+xml", charset="utf-8")

    def _refusal(self, code: str) -> web.Response:
        body = error_feed(code, code.replace("_", " "), self._now)
        return web.Response(status=400, body=body, content_type="application/atom+xml", charset="utf-8")

    def _newest(self) -> list[Paper]:
        newest: dict[str, Paper] = {}
        for paper in self.papers:
            if paper.id not in newest or newest[paper.id].version < paper.version:
                newest[paper.id] = paper
        return list(newest.values())

    def _named(self, references: Iterable[str]) -> list[Paper]:
        by_reference = {paper.key: paper for paper in self.papers}
        by_reference |= {paper.id: paper for paper in self._newest()}
        distinct = dict.fromkeys(reference.strip() for reference in references)
        return [by_reference[reference] for reference in distinct if reference in by_reference]

    async def _announcements(self, request: web.Request) -> web.Response:
        categories = request.match_info["categories"].split("+")
        if request.path.startswith("/atom/"):
            body, kind = atom_feed(self.papers, categories, self.today), "application/atom+xml"
        else:
            body, kind = rss_feed(self.papers, categories, self.today), "application/rss+xml"
        return web.Response(body=body, content_type=kind, charset="utf-8")

    async def _download(self, request: web.Request) -> web.Response:
        key = request.match_info["key"].removesuffix(".pdf")
        named = self._named([key])
        pdf = self._pdf(named[0].key) if named and not named[0].withdrawn else None
        if pdf is None:
            raise web.HTTPNotFound(text="<html><h1>No PDF here</h1></html>", content_type="text/html")
        return web.Response(body=pdf, content_type="application/pdf")


def _matching(query: str, papers: Iterable[Paper]) -> list[Paper]:
    """The papers that match, the latest submission first: the only order that is ever asked for."""
    return sorted(filter(parse_query(query), papers), key=lambda paper: paper.published, reverse=True)
