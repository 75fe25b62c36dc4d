"""Summarises a paper on request: from storage at once, or from arXiv while people wait."""

import asyncio
import logging
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from weakref import WeakValueDictionary

from bot.background import end
from bot.errors import BroadsheetError
from bot.languages import ENGLISH
from bot.limits.admission import Admission, Admitted
from bot.logs import incident
from bot.papers.catalogue import Catalogue
from bot.papers.ids import Reference
from bot.papers.library import Library
from bot.progress import UNWATCHED, Progress, SharedProgress
from bot.single_flight import SingleFlight
from bot.summaries.service import Summaries
from storage.failures import StorageFailure
from storage.model import Asker, Paper, Summary, WorkKind

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SummarizedPaper:
    """The outcome of a request."""

    paper: Paper
    summary: Summary
    newest: Paper
    """The newest known version; `paper` itself if there is no newer one."""
    code: str
    """The language asked for; the summary's may differ if no model could write in it."""
    model_problem: str | None = None
    """Why the model failed; None if it did not, if there is none, or if the summary was stored already."""


class OnDemand:
    """Summaries for people who wait for them. Close it before the services it uses."""

    def __init__(
        self, *, catalogue: Catalogue, library: Library, summaries: Summaries, admission: Admission
    ) -> None:
        self._catalogue = catalogue
        self._library = library
        self._summaries = summaries
        self._admission = admission
        # Within this process only: two processes asked at once may both pay, and the later summary stays.
        self._flights = SingleFlight[SummarizedPaper]()
        self._progress = WeakValueDictionary[str, SharedProgress]()
        self._under_way = set[asyncio.Task[SummarizedPaper]]()

    async def close(self) -> None:
        """Cancel the work under way."""
        await end(*self._under_way)

    async def summarize(
        self,
        reference: Reference,
        *,
        code: str = ENGLISH,
        asker: Asker | None = None,
        progress: Progress = UNWATCHED,
    ) -> SummarizedPaper:
        """The summary of the version that was named, else of the newest known; stored or made now.

        A stored one needs no request to arXiv, counts towards no limit, and tells `progress` nothing.
        Concurrent requests for the same share the work; it goes on, and its result is stored, even if all of
        them give up. If the model fails, the summary is an extract, or in English.

        Raises:
            LimitReachedError: `asker` (None for the command line) or their server has used its share.
            PaperNotFoundError: arXiv does not know the paper.
            ArxivError: arXiv could not be asked.
        """
        stored = await self.stored(reference, code)
        if stored is not None:
            return stored
        async with AsyncExitStack() as admission:
            admitted = await admission.enter_async_context(self._admission.admitted(asker, WorkKind.SUMMARY))
            work = self._work(reference, code, progress, admitted, until_done=admission.pop_all())
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            work.add_done_callback(_log_failure)
            raise

    def _work(
        self,
        reference: Reference,
        code: str,
        progress: Progress,
        admitted: Admitted,
        *,
        until_done: AsyncExitStack,
    ) -> asyncio.Task[SummarizedPaper]:
        """Join the work for a request, or start it; whoever starts it waits in the queues and is billed.

        The admission belongs to the work, not to the wait: giving up neither stops it nor makes it free.
        """
        key = f"{reference.key_or_id} {code}"
        shared = self._progress.setdefault(key, SharedProgress())
        shared.watch(progress)

        async def done() -> SummarizedPaper:
            async with until_done:
                return await self._flights.run(key, lambda: self._made(reference, code, shared, admitted))

        task = asyncio.ensure_future(done())
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    async def stored(self, reference: Reference, code: str = ENGLISH) -> SummarizedPaper | None:
        """The same from storage alone; None if something is missing."""
        paper = await self._catalogue.stored(reference)
        summary = await self._summaries.stored(paper, code) if paper is not None else None
        if paper is None or summary is None:
            return None
        return await self._found(paper, summary, code)

    async def shown(self, reference: Reference, code: str = ENGLISH) -> SummarizedPaper | None:
        """The best stored summary, even if it is only the extract that stood in for a failed model."""
        paper = await self._catalogue.stored(reference)
        summary = await self._summaries.best_stored(paper, code) if paper is not None else None
        if paper is None or summary is None:
            return None
        return await self._found(paper, summary, code)

    async def newest(self, made: SummarizedPaper) -> Paper:
        """The paper's newest version; this may take a while, as arXiv is asked (at most once a day)."""
        return await self._catalogue.newest(made.paper)

    async def _made(
        self, reference: Reference, code: str, progress: Progress, admitted: Admitted
    ) -> SummarizedPaper:
        paper = await self._catalogue.paper(reference, progress=progress, queue=admitted.reading)
        text = await self._library.text(paper, progress=progress, queue=admitted.reading)
        async with admitted.writing(progress):
            summary, failure = await self._summaries.summary_or_extract(
                paper, text, code=code, progress=progress, bill=admitted.bill
            )
        problem = None if failure is None else str(failure)
        return replace(await self._found(paper, summary, code), model_problem=problem)

    async def _found(self, paper: Paper, summary: Summary, code: str) -> SummarizedPaper:
        newest = await self._catalogue.stored(Reference(paper_id=paper.id))
        return SummarizedPaper(paper=paper, summary=summary, newest=newest or paper, code=code)


def _log_failure(work: asyncio.Task[SummarizedPaper]) -> None:
    """Log why the work failed: after its asker gave up, nobody else is told."""
    error = None if work.cancelled() else work.exception()
    if isinstance(error, BroadsheetError | StorageFailure):
        log.info("a summary that nobody waits for any more failed: %s", error)
    elif error is not None:
        incident(log, "a summary that nobody waits for", error)
