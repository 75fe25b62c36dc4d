"""Collects pieces of text into lines with the place and look of each, inside the child process."""

import re
from collections import Counter

from bot.pdf._scripts import ScriptWriter
from bot.pdf._symbol_fonts import readable

_BOLD = re.compile(r"bold|black|heavy|demi|medi|cmbx|cmssbx|sfbx|-bd|\.b\b|[a-z]-?b$", re.IGNORECASE)
_BOLD_SHARE = 0.9
"""A line that begins with bold words, as paragraphs with a title of their own do, is not bold."""
_MARGIN_POINTS = 3.0
_LINE_NUMBER = re.compile(r"\s*\d{1,4}\s*")
_LineRecord = tuple[str, float, float, float, int]


class LineWriter:
    """Pieces in, lines out: each line has its text, left end, baseline, prevailing size and boldness."""

    def __init__(self) -> None:
        self._lines: list[_LineRecord] = []
        self._place: tuple[float, float] | None = None
        self._looks: Counter[tuple[float, bool]] = Counter()
        self._scripts = ScriptWriter()

    def add(self, text: str, matrix: list[float], size: float, font_name: str) -> None:
        """Add text that starts at the origin of `matrix`, set at `size` text units; it may hold line ends."""
        for position, part in enumerate(readable(text, font_name).split("\n")):
            if position:
                self.end_line()
            if not part:
                continue
            self._part_line_number(part, matrix[4])
            height = round(abs(size) * (matrix[2] ** 2 + matrix[3] ** 2) ** 0.5, 1)
            self._scripts.add(part, size=height, baseline=matrix[5])
            visible = len(part.strip())
            if visible:
                if self._place is None:
                    self._place = matrix[4], matrix[5]
                self._looks[height, _BOLD.search(font_name) is not None] += visible

    def _part_line_number(self, part: str, x: float) -> None:
        """End the line between its words and a number in the margin that the PDF has behind or before them.

        LaTeX's lineno sets the number of a line after it, left of where it began.
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
            x, y = self._place
            self._lines.append((self._scripts.written(), round(x, 1), round(y, 1), size, int(mostly_bold)))
        self._place = None
        self._looks.clear()
        self._scripts = ScriptWriter()

    def finished(self) -> list[_LineRecord]:
        """All lines in the order of the pieces."""
        self.end_line()
        return self._lines
