"""Groups the lines of pages into paragraphs in reading order (pure)."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from bot.pdf.hyphenation import Hyphenation
from bot.pdf.layout import Line, RawPage

_CAPTION = re.compile(
    r"(figure|fig\.|table|algorithm|listing|scheme|plate)\s+([A-Z]\.?)?\d+[a-z]?\s*[:.|–—-]", re.IGNORECASE
)
_MENTION = re.compile(r"\w+\.?\s+([A-Z]\.?)?\d+[a-z]?\s*[.–—-]")
_WITHIN_SENTENCE = re.compile(r"(?:\S+\s+){3}\S*[a-z,(]$")
_ITEM = re.compile(r"([•▪‣◦●■–∗*]\s|\(?([ivx]{1,4}|[a-z]|\d{1,2})[.)]\s|\[\d{1,3}\]\s)")
_NUMBERED_HEADING = re.compile(r"(\d{1,2}(\.\d{1,2})*\.?|[A-Z](\.\d{1,2})+\.?|[A-Z]\.?)\s+[A-Z]")
_FOOTNOTE = re.compile(r"(?!\d+\.\d)[\d*†‡§¶∗]{1,3}\s?\S")
_FINISHED = re.compile(r"(?:[.!?:][\"”’')\]]*\d{0,2}|\d\. \d{1,2})$")
_UNFINISHED_START = re.compile(r"[a-z(\[0-9]")
_UNFINISHED_END = re.compile(
    r"(?:\b(?:an?|and|as|at|between|by|for|from|in|into|is|of|on|or|than|that|the|to|with)|et al\.,)$"
)
"""After these a sentence goes on even before a capital."""
_MOST_WORDS_OF_A_LABEL = 5
_BELOW_HEADING = 1.15
"""Least distance between the baselines of a heading and the text below it, to that of two lines of text."""
_HEADING_SHARE = 0.8
"""Most characters of a heading in the type of the text, as a share of the page's usual line."""


@dataclass(slots=True, kw_only=True, eq=False)
class Paragraph:
    """Consecutive lines that belong together, on one page."""

    page: int
    lines: list[Line]
    text: str = ""

    @property
    def size(self) -> float:
        """The prevailing size in points."""
        sizes = Counter[float]()
        for line in self.lines:
            sizes[line.size] += len(line.text)
        return sizes.most_common(1)[0][0]

    @property
    def bold(self) -> bool:
        """Whether all its lines are bold."""
        return all(line.bold for line in self.lines)

    @property
    def is_caption(self) -> bool:
        """Whether it explains a figure or a table."""
        return _CAPTION.match(self.lines[0].text) is not None

    @property
    def is_tabular(self) -> bool:
        """Whether it looks like a part of a table or figure: a few words, or many numbers."""
        words = self.text.split()
        numbers = sum(any(map(str.isdigit, word)) for word in words)
        return 4 * numbers > len(words) or (len(words) <= _MOST_WORDS_OF_A_LABEL and not self.is_finished)

    @property
    def is_finished(self) -> bool:
        """Whether it ends as a sentence does."""
        return _is_finished(self.text)


def body_size(pages: Sequence[RawPage]) -> float:
    """The size that most of the characters are set in, in points; 10 for no text."""
    sizes = Counter[float]()
    for page in pages:
        for line in page.lines:
            sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def paragraphs(pages: Sequence[RawPage]) -> list[Paragraph]:
    """The paragraphs of all pages in reading order.

    One that continues in the next column is joined. One that continues on the next page is divided after its
    last whole word, and continues at the top of that page, before any figures there.
    """
    body = body_size(pages)
    hyphenation = Hyphenation(line.text for page in pages for line in page.lines)
    by_page = []
    for page in pages:
        found = _split(page, body)
        for paragraph in found:
            paragraph.text = _text(paragraph.lines, hyphenation)
        by_page.append(_columns_joined(_footnotes_last(found, page, body), body, hyphenation))
    for earlier, later in pairwise(by_page):
        _bridge(earlier, later, body, hyphenation)
    return [paragraph for page_paragraphs in by_page for paragraph in page_paragraphs]


