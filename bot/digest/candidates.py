"""The papers of a week: what arXiv announced in it, asked for at most once a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.clock import Clock
from bot.digest.weeks import OVERLAP, Week, check_begun
from bot.papers.port import PaperSource
from bot.single_flight import SingleFlight
from storage.database import Database
from storage.model import Paper


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekListing:
    """The papers of one week in some categories, cross-lists once, newest first."""

    papers: tuple[Paper, ...]
    remarks: tuple[str, ...] = ()
    """What a reader should know of the list's completeness."""


class Candidates:
    """Lists weeks, from storage where arXiv was asked today, else from arXiv."""

    def __init__(self, *, database: Database, source: PaperSource, clock: Clock) -> None:
        self._database = database
        self._source = source
        self._clock = clock
        self._flights = SingleFlight[list[Paper]]()

    async def week(self, categories: Sequence[str], week: Week) -> WeekListing:
        """What arXiv announced in the week, asked for at most once a day, and anew once the week is complete.

        A paper that moderation held belongs to the first week whose list has it: it is missing in the list of
        the week before, as that was when it was first complete and asked for in the same categories. Looks
        of others do not change that. Without such a list nobody can tell the paper from one that was
        announced in time, and it is left out.

        Raises:
            InputError: the week has not begun.
            ArxivError: arXiv could not be asked, or its answer is not to be trusted.
        """
        now = self._clock.now()
        check_begun(week, now)
        listed = await self._belonging(await self._listed_by_arxiv(categories, week, now), categories, week)
        if now >= week.complete_at:
            return WeekListing(papers=tuple(listed))
        complete = f"{week.complete_at:%A, %d %B, %H:%M} UTC"
        return WeekListing(
            papers=tuple(listed),
            remarks=(f"The week was not over: arXiv's list is complete from {complete} on.",),
        )

    async def stored(self, categories: Sequence[str], week: Week) -> list[Paper]:
        """The same as far as storage knows; arXiv is not asked.

        Papers that were stored for other reasons, and that arXiv's lists of the week did not have, are left
        out where such a list is kept.
        """
        names = _names(categories)
        async with self._database.begin() as tx:
            found = await tx.papers.submitted(categories, week.window.widened(OVERLAP))
            lists = [
                await tx.arxiv.first_list(names, str(week)),
                await tx.arxiv.last_answer(_complete(names, week)),
            ]
        known = [one for one in lists if one is not None]
        if known:
            listed = frozenset().union(*known)
            found = [paper for paper in found if paper.id in listed]
        return await self._belonging(found, categories, week)

    async def _belonging(self, found: Sequence[Paper], categories: Sequence[str], week: Week) -> list[Paper]:
        """Those of the papers found for a week that were announced in it, or held until after the last one.

        Both searches reach back `OVERLAP`, so what this one finds of the weeks before and the last one did
        not was released in between.
        """
        async with self._database.begin() as tx:
            last = await tx.arxiv.first_list(_names(categories), str(week.plus(-1)))
        known = None if last is None else frozenset(last)
        return [
            paper
            for paper in found
            if paper.published in week.window or (known is not None and paper.id not in known)
        ]

    async def _listed_by_arxiv(self, categories: Sequence[str], week: Week, now: datetime) -> list[Paper]:
        """Today's answer; one from before the week was complete does not serve a question from after it."""
        names = _names(categories)
        query = _complete(names, week) if now >= week.complete_at else f"{names}@{week}, so far"
        # Many digests are due at the same hour: they wait for one answer.
        return await self._flights.run(query, lambda: self._answer(query, categories, week, now))

    async def _answer(self, query: str, categories: Sequence[str], week: Week, now: datetime) -> list[Paper]:
        async with self._database.begin() as tx:
            ids = await tx.arxiv.cached(query, now.date())
            if ids is not None:
                stored = {paper.id: paper for paper in await tx.papers.many(ids)}
                return [stored[paper_id] for paper_id in ids if paper_id in stored]
        found = await self._source.submitted(categories, week.window.widened(OVERLAP))
        async with self._database.begin() as tx:
            await tx.papers.save(found)
            ids = [paper.id for paper in found]
            await tx.arxiv.remember(query, now.date(), ids)
            if now >= week.complete_at:
                await tx.arxiv.keep_first_list(_names(categories), str(week), ids)
        return found


def _names(categories: Sequence[str]) -> str:
    return ",".join(sorted(categories))


def _complete(names: str, week: Week) -> str:
    """The query for the list of a week that is over."""
    return f"{names}@{week}"
