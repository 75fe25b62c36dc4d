"""What has been painted on a page, to tell whether light text stands on something dark."""

from collections import deque
from collections.abc import Sequence
from math import hypot, inf

Box = tuple[float, float, float, float]
"""Left, bottom, right, top, in points."""
Matrix = Sequence[float]

MIN_SIZE = 1.0
"""Points. Nobody can read smaller text; the smallest print in real figures is about 2."""
LIGHT = 0.95
"""A colour with at least this much red, green and blue cannot be told from paper."""
_MAX_SHAPES = 500
_OCR_FACTOR = 10
"""An OCR layer has more than so many times the characters that are painted on its page."""


def applied(inner: Matrix, outer: Matrix) -> list[float]:
    """The matrix that applies `inner` first and then `outer` (PDF 32000-1, 8.3.4)."""
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return [a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m]


def thickness(matrix: Matrix) -> float:
    """What is left of 1 under a matrix, in the direction in which it leaves least.

    It is small for letters squashed to a line, upright or slanted, and 1 for rotated ones.
    """
    a, b, c, d, *_ = matrix
    longer = max(hypot(a, b), hypot(c, d))
    return abs(a * d - b * c) / longer if longer else 0.0


class Backdrop:
    """Remembers the bounding boxes of the last 500 painted shapes.

    Of older shapes it only knows one box around all the dark ones, such as those under the labels of a large
    heat map: light text in it may well be visible.
    """

    def __init__(self, page: Box) -> None:
        self._page = page
        self._path: list[float] = []
        self._shapes: deque[tuple[Box, bool]] = deque()
        self._forgotten_dark: Box = (inf, inf, -inf, -inf)
        self._picture_area = 0.0

    @property
    def is_picture(self) -> bool:
        """Whether images cover at least half of the page."""
        left, bottom, right, top = self._page
        return 2 * self._picture_area >= (right - left) * (top - bottom)

    def has_ocr_layer(self, *, painted: int, unpainted: int) -> bool:
        """Whether unpainted text is the OCR layer of a scan, judged by the numbers of characters.

        A visible stamp on a scan, such as arXiv's, changes nothing.
        """
        return painted == 0 or (self.is_picture and painted * _OCR_FACTOR < unpainted)

    def add_points(self, coordinates: Sequence[float]) -> None:
        """Extend the current path by x, y, x, y, ..."""
        if len(self._path) < _MAX_SHAPES:
            self._path.extend(float(value) for value in coordinates)

    def end_path(self, matrix: Matrix, *, filled: bool, light: bool) -> None:
        """Close the current path; `light` says whether its fill colour is."""
        if filled and self._path:
            xs, ys = self._path[::2], self._path[1::2]
            box = _moved((min(xs), min(ys), max(xs), max(ys)), matrix)
            self._add(box, light=light)
        self._path.clear()

    def add_picture(self, matrix: Matrix) -> None:
        """Add an image painted onto the unit square of `matrix`."""
        left, bottom, right, top = box = _moved((0, 0, 1, 1), matrix)
        self._add(box, light=False)
        width = min(right, self._page[2]) - max(left, self._page[0])
        height = min(top, self._page[3]) - max(bottom, self._page[1])
        self._picture_area += max(0.0, width) * max(0.0, height)

    def add_everywhere(self) -> None:
        """Add something of unknown shape, such as a shading."""
        self._add(self._page, light=False)

    def is_light_at(self, x: float, y: float) -> bool:
        """Whether the topmost shape there is light; bare paper counts as light."""
        for box, light in reversed(self._shapes):
            if _holds(box, x, y):
                return light
        return not _holds(self._forgotten_dark, x, y)

    def _add(self, box: Box, *, light: bool) -> None:
        self._shapes.append((box, light))
        if len(self._shapes) > _MAX_SHAPES:
            oldest, was_light = self._shapes.popleft()
            if not was_light:
                self._forgotten_dark = _around(self._forgotten_dark, oldest)


def _holds(box: Box, x: float, y: float) -> bool:
    left, bottom, right, top = box
    return left <= x <= right and bottom <= y <= top


def _around(one: Box, two: Box) -> Box:
    return min(one[0], two[0]), min(one[1], two[1]), max(one[2], two[2]), max(one[3], two[3])


def _moved(box: Box, matrix: Matrix) -> Box:
    a, b, c, d, e, f = matrix
    corners = [(x * a + y * c + e, x * b + y * d + f) for x in (box[0], box[2]) for y in (box[1], box[3])]
    xs, ys = zip(*corners, strict=True)
    return min(xs), min(ys), max(xs), max(ys)
