"""Sets a manuscript in two columns, the way conference papers look."""

import io
from typing import Any

from reportlab.lib.colors import black, grey, white
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
from reportlab.lib.fonts import addMapping
from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    FrameBreak,
    KeepTogether,
    NextPageTemplate,
    PageTemplate,
    Spacer,
)
from reportlab.platypus import Paragraph as Text
from reportlab.platypus import Table as Grid

from storage.model import Paper
from tests.sample_maker import source
from tests.sample_maker.markup import ligatures, markup
from tests.sample_maker.source import Block, Manuscript

_WIDTH, _HEIGHT = letter
_SIDE, _TOP, _BOTTOM, _GUTTER = 70.0, 84.0, 78.0, 22.0
_COLUMN = (_WIDTH - 2 * _SIDE - _GUTTER) / 2
_FULL = _WIDTH - 2 * _SIDE

# MacRoman has the ligatures of the standard fonts; reportlab takes Greek and operators from Symbol.
for _name, _face, _bold, _italic in (
    ("Serif", "Times-Roman", 0, 0),
    ("Serif-Bold", "Times-Bold", 1, 0),
    ("Serif-Italic", "Times-Italic", 0, 1),
    ("Serif-BoldItalic", "Times-BoldItalic", 1, 1),
):
    pdfmetrics.registerFont(pdfmetrics.Font(_name, _face, "MacRomanEncoding"))
    addMapping("Serif", _bold, _italic, _name)

_BODY = ParagraphStyle("body", fontName="Serif", fontSize=10.9, leading=13.6, alignment=TA_JUSTIFY)
_BODY.spaceAfter = 6
_STYLES = {
    "body": _BODY,
    "abstract": ParagraphStyle("abstract", _BODY, fontSize=10, leading=12.2, leftIndent=10, rightIndent=10),
    "title": ParagraphStyle(
        "title", _BODY, fontName="Serif-Bold", fontSize=15.5, leading=19, alignment=TA_CENTER
    ),
    "authors": ParagraphStyle("authors", _BODY, fontSize=11, leading=14, alignment=TA_CENTER),
    "places": ParagraphStyle("places", _BODY, fontName="Serif-Italic", fontSize=9, alignment=TA_CENTER),
    "heading1": ParagraphStyle("h1", _BODY, fontName="Serif-Bold", fontSize=11.5, leading=14, spaceBefore=7),
    "heading2": ParagraphStyle("h2", _BODY, fontName="Serif-Bold", fontSize=10, leading=12, spaceBefore=4),
    "caption": ParagraphStyle("caption", _BODY, fontSize=9.2, leading=11, spaceBefore=4, spaceAfter=9),
    "formula": ParagraphStyle("formula", _BODY, fontName="Serif-Italic", alignment=TA_CENTER),
    "reference": ParagraphStyle(
        "reference", _BODY, fontSize=9.8, leading=11.8, leftIndent=16, firstLineIndent=-16
    ),
}
_TIGHT = [
    ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
]


def typeset(paper: Paper, manuscript: Manuscript) -> bytes:
    """The paper as a PDF; the same input gives the same bytes."""
    front = _front(paper, manuscript)
    height = sum(flowable.wrap(_FULL, _HEIGHT)[1] + flowable.getSpaceAfter() for flowable in front) + 14
    target = io.BytesIO()
    document = BaseDocTemplate(
        target, pagesize=letter, invariant=1, title=paper.title, author=", ".join(paper.authors)
    )
    document.addPageTemplates(_templates(paper, manuscript, height))
    story: list[Flowable] = [*front, FrameBreak(), NextPageTemplate("later")]
    story += [
        Text("<b>Abstract</b>", _STYLES["heading1"]),
        Text(markup(paper.abstract), _STYLES["abstract"]),
    ]
    for block in manuscript.blocks:
        story += _set(block)
    document.build(story)
    return target.getvalue()


def _front(paper: Paper, manuscript: Manuscript) -> list[Flowable]:
    return [
        Text(markup(paper.title), _STYLES["title"]),
        Text(markup(", ".join(paper.authors)), _STYLES["authors"]),
        Text(markup(manuscript.affiliations), _STYLES["places"]),
    ]


def _templates(paper: Paper, manuscript: Manuscript, front_height: float) -> list[PageTemplate]:
    def columns(height: float) -> list[Frame]:
        lefts = (_SIDE, _SIDE + _COLUMN + _GUTTER)
        return [Frame(left, _BOTTOM, _COLUMN, height, 0, 0, 0, 0) for left in lefts]

    text_height = _HEIGHT - _TOP - _BOTTOM
    top = Frame(_SIDE, _HEIGHT - _TOP - front_height, _FULL, front_height, 0, 0, 0, 0)

    def first_page(canvas: Any, document: Any) -> None:
        _foot(canvas, document.page)
        _stamp(canvas, paper)
        _hide(canvas, manuscript.hidden)

    def later_page(canvas: Any, document: Any) -> None:
        _foot(canvas, document.page)
        canvas.setFont("Serif-Italic", 8.5)
        head = manuscript.running_head if document.page % 2 else ", ".join(paper.authors)
        canvas.drawCentredString(_WIDTH / 2, _HEIGHT - 48, ligatures(head))
        canvas.line(_SIDE, _HEIGHT - 54, _WIDTH - _SIDE, _HEIGHT - 54)

    return [
        PageTemplate("first", [top, *columns(text_height - front_height)], onPage=first_page),
        PageTemplate("later", columns(text_height), onPage=later_page),
    ]


