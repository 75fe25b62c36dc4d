"""The papers arXiv announced in a week; arXiv is queried at most once a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.clock import Clock
from bot.dates import written_day
from bot.papers.port import PaperSource
from bot.papers.stored import stored_papers
from bot.single_flight import SingleFlight
from bot.weeks import OVERLAP, Week, check_started, week_of
from storage.batches import batched
from storage.database import Database
from storage.model import Paper


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekListing:
    """The papers of one week in some categories, newest first; a cross-listed paper appears once."""

    papers: tuple[Paper, ...]
    remarks: tuple[str, ...] = ()
    """What a reader should know about the list's completeness."""


class Candidates:
    """Lists weeks: from storage if arXiv was queried today, else from arXiv."""

    def __init__(self, *, database: Database, source: PaperSource, clock: Clock) -> None:
        self._database = database
        self._source = source
        self._clock = clock
        self._flights = SingleFlight[list[Paper]]()

    async def week(self, categories: Sequence[str], week: Week, *, last: Sequence[str] = ()) -> WeekListing:
        """What arXiv announced in the week; queried at most once a day, and again once the week is complete.

        A paper held back by moderation or a holiday belongs to the first week whose list has it: it is
        missing from the previous week's list as that was when first complete. For the categories of the
        reader's last digest, that is the list of exactly those categories, which other readers' queries do
        not change; for other categories, the first list anyone asked for. If there is none, the paper belongs
        to the week in which the feeds first announced it; if they did not, it cannot be told from a paper
        announced on time, and is left out.

        Args:
            categories: The digest's categories.
            week: The digest's week.
            last: The categories of the reader's digest of the previous week; empty if there was none.

        Raises:
            InputError: the week has not begun.
            ArxivError: arXiv could not be reached, or its answer is implausible.
        """
        now = self._clock.now()
        check_started(week, now)
        found = await self._listed_by_arxiv(categories, week, now)
        listed = await self._belonging(found, categories, week, last)
        if now >= week.complete_at:
            return WeekListing(papers=tuple(listed))
        complete = f"{written_day(week.complete_at, weekday=True)}, {week.complete_at:%H:%M} UTC"
        return WeekListing(
            papers=tuple(listed),
            remarks=(f"The week was not over: arXiv's list is complete from {complete} on.",),
        )

    async def stored(self, categories: Sequence[str], week: Week, *, last: Sequence[str] = ()) -> list[Paper]:
        """The same from storage alone, without asking arXiv.

        Papers stored for other reasons, which arXiv's lists of the week do not have, are left out if such a
        list is stored.
        """
        names = _names(categories)
        async with self._database.begin() as tx:
            ids = await tx.papers.ids_submitted(categories, week.window.widened(OVERLAP))
            lists = [
                await tx.arxiv.first_list(names, str(week)),
                await tx.arxiv.last_answer(_complete(names, week)),
            ]
        known = [one for one in lists if one is not None]
        if known:
            listed = frozenset().union(*known)
            ids = [paper_id for paper_id in ids if paper_id in listed]
        return await self._belonging(await self._stored(ids), categories, week, last)

    async def _belonging(
        self, found: Sequence[Paper], categories: Sequence[str], week: Week, last: Sequence[str]
    ) -> list[Paper]:
        """The papers found for a week that were announced in it, or held back until after the previous one.

        Both searches reach back by `OVERLAP`, so an earlier paper that only this one finds was released in
        between.
        """
        known = await self._known_before(categories, week.plus(-1), last or categories)
        return [paper for paper in found if paper.published in week.window or _is_news(paper, week, known)]

    async def _known_before(
        self, categories: Sequence[str], week: Week, last: Sequence[str]
    ) -> dict[str, frozenset[str]]:
        """The ids in the week's first list, for each category that has one."""
        async with self._database.begin() as tx:
            of_any = {one: await tx.arxiv.first_list(_any_with(one), str(week)) for one in categories}
            of_last = await tx.arxiv.first_list(_names(last), str(week))
        known = {category: frozenset(ids) for category, ids in of_any.items() if ids is not None}
        return known if of_last is None else known | dict.fromkeys(last, frozenset(of_last))

    async def _listed_by_arxiv(self, categories: Sequence[str], week: Week, now: datetime) -> list[Paper]:
        """Today's answer; one from before the week was complete is not reused afterwards."""
        names = _names(categories)
        query = _complete(names, week) if now >= week.complete_at else f"{names}@{week}, so far"
        # Many digests are due at the same hour and share one answer.
        return await self._flights.run(query, lambda: self._answer(query, categories, week, now))

    async def _answer(self, query: str, categories: Sequence[str], week: Week, now: datetime) -> list[Paper]:
        async with self._database.begin() as tx:
            ids = await tx.arxiv.cached(query, now.date())
        if ids is None:
            found = await self._source.submitted(categories, week.window.widened(OVERLAP))
            ids = [paper.id for paper in found]
            await self._save(found)
            async with self._database.begin() as tx:
                await tx.arxiv.remember(query, now.date(), ids)
                if now >= week.complete_at:
                    await tx.arxiv.keep_first_list(_names(categories), str(week), ids)
                    for category, of_category in _by_category(found, categories).items():
                        await tx.arxiv.keep_first_list(_any_with(category), str(week), of_category)
        # Always from storage, which also has what the feeds said about the papers.
        return await self._stored(ids)

    async def _stored(self, ids: Sequence[str]) -> list[Paper]:
        """Those of these papers that are stored, in this order."""
        stored = await stored_papers(self._database, ids)
        return [stored[paper_id] for paper_id in ids if paper_id in stored]

    async def _save(self, papers: Sequence[Paper]) -> None:
        # In batches: a list has up to ten thousand, and on SQLite a transaction blocks everyone else.
        for batch in batched(papers):
            async with self._database.begin() as tx:
                await tx.papers.save(batch)


def _is_news(paper: Paper, week: Week, known: Mapping[str, frozenset[str]]) -> bool:
    """Whether a category of the paper did not list it before; without lists, by its announcement day."""
    lists = [known[category] for category in paper.categories if category in known]
    if not lists:
        return paper.announced is not None and week_of(paper.announced) == week
    return any(paper.id not in ids for ids in lists)


def _by_category(papers: Sequence[Paper], categories: Sequence[str]) -> dict[str, list[str]]:
    """The papers' ids by category, in sorted order, so that concurrent writers cannot deadlock."""
    ids: dict[str, list[str]] = {category: [] for category in sorted(categories)}
    for paper in papers:
        for category in paper.categories:
            if category in ids:
                ids[category].append(paper.id)
    return ids


def _names(categories: Sequence[str]) -> str:
    return ",".join(sorted(categories))


def _complete(names: str, week: Week) -> str:
    """The key of a complete week's list."""
    return f"{names}@{week}"


def _any_with(category: str) -> str:
    """The key of a category's papers in the first list to include that category."""
    return f"any with {category}"