def _text(lines: Sequence[Line], hyphenation: Hyphenation) -> str:
    text = lines[0].text
    for line in lines[1:]:
        text = hyphenation.joined(text, line.text)
    return text


def _split(page: RawPage, body: float) -> list[Paragraph]:
    result: list[Paragraph] = []
    pitch = _pitch(page.lines, body)
    edges = _left_edges(page.lines)
    short = _HEADING_SHARE * _usual_length(page.lines)
    for line in page.lines:
        own_pitch = pitch * max(line.size, 1) / body
        if (
            not result
            or _starts(result[-1].lines, line, own_pitch, edges)
            or _follows_plain_heading(result[-1].lines, line, own_pitch, short)
        ):
            result.append(Paragraph(page=page.number, lines=[line]))
        else:
            result[-1].lines.append(line)
    return result


def _follows_plain_heading(lines: list[Line], line: Line, pitch: float, short: float) -> bool:
    """Whether `line` follows a numbered heading in the type of the text, as Elsevier and IEEE set them.

    Such a heading has a little more space below it than there is between lines; `short` is in characters.
    """
    last = lines[-1]
    is_heading = (
        len(lines) == 1
        and _NUMBERED_HEADING.match(last.text) is not None
        and len(last.text) < short
        and not _is_finished(last.text)
    )
    return is_heading and last.y - line.y >= _BELOW_HEADING * pitch


def _pitch(lines: Sequence[Line], body: float) -> float:
    """The distance between baselines of body text, in points."""
    steps = [
        one.y - two.y
        for one, two in pairwise(lines)
        if abs(one.size - body) < 0.5 and abs(two.size - body) < 0.5 and 0.8 < (one.y - two.y) / body < 2.5  # noqa: PLR2004
    ]
    return median(steps) if steps else 1.2 * body


