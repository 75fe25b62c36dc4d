"""Ports to the outside world of papers: arXiv, and the text inside a PDF."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.progress import UNWATCHED, Progress
from storage.model import Announcement, Paper, PaperText, SubmissionWindow


class Pacer(Protocol):
    """Hands out arXiv's request slots: one request every few seconds over all processes."""

    async def wait(self) -> None:
        """Return when this caller may send its one request.

        Raises:
            ArxivError: arXiv told one of the processes to be silent for longer than a minute.
        """
        ...

    async def be_silent(self, until: datetime) -> None:
        """Keep all processes from sending a request before `until`."""
        ...


class PaperSource(Protocol):
    """Answers questions about papers' metadata. Implementations own time-outs and retries."""

    async def submitted(self, categories: Sequence[str], window: SubmissionWindow) -> list[Paper]:
        """All papers whose version 1 was submitted in `window`, cross-lists once, newest first.

        Raises:
            ArxivError: an empty, garbled or incomplete answer, or none: never "no papers".
        """
        ...

    async def papers(self, references: Sequence[str]) -> list[Paper]:
        """The papers of these ids (newest version) or keys (that version), in no particular order.

        Unknown ones are left out.

        Raises:
            ArxivError: as above.
        """
        ...


class AnnouncementSource(Protocol):
    """Tells what arXiv announced today."""

    async def today(self, categories: Sequence[str]) -> Sequence[Announcement]:
        """The current day's announcements; empty at weekends and on holidays.

        Raises:
            ArxivError: no answer, or one that is not a feed.
        """
        ...


class PdfSource(Protocol):
    """Fetches a paper's PDF."""

    async def fetch(self, paper: Paper) -> bytes:
        """The PDF's bytes, at most 50 MB.

        Raises:
            PdfError: no PDF there, too large, not a PDF, or no answer.
        """
        ...


class PdfReader(Protocol):
    """Reads the text out of a PDF, whatever the PDF does."""

    async def read(self, pdf: bytes, paper: Paper, *, progress: Progress = UNWATCHED) -> PaperText:
        """The paper's text by pages and sections; `progress` is told how many pages there are.

        Raises:
            PdfError: nothing could be read within the limits; the message says why.
        """
        ...
