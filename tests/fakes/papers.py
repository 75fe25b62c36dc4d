"""arXiv as a list of papers in memory, for tests that need no sockets."""

import asyncio
from collections.abc import Sequence

from bot.errors import PdfError, ServiceError
from bot.papers.port import Announcement
from bot.progress import UNWATCHED, Progress
from storage.model import Page, Paper, PaperText, SubmissionWindow, TextSource


class ListedPapers:
    """A PaperSource that answers from a list and remembers what it was asked; `failure` is raised while it is
    set."""

    def __init__(self, *papers: Paper) -> None:
        self.listed = list(papers)
        self.asked: list[SubmissionWindow] = []
        self.named: list[str] = []
        """The ids and keys it was asked for."""
        self.failure: ServiceError | None = None

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
        if self.failure is not None:
            raise self.failure
        newest = {paper.id: paper for paper in sorted(self.listed, key=lambda paper: paper.version)}
        by_name = newest | {paper.key: paper for paper in self.listed}
        return [by_name[name] for name in references if name in by_name]


class PlainPdfs:
    """A PdfSource whose PDFs are plain text: a paper's pages stand in `pages` by its key.

    A fetch waits while `go_on` is not set.
    """

    def __init__(self) -> None:
        self.pages: dict[str, tuple[str, ...]] = {}
        self.fetched: list[str] = []
        self.fetching, self.go_on = asyncio.Event(), asyncio.Event()
        self.go_on.set()

    async def fetch(self, paper: Paper) -> bytes:
        self.fetched.append(paper.key)
        self.fetching.set()
        await self.go_on.wait()
        if paper.key not in self.pages:
            raise PdfError("arXiv has no PDF of it.", retryable=False)
        return "\f".join(self.pages[paper.key]).encode()


class PlainReader:
    """The PdfReader for them."""

    async def read(self, pdf: bytes, paper: Paper, *, progress: Progress = UNWATCHED) -> PaperText:
        pages = pdf.decode().split("\f")
        progress.begin(f"reading {len(pages)} pages", total=len(pages))
        return PaperText(
            paper_id=paper.id,
            version=paper.version,
            source=TextSource.PDF,
            reader="plain",
            pages=tuple(Page(number=number, text=page) for number, page in enumerate(pages, start=1)),
            page_count=len(pages),
        )


class NoAnnouncements:
    """An AnnouncementSource on a day without announcements."""

    async def today(self, categories: Sequence[str]) -> Sequence[Announcement]:
        return ()
