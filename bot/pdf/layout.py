"""Which lines of a PDF's pages belong to the paper, and in which order they are read (pure)."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.pdf.characters import clean_line, with_decimal_points
from bot.pdf.line_numbers import without_line_numbers

_STAMP = re.compile(r"^arXiv:\S+\s+(\[[\w.-]+\]\s+)?\d{1,2} \w{3} \d{4}$")
"""What arXiv prints in the left margin of first pages; until 2007 often without a category."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_WHOLE_NUMBER = re.compile(r"(?<!\d)(?<!\d[.,])\d+(?![.,]?\d)")
"""Such as a page number; not a decimal, as decimals tell the rows of a table apart."""
_PAGE_NUMBER = re.compile(r"\W*\d+(?: ?/ ?\d+)?\W*")
_EDGE_LINES = 3
_EDGE_SHARE = 0.12
"""Of the page's height, at the top and at the bottom, where running heads stand."""
_APART_SHARE = 0.2
"""The same for a row set apart: on letter paper the heads of amsart and LNCS stand 0.13 below the edge."""
_APART_EM = 2.0
"""Least distance of a running head set apart from the text; the rows of a table are closer."""
_SAME_PLACE_POINTS = 4
_MIN_INTERLEAVED = 8
_PROSE_CHARACTERS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of text with the place of its left end, y upwards, and its looks; in points."""

    text: str
    x: float
    y: float
    size: float
    bold: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RawPage:
    """A page as a library extracted it."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    hidden_characters: int = 0
    is_picture: bool = False
    """Whether images cover at least half of it, as on a scan."""


def cleaned(pages: Sequence[RawPage]) -> list[RawPage]:
    """The pages with clean characters, without running heads or page and line numbers, in reading order."""
    pages = _with_decimal_points([_with_clean_characters(page) for page in pages])
    heads = _running_heads(pages)
    kept = [
        [line for line in page.lines if _head(line) not in heads and not _is_folio(line, page)]
        for page in pages
    ]
    texts = without_line_numbers([[line.text for line in lines] for lines in kept])
    return [
        replace(page, lines=tuple(_in_reading_order(_with_texts(lines, bare), page.width)))
        for page, lines, bare in zip(pages, kept, texts, strict=True)
    ]


def _with_texts(lines: Sequence[Line], texts: Sequence[str]) -> list[Line]:
    return [replace(line, text=text) for line, text in zip(lines, texts, strict=True) if text]


def _with_clean_characters(page: RawPage) -> RawPage:
    lines = (replace(line, text=clean_line(line.text)) for line in page.lines)
    return replace(page, lines=tuple(line for line in lines if line.text and not _STAMP.match(line.text)))


def _with_decimal_points(pages: Sequence[RawPage]) -> list[RawPage]:
    texts = iter(with_decimal_points(line.text for page in pages for line in page.lines))
    return [
        replace(page, lines=tuple(replace(line, text=next(texts)) for line in page.lines)) for page in pages
    ]


def _head(line: Line) -> tuple[str, int]:
    """What a running head has in common on all pages: its words without the page number, and its height."""
    return _WHOLE_NUMBER.sub("#", line.text.casefold()), round(line.y / _SAME_PLACE_POINTS)


def _may_be_head(line: Line) -> bool:
    """Whether it has a word or is a page number: without their digits, rows of a table are alike, too."""
    return _WORD.search(line.text) is not None or _PAGE_NUMBER.fullmatch(line.text) is not None


def _running_heads(pages: Sequence[RawPage]) -> set[tuple[str, int]]:
    counts = Counter[tuple[str, int]]()
    for page in pages:
        by_height = sorted(page.lines, key=lambda line: line.y)
        edges = [*by_height[:_EDGE_LINES], *by_height[-_EDGE_LINES:]]
        edges = [line for line in edges if _is_near_edge(line, page)] + _row_apart(by_height, page)
        counts.update({_head(line) for line in edges if _may_be_head(line)})
    # Left and right pages differ and the first may have none, so a quarter of the pages is enough.
    needed = max(2 if len(pages) < 5 else 3, len(pages) // 4)  # noqa: PLR2004
    return {head for head, count in counts.items() if count >= needed}


def _is_near_edge(line: Line, page: RawPage) -> bool:
    return not _EDGE_SHARE * page.height < line.y < (1 - _EDGE_SHARE) * page.height


def _row_apart(by_height: Sequence[Line], page: RawPage) -> list[Line]:
    """The topmost row of a page, if it stands apart from the text below."""
    row = [line for line in by_height if by_height[-1].y - line.y < line.size / 2]
    rest = by_height[: -len(row)]
    is_apart = bool(rest) and row[0].y - rest[-1].y > _APART_EM * rest[-1].size
    return row if is_apart and row[0].y > (1 - _APART_SHARE) * page.height else []


def _is_folio(line: Line, page: RawPage) -> bool:
    """Whether this is a page number: digits alone at the very top or bottom of the page."""
    in_margin = not 0.08 * page.height < line.y < 0.95 * page.height
    return in_margin and re.fullmatch(r"[-–— ]*(\d{1,4}|[ivxl]{1,6})[-–— ]*", line.text) is not None


def _in_reading_order(lines: list[Line], width: float) -> list[Line]:
    """Put columns one after the other where the PDF interleaves them line by line.

    Most typesetting programs write a column before the next, so the PDF's own order is kept unless the page
    plainly alternates between left and right at the same height.
    """
    middle = width / 2
    alternations = sum(
        abs(one.y - two.y) < one.size / 2
        and one.x < middle <= two.x
        and min(len(one.text), len(two.text)) > _PROSE_CHARACTERS
        for one, two in pairwise(lines)
    )
    if alternations < _MIN_INTERLEAVED:
        return lines
    ordered: list[Line] = []
    band: list[Line] = []
    for line in lines:
        # Characters are about half as wide as their size: good enough to tell a column from the whole width.
        if line.x < middle and line.x + len(line.text) * line.size * 0.45 > 1.2 * middle:
            ordered += [*_by_column(band, middle), line]
            band = []
        else:
            band.append(line)
    return ordered + _by_column(band, middle)


def _by_column(band: list[Line], middle: float) -> list[Line]:
    return sorted(band, key=lambda line: line.x >= middle)
