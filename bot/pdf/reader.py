"""Reads PDFs in child processes that can be killed, and cleans the text they find."""

import asyncio
import contextlib
import json
import logging
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.children import bare_environment
from bot.errors import PdfError
from bot.pdf.layout import Line, RawPage
from bot.pdf.reading import paper_text
from bot.progress import UNWATCHED, Progress
from storage.model import Paper, PaperText

log = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parents[2]
# -I keeps the child from the working directory and PYTHON* variables, so it is told where this package is.
_PROGRAM = (
    "import sys; sys.path.append(sys.argv.pop(1)); from bot.pdf._extract import main; main(*sys.argv[1:])"
)
_CHUNK_BYTES = 1 << 16
_FIRST_SHARE = 2 / 3
"""Share of the wall time that pypdf may use, so that some is left for pypdfium2."""
_BROKEN = "The PDF is broken: it could not be read."
_MAX_ATTEMPTS = 3
"""Attempts at a PDF that gave no text in time, or whose reading was cut short. The cause may be a busy
machine, a lack of memory or an upgrade, but it may also be the PDF, so there is a limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingLimits:
    """Limits for one run of the child. With the defaults every run on hostile files ended in time."""

    cpu_seconds: int = 20
    megabytes: int = 1024
    """Address space of the child."""
    output_megabytes: int = 32
    """Most that the child may write; a page of prose takes about 10 KB."""


@dataclass(slots=True)
class _Extraction:
    """The result of one run of the child."""

    library: str
    progress: Progress
    skipped: frozenset[int] = frozenset()
    """Pages that an earlier run has read."""
    page_count: int | None = None
    pages: dict[int, RawPage] = field(default_factory=dict)
    failures: int = 0
    """Pages that the library could not read."""
    refused: str | None = None
    ended: bool = False
    timed_out: bool = False
    not_started: str | None = None
    """Why no process could be started."""

    def take(self, record: Mapping[str, Any]) -> None:
        """Record one line of the child's output."""
        if "pages" in record:
            self.page_count = int(record["pages"])
            missing = self.page_count - len(self.skipped)
            noun = "page" if missing == 1 else "pages"
            self.progress.begin(f"reading {missing} {noun}", total=missing)
        elif "lines" in record:
            number = int(record["page"])
            self.pages[number] = RawPage(
                number=number,
                width=record["width"],
                height=record["height"],
                lines=tuple(
                    Line(text=t, x=x, y=y, size=s, bold=bool(b)) for t, x, y, s, b in record["lines"]
                ),
                hidden_characters=record["hidden"],
                is_picture=record["picture"],
            )
            self.progress.advance()
        self.failures += "failed" in record
        self.refused = record.get("refused", self.refused)
        self.ended = self.ended or "end" in record

    @property
    def is_complete(self) -> bool:
        """Whether every page was read that a limit on pages or characters did not exclude."""
        return self.ended and not self.failures


class ChildProcessReader:
    """Implements PdfReader with pypdf, then pypdfium2 for pages that pypdf missed, each in a child process.

    The child has limits on memory, CPU and wall time, and almost none of our environment; it is killed, with
    all its children, when its time is up or `read` is cancelled.
    """

    def __init__(
        self, *, seconds: float = 30.0, concurrency: int = 2, limits: ReadingLimits | None = None
    ) -> None:
        """`seconds` is the wall time for one PDF, both libraries together."""
        self._seconds = seconds
        self._limits = limits or ReadingLimits()
        self._free = asyncio.Semaphore(concurrency)
        self._inconclusive = Counter[str]()

    async def read(self, pdf: bytes, paper: Paper, *, progress: Progress = UNWATCHED) -> PaperText:
        """The paper's text by pages and sections; `progress` is told how many pages there are.

        Raises:
            PdfError: nothing could be read within the limits; the message says why.
        """
        async with self._free:
            runs = await self._extractions(pdf, progress)
        pages = {number: page for run in runs for number, page in run.pages.items()}
        if not any(page.lines for page in pages.values()):
            raise self._failure(paper, runs)
        try:
            return await asyncio.to_thread(_text, paper, runs, pages)
        except Exception as error:  # places and sizes are the PDF's, and may be any number
            log.exception("%s: its lines could not be made into text", paper.key)
            raise PdfError(_BROKEN, retryable=False) from error

    async def _extractions(self, pdf: bytes, progress: Progress) -> list[_Extraction]:
        started = time.monotonic()
        first = await self._run(_Extraction("pypdf", progress), pdf, self._seconds * _FIRST_SHARE)
        if first.is_complete:
            return [first]
        left = self._seconds - (time.monotonic() - started)
        second = _Extraction("pypdfium2", progress, skipped=frozenset(first.pages))
        return [first, await self._run(second, pdf, left)]

    def _failure(self, paper: Paper, runs: Sequence[_Extraction]) -> PdfError:
        """The error that says why there is no text; it is retryable while another attempt may find some."""
        verdict = _verdict(runs)
        if verdict is not None:
            return PdfError(verdict, retryable=False)
        why = next((run.not_started for run in runs if run.not_started), None)
        if why is not None:  # this says nothing about the PDF, so attempts are not limited
            return PdfError(f"No process could be started to read the PDF: {why}.")
        problem = "Reading the PDF was cut short."
        if any(run.timed_out for run in runs):
            problem = f"The PDF could not be read within {self._seconds:g} s."
        self._inconclusive[paper.key] += 1
        return PdfError(problem, retryable=self._inconclusive[paper.key] < _MAX_ATTEMPTS)

    async def _run(self, extraction: _Extraction, pdf: bytes, seconds: float) -> _Extraction:
        limits = str(self._limits.megabytes), str(self._limits.cpu_seconds)
        skipped = map(str, sorted(extraction.skipped))
        command = (sys.executable, "-I", "-c", _PROGRAM, str(_ROOT), extraction.library, *limits, *skipped)
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env=bare_environment(),  # a reader taken over by a hostile PDF finds no key
                start_new_session=True,
            )
        except OSError as error:  # too many processes or open files, no memory, Python was replaced
            log.warning("could not start a process to read a PDF: %s", error)
            extraction.not_started = error.strerror
            return extraction
        try:
            async with asyncio.timeout(seconds), asyncio.TaskGroup() as tasks:
                tasks.create_task(_send(process, pdf))
                tasks.create_task(_receive(process, extraction, self._limits.output_megabytes << 20))
        except TimeoutError:
            extraction.timed_out = True
        finally:
            await _kill(process)
        if not extraction.is_complete:
            log.info(
                "%s read %d of %s pages (exit code %s, timed out: %s, refused: %s)",
                extraction.library,
                len(extraction.pages),
                extraction.page_count,
                process.returncode,
                extraction.timed_out,
                extraction.refused,
            )
        return extraction


async def _send(process: asyncio.subprocess.Process, pdf: bytes) -> None:
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the child died or had read enough
        process.stdin.write(pdf)
        await process.stdin.drain()
        process.stdin.close()


async def _receive(process: asyncio.subprocess.Process, extraction: _Extraction, max_bytes: int) -> None:
    assert process.stdout is not None
    unfinished = b""
    while max_bytes > 0 and (chunk := await process.stdout.read(_CHUNK_BYTES)):
        max_bytes -= len(chunk)
        *lines, unfinished = (unfinished + chunk).split(b"\n")
        for line in lines:
            extraction.take(json.loads(line))


async def _kill(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    await asyncio.shield(process.wait())


def _text(paper: Paper, runs: Sequence[_Extraction], pages: Mapping[int, RawPage]) -> PaperText:
    """The clean text of the pages that the runs read."""
    best = max(runs, key=lambda run: len(run.pages))
    return paper_text(
        paper_id=paper.id,
        version=paper.version,
        reader=best.library,
        pages=[pages[number] for number in sorted(pages)],
        page_count=max((run.page_count or 0) for run in runs),
    )


def _verdict(runs: Sequence[_Extraction]) -> str | None:
    """What is wrong with a PDF that gave no text; None if no run got far enough to tell."""
    if any(run.refused == "password" for run in runs):
        return "The PDF needs a password."
    if any(run.ended and run.pages for run in runs):
        return "The PDF is a scan without text."
    if any(run.ended or run.refused for run in runs) and not any(run.timed_out for run in runs):
        return _BROKEN
    return None
