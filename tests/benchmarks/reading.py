"""How well and how fast the text of real papers is read.

On every shared PDF that has another tool's Markdown beside it:

- `runs found`: the share of the Markdown's runs of 8 words that are in the text too. It falls when words
  are broken, columns are mixed up, or something interrupts a sentence. The Markdown's markup is removed
  first, and no run crosses a place where it was: images, tables (which each tool writes in its own way),
  formulas between dollar signs, tags, marks of headings and lists. Both sides are compared as lower-case
  words after NFKC, without hyphens inside words, as the Markdown writes some compounds as one word.
- `headings found`: the share of the Markdown's headings that our sections have, on the right page: the one
  with the 8 words after the heading. `headings right`: the share of our headings that the Markdown has.
- `pages/s`: one paper at a time; ours includes starting the child process.
"""

import asyncio
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from statistics import mean

import pypdf
import pypdfium2

from bot.pdf.reader import ChildProcessReader
from storage.model import Paper, PaperText
from tests.benchmarks.table import Row
from tests.shared_data import SHARED_DATA

_RUN_WORDS = 8
_MARKUP = re.compile(
    r"!\[[^\]]*\]\([^)]*\)"  # images
    r"|<table>.*?</table>"
    r"|\$\$.*?\$\$|\$[^$\n]*\$"
    r"|<[^>\n]+>"
    r"|^#+ |^[-*] ",
    re.DOTALL | re.MULTILINE,
)
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """One system's reading of one PDF."""

    text: str
    page_count: int
    seconds: float
    paper: PaperText | None = None


def run() -> list[Row]:
    """Read all papers with every system."""
    systems: dict[str, Callable[[bytes], _Reading]] = {
        "raw pypdf": _raw_pypdf,
        "pypdf + NFKC + hyphens": _cleaned_pypdf,
        "pypdfium2": _raw_pypdfium2,
        "ours": _ours,
    }
    rows: list[Row] = []
    for markdown in sorted(
        file for file in (SHARED_DATA / "pdfs").iterdir() if file.name.endswith(".mineru.md")
    ):
        case = markdown.name.partition(".")[0]
        pdf = markdown.with_name(f"{case}.pdf").read_bytes()
        for system, read in systems.items():
            metrics = _measured(read(pdf), markdown)
            rows += [
                Row(benchmark="reading", case=case, system=system, metric=metric, value=value)
                for metric, value in metrics.items()
            ]
    return rows + _summary(rows)


def _measured(reading: _Reading, markdown: Path) -> dict[str, float]:
    source = markdown.read_text(encoding="utf-8")
    metrics = {"runs found": runs_found(source, reading.text)}
    if reading.paper is not None:
        metrics |= headings_found(source, reading.paper)
        metrics["hidden characters"] = reading.paper.hidden_characters
    return metrics | {"pages": reading.page_count, "seconds": reading.seconds}


def _summary(rows: list[Row]) -> list[Row]:
    """Averages or sums over the papers, and pages/s over all of them."""
    values: dict[tuple[str, str], list[float]] = {}
    for row in rows:
        values.setdefault((row.system, row.metric), []).append(row.value)
    sums = {"pages", "seconds", "hidden characters"}
    totals = {key: (sum if key[1] in sums else mean)(found) for key, found in values.items()}
    totals |= {
        (system, "pages/s"): totals[system, "pages"] / totals[system, "seconds"]
        for system in dict.fromkeys(row.system for row in rows)
    }
    return [
        Row(benchmark="reading", case="all", system=system, metric=metric, value=value)
        for (system, metric), value in totals.items()
    ]


def words(text: str) -> list[str]:
    """The words by which texts are compared."""
    text = unicodedata.normalize("NFKC", text).lower()
    return _WORD.findall(re.sub(r"(?<=\w)[-‐](?=\w)", "", text))


def _runs(found: list[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(found[start : start + _RUN_WORDS]) for start in range(len(found) - _RUN_WORDS + 1))


def runs_found(markdown: str, text: str) -> float:
    """The share of the Markdown's runs of 8 words that `text` has; no run crosses markup."""
    known = set(_runs(words(text)))
    # Runs stay within a paragraph: what is before or after it, such as a figure, is the other tool's choice.
    wanted = [one for part in _MARKUP.sub("\n\n", markdown).split("\n\n") for one in _runs(words(part))]
    return sum(one in known for one in wanted) / len(wanted)


def headings_found(markdown: str, paper: PaperText) -> dict[str, float]:
    """Recall of the Markdown's headings with their pages, and precision of ours."""
    ours = Counter((_key(section.heading), section.first_page) for section in paper.sections)
    pages = {page.number: words(page.text) for page in paper.pages}
    found, wanted = 0, list(_headings(markdown))
    for heading, following in wanted:
        page = _page_of(words(heading) + following, following, pages)
        found += any(key == _key(heading) and page in (None, first_page) for key, first_page in ours if key)
    keys = {_key(heading) for heading, _ in wanted}
    mine = [_key(section.heading) for section in paper.sections if section.heading]
    return {
        "headings found": found / len(wanted),
        "headings right": sum(key in keys for key in mine) / max(1, len(mine)),
    }


def _headings(markdown: str) -> Iterator[tuple[str, list[str]]]:
    """The Markdown's headings, except its title, each with the words that follow it."""
    parts = re.split(r"^# .*|^#+ (.+)$", markdown, flags=re.MULTILINE)
    for heading, body in zip(parts[1::2], parts[2::2], strict=True):
        if heading is not None:
            yield heading, words(_MARKUP.sub("\n\n", body).lstrip().split("\n\n")[0])[:_RUN_WORDS]


def _key(heading: str) -> str:
    return "".join(words(heading))


def _page_of(heading: list[str], following: list[str], pages: dict[int, list[str]]) -> int | None:
    """The page with the heading and the words after it, or at least these words; None if there is none."""
    for run in (heading, following):
        for number, page in pages.items():
            if len(run) > 2 and f" {' '.join(run)} " in f" {' '.join(page)} ":  # noqa: RUF100
                return number
    return None


def _raw_pypdf(pdf: bytes) -> _Reading:
    started = time.perf_counter()
    pages = [page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages]
    return _Reading(text="\n".join(pages), page_count=len(pages), seconds=time.perf_counter() - started)


def _cleaned_pypdf(pdf: bytes) -> _Reading:
    raw = _raw_pypdf(pdf)
    text = re.sub(r"(\w)-\n(\w)", r"\1\2", unicodedata.normalize("NFKC", raw.text))
    return _Reading(text=text, page_count=raw.page_count, seconds=raw.seconds)


def _raw_pypdfium2(pdf: bytes) -> _Reading:
    started = time.perf_counter()
    document = pypdfium2.PdfDocument(pdf)
    pages = [page.get_textpage().get_text_range() for page in document]
    # pdfium joins words broken at line ends and leaves this character between the parts.
    text = "\n".join(pages).replace("\ufffe", "")
    return _Reading(text=text, page_count=len(pages), seconds=time.perf_counter() - started)


def _ours(pdf: bytes) -> _Reading:
    started = time.perf_counter()
    paper = asyncio.run(ChildProcessReader().read(pdf, _PAPER))
    seconds = time.perf_counter() - started
    return _Reading(text=paper.full_text, page_count=paper.page_count, seconds=seconds, paper=paper)


_PAPER = Paper(
    id="2406.00001",
    version=1,
    title="",
    abstract="",
    authors=(),
    categories=("cs.CL",),
    published=datetime(2024, 6, 1, tzinfo=UTC),
    updated=datetime(2024, 6, 1, tzinfo=UTC),
)
