"""Tells which text of a page a reader would see, while pypdf walks through it, in the child process.

Real papers on arXiv carry sentences for language models that no person can see: white, smaller than a point
in one direction or both, in render mode 3, or beside the page. pypdf extracts them like any other text. This
watch follows the graphics state (PDF 32000-1, 8.4) and empties the operands of invisible text before pypdf
reads them: the list given to `visitor_operand_before` is the one that pypdf reads next, which a test checks.

It estimates and does not render: clipping and transparency groups are not followed, and text over a picture
or anything that is not plainly light counts as visible.
"""

import copy
from collections.abc import Sequence
from typing import Any

from pypdf import PageObject
from pypdf.errors import PyPdfError

from bot.pdf._backdrop import LIGHT, MIN_SIZE, Backdrop, Box, Matrix, applied, thickness
from bot.pdf._extract import MAX_PAGE_CHARACTERS

_UNPAINTED_MODES = (3, 7)
_BROKEN = (AttributeError, IndexError, KeyError, TypeError, ValueError, OverflowError, PyPdfError)
_SHOWS = frozenset({b"Tj", b"TJ", b"'", b'"'})
_FILLS = frozenset({b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*"})
_ENDS_PATH = _FILLS | {b"n", b"S", b"s"}
_DRAWS = frozenset({b"m", b"l", b"c", b"v", b"y"})
_COLOURS = frozenset({b"g", b"rg", b"k", b"sc", b"scn"})
_FOLLOWED = _SHOWS | _ENDS_PATH | _DRAWS | _COLOURS | {
    b"q", b"Q", b"cs", b"gs", b"Tf", b"Tr", b"Tz", b"re", b"sh", b"Do", b"INLINE IMAGE",
}  # fmt: skip


class PageFullError(BaseException):
    """Stops pypdf in the middle of a page. Not an Exception, as pypdf swallows those inside forms."""


class _State:
    """The part of the graphics state that decides visibility."""

    __slots__ = ("bytes_per_character", "horizontal_scale", "light", "mode", "opaque", "size", "space")

    def __init__(self) -> None:
        self.light = False
        self.opaque = True
        self.space = "/DeviceGray"
        self.mode = 0
        self.size = 12.0
        self.horizontal_scale = 1.0
        self.bytes_per_character = 1


class PageWatch:
    """Follows one page's operators; `before` and `after` are pypdf's operand visitors."""

    def __init__(self, page: PageObject, box: Box, *, keep_unpainted: bool) -> None:
        self.base: list[float] = [1, 0, 0, 1, 0, 0]
        """Matrix from the coordinates of the form being read to those of the page."""
        self.hidden_characters = 0
        self.unpainted_characters = 0
        """In render mode 3 or 7: text that is hidden, or the OCR layer of a scan."""
        self.backdrop = Backdrop(box)
        self._box = box
        self._keep_unpainted = keep_unpainted
        self._painted_characters = 0
        self._characters_left = 2 * MAX_PAGE_CHARACTERS
        self._state = _State()
        self._saved: list[_State] = []
        self._resources: Any = page.get("/Resources", {})
        self._forms: list[tuple[list[float], Any, _State, int] | None] = []
        self._entering: tuple[list[float], Any] | None = None

    @property
    def has_ocr_layer(self) -> bool:
        """Whether the unpainted text is the OCR layer of a scan; known once the page was read."""
        return self.backdrop.has_ocr_layer(
            painted=self._painted_characters, unpainted=self.unpainted_characters
        )

    def before(self, operator: bytes, operands: list[Any], cm: Matrix, tm: Matrix) -> None:
        """Follow one operator; empty its operands if it shows text that nobody can see."""
        if self._entering is not None:
            # Only now: between `Do` and the form's first operator pypdf hands over text from before the form.
            self._forms[-1] = self.base, self._resources, copy.copy(self._state), len(self._saved)
            self.base, self._resources = self._entering
            self._entering = None
        if operator not in _FOLLOWED:
            return
        try:
            self._follow(operator, operands, cm, tm)
        except _BROKEN:
            return  # garbage operands: pypdf decides what to make of them

    def after(self, operator: bytes, _operands: list[Any], _cm: Matrix, _tm: Matrix) -> None:
        """Leave a form once pypdf has read it."""
        if operator == b"Do" and self._forms:
            self._entering = None
            outside = self._forms.pop()
            if outside is not None:
                self.base, self._resources, self._state, depth = outside
                del self._saved[depth:]

    def _follow(self, operator: bytes, operands: list[Any], cm: Matrix, tm: Matrix) -> None:
        if operator in _SHOWS:
            self._show(operands, cm, tm)
        elif operator in _DRAWS:
            self.backdrop.add_points(operands)
        elif operator == b"re":
            x, y, width, height = map(float, operands)
            self.backdrop.add_points((x, y, x + width, y + height))
        elif operator in _ENDS_PATH:
            filled = operator in _FILLS and self._state.opaque
            self.backdrop.end_path(applied(cm, self.base), filled=filled, light=self._state.light)
        elif operator == b"Do":
            self._paint_object(operands, cm)
        elif operator == b"INLINE IMAGE":
            self.backdrop.add_picture(applied(cm, self.base))
        elif operator == b"sh":
            self.backdrop.add_everywhere()
        else:
            self._change_state(operator, operands)

    def _change_state(self, operator: bytes, operands: list[Any]) -> None:
        state = self._state
        if operator == b"q":
            self._saved.append(copy.copy(state))
        elif operator == b"Q":
            self._state = self._saved.pop()
        elif operator == b"Tr":
            state.mode = int(operands[0])
        elif operator == b"Tz":
            state.horizontal_scale = float(operands[0]) / 100
        elif operator == b"Tf":
            self._set_font(operands)
        elif operator == b"gs":
            alpha = self._resources["/ExtGState"][operands[0]].get("/ca")
            state.opaque = state.opaque if alpha is None else float(alpha) > 1 - LIGHT
        elif operator == b"cs":
            state.light, state.space = False, self._space(operands[0])
        elif operator in _COLOURS:
            state.light = False  # counts as dark if the next line fails
            state.light = _is_light(operator, operands, state.space)

    def _set_font(self, operands: list[Any]) -> None:
        state = self._state
        state.size, state.bytes_per_character = abs(float(operands[1])), 1
        font = self._resources["/Font"][operands[0]]
        if font["/Subtype"] == "/Type3":
            # Its glyphs have a scale of their own; in all other fonts it is 1/1000 (PDF 32000-1, 9.6.5).
            state.size *= max(abs(float(value)) for value in font["/FontMatrix"][:4]) * 1000
        elif font["/Subtype"] == "/Type0":
            state.bytes_per_character = 2

    def _space(self, name: str) -> str:
        named = self._resources.get("/ColorSpace", {}).get(name)
        if named is None:
            return str(name)
        space = named.get_object()
        return str(space[0] if isinstance(space, list) else space)

    def _paint_object(self, operands: list[Any], cm: Matrix) -> None:
        self._forms.append(None)
        painted = self._resources["/XObject"][operands[0]]
        matrix = applied(cm, self.base)
        if painted["/Subtype"] == "/Image":
            self.backdrop.add_picture(matrix)
            return
        own = [float(value) for value in painted.get("/Matrix", (1, 0, 0, 1, 0, 0))]
        self._entering = applied(own, matrix), painted.get("/Resources", self._resources)

    def _show(self, operands: list[Any], cm: Matrix, tm: Matrix) -> None:
        strings = operands[-1] if isinstance(operands[-1], list) else operands[-1:]
        length = sum(len(part) for part in strings if isinstance(part, str | bytes))
        characters = length // self._state.bytes_per_character
        self._characters_left -= length
        if self._characters_left < 0:
            raise PageFullError
        unpainted = self._state.mode in _UNPAINTED_MODES
        if unpainted:
            self.unpainted_characters += characters
        is_kept = self._keep_unpainted or not unpainted
        if not is_kept or not self._is_seen(applied(applied(tm, cm), self.base)):
            self.hidden_characters += characters
            operands[-1] = b""
        elif not unpainted:
            self._painted_characters += characters

    def _is_seen(self, matrix: Matrix) -> bool:
        state, (x, y) = self._state, matrix[4:]
        left, bottom, right, top = self._box
        height = state.size * max(abs(value) for value in matrix[:4])
        least = state.size * thickness(applied((state.horizontal_scale, 0, 0, 1, 0, 0), matrix))
        # Text may start left of the page and reach into it, but not if it starts a whole page away.
        on_page = left - (right - left) / 2 < x < right and bottom - height < y < top
        if not on_page or least < MIN_SIZE or not state.opaque:
            return False
        return not state.light or not self.backdrop.is_light_at(x, y + height / 3)


def _is_light(operator: bytes, operands: Sequence[Any], space: str) -> bool:
    if operator in {b"sc", b"scn"} and space in {"/Pattern", "/Lab", "/Indexed"}:
        return False
    values = [float(value) for value in operands]
    if operator in {b"g", b"rg"}:
        return min(values) >= LIGHT
    is_ink = operator == b"k" or len(values) == 4 or space in {"/Separation", "/DeviceN"}  # noqa: PLR2004 - CMYK
    return max(values) <= 1 - LIGHT if is_ink else min(values) >= LIGHT
