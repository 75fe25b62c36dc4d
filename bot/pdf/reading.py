"""Turns the lines of pages into a paper's text with its sections (pure)."""

from collections.abc import Sequence

from bot.pdf.layout import RawPage, cleaned
from bot.pdf.paragraphs import body_size, paragraphs
from bot.pdf.sections import sections
from storage.model import Page, PaperText, TextSource


def paper_text(
    *, paper_id: str, version: int, reader: str, pages: Sequence[RawPage], page_count: int
) -> PaperText:
    """The clean text of the pages that were read; at least one page must have a line.

    `pages` are in order and may have gaps; `page_count` is the number of pages in the PDF.
    """
    clean = cleaned(pages)
    found = paragraphs([page for page in clean if page.lines])
    by_page: dict[int, list[str]] = {}
    for paragraph in found:
        by_page.setdefault(paragraph.page, []).append(paragraph.text)
    return PaperText(
        paper_id=paper_id,
        version=version,
        source=TextSource.PDF,
        reader=reader,
        pages=tuple(
            Page(number=number, text="\n\n".join(texts)) for number, texts in sorted(by_page.items())
        ),
        page_count=page_count,
        sections=sections(found, body=body_size(clean)),
        hidden_characters=sum(page.hidden_characters for page in pages),
        problem=_problem(pages, page_count),
    )


def _problem(pages: Sequence[RawPage], page_count: int) -> str | None:
    pictures = sum(page.is_picture and not page.lines for page in pages)
    read = len(pages) - pictures
    if read == page_count:
        return None
    why = "; the others are scans without text" if read + pictures == page_count else ""
    return f"{read} of {page_count} pages{why}"
