"""Small invented papers to summarise."""

from datetime import UTC, datetime
from typing import Any

from storage.model import Page, Paper, PaperText, Section, SectionKind, TextSource

MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


def paper(**changes: Any) -> Paper:
    fields: dict[str, Any] = {
        "id": "2611.00001",
        "version": 1,
        "title": "Foldcache: folding key-value memory",
        "abstract": "Long contexts need much memory. "
        "We propose Foldcache, which folds old keys into fewer slots. "
        "Experiments show that Foldcache keeps 12.5 % of the key-value memory of the full model.",
        "authors": ("Ada Writer",),
        "categories": ("cs.CL",),
        "published": MONDAY,
        "updated": MONDAY,
    }
    return Paper(**(fields | changes))


def text_of(*pages: str, **changes: Any) -> PaperText:
    """A PDF's text without sections."""
    fields: dict[str, Any] = {
        "paper_id": "2611.00001",
        "version": 1,
        "source": TextSource.PDF,
        "reader": "pypdf",
        "pages": tuple(Page(number=number, text=page) for number, page in enumerate(pages, start=1)),
        "page_count": len(pages),
    }
    return PaperText(**(fields | changes))


def abstract_text() -> PaperText:
    page = Page(number=0, text=paper().abstract)
    return text_of(source=TextSource.ABSTRACT, reader="none", pages=(page,), page_count=0)


def sectioned(*parts: tuple[str, SectionKind, str], pages: int = 1) -> PaperText:
    """A PDF's text from (heading, kind, text), spread over `pages` pages, each section on one page."""
    whole = [f"{heading}\n\n{text}" for heading, _, text in parts]
    per_page = -(-len(parts) // pages)
    numbers = [position // per_page + 1 for position in range(len(parts))]
    sections, start = [], 0
    for (heading, kind, _), number, part in zip(parts, numbers, whole, strict=True):
        end = start + len(part)
        sections.append(
            Section(heading=heading, kind=kind, first_page=number, last_page=number, start=start, end=end)
        )
        start = end + 2
    texts = [
        "\n\n".join(p for p, n in zip(whole, numbers, strict=True) if n == number)
        for number in sorted(set(numbers))
    ]
    return text_of(*texts, sections=tuple(sections))
