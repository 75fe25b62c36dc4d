"""The child process's program, which extracts the text of one PDF.

    python -I -c "..." <pypdf|pypdfium2> <megabytes of address space> <CPU seconds> [<page to skip>...] <a.pdf

A PDF is a program written by a stranger: 68 KB of it can ask for 70 million characters or for hours of work,
so this process limits itself before it looks at the first byte, and its parent may kill it at any moment.
Every page is written out, as one line of JSON, as soon as it is read, so that a kill loses no page already
read.

The lines:

    {"pages": 14}
    {"page": 1, "width": 595, "height": 842, "hidden": 0, "picture": false,
     "lines": [[text, x, y, size, bold], ...]}
    {"page": 2, "failed": true}
    {"refused": "password"}      or "broken"; nothing follows
    {"end": true}

Coordinates and sizes are in points (1/72 inch), y upwards from the page's lower edge. Lines that run up or
down the page have their coordinates on the page rotated for reading; if most of the text runs so, width and
height are those of the rotated page. `hidden` counts the characters left out because a reader of the page
would not see them; `picture` says whether images cover at least half of it.
"""

import importlib
import json
import logging
import sys
from collections.abc import Container, Iterator
from typing import Any, Protocol, cast

MAX_PAGES = 1_000
"""Pages read from one PDF; the longest papers on arXiv, theses, have about 600."""
MAX_PAGE_CHARACTERS = 60_000
"""An A3 page set in 5 pt holds about 30,000; a page with twice as many is not meant for readers."""
MAX_CHARACTERS = 2_000_000
"""Read from one PDF: about 600 pages of prose."""


class Refusal(Exception):  # noqa: N818 - an outcome, not a fault
    """The PDF as a whole cannot be read; the argument is `password` or `broken`."""


class Pages(Protocol):
    """An opened PDF. One implementation per library, loaded only when needed."""

    def __len__(self) -> int: ...

    def read(self, number: int) -> dict[str, Any]:
        """The record of page `number`, counted from 1, without the number. Raises what the library raises."""
        ...


def limit_this_process(megabytes: int, cpu_seconds: int) -> None:
    """Limit memory and CPU time, and forbid writing files and core dumps; does nothing on Windows."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - POSIX only

    limits = {
        resource.RLIMIT_AS: megabytes << 20,
        resource.RLIMIT_CPU: cpu_seconds,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
    }
    for kind, value in limits.items():
        _, hard = resource.getrlimit(kind)
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (allowed, allowed))


def extracted(pages: Pages, skipped: Container[int] = ()) -> Iterator[dict[str, Any]]:
    """The records to write for an opened PDF, page by page, without the pages `skipped`."""
    count = len(pages)
    yield {"pages": count}
    left = MAX_CHARACTERS
    for number in range(1, min(count, MAX_PAGES) + 1):
        if number in skipped:
            continue
        try:
            record = pages.read(number)
        except Exception:  # noqa: BLE001 - libraries raise anything on a broken page; the next may be fine
            yield {"page": number, "failed": True}
            continue
        yield {"page": number, **record}
        left -= sum(len(line[0]) for line in record["lines"])
        if left <= 0:
            break
    yield {"end": True}


def main(library: str, megabytes: str, cpu_seconds: str, *skipped: str) -> None:
    """Read a PDF from standard input and write its pages to standard output, but for those to skip."""
    limit_this_process(int(megabytes), int(cpu_seconds))
    logging.disable()  # pypdf logs every oddity, and nobody reads this process's log
    module = importlib.import_module(f"bot.pdf._{library}_pages")
    try:
        pages = cast("Pages", module.opened(sys.stdin.buffer.read()))
        for record in extracted(pages, set(map(int, skipped))):
            _write(record)
    except Refusal as refusal:
        _write({"refused": str(refusal)})
    except Exception:  # noqa: BLE001 - whatever the library raises, it cannot read the file
        _write({"refused": "broken"})


def _write(record: dict[str, Any]) -> None:
    # JSON in ASCII, so that lone surrogates from broken fonts survive.
    sys.stdout.write(json.dumps(record, separators=(",", ":")) + "\n")
    sys.stdout.flush()