def _usual_length(lines: Sequence[Line]) -> int:
    """The characters of a full line: a quarter of the lines are longer, such as those over two columns."""
    lengths = sorted(len(line.text) for line in lines)
    return lengths[3 * len(lengths) // 4] if lengths else 0


def _left_edges(lines: Sequence[Line]) -> list[float]:
    """Where columns start: left ends that at least a tenth of the page's lines share."""
    counts = Counter(round(line.x) for line in lines)
    return [float(x) for x, count in counts.items() if count * 10 >= len(lines)]


def _starts(lines: list[Line], line: Line, pitch: float, edges: Sequence[float]) -> bool:
    """Whether `line` starts a new paragraph after `lines`."""
    last = lines[-1]
    drop = last.y - line.y
    numbered = _NUMBERED_HEADING.match(line.text) is not None
    same_row = abs(drop) < 0.6 * max(line.size, last.size)  # a superscript, the next cell
    in_heading = last.bold and line.bold and _NUMBERED_HEADING.match(lines[0].text) is not None
    if same_row:
        return False
    if in_heading and not numbered and drop > 0:
        return drop >= _BELOW_HEADING * pitch  # further below stands a bold title that runs into the text
    unfinished = not _is_finished(last.text)
    goes_on = last.text.endswith("-") or (line.text[0].islower() and unfinished)
    return (
        (line.bold and numbered)
        or abs(line.size - last.size) > 0.08 * max(line.size, last.size)
        or (line.bold != last.bold and not goes_on)
        or not 0 <= drop <= 1.3 * pitch  # the next column, or a gap
        or (_CAPTION.match(line.text) is not None and not _ends_sentence(last.text, line.text))
        or (not unfinished and _looks_first(lines, line, edges))
    )


def _ends_sentence(earlier: str, later: str) -> bool:
    """Whether what looks like a caption ends the sentence of the line before: as shown in / Table 3."""
    return _MENTION.match(later) is not None and _WITHIN_SENTENCE.search(earlier[-100:]) is not None


def _is_finished(text: str) -> bool:
    return _FINISHED.search(text[-8:]) is not None


def _looks_first(lines: list[Line], line: Line, edges: Sequence[float]) -> bool:
    """Whether `line`, after a full stop, is set like the first line of a paragraph."""
    if _ITEM.match(line.text):
        return True
    indent = 0.6 * line.size
    edge = max((edge for edge in edges if edge <= line.x + 1), default=line.x)
    if indent < line.x - edge < 6 * line.size:
        return True
    if len(lines) > 1 and line.x < lines[-1].x - indent:
        return True  # the next entry of a list with hanging indents
    longest = max(len(other.text) for other in lines[-20:])
    return len(lines) > 1 and len(lines[-1].text) < 0.7 * longest and not line.text[0].islower()


def _footnotes_last(found: list[Paragraph], page: RawPage, body: float) -> list[Paragraph]:
    """Move footnotes to the end: in the PDF's order they stand between columns, and would cut a sentence."""

    def is_footnote(paragraph: Paragraph) -> bool:
        low = paragraph.lines[0].y < 0.35 * page.height
        return low and paragraph.size < 0.93 * body and _FOOTNOTE.match(paragraph.text) is not None

    return sorted(found, key=is_footnote)


def _is_body(paragraph: Paragraph, body: float) -> bool:
    return abs(paragraph.size - body) < 0.05 * body and not paragraph.bold and not paragraph.is_caption


def _is_heading(paragraph: Paragraph, body: float) -> bool:
    """Whether it looks like the heading of a section."""
    is_larger = paragraph.size > 1.05 * body
    return paragraph.bold and (is_larger or _NUMBERED_HEADING.match(paragraph.text) is not None)


def _goes_on(earlier: Paragraph, later: Paragraph, *, adjacent: bool) -> bool:
    if earlier.is_finished:
        return False
    if adjacent or earlier.text.endswith("-") or _UNFINISHED_START.match(later.text):
        return True
    return _UNFINISHED_END.search(earlier.text) is not None and not later.is_tabular


def _columns_joined(found: list[Paragraph], body: float, hyphenation: Hyphenation) -> list[Paragraph]:
    result: list[Paragraph] = []
    last: Paragraph | None = None
    for paragraph in found:
        if not _is_body(paragraph, body):
            result.append(paragraph)
            if _is_heading(paragraph, body):
                last = None  # nothing goes on past a heading
            continue
        is_jump = last is not None and paragraph.lines[0].y > last.lines[-1].y
        adjacent = bool(result) and result[-1] is last
        if last is not None and is_jump and _goes_on(last, paragraph, adjacent=adjacent):
            last.text = hyphenation.joined(last.text, paragraph.text)
            last.lines += paragraph.lines
            continue
        result.append(paragraph)
        last = paragraph
    return result


def _bridge(earlier: list[Paragraph], later: list[Paragraph], body: float, hyphenation: Hyphenation) -> None:
    """Make a paragraph that continues on the next page do so at its very top, divided between words."""
    last = next((paragraph for paragraph in reversed(earlier) if _is_body(paragraph, body)), None)
    for position, first in enumerate(later):
        if _is_heading(first, body):
            return
        if not _is_body(first, body):
            continue
        if last is None:
            return
        if not _goes_on(last, first, adjacent=False) or " " not in first.text:
            if first.is_tabular:
                continue
            return
        # No footnote or figure may stand inside the sentence that goes on.
        earlier.append(earlier.pop(earlier.index(last)))
        later.insert(0, later.pop(position))
        if last.text.endswith("-"):
            rest, first.text = first.text.split(" ", 1)
            last.text = hyphenation.joined(last.text, rest)
        return
