"""Cuts a paper's text into pieces of one page and one section each (pure).

A page on which section 2 ends and section 3 starts gives two segments; a section over two pages gives two as
well.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter

from storage.model import PaperText, Section, SectionKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Text from one page and one section, without the section's heading."""

    page: int
    heading: str
    kind: SectionKind
    text: str
    section: int
    """The section's position in `PaperText.sections`; -1 before the first."""


def segments(text: PaperText) -> list[Segment]:
    """The paper's segments in reading order; text before the first section counts as body."""
    whole = text.full_text
    found = []
    for page, page_start in zip(text.pages, text.page_starts, strict=True):
        page_end = page_start + len(page.text)
        for position, section, start, end in _parts(text.sections, page_start, page_end):
            piece = whole[start:end].strip()
            if section is not None and start == section.start:
                piece = piece.removeprefix(section.heading).strip()
            if piece:
                found.append(
                    Segment(
                        page=page.number,
                        heading=section.heading if section else "",
                        kind=section.kind if section else SectionKind.BODY,
                        text=piece,
                        section=position,
                    )
                )
    return found


def _parts(
    sections: tuple[Section, ...], page_start: int, page_end: int
) -> Iterator[tuple[int, Section | None, int, int]]:
    """The stretches of a page as (section's position, section, start, end), without gaps."""
    reached = page_start
    first = bisect_right(sections, page_start, key=attrgetter("end"))
    last = first - 1
    for position in range(first, len(sections)):
        section = sections[position]
        start, end = max(section.start, reached), min(section.end, page_end)
        if section.start >= page_end:
            break
        if start < end:
            if reached < start:
                yield last, sections[last] if last >= 0 else None, reached, start
            yield position, section, start, end
            reached = end
        last = position
    if reached < page_end:
        yield last, sections[last] if last >= 0 else None, reached, page_end
