"""Summarises the paper that somebody named: from storage at once, or from arXiv while they wait."""

import asyncio
import logging
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from weakref import WeakValueDictionary

from bot.errors import BroadsheetError
from bot.languages import ENGLISH
from bot.limits.admission import Admission, Admitted
from bot.logs import incident
from bot.papers.catalogue import Catalogue
from bot.papers.ids import Reference
from bot.papers.library import Library
from bot.progress import UNWATCHED, Progress, RetoldProgress
from bot.single_flight import SingleFlight
from bot.summaries.service import Summaries
from storage.failures import StorageFailure
from storage.model import Asker, Paper, Summary, WorkKind

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SummarizedPaper:
    """What came of a request."""

    paper: Paper
    summary: Summary
    newest: Paper
    """The newest version that is known, which is `paper` itself where there is no newer one."""
    code: str
    """The language that was wished; the summary's may differ where no model could write in it."""
    model_problem: str | None = None
    """Why the model did not write this now; None where it did, where there is none, and from storage."""


class OnDemand:
    """Papers' summaries for people who wait for them. Close it before what it uses."""

    def __init__(
        self, *, catalogue: Catalogue, library: Library, summaries: Summaries, admission: Admission
    ) -> None:
        self._catalogue = catalogue
        self._library = library
        self._summaries = summaries
        self._admission = admission
        # In this process alone: two processes asked at once may both pay, and the later summary stays.
        self._flights = SingleFlight[SummarizedPaper]()
        self._told = WeakValueDictionary[str, RetoldProgress]()
        self._under_way = set[asyncio.Task[SummarizedPaper]]()

    async def close(self) -> None:
        """Give up what is under way."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def summarize(
        self,
        reference: Reference,
        *,
        code: str = ENGLISH,
        asker: Asker | None = None,
        progress: Progress = UNWATCHED,
    ) -> SummarizedPaper:
        """The summary of the version that was named, else of the newest known, stored or made now.

        What is stored is given without asking arXiv, without a limit, and without telling `progress` of any
        stage. Several who ask for the same at once share one piece of work; it goes on, and what it makes is
        kept, when all of them have given up. Where the model fails, the summary is an extract, or in English.

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
            work.add_done_callback(_ended_for_nobody)
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
        """The work for a request, joined or begun; who began it waits in the lines and has it on the bill.

        The admission is the work's, not the asker's: who gives up neither ends it nor gets it for nothing.
        """
        key = f"{reference.key_or_id} {code}"
        told = self._told.setdefault(key, RetoldProgress())
        told.watch(progress)

        async def done() -> SummarizedPaper:
            async with until_done:
                return await self._flights.run(key, lambda: self._made(reference, code, told, admitted))

        task = asyncio.ensure_future(done())
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    async def stored(self, reference: Reference, code: str = ENGLISH) -> SummarizedPaper | None:
        """The same from storage alone; None where something is missing."""
        paper = await self._catalogue.stored(reference)
        summary = await self._summaries.stored(paper, code) if paper is not None else None
        if paper is None or summary is None:
            return None
        return await self._found(paper, summary, code)

    async def shown(self, reference: Reference, code: str = ENGLISH) -> SummarizedPaper | None:
        """The best that storage has, were it only the extract that stood in for a failed model."""
        paper = await self._catalogue.stored(reference)
        summary = await self._summaries.best_stored(paper, code) if paper is not None else None
        if paper is None or summary is None:
            return None
        return await self._found(paper, summary, code)

    async def newest(self, made: SummarizedPaper) -> Paper:
        """The paper's newest version; arXiv is asked once a day at most, so this may take a while."""
        return await self._catalogue.newest(made.paper)

    async def _made(
        self, reference: Reference, code: str, progress: Progress, admitted: Admitted
    ) -> SummarizedPaper:
        paper = await self._catalogue.paper(reference, progress=progress, line=admitted.reading)
        text = await self._library.text(paper, progress=progress, line=admitted.reading)
        async with admitted.writing(progress):
            summary, failure = await self._summaries.summary_or_extract(
                paper, text, code=code, progress=progress, bill=admitted.bill
            )
        problem = None if failure is None else str(failure)
        return replace(await self._found(paper, summary, code), model_problem=problem)

    async def _found(self, paper: Paper, summary: Summary, code: str) -> SummarizedPaper:
        newest = await self._catalogue.stored(Reference(paper_id=paper.id))
        return SummarizedPaper(paper=paper, summary=summary, newest=newest or paper, code=code)


def _ended_for_nobody(work: asyncio.Task[SummarizedPaper]) -> None:
    """Log why the work failed whose asker has given up, as nobody is told."""
    error = None if work.cancelled() else work.exception()
    if isinstance(error, BroadsheetError | StorageFailure):
        log.info("a summary that nobody waits for was not made: %s", error)
    elif error is not None:
        incident(log, "a summary that nobody waits for", error)
