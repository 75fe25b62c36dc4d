"""A digest as a CSV table, one line for each paper (pure)."""

import codecs
import csv
import io
from collections.abc import Iterator
from itertools import count

from bot.rendering import wording
from storage.model import Digest, Pick, Statement

COLUMNS = (
    *("week", "place", "rank", "arxiv_id", "version", "title", "authors", "categories", "submitted"),
    *("gist", "page", "reason", "read", "url", "pdf"),
)
"""`place` is `highlight` or `noted`, `rank` counts through both, `page` is the gist's.

Authors and categories are separated by semicolons.
"""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def digest_csv(digest: Digest) -> str:
    """All papers below a header line, as in RFC 4180: commas, CRLF, quotes where needed.

    Spreadsheets evaluate text that starts like a formula, so such text gets an apostrophe in front
    (https://owasp.org/www-community/attacks/CSV_Injection). Excel recognises UTF-8 only by its byte order
    mark, and shows “SchrÃ¶dinger” for “Schrödinger” without it; Python reads such files as `utf-8-sig`.
    """
    written = io.StringIO()
    written.write(codecs.BOM_UTF8.decode())
    writer = csv.writer(written)
    writer.writerow(COLUMNS)
    writer.writerows([_harmless(cell) for cell in row] for row in _rows(digest))
    return written.getvalue()


def _rows(digest: Digest) -> Iterator[list[str]]:
    ranks = count(1)
    for highlight in digest.highlights:
        gist, read = highlight.summary.gist, wording.source(highlight.summary)
        yield [digest.week, "highlight", str(next(ranks)), *_cells(highlight.pick, gist, read)]
    for noted in digest.noted:
        gist = Statement(text=noted.gist)
        yield [digest.week, "noted", str(next(ranks)), *_cells(noted.pick, gist, "")]


def _cells(pick: Pick, gist: Statement, read: str) -> list[str]:
    paper, line = pick.paper, wording.statement(pick.paper, gist)
    return [
        paper.id,
        str(paper.version),
        wording.title(paper),
        "; ".join(wording.all_authors(paper)),
        "; ".join(paper.categories),
        paper.published.date().isoformat(),
        line.marked,
        str(line.page or ""),
        wording.reason(pick),
        read,
        paper.abs_url,
        paper.pdf_url,
    ]


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell
