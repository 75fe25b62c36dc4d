"""PDFs without arXiv and without pypdf: each is a few lines of text, one a page."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.errors import PdfError
from bot.progress import UNWATCHED, Progress
from storage.model import Page, Paper, PaperText, TextSource


class ShelvedPdfs:
    """A PdfSource that has a PDF of every paper, and remembers which were fetched.

    A failure is raised for its paper while it is set; `gate` holds all fetches up while it is closed.
    """

    def __init__(self) -> None:
        self.fetched: list[str] = []
        self.failures: dict[str, Exception] = {}
        self.asked, self.gate = asyncio.Event(), asyncio.Event()
        self.gate.set()

    async def fetch(self, paper: Paper) -> bytes:
        self.fetched.append(paper.key)
        self.asked.set()
        await self.gate.wait()
        if paper.id in self.failures:
            raise self.failures[paper.id]
        return (
            f"We study {paper.id} in depth. It works well.\nOn CoQA it obtains an accuracy of 81.2.".encode()
        )


class LineReader:
    """A PdfReader that takes each line for a page."""

    def __init__(self) -> None:
        self.failure: PdfError | None = None

    async def read(self, pdf: bytes, paper: Paper, *, progress: Progress = UNWATCHED) -> PaperText:
        if self.failure is not None:
            raise self.failure
        lines = pdf.decode().splitlines()
        return PaperText(
            paper_id=paper.id,
            version=paper.version,
            source=TextSource.PDF,
            reader="lines",
            pages=tuple(Page(number=number, text=line) for number, line in enumerate(lines, start=1)),
            page_count=len(lines),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """An Announcement."""

    paper_id: str
    day: date
    kind: str = "new"
    licence: str | None = None


class ListedAnnouncements:
    """An AnnouncementSource that answers from a list and remembers what it was asked."""

    def __init__(self, *entries: Announced) -> None:
        self.entries = entries
        self.asked: list[Sequence[str]] = []

    async def today(self, categories: Sequence[str]) -> Sequence[Announced]:
        self.asked.append(categories)
        return self.entries
