"""Reads pages with pypdfium2, inside the child process: less exact about visibility, but ten times faster."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from bot.pdf._backdrop import LIGHT, MIN_SIZE, Backdrop, Box, Matrix, thickness
from bot.pdf._extract import MAX_PAGE_CHARACTERS, Refusal
from bot.pdf._lines import LineWriter

_LINE_HYPHEN = 2
"""What pdfium gives for a hyphen at the end of a line that it joins to the next."""
_LINE_ENDS = frozenset({_LINE_HYPHEN, 0xFFFE, ord("\n"), ord("\r")})


@dataclass(slots=True)
class _Piece:
    """Consecutive characters of one text object on one line."""

    text: str
    matrix: Matrix
    size: float
    font: str
    light: bool
    unpainted: bool
    seen: bool


class Pypdfium2Pages:
    """A PDF opened by pdfium."""

    def __init__(self, pdf: bytes) -> None:
        try:
            self._document = pdfium.PdfDocument(pdf)
        except pdfium.PdfiumError as error:
            if raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD:
                raise Refusal("password") from error
            raise

    def __len__(self) -> int:
        return len(self._document)

    def read(self, number: int) -> dict[str, Any]:
        """The record of one page."""
        page = self._document[number - 1]
        text_page = page.get_textpage()
        try:
            return _read(page, text_page)
        finally:
            text_page.close()
            page.close()


def opened(pdf: bytes) -> Pypdfium2Pages:
    """Open a PDF without a password. Raises Refusal or PdfiumError."""
    return Pypdfium2Pages(pdf)


def _read(page: Any, text_page: Any) -> dict[str, Any]:  # noqa: ANN401 - pypdfium2 is untyped
    box = page.get_cropbox()
    pieces = list(_pieces(text_page, box))
    backdrop = _backdrop(page, box)
    painted = sum(len(piece.text.strip()) for piece in pieces if not piece.unpainted)
    unpainted = sum(len(piece.text.strip()) for piece in pieces if piece.unpainted)
    keep_unpainted = backdrop.has_ocr_layer(painted=painted, unpainted=unpainted)
    lines, hidden = LineWriter(box), 0
    for piece in pieces:
        covered = piece.light and backdrop.is_light_at(piece.matrix[4], piece.matrix[5] + piece.size / 3)
        if piece.text == "\n" or (piece.seen and not covered and (keep_unpainted or not piece.unpainted)):
            lines.add(piece.text, piece.matrix, piece.size, piece.font)
        else:
            hidden += len(piece.text.strip())
    width, height = lines.page_size
    return {
        "width": width,
        "height": height,
        "lines": lines.finished(),
        "hidden": hidden,
        "picture": backdrop.is_picture,
    }


def _pieces(text_page: Any, box: Box) -> Iterator[_Piece]:  # noqa: ANN401
    piece, last_object = None, None
    for index in range(min(text_page.count_chars(), MAX_PAGE_CHARACTERS)):
        code = raw.FPDFText_GetUnicode(text_page, index)
        text_object = ctypes.cast(raw.FPDFText_GetTextObject(text_page, index), ctypes.c_void_p).value
        if code in _LINE_ENDS:
            if piece is not None:
                piece.text += "-" if code in {_LINE_HYPHEN, 0xFFFE} else ""
                yield piece
            yield _Piece("\n", (1, 0, 0, 1, 0, 0), 0, "", light=False, unpainted=False, seen=True)
            piece = None
        elif piece is not None and text_object in {None, last_object}:
            piece.text += chr(code)
        elif text_object is not None:
            if piece is not None:
                yield piece
            piece, last_object = _piece(text_page, index, chr(code), box), text_object
    if piece is not None:
        yield piece


def _piece(text_page: Any, index: int, text: str, box: Box) -> _Piece:  # noqa: ANN401
    """The piece that starts with character `index`, with the looks of its text object."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    raw.FPDFText_GetFillColor(text_page, index, red, green, blue, alpha)
    name = ctypes.create_string_buffer(128)
    raw.FPDFText_GetFontInfo(text_page, index, name, len(name), None)
    x, y, matrix = ctypes.c_double(), ctypes.c_double(), raw.FS_MATRIX()
    raw.FPDFText_GetCharOrigin(text_page, index, x, y)
    raw.FPDFText_GetMatrix(text_page, index, matrix)
    directions = matrix.a, matrix.b, matrix.c, matrix.d
    scale = max(map(abs, directions))
    font_size = raw.FPDFText_GetFontSize(text_page, index)
    size = font_size * scale
    mode = raw.FPDFTextObj_GetTextRenderMode(raw.FPDFText_GetTextObject(text_page, index))
    left, bottom, right, top = box
    on_page = left - (right - left) / 2 < x.value < right and bottom - size < y.value < top
    return _Piece(
        text=text,
        matrix=(*(value / (scale or 1) for value in directions), x.value, y.value),
        size=size,
        font=name.value.decode("ascii", "replace"),
        light=min(red.value, green.value, blue.value) >= LIGHT * 255,
        unpainted=mode in {raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP},
        seen=on_page and font_size * thickness(directions) >= MIN_SIZE and alpha.value > (1 - LIGHT) * 255,
    )


def _backdrop(page: Any, box: Box) -> Backdrop:  # noqa: ANN401
    """All shapes of the page: pdfium does not tell which were painted before a given text."""
    backdrop = Backdrop(box)
    for shape in page.get_objects(max_depth=1):
        if shape.type == raw.FPDF_PAGEOBJ_TEXT:
            continue
        left, bottom, right, top = shape.get_bounds()
        if shape.type == raw.FPDF_PAGEOBJ_IMAGE:
            backdrop.add_picture((right - left, 0, 0, top - bottom, left, bottom))
            continue
        light = False
        if shape.type == raw.FPDF_PAGEOBJ_PATH:
            red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
            raw.FPDFPageObj_GetFillColor(shape, red, green, blue, alpha)
            fill, stroke = ctypes.c_int(), ctypes.c_int()
            raw.FPDFPath_GetDrawMode(shape, fill, stroke)
            if fill.value == raw.FPDF_FILLMODE_NONE:
                continue
            light = min(red.value, green.value, blue.value) >= LIGHT * 255
        backdrop.add_points((left, bottom, right, top))
        backdrop.end_path((1, 0, 0, 1, 0, 0), filled=True, light=light)
    return backdrop
