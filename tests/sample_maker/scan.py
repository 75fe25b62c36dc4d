"""Makes a PDF look like a bad scan: images of pages, slightly skewed, with specks and a tea stain."""

import io
import random
from datetime import UTC, datetime

import pypdfium2
from PIL import Image, ImageDraw

_DOTS_PER_INCH = 110
_MADE = datetime(2026, 11, 19, tzinfo=UTC).timetuple()


def scanned(pdf: bytes) -> bytes:
    """The same pages as black-and-white images without any text."""
    document = pypdfium2.PdfDocument(pdf)
    chance = random.Random(1871)
    pages = [_scan(page, chance) for page in document]
    document.close()
    target = io.BytesIO()
    pages[0].save(
        target,
        "PDF",
        save_all=True,
        append_images=pages[1:],
        resolution=_DOTS_PER_INCH,
        creationDate=_MADE,
        modDate=_MADE,
    )
    return target.getvalue()


def _scan(page: pypdfium2.PdfPage, chance: random.Random) -> Image.Image:
    picture = page.render(scale=_DOTS_PER_INCH / 72, grayscale=True).to_pil()
    picture = picture.rotate(chance.uniform(-0.7, 0.7), Image.Resampling.BICUBIC, fillcolor=255)
    draw = ImageDraw.Draw(picture)
    left, top = chance.randint(80, 600), chance.randint(100, 900)
    for width in (3, 2):
        draw.ellipse((left, top, left + 170, top + 164), outline=90, width=width)
        left, top = left + 9, top + 6
    for _ in range(150):
        x, y = chance.randrange(picture.width), chance.randrange(picture.height)
        draw.rectangle((x, y, x + 1, y + 1), fill=0)
    scan: Image.Image = picture.point(lambda value: 255 if value > 150 else 0)
    return scan.convert("1", dither=Image.Dither.NONE)
