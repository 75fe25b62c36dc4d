"""Finds the paper that somebody named: its metadata, from storage where they are there, else from arXiv."""

import asyncio
import logging
from collections.abc import Sequence

from bot.clock import Clock
from bot.errors import ArxivError, PaperNotFoundError
from bot.papers.ids import Reference
from bot.papers.port import PaperSource
from bot.papers.stored import stored_papers
from bot.progress import UNWATCHED, Progress
from bot.turns import Line, no_line
from storage.batches import batched
from storage.database import Database
from storage.model import Paper

log = logging.getLogger(__name__)

_ASKED_AT_ONCE = 100
"""As many ids as go into one request to arXiv."""
_LOOKS_AT_A_TIME, _LONGEST_LOOK_SECONDS = 2, 60.0
"""For newer versions, of which nobody waits to hear: while arXiv is slow they neither queue up before what
somebody waits for, nor make an answered command count for long as one that is under way."""


class Catalogue:
    """The metadata of papers that people name one at a time."""

    def __init__(self, *, database: Database, source: PaperSource, clock: Clock) -> None:
        self._database = database
        self._source = source
        self._clock = clock
        self._looks = asyncio.Semaphore(_LOOKS_AT_A_TIME)

    async def stored(self, reference: Reference) -> Paper | None:
        """The version that was named, or else the newest that is stored; arXiv is not asked."""
        async with self._database.begin() as tx:
            if reference.version is None:
                return await tx.papers.get(reference.paper_id)
            return await tx.papers.version(reference.paper_id, reference.version)

    async def paper(
        self, reference: Reference, *, progress: Progress = UNWATCHED, line: Line = no_line
    ) -> Paper:
        """The version that was named, or else the newest known; what arXiv had to be asked for is stored.

        `line` is waited in before arXiv is asked.

        Raises:
            PaperNotFoundError: arXiv does not know it.
            ArxivError: arXiv could not be asked.
        """
        stored = await self.stored(reference)
        if stored is not None:
            return stored
        async with line(progress):
            progress.begin("asking arXiv")
            found = await self._ask(reference)
        if found is None:
            raise PaperNotFoundError(
                f"arXiv knows no paper {reference.key_or_id}. Look whether the number is right."
            )
        return found

    async def papers(self, references: Sequence[Reference]) -> list[Paper]:
        """The papers of several references at once, each in a version that is stored, else its newest.

        Those that arXiv does not know are missing. For those that are not stored it is asked once, a hundred
        at a time, and its answers are stored as they come: thousands take minutes, and who has to ask again
        need not begin anew.

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
        """The paper's newest version as far as is known; arXiv is asked once a day at most.

        What cannot be asked now, or not for a minute, is not worth an error or a wait: the newest stored
        version, or `paper`, is given then.
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
            log.info("newer versions of %s are not known: %s", newest.paper_id, error or "arXiv is slow")
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
