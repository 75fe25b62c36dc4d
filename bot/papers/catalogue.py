"""Finds the metadata of papers that people name, in storage or else at arXiv."""

import asyncio
import logging
from collections.abc import Sequence

from bot.clock import Clock
from bot.errors import ArxivError, PaperNotFoundError
from bot.papers.ids import Reference
from bot.papers.port import PaperSource
from bot.papers.stored import stored_papers
from bot.progress import UNWATCHED, Progress
from bot.queues import Queue, no_queue
from storage.batches import batched
from storage.database import Database
from storage.model import Paper

log = logging.getLogger(__name__)

_ASKED_AT_ONCE = 100
"""Ids in one request to arXiv."""
_LOOKS_AT_A_TIME, _LONGEST_LOOK_SECONDS = 2, 60.0
"""Limits for looking up newer versions, which nobody waits for: while arXiv is slow, these requests must not
queue ahead of those that somebody waits for, nor keep an answered command counted as under way for long."""


class Catalogue:
    """The metadata of papers that people name, by id or link."""

    def __init__(self, *, database: Database, source: PaperSource, clock: Clock) -> None:
        self._database = database
        self._source = source
        self._clock = clock
        self._looks = asyncio.Semaphore(_LOOKS_AT_A_TIME)

    async def stored(self, reference: Reference) -> Paper | None:
        """The version that was named, or else the newest stored one; arXiv is not asked."""
        async with self._database.begin() as tx:
            if reference.version is None:
                return await tx.papers.get(reference.paper_id)
            return await tx.papers.version(reference.paper_id, reference.version)

    async def paper(
        self, reference: Reference, *, progress: Progress = UNWATCHED, queue: Queue = no_queue
    ) -> Paper:
        """The version that was named, or else the newest known one; what arXiv answers is stored.

        `queue` is the queue to wait in before arXiv is asked.

        Raises:
            PaperNotFoundError: arXiv does not know it, or not this version.
            ArxivError: arXiv could not be asked.
        """
        stored = await self.stored(reference)
        if stored is not None:
            return stored
        async with queue(progress):
            progress.begin("asking arXiv")
            found = await self._ask(reference)
            newest = found
            if found is None and reference.version is not None:
                newest = await self._ask(Reference(paper_id=reference.paper_id))
        if newest is None:
            raise PaperNotFoundError(
                f"arXiv has no paper {reference.key_or_id}. Check that the number is right."
            )
        if found is None:
            raise PaperNotFoundError(
                f"arXiv has no version {reference.version} of {newest.id}: the newest is {newest.key}."
            )
        return found

    async def papers(self, references: Sequence[Reference]) -> list[Paper]:
        """The papers of several references, each in its newest stored version, or else its newest at arXiv.

        Those unknown to arXiv are left out. It is asked for a hundred at a time, and each answer is stored at
        once: thousands take minutes, and another call goes on where one failed.

        Raises:
            ArxivError: arXiv could not be asked.
        """
        ids = list(dict.fromkeys(reference.paper_id for reference in references))
        found = await stored_papers(self._database, ids)
        missing = [paper_id for paper_id in ids if paper_id not in found]
        for batch in batched(missing, _ASKED_AT_ONCE):
            asked = await self._source.papers(batch)
            async with self._database.begin() as tx:
                await tx.papers.save(asked)
            found |= {paper.id: paper for paper in asked}
        return [found[paper_id] for paper_id in ids if paper_id in found]

    async def newest(self, paper: Paper) -> Paper:
        """The paper's newest known version; arXiv is asked at most once a day.

        If two such requests are under way, or arXiv fails or takes more than a minute, this is the newest
        stored version or `paper`: a newer one is not worth an error or a wait.
        """
        newest = Reference(paper_id=paper.id)
        async with self._database.begin() as tx:
            asked = await tx.arxiv.cached(_query(newest), self._clock.now().date())
        found = None if asked is not None or self._looks.locked() else await self._look(newest)
        return found or await self.stored(newest) or paper

    async def _look(self, newest: Reference) -> Paper | None:
        try:
            async with self._looks, asyncio.timeout(_LONGEST_LOOK_SECONDS):
                return await self._ask(newest)
        except (ArxivError, TimeoutError) as error:
            log.info("could not look for newer versions of %s: %s", newest.paper_id, error or "arXiv is slow")
            return None

    async def _ask(self, reference: Reference) -> Paper | None:
        found = {paper.version: paper for paper in await self._source.papers([reference.key_or_id])}
        paper = found.get(reference.version or max(found, default=0))
        if paper is None:
            return None
        async with self._database.begin() as tx:
            await tx.papers.save([paper])
            if reference.version is None:
                await tx.arxiv.remember(_query(reference), self._clock.now().date(), [paper.id])
        return paper


def _query(newest: Reference) -> str:
    return f"newest of {newest.paper_id}"
