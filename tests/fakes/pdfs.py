"""PDFs without arXiv and without a PDF reader: each is plain text, one line per page."""

import asyncio
from collections.abc import Sequence

from bot.errors import PdfError
from bot.progress import UNWATCHED, Progress
from storage.model import Announcement, Page, Paper, PaperText, TextSource


class ShelvedPdfs:
    """A PdfSource whose PDFs are plain text; it records which were fetched.

    `pages` has a paper's pages by its key; other papers have no PDF, unless `has_all`. `failures` has errors
    by paper id, raised for the first `most_failures` fetches. While `gate` is clear, all fetches wait.
    """

    def __init__(self, *, has_all: bool = False) -> None:
        self.pages: dict[str, tuple[str, ...]] = {}
        self.fetched: list[str] = []
        self.failures: dict[str, Exception] = {}
        self.most_failures = 1_000
        self.asked, self.gate = asyncio.Event(), asyncio.Event()
        self.gate.set()
        self._has_all = has_all

    async def fetch(self, paper: Paper) -> bytes:
        self.fetched.append(paper.key)
        self.asked.set()
        await self.gate.wait()
        if paper.id in self.failures and self.fetched.count(paper.key) <= self.most_failures:
            raise self.failures[paper.id]
        pages = self.pages.get(paper.key)
        if pages is None and not self._has_all:
            raise PdfError("arXiv has no PDF of it.", retryable=False)
        return "\f".join(pages or _default_pages(paper)).encode()


def _default_pages(paper: Paper) -> tuple[str, ...]:
    return f"We study {paper.id} in depth. It works well.", "On CoQA it obtains an accuracy of 81.2."


class PlainReader:
    """The PdfReader for these PDFs."""

    def __init__(self) -> None:
        self.failure: PdfError | None = None

    async def read(self, pdf: bytes, paper: Paper, *, progress: Progress = UNWATCHED) -> PaperText:
        if self.failure is not None:
            raise self.failure
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


class ListedAnnouncements:
    """An AnnouncementSource that answers from a list and records what it was asked."""

    def __init__(self, *entries: Announcement) -> None:
        self.entries = entries
        self.asked: list[Sequence[str]] = []

    async def today(self, categories: Sequence[str]) -> Sequence[Announcement]:
        self.asked.append(categories)
        return self.entries
