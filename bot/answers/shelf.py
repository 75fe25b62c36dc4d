"""Papers as words, read from the database and kept in memory.

Neither database would do: PostgreSQL's `ts_rank` does not know which words are rare, and both would block
others while ranking passages that have a common word.
"""

import asyncio
from collections.abc import Mapping, Sequence
from itertools import islice

from bot.answers.features import PaperWords
from storage.batches import batched
from storage.database import Database
from storage.model.keys import split_key

_KEPT_PAPERS = 3_000
"""150 MB at most. Reading a paper takes some 20 ms, so as many take a minute."""
_PAPERS_AT_A_TIME = 20
"""Papers per transaction: SQLite has one connection, and others are waiting for it."""


class Shelf:
    """The papers that were asked last; what was read of a paper version does not change."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._papers: dict[str, PaperWords] = {}
        """Those asked last come last."""
        self._room = _KEPT_PAPERS
        """Grows with the largest question: its papers would have to be read again after each small one."""
        self._titles: dict[str, str] = {}
        """Of all papers that were ever asked: 3 MB for 10,000."""
        self._reading = asyncio.Lock()

    async def fill(self) -> None:
        """Read the papers submitted latest, as many as are kept."""
        async with self._database.begin() as tx:
            keys = await tx.papers.read_keys(limit=_KEPT_PAPERS)
        await self.papers(keys)

    async def titles(self, paper_keys: Sequence[str] | None) -> dict[str, str]:
        """The titles of those of these papers, or of all, that have passages, by their keys and in order."""
        if paper_keys is None:
            async with self._database.begin() as tx:
                paper_keys = await tx.papers.read_keys()
        for batch in batched([key for key in paper_keys if key not in self._titles]):
            async with self._database.begin() as tx:
                self._titles |= await tx.passages.titles(batch)
        return {key: self._titles[key] for key in paper_keys if key in self._titles}

    async def papers(self, paper_keys: Sequence[str]) -> dict[str, PaperWords]:
        """Those of these papers that have passages, by their keys and in order."""
        found = self._kept(paper_keys)
        for batch in batched([key for key in paper_keys if key not in found], _PAPERS_AT_A_TIME):
            # Locked per batch: reading many takes long, and a question about a few need not wait.
            async with self._reading:
                found |= await self._read(batch)
        papers = {key: found[key] for key in paper_keys if key in found}
        self._keep(papers)
        return papers

    async def _read(self, paper_keys: Sequence[str]) -> dict[str, PaperWords]:
        found = self._kept(paper_keys)  # another task may have been quicker
        async with self._database.begin() as tx:
            passages = await tx.passages.of_papers([key for key in paper_keys if key not in found])
            papers = {
                paper.id: paper for paper in await tx.papers.many([split_key(key)[0] for key in passages])
            }
        for key, parts in passages.items():
            paper = papers[split_key(key)[0]]
            # Counting words takes milliseconds per paper: too long for the event loop.
            found[key] = await asyncio.to_thread(
                PaperWords.of, title=paper.title, abstract=paper.abstract, passages=parts
            )
        self._keep(found)
        return found

    def _kept(self, paper_keys: Sequence[str]) -> dict[str, PaperWords]:
        return {key: self._papers[key] for key in paper_keys if key in self._papers}

    def _keep(self, papers: Mapping[str, PaperWords]) -> None:
        """Keep these, and of the others those asked last, if there is room."""
        for key, paper in papers.items():
            self._papers.pop(key, None)
            self._papers[key] = paper
        self._room = max(self._room, len(papers))
        for key in list(islice(self._papers, max(0, len(self._papers) - self._room))):
            del self._papers[key]
