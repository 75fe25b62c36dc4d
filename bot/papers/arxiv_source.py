"""Papers' metadata from arXiv's query API, through the `arxiv` package.

The package makes the URLs, asks for page after page and reads the entries; it is synchronous and trusts what
it gets. So it runs in a thread, and its HTTP session is replaced by one that asks on the event loop, through
the `ArxivConnection`, which paces, retries and has each answer checked (`bot.papers.feed`).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

import arxiv

from bot.errors import ArxivError
from bot.papers import ids, taxonomy
from bot.papers.connection import Answer, ArxivConnection
from bot.papers.feed import check_feed, paper_of
from storage.batches import batched
from storage.model import Paper, SubmissionWindow

log = logging.getLogger(__name__)

PAGE_SIZE = 1000
"""Entries per request; arXiv allows 2,000 and is more reliable with fewer."""
MAX_RESULTS = 30_000
"""The most arXiv gives for one query (https://info.arxiv.org/help/api/user-manual.html, `max_results`)."""
_IDS_IN_A_REQUEST = 100
_MAX_BYTES = 50_000_000
_THREADS = 4
"""More than one, so that no `/summarize` waits for a digest's last page; each query has its own client."""
_ENOUGH_WEEKDAY = timedelta(days=1)
_SATURDAY = 5


class ArxivSource:
    """Implements PaperSource with the query API; close it to end its threads."""

    def __init__(self, connection: ArxivConnection, *, api_url: str, timeout_seconds: float = 60.0) -> None:
        self._connection = connection
        self._api_url = api_url
        self._timeout_seconds = timeout_seconds
        self._threads = ThreadPoolExecutor(max_workers=_THREADS, thread_name_prefix="arxiv")

    def close(self) -> None:
        """End the threads; queries under way must be cancelled first."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def submitted(self, categories: Sequence[str], window: SubmissionWindow) -> list[Paper]:
        """All papers whose version 1 was submitted in `window`, cross-lists once, newest first.

        Raises:
            InputError: a category does not exist.
            ArxivError: an empty, garbled or incomplete answer, or none at all.
        """
        search = arxiv.Search(
            query=submission_query(taxonomy.check(categories), window),
            max_results=MAX_RESULTS,
            sort_by=arxiv.SortCriterion.SubmittedDate,
        )
        papers = await self._ask(search, must_find=has_weekday(window))
        return sorted(
            (paper for paper in papers if paper.published in window),
            key=lambda paper: (paper.published, paper.id),
            reverse=True,
        )

    async def papers(self, references: Sequence[str]) -> list[Paper]:
        """The papers of these ids (newest version) or keys (that version); unknown ones are left out.

        Raises:
            InputError: one of them is not an arXiv id.
            ArxivError: a garbled or incomplete answer, or none.
        """
        wanted = list(dict.fromkeys(ids.parse(reference).key_or_id for reference in references))
        found: list[Paper] = []
        for batch in batched(wanted, _IDS_IN_A_REQUEST):
            search = arxiv.Search(id_list=list(batch), max_results=len(batch))
            # arXiv sometimes gives an empty feed for papers that it knows a moment later: ask twice.
            found += await self._ask(search) or await self._ask(search)
        return found

    async def _ask(self, search: arxiv.Search, *, must_find: bool = False) -> list[Paper]:
        totals: list[int] = []

        async def page(url: str) -> bytes:
            def check(answer: Answer) -> None:
                totals.append(_checked_total(answer, url, must_find=must_find))

            answer = await self._connection.get(
                url, max_bytes=_MAX_BYTES, timeout_seconds=self._timeout_seconds, check=check
            )
            return answer.body

        papers = await self._run(search, page)
        unique = list({paper.key: paper for paper in papers}.values())
        _check_complete(len(unique), max(totals))
        return unique

    async def _run(self, search: arxiv.Search, page: Callable[[str], Awaitable[bytes]]) -> list[Paper]:
        loop = asyncio.get_running_loop()
        session = _LoopSession(loop, page)
        # The connection paces and retries; the package must do neither.
        client = arxiv.Client(page_size=PAGE_SIZE, delay_seconds=0, num_retries=0)
        client.query_url_format = f"{self._api_url}?{{}}"
        # The package has no other place for time-outs, a User-Agent and checks.
        client._session = session  # noqa: SLF001
        try:
            return await loop.run_in_executor(self._threads, lambda: list(_readable(client.results(search))))
        except (ValueError, arxiv.ArxivError) as error:  # an invalid date; a page beyond a total that shrank
            raise ArxivError("arXiv's answer could not be read.") from error
        finally:
            await session.stop()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """The part of a `requests.Response` that the package looks at."""

    content: bytes
    status_code: int = HTTPStatus.OK


class _LoopSession:
    """Fetches pages for the package's thread by asking on the event loop, where `stop` has to be called."""

    def __init__(self, loop: asyncio.AbstractEventLoop, page: Callable[[str], Awaitable[bytes]]) -> None:
        self._loop = loop
        self._page = page
        self._asking: asyncio.Task[Any] | None = None
        self._stopped = False

    def get(self, url: str, **_options: object) -> _Page:
        """The page; the calling thread waits for it."""
        if self._stopped:
            raise ArxivError("The query to arXiv was cancelled.")
        return _Page(content=asyncio.run_coroutine_threadsafe(self._ask(url), self._loop).result())

    async def _ask(self, url: str) -> bytes:
        if self._stopped:
            raise asyncio.CancelledError
        self._asking = asyncio.current_task()
        try:
            return await self._page(url)
        finally:
            self._asking = None

    async def stop(self) -> None:
        """Cancel the request under way and wait for its end, so that nothing outlives the caller."""
        self._stopped = True
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.wait({self._asking})


def submission_query(categories: Sequence[str], window: SubmissionWindow) -> str:
    """The query for papers in any of the categories, in GMT to the minute: it may find a minute too much."""
    anywhere = " OR ".join(f"cat:{category}" for category in categories)
    start, end = (moment.astimezone(UTC).strftime("%Y%m%d%H%M") for moment in (window.start, window.end))
    return f"({anywhere}) AND submittedDate:[{start} TO {end}]"


def has_weekday(window: SubmissionWindow) -> bool:
    """Whether the window has 24 hours of weekdays or more: then "no papers" means that the search failed."""
    weekdays, moment = timedelta(), window.start.astimezone(UTC)
    while moment < window.end and weekdays < _ENOUGH_WEEKDAY:
        midnight = datetime.combine(moment.date() + timedelta(days=1), time(), tzinfo=UTC)
        if moment.weekday() < _SATURDAY:
            weekdays += min(midnight, window.end) - moment
        moment = midnight
    return weekdays >= _ENOUGH_WEEKDAY


def _readable(results: Iterable[arxiv.Result]) -> Iterator[Paper]:
    for result in results:
        # One broken entry must not cost the others; many make the answer incomplete.
        try:
            yield paper_of(result)
        except ArxivError as error:
            log.warning("skipped an entry: %s", error)


def _checked_total(answer: Answer, url: str, *, must_find: bool) -> int:
    asked = parse_qs(urlsplit(url).query)
    try:
        page = check_feed(answer.body, start=int(asked["start"][0]), page_size=int(asked["max_results"][0]))
    except ArxivError as error:
        if answer.status != HTTPStatus.OK and error.retryable:
            raise ArxivError(
                f"arXiv answered with HTTP {answer.status}.", retryable=False, passes=True
            ) from error
        raise
    if must_find and page.total == 0:
        raise ArxivError("arXiv lists no papers at all for these days, which cannot be right.")
    if page.total > MAX_RESULTS:
        raise ArxivError(
            f"arXiv has {page.total:,} papers for this query and gives {MAX_RESULTS:,} at most: "
            "choose fewer categories.",
            retryable=False,
        )
    return page.total


def _check_complete(found: int, total: int) -> None:
    """Pages overlap if the listing moves between two requests, and what moved out of reach is missing."""
    missing = total - found
    if missing > total // 100:
        raise ArxivError(f"arXiv's result pages overlap too much: {found:,} of {total:,} papers arrived.")
    if missing > 0:
        # The windows of consecutive weeks overlap, so the next digest meets these again.
        log.warning("arXiv's result pages overlap: %d of %d papers did not arrive", missing, total)
