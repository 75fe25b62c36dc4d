"""Reads pages with pypdf, inside the child process."""

import contextlib
import io
import re
from typing import Any

import pypdf
from pypdf import PageObject
from pypdf.errors import PyPdfError
from pypdf.generic import NumberObject

from bot.pdf._backdrop import applied
from bot.pdf._extract import MAX_PAGE_CHARACTERS, MAX_PAGES, Refusal
from bot.pdf._lines import LineWriter
from bot.pdf._visibility import PageFullError, PageWatch

_LIMITS = pypdf.Configuration(
    zlib_maximum_output_length=50_000_000,
    lzw_maximum_output_length=50_000_000,
    stream_decoding_work_maximum_length=100_000_000,
    page_tree_maximum_entries=20 * MAX_PAGES,
    page_tree_maximum_page_entries=50 * MAX_PAGES,
    xform_maximum_invocations_per_extraction=1_000,
    jbig2dec_binary=None,
    disable_legacy_handling=True,
)

_SPACE = re.compile(r"/space\b")
_BROKEN = (AttributeError, IndexError, KeyError, TypeError, ValueError, PyPdfError)


class PypdfPages:
    """A PDF opened by pypdf."""

    def __init__(self, pdf: bytes) -> None:
        pypdf.overwrite_configuration(_LIMITS)
        self._reader = pypdf.PdfReader(io.BytesIO(pdf))
        if self._reader.is_encrypted and not self._reader.decrypt(""):
            raise Refusal("password")
        self._count = len(self._reader.pages)

    def __len__(self) -> int:
        return self._count

    def read(self, number: int) -> dict[str, Any]:
        """The record of one page."""
        page = self._reader.pages[number - 1]
        with contextlib.suppress(*_BROKEN):
            _clear_widths_of_missing_spaces(page)
        watch, lines = _read(page, keep_unpainted=True)
        if watch.unpainted_characters and not watch.has_ocr_layer:
            # Only the whole page shows whether its unpainted text is a scan's OCR layer or was slipped in.
            watch, lines = _read(page, keep_unpainted=False)
        width, height = lines.page_size
        return {
            "width": width,
            "height": height,
            "lines": lines.finished(),
            "hidden": watch.hidden_characters,
            "picture": watch.backdrop.is_picture,
        }


def opened(pdf: bytes) -> PypdfPages:
    """Open a PDF, with an empty password if need be. Raises Refusal or whatever pypdf does."""
    return PypdfPages(pdf)


def _clear_widths_of_missing_spaces(page: PageObject) -> None:
    """Where a font has no space, keep pypdf from taking the width of code 32 for the width of one.

    TeX sets no spaces, it moves on. In its T1 fonts code 32 is a sign half an em wide, so that words of tight
    lines seemed less than half a space apart, and ran together.
    """
    resources: Any = page["/Resources"]
    for reference in resources["/Font"].values():
        font = reference.get_object()
        first, glyphs = font.get("/FirstChar"), font.get("/FontDescriptor", {}).get("/CharSet")
        if glyphs and first is not None and first <= ord(" ") and not _SPACE.search(glyphs):
            font["/Widths"][ord(" ") - first] = NumberObject(0)


def _visible_box(page: PageObject) -> tuple[float, float, float, float]:
    # Viewers show the part of the crop box that lies inside the media box (PDF 32000-1, 14.11.2).
    media, crop = page.mediabox, page.cropbox
    box = (
        max(float(media.left), float(crop.left)),
        max(float(media.bottom), float(crop.bottom)),
        min(float(media.right), float(crop.right)),
        min(float(media.top), float(crop.top)),
    )
    if box[0] < box[2] and box[1] < box[3]:
        return box
    return float(media.left), float(media.bottom), float(media.right), float(media.top)


def _read(page: PageObject, *, keep_unpainted: bool) -> tuple[PageWatch, LineWriter]:
    box = _visible_box(page)
    watch, lines = PageWatch(page, box, keep_unpainted=keep_unpainted), LineWriter(box)
    left = MAX_PAGE_CHARACTERS

    def take(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:  # noqa: ANN401 - pypdf's
        nonlocal left
        name = str(font.get("/BaseFont", "")) if font else ""
        lines.add(text, applied(applied(tm, cm), watch.base), size, name)
        left -= len(text)
        if left <= 0:
            raise PageFullError

    with contextlib.suppress(PageFullError):
        page.extract_text(
            visitor_operand_before=watch.before, visitor_operand_after=watch.after, visitor_text=take
        )
    return watch, lines
