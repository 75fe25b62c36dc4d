"""arXiv as a list of papers in memory, for tests that need no sockets."""

import asyncio
from collections.abc import Sequence

from bot.errors import ArxivError, ServiceError
from storage.model import Paper, SubmissionWindow


class ListedPapers:
    """A PaperSource that answers from a list and records what it was asked.

    It raises `failure` while that is set, and an ArxivError after `failure_after` ids were requested.
    """

    def __init__(self, *papers: Paper) -> None:
        self.listed = list(papers)
        self.asked: list[SubmissionWindow] = []
        self.named: list[str] = []
        """The requested ids and keys."""
        self.failure: ServiceError | None = None
        self.failure_after: int | None = None
        self.gate = asyncio.Event()
        """While it is clear, `papers` waits."""
        self.gate.set()

    async def submitted(self, categories: Sequence[str], window: SubmissionWindow) -> list[Paper]:
        self.asked.append(window)
        if self.failure is not None:
            raise self.failure
        return [
            paper
            for paper in self.listed
            if paper.published in window and set(paper.categories) & set(categories)
        ]

    async def papers(self, references: Sequence[str]) -> list[Paper]:
        self.named += references
        await self.gate.wait()
        if self.failure is not None:
            raise self.failure
        if self.failure_after is not None and len(self.named) > self.failure_after:
            raise ArxivError("arXiv does not answer.")
        newest = {paper.id: paper for paper in sorted(self.listed, key=lambda paper: paper.version)}
        by_name = newest | {paper.key: paper for paper in self.listed}
        return [by_name[name] for name in references if name in by_name]
