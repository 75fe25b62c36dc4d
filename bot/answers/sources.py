"""Where a quote is found: paper, page and section, as people see them (pure)."""

import re

from bot.answers.material import Numbered
from bot.checks.cleaning import shortened
from bot.checks.quotes import Quotable
from bot.checks.segments import Segment
from bot.checks.sentences import paragraphs
from bot.papers.passages import below_heading
from storage.model import Passage, SectionKind, Source

_NUMBER = re.compile(
    r"(?:Section |Appendix )?(?P<number>\d{1,2}(?:\.\d{1,2}){0,3}|[IVX]{1,5}(?=\.)|[A-Z](?:\.\d{1,2}){1,3}"
    r"|[A-Z](?=[.:]))[.:]?(?:\s+\S.*)?"
)
_APPENDIX_LETTER = re.compile(r"(?:Appendix )?(?P<number>[A-Z])[.:]?(?:\s+\S.*)?")
_HEADING_CHARACTERS = 60
_PASSAGE_CHARACTERS = 900


def source_for(source: Numbered, quote: str, *, number: int) -> Source:
    """The source for a quote from this passage."""
    return _source(source, quote, quote_pages(source, quote), number)


def passage_source(source: Numbered, *, number: int) -> Source:
    """A whole passage as a source, cut after a sentence if it is long.

    Without its heading, which would run into the first sentence, as quotes are shown on one line.
    """
    text = " ".join(paragraphs(below_heading(source.passage) or source.passage.text))
    pages = source.passage.first_page, source.passage.last_page
    return _source(source, shortened(text, _PASSAGE_CHARACTERS), pages, number)


def _source(source: Numbered, quote: str, pages: tuple[int, int], number: int) -> Source:
    first, last = pages
    return Source(
        number=number,
        paper_key=source.paper_key,
        title=source.title,
        quote=quote,
        first_page=first,
        last_page=last,
        section=section_label(source.passage),
        of_record=source.is_record,
    )


def quote_pages(source: Numbered, quote: str) -> tuple[int, int]:
    """The page where the quote starts, twice; the passage's pages if it cannot be found."""
    passage = source.passage
    first, last = passage.first_page, passage.last_page
    if first != last:
        inside = [page for page in source.pages if first <= page.number <= last]
        found = Quotable(
            [
                Segment(page=page.number, heading="", kind=passage.kind, section=0, text=page.text)
                for page in inside
            ]
        ).find(quote.removesuffix("…"))
        if found is not None and found.page:
            return found.page, found.page
    return first, last


def section_label(passage: Passage) -> str:
    """`§3.2` for `3.2 Training`, `§B` for an appendix, else a short heading, else empty, as for a record."""
    if passage.kind is SectionKind.RECORD:
        return ""
    heading = " ".join(passage.heading.split())
    found = _NUMBER.fullmatch(heading)
    if found is None and passage.kind is SectionKind.APPENDIX:
        found = _APPENDIX_LETTER.fullmatch(heading)
    if found is not None:
        return f"§{found['number']}"
    return heading if len(heading) <= _HEADING_CHARACTERS else ""