def _foot(canvas: Any, page: int) -> None:
    canvas.setFont("Serif", 7.5)
    canvas.drawString(_SIDE, 36, "Invented sample paper: written for Broadsheet's demo, not a real one")
    canvas.setFont("Serif", 9)
    canvas.drawRightString(_WIDTH - _SIDE, 36, str(page))
    canvas.setLineWidth(0.4)


def _stamp(canvas: Any, paper: Paper) -> None:
    canvas.saveState()
    canvas.setFillColor(grey)
    canvas.setFont("Serif", 15)
    canvas.translate(32, 220)
    canvas.rotate(90)
    date = f"{paper.published.day} {paper.published:%b %Y}"
    canvas.drawString(0, 0, f"arXiv:{paper.key} [{paper.primary_category}] {date}")
    canvas.restoreState()


def _hide(canvas: Any, words: str) -> None:
    """Write the words in white, and again too small to see: the two ways found in real papers."""
    if not words:
        return
    canvas.saveState()
    canvas.setFillColor(white)
    canvas.setFont("Serif", 6)
    canvas.drawString(_SIDE, 50, words)
    canvas.setFillColor(black)
    canvas.setFont("Serif", 0.1)
    canvas.drawString(_SIDE, 48, words)
    canvas.restoreState()


def _set(block: Block) -> list[Flowable]:
    match block:
        case source.Heading(text=text, level=level):
            return [CondPageBreak(100 if level == 1 else 60), Text(markup(text), _STYLES[f"heading{level}"])]
        case source.Paragraph(text=text):
            return [Text(markup(text), _STYLES["body"])]
        case source.Formula(text=text, number=number):
            cells = [[Text(markup(text), _STYLES["formula"]), Text(f"({number})", _STYLES["body"])]]
            return [Grid(cells, colWidths=[_COLUMN - 18, 18], style=_TIGHT), Spacer(0, 3)]
        case source.Table():
            return [
                KeepTogether([Spacer(0, 4), _grid(block), Text(markup(block.caption), _STYLES["caption"])])
            ]
        case source.Chart():
            return [
                KeepTogether([Spacer(0, 4), _Bars(block), Text(markup(block.caption), _STYLES["caption"])])
            ]
        case source.References(items=items):
            return [Text(markup(item), _STYLES["reference"]) for item in items]


def _grid(table: source.Table) -> Grid:
    rows = [[ligatures(cell) for cell in row] for row in table.rows]
    for size in (8.8, 8.2, 7.6):
        grid = Grid(
            rows,
            style=[
                ("FONT", (0, 0), (-1, 0), "Serif-Bold", size),
                ("FONT", (0, 1), (-1, -1), "Serif", size),
                ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
                ("LINEABOVE", (0, 0), (-1, 0), 0.9, black),
                ("LINEBELOW", (0, 0), (-1, 0), 0.5, black),
                ("LINEBELOW", (0, -1), (-1, -1), 0.9, black),
                ("TOPPADDING", (0, 0), (-1, -1), 1.4),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2.2),
                ("LEFTPADDING", (0, 0), (-1, -1), size - 5),
                ("RIGHTPADDING", (0, 0), (-1, -1), size - 5),
            ],
        )
        if grid.wrap(_FULL, _HEIGHT)[0] <= _COLUMN:
            return grid
    raise ValueError(f"too wide for a column: {table.caption}")


class _Bars(Flowable):  # type: ignore[misc]  # reportlab has no types
    """A horizontal bar chart."""

    _ROW, _LABELS = 13.0, 92.0

    def __init__(self, chart: source.Chart) -> None:
        super().__init__()
        self._bars = chart.bars
        self.width, self.height = _COLUMN, self._ROW * len(chart.bars) + 4

    def draw(self) -> None:
        largest = max(value for _, value in self._bars)
        for row, (label, value) in enumerate(reversed(self._bars)):
            bottom = row * self._ROW + 3
            length = (_COLUMN - self._LABELS - 34) * value / largest
            self.canv.setFillColor(grey)
            self.canv.rect(self._LABELS, bottom, length, self._ROW - 5, stroke=0, fill=1)
            self.canv.setFillColor(black)
            self.canv.setFont("Serif", 8.4)
            self.canv.drawRightString(self._LABELS - 5, bottom + 1, ligatures(label))
            self.canv.drawString(self._LABELS + length + 3, bottom + 1, f"{value:g}")
