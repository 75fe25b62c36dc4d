"""The shipped PDFs match the texts."""

import io

import pypdf
import pytest

from bot.sample.week import sample_papers
from tests.sample_maker.__main__ import PDFS, TEXTS, made_pdfs
from tests.sample_maker.layout import typeset
from tests.sample_maker.source import Chart, Formula, Heading, References, Table, read_manuscript

SOURCE = """head: Short
affiliations: Nowhere

# One

$$ a = b

## Inner

Table: A caption.
x | y
1 | 2

Figure: Bars.
long = 2.5

# References

[1] A.
[2] B.

#A More"""


def test_blocks_are_recognised_and_numbered() -> None:
    blocks = read_manuscript(SOURCE).blocks

    assert blocks == (
        Heading(text="1 One", level=1),
        Formula(text="a = b", number=1),
        Heading(text="1.1 Inner", level=2),
        Table(caption="Table 1: A caption.", rows=(("x", "y"), ("1", "2"))),
        Chart(caption="Figure 1: Bars.", bars=(("long", 2.5),)),
        Heading(text="References", level=1),
        References(items=("[1] A.", "[2] B.")),
        Heading(text="A More", level=1),
    )


def test_the_same_text_gives_the_same_bytes() -> None:
    paper, manuscript = sample_papers()[0], read_manuscript(SOURCE)

    assert typeset(paper, manuscript) == typeset(paper, manuscript)


def test_the_shipped_pdfs_are_up_to_date() -> None:
    # Compared without compression, whose bytes depend on the version of zlib.
    made = made_pdfs()

    assert {path.name for path in PDFS.glob("*.pdf")} == set(made)
    for path in PDFS.glob("*.pdf"):
        if "finish: " not in (TEXTS / f"{path.stem[:-2]}.md").read_text("utf-8"):
            assert drawn(path.read_bytes()) == drawn(made[path.name]), path.name


def drawn(pdf: bytes) -> list[bytes]:
    contents = [page.get_contents() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    return [content.get_data() for content in contents if content is not None]


@pytest.mark.parametrize("name", ["2611.90577v1.pdf"])
def test_a_scan_is_small(name: str) -> None:
    assert len((PDFS / name).read_bytes()) < 100_000
