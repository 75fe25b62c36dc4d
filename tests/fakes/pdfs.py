"""PDFs without arXiv and without pypdf: each is a few lines of text, one a page."""

import asyncio
from collections.abc import Sequence

from bot.errors import PdfError
from bot.progress import UNWATCHED, Progress
from storage.model import Announcement, Page, Paper, PaperText, TextSource


class ShelvedPdfs:
    """A PdfSource whose PDFs are plain text, and that remembers which were fetched.

    A paper's pages stand in `pages` by its key; of the others there is no PDF, unless `has_all`. A failure is
    raised for its paper, by its id, while it is set, for the first `most_failures` fetches; `gate` holds all
    fetches up while it is closed.
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
        return "\f".join(pages or _of_any(paper)).encode()


def _of_any(paper: Paper) -> tuple[str, ...]:
    return f"We study {paper.id} in depth. It works well.", "On CoQA it obtains an accuracy of 81.2."


class PlainReader:
    """The PdfReader for them."""

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
    """An AnnouncementSource that answers from a list and remembers what it was asked."""

    def __init__(self, *entries: Announcement) -> None:
        self.entries = entries
        self.asked: list[Sequence[str]] = []

    async def today(self, categories: Sequence[str]) -> Sequence[Announcement]:
        self.asked.append(categories)
        return self.entries
