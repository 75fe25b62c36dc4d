"""Collects pieces of text into lines with their places and looks, inside the child process."""

import re
from collections import Counter

from bot.pdf._backdrop import Box, Matrix
from bot.pdf._scripts import ScriptWriter
from bot.pdf._symbol_fonts import readable

_BOLD = re.compile(r"bold|black|heavy|demi|medi|cmbx|cmssbx|sfbx|-bd|\.b\b|[a-z]-?b$", re.IGNORECASE)
_BOLD_SHARE = 0.9
"""Of a line's characters: a line that only starts with bold words, such as a run-in title, is not bold."""
_MARGIN_POINTS = 3.0
_LEAST_SIZE = 0.1
"""Of a line: later steps divide by sizes, and a font may have its letters' size in its own matrix."""
_LINE_NUMBER = re.compile(r"\s*\d{1,4}\s*")
_DIAGONAL = 0.36
"""The tangent of 20 degrees: between the directions of lines stand watermarks and the labels of axes."""
_LineRecord = tuple[str, float, float, float, int]


class LineWriter:
    """Turns pieces into lines, each with its text, left end, baseline, prevailing size and boldness.

    Lines that run up or down the page, such as those of landscape tables, have their places on the page
    rotated for reading; whether the PDF rotates the page for viewing (`/Rotate`) makes no difference.
    Diagonal text is left out.
    """

    def __init__(self, page: Box) -> None:
        self._page = page
        self._lines: list[_LineRecord] = []
        self._place: tuple[float, float] | None = None
        self._baselines: dict[float, float] = {}
        """Of the first piece of each size: a line may start with a raised footnote mark."""
        self._quarter_turns = 0
        self._characters = Counter[int]()
        """Number of characters, by clockwise quarter turns."""
        self._looks: Counter[tuple[float, bool]] = Counter()
        self._scripts = ScriptWriter()

    @property
    def page_size(self) -> tuple[float, float]:
        """Width and height in points of the page, rotated as most of its text is."""
        left, bottom, right, top = self._page
        is_turned = self._characters[1] + self._characters[3] > self._characters[0]
        return (top - bottom, right - left) if is_turned else (right - left, top - bottom)

    def add(self, text: str, matrix: Matrix, size: float, font_name: str) -> None:
        """Add text that starts at the origin of `matrix`, set at `size` text units; it may have line ends."""
        if _is_diagonal(matrix):
            return
        quarter_turns, matrix = _turned(matrix, self._page)
        height = max(_LEAST_SIZE, round(abs(size) * (matrix[2] ** 2 + matrix[3] ** 2) ** 0.5, 1))
        if text.strip():
            self._turn(quarter_turns, baseline=matrix[5], height=height)
            self._characters[quarter_turns] += len(text.strip())
        for position, part in enumerate(readable(text, font_name).split("\n")):
            if position:
                self.end_line()
            if not part:
                continue
            self._split_off_line_number(part, matrix[4])
            self._scripts.add(part, size=height, baseline=matrix[5])
            visible = len(part.strip())
            if visible:
                if self._place is None:
                    self._place = matrix[4], matrix[5]
                self._baselines.setdefault(height, matrix[5])
                self._looks[height, _BOLD.search(font_name) is not None] += visible

    def _turn(self, quarter_turns: int, *, baseline: float, height: float) -> None:
        """End the line before text in another direction, and between rotated lines, which pdfium joins."""
        is_lower = self._place is not None and abs(baseline - self._place[1]) > height
        if quarter_turns != self._quarter_turns or (quarter_turns and is_lower):
            self.end_line()
        self._quarter_turns = quarter_turns

    def _split_off_line_number(self, part: str, x: float) -> None:
        """End the line between its words and a number in the margin, whichever the PDF has first.

        LaTeX's lineno writes the number of a line after it, to the left of its start.
        """
        if self._place is not None and x < self._place[0] - _MARGIN_POINTS:
            so_far = self._scripts.written()
            if (_LINE_NUMBER.fullmatch(part) is None) != (_LINE_NUMBER.fullmatch(so_far) is None):
                self.end_line()

    def end_line(self) -> None:
        """Close the current line; a blank one is dropped."""
        if self._place is not None:
            (size, _), _ = self._looks.most_common(1)[0]
            bold = sum(count for (_, is_bold), count in self._looks.items() if is_bold)
            mostly_bold = bold >= _BOLD_SHARE * self._looks.total()
            x, y = self._place[0], self._baselines[size]
            self._lines.append((self._scripts.written(), round(x, 1), round(y, 1), size, int(mostly_bold)))
        self._place = None
        self._baselines.clear()
        self._looks.clear()
        self._scripts = ScriptWriter()

    def finished(self) -> list[_LineRecord]:
        """All lines in the order of the pieces."""
        self.end_line()
        return self._lines


def _is_diagonal(matrix: Matrix) -> bool:
    across, along = sorted(map(abs, matrix[:2]))
    return across > _DIAGONAL * along


def _turned(matrix: Matrix, page: Box) -> tuple[int, Matrix]:
    """The quarter turns that make text run from left to right, and its matrix on the rotated page."""
    a, b, c, d, x, y = matrix
    left, bottom, right, top = page
    if abs(b) <= abs(a):
        return 0, (a, b, c, d, x - left, y - bottom)
    if b > 0:
        return 1, (b, -a, d, -c, y - bottom, right - x)
    return 3, (-b, a, -d, c, top - y, x - left)
