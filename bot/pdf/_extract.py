"""The program of the child process that takes the text out of one PDF.

    python -I -c "..." <pypdf|pypdfium2> <megabytes of address space> <CPU seconds>   < a.pdf

A PDF is a program written by a stranger: 68 KB of it can ask for 70 million characters or for hours of work,
so this process limits itself before it looks at the first byte, and whoever started it may kill it at any
moment. Every page is written out, as one line of JSON, as soon as it is read; what was read before a kill is
not lost.

The lines:

    {"pages": 14}
    {"page": 1, "width": 595, "height": 842, "hidden": 0, "picture": false,
     "lines": [[text, x, y, size, bold], ...]}
    {"page": 2, "failed": true}
    {"refused": "password"}      or "broken"; nothing follows
    {"end": true}

Coordinates and sizes are in points (1/72 inch), y upwards from the page's lower edge; lines that run up or
down the page have theirs on the page turned for reading, as width and height are where most lines do.
`hidden` counts characters that a reader of the page would not see and that were left out; `picture` says that
an image covers the page.
"""

import importlib
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any, Protocol, cast

MAX_PAGES = 1_000
"""Pages read of one PDF; the longest papers on arXiv, theses, have about 600."""
MAX_PAGE_CHARACTERS = 60_000
"""A page set in 5 pt over A3 holds about 30,000; what has more is not meant for readers."""
MAX_CHARACTERS = 2_000_000
"""Of one PDF: 600 pages of prose."""


class Refusal(Exception):  # noqa: N818 - an outcome, not a fault
    """The PDF as a whole cannot be read; the argument is `password` or `broken`."""


class Pages(Protocol):
    """An opened PDF. One implementation for each library, loaded only when asked for."""

    def __len__(self) -> int: ...

    def read(self, number: int) -> dict[str, Any]:
        """The record of page `number`, from 1, without its number. Raises what the library raises."""
        ...


def limit_this_process(megabytes: int, cpu_seconds: int) -> None:
    """Give up the right to more memory, CPU time, files and core dumps; does nothing on Windows."""
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


def extracted(pages: Pages) -> Iterator[dict[str, Any]]:
    """The lines of JSON for an opened PDF, page by page."""
    count = len(pages)
    yield {"pages": count}
    left = MAX_CHARACTERS
    for number in range(1, min(count, MAX_PAGES) + 1):
        try:
            record = pages.read(number)
        except Exception:  # noqa: BLE001 - libraries raise anything on a broken page; the next may be whole
            yield {"page": number, "failed": True}
            continue
        yield {"page": number, **record}
        left -= sum(len(line[0]) for line in record["lines"])
        if left <= 0:
            break
    yield {"end": True}


def main(library: str, megabytes: str, cpu_seconds: str) -> None:
    """Read a PDF from standard input and write its pages to standard output."""
    limit_this_process(int(megabytes), int(cpu_seconds))
    logging.disable()  # pypdf has a line for every oddity, and nobody reads this process's log
    module = importlib.import_module(f"bot.pdf._{library}_pages")
    try:
        for record in extracted(cast("Pages", module.opened(sys.stdin.buffer.read()))):
            _write(record)
    except Refusal as refusal:
        _write({"refused": str(refusal)})
    except Exception:  # noqa: BLE001 - whatever a library raises on opening, the file is broken for it
        _write({"refused": "broken"})


def _write(record: dict[str, Any]) -> None:
    # ASCII, so that the lone surrogates of broken fonts travel too.
    sys.stdout.write(json.dumps(record, separators=(",", ":")) + "\n")
    sys.stdout.flush()
