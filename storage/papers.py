"""Papers with their versions, texts and summaries."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TypeAlias

from sqlalchemy import Select, case, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.batches import batched
from storage.composite_keys import of_versions
from storage.model import Announcement, Paper, PaperText, SubmissionWindow, Summary
from storage.model.keys import paper_key
from storage.pagination import Place, next_step
from storage.rows import records_in_steps, row_of
from storage.tables import (
    AnnouncementRow,
    PaperCategoryRow,
    PaperRow,
    PaperTextRow,
    PaperVersionRow,
    SummaryRow,
)
from storage.title_search import compared, holds, is_held
from storage.types import storable
from storage.upserts import execute_rows, insert, upsert

_ROWS_PER_STEP = 5_000
"""Checked in one transaction, which takes some 20 ms: on SQLite everyone else waits meanwhile."""
_TITLES_COMPARED = 200
"""The latest titles with all the words that were typed. Usually there are fewer, and then these tell whether
any title contains the words as they were typed, without another look at all titles: 0.1 s for 300,000."""

_PaperQuery: TypeAlias = Select[Paper, str | None, date | None]


class Papers:
    """The queries over papers, inside one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def save(self, papers: Sequence[Paper]) -> None:
        """Store papers, each as the version it names, replacing that version if it is stored already.

        Their licences and announcement days come only from `announce`.
        """
        if not papers:
            return
        newest = {paper.id: paper for paper in sorted(papers, key=lambda paper: paper.version)}
        # In key order, as in `upsert`.
        await self._save_newest([newest[paper_id] for paper_id in sorted(newest)])
        versions = sorted({paper.key: paper for paper in papers}.values(), key=lambda paper: paper.key)
        await upsert(
            self._session,
            PaperVersionRow,
            [{"paper_id": paper.id, "version": paper.version, "record": paper} for paper in versions],
        )
        await self._save_categories(versions)

    async def get(self, paper_id: str) -> Paper | None:
        """The newest stored version of a paper."""
        found = await self._papers(_newest().where(PaperRow.id == paper_id))
        return found[0] if found else None

    async def many(self, ids: Sequence[str]) -> list[Paper]:
        """The newest stored versions of these papers, in no particular order; unknown ones are missing."""
        return [
            paper
            for batch in batched(ids)
            for paper in await self._papers(_newest().where(PaperRow.id.in_(batch)))
        ]

    async def version(self, paper_id: str, version: int) -> Paper | None:
        """This version of a paper, if it is stored."""
        found = await self._papers(
            _versions().where(PaperRow.id == paper_id, PaperVersionRow.version == version)
        )
        return found[0] if found else None

    async def ids_submitted(self, categories: Sequence[str], window: SubmissionWindow) -> list[str]:
        """The versionless ids of papers of any of these categories whose version 1 was submitted in `window`.

        The categories are those of each paper's newest stored version. The latest submission comes first.
        """
        query = _submitted(categories, window).with_only_columns(PaperRow.id, maintain_column_froms=True)
        ids = await self._session.scalars(query.order_by(PaperRow.published.desc(), PaperRow.id.desc()))
        return list(ids)

    async def announce(self, announcements: Sequence[Announcement]) -> None:
        """Store what a day's feed said about papers, each named once, whether or not they are stored yet.

        The first day told stays, but the latest licence replaces others, as each version may have its own.
        """
        statement = insert(self._session, AnnouncementRow)
        new = statement.excluded
        await execute_rows(
            self._session,
            statement.on_conflict_do_update(
                index_elements=["paper_id"],
                set_={
                    "first_day": func.coalesce(AnnouncementRow.first_day, new.first_day),
                    "last_day": new.last_day,
                    "licence": func.coalesce(new.licence, AnnouncementRow.licence),
                },
            ),
            [
                {
                    "paper_id": one.paper_id,
                    "first_day": one.day if one.is_first else None,
                    "last_day": one.day,
                    "licence": one.licence,
                }
                for one in sorted(announcements, key=lambda one: one.paper_id)  # in key order, as in `upsert`
            ],
        )

    async def prune_announcements(self, *, last_before: date, after: Place | None = None) -> Place | None:
        """Delete the announcements of papers that are not stored and were last announced before that day.

        Each call checks some rows, starting after `after`; returns the key of the last one, None at the end.
        """
        table = AnnouncementRow
        in_step, last = await next_step(self._session, [table.paper_id], after=after, rows=_ROWS_PER_STEP)
        is_stored = select(PaperRow.id).where(PaperRow.id == table.paper_id)
        await self._session.execute(
            delete(table).where(in_step, table.last_day < last_before, ~is_stored.exists())
        )
        return last

    async def find_titles(self, fragment: str, limit: int) -> list[Paper]:
        """The papers whose title contains `fragment`, compared as in `storage.title_search`, latest first.

        If there are none, those that have its words in any order.
        """
        words = fragment.split()
        latest = max(limit, _TITLES_COMPARED) if words[1:] else limit
        with_words = await self._with_titles(words, latest)
        whole = [paper_id for paper_id, title in with_words if is_held(title, fragment)]
        if len(whole) < limit and len(with_words) == latest:  # earlier ones may contain it too
            whole = [paper_id for paper_id, _ in await self._with_titles([fragment], limit)]
        ids = (whole or [paper_id for paper_id, _ in with_words])[:limit]
        found = {paper.id: paper for paper in await self.many(ids)}
        return [found[paper_id] for paper_id in ids]

    async def save_text(self, text: PaperText) -> None:
        """Store what was read of a stored paper version, replacing an earlier reading."""
        await upsert(self._session, PaperTextRow, [row_of(PaperTextRow, text) | {"record": text}])

    async def text(self, paper_id: str, version: int) -> PaperText | None:
        """What was read of a paper version."""
        row = await self._session.get(PaperTextRow, (paper_id, version), populate_existing=True)
        return None if row is None else row.record

    async def read_keys(self, *, limit: int | None = None) -> list[str]:
        """The keys of the papers that have been read, each at the newest version read; latest submitted last.

        With a limit, those of the papers submitted latest.
        """
        rows = await self._session.execute(
            select(PaperTextRow.paper_id, func.max(PaperTextRow.version))
            .join(PaperRow, PaperRow.id == PaperTextRow.paper_id)
            .group_by(PaperTextRow.paper_id, PaperRow.published)
            .order_by(PaperRow.published.desc(), PaperTextRow.paper_id.desc())
            .limit(limit)
        )
        return [paper_key(*row) for row in rows][::-1]

    async def save_summary(self, summary: Summary) -> None:
        """Store the summary of a stored paper version, replacing one of the same recipe and language."""
        await upsert(self._session, SummaryRow, [row_of(SummaryRow, summary) | {"record": summary}])

    async def summary(self, paper_id: str, version: int, recipe: str, language: str = "en") -> Summary | None:
        """The summary of a paper version by this recipe in this language."""
        key = (paper_id, version, recipe, language)
        row = await self._session.get(SummaryRow, key, populate_existing=True)
        return None if row is None else row.record

    async def _save_newest(self, papers: Sequence[Paper]) -> None:
        statement = insert(self._session, PaperRow)
        new = statement.excluded
        is_newest = new.version >= PaperRow.version
        await execute_rows(
            self._session,
            statement.on_conflict_do_update(
                index_elements=["id"],
                set_={
                    "version": case((is_newest, new.version), else_=PaperRow.version),
                    "title": case((is_newest, new.title), else_=PaperRow.title),
                    "compared_title": case((is_newest, new.compared_title), else_=PaperRow.compared_title),
                    "published": case((is_newest, new.published), else_=PaperRow.published),
                },
            ),
            [
                row_of(PaperRow, paper) | {"compared_title": compared(storable(paper.title))}
                for paper in papers
            ],
        )

    async def _save_categories(self, papers: Sequence[Paper]) -> None:
        for batch in batched([(paper.id, paper.version) for paper in papers]):
            of_batch = of_versions(PaperCategoryRow, batch)
            await self._session.execute(delete(PaperCategoryRow).where(of_batch))
        await upsert(
            self._session,
            PaperCategoryRow,
            [
                {"paper_id": paper.id, "version": paper.version, "category": category}
                for paper in papers
                for category in dict.fromkeys(paper.categories)
            ],
        )

    async def _with_titles(self, fragments: Sequence[str], limit: int) -> list[tuple[str, str]]:
        """The ids and titles, as compared, of the latest papers whose titles have all of these."""
        titles = PaperRow.compared_title.expression
        rows = await self._session.execute(
            select(PaperRow.id, titles)
            .where(*(holds(titles, fragment) for fragment in fragments))
            .order_by(PaperRow.published.desc(), PaperRow.id.desc())
            .limit(limit)
        )
        return [(paper_id, title) for paper_id, title in rows]

    async def _papers(self, query: _PaperQuery) -> list[Paper]:
        return await records_in_steps(self._session, query, _paper)  # a week has thousands


def _versions() -> _PaperQuery:
    return (
        select(PaperVersionRow.record, AnnouncementRow.licence, AnnouncementRow.first_day)
        .join(PaperRow, PaperRow.id == PaperVersionRow.paper_id)
        .outerjoin(AnnouncementRow, AnnouncementRow.paper_id == PaperVersionRow.paper_id)
    )


def _newest() -> _PaperQuery:
    return _versions().where(PaperVersionRow.version == PaperRow.version)


def _submitted(categories: Sequence[str], window: SubmissionWindow) -> _PaperQuery:
    in_categories = (
        select(PaperCategoryRow)
        .where(
            PaperCategoryRow.paper_id == PaperVersionRow.paper_id,
            PaperCategoryRow.version == PaperVersionRow.version,
            PaperCategoryRow.category.in_(categories),
        )
        .exists()
    )
    return _newest().where(PaperRow.published >= window.start, PaperRow.published < window.end, in_categories)


def _paper(record: Paper, licence: str | None, announced: date | None) -> Paper:
    return replace(record, licence=licence, announced=announced)
