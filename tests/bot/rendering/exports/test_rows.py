import csv
import io

import pytest
from hypothesis import given

from bot.rendering import wording
from bot.rendering.exports.rows import COLUMNS, digest_csv
from storage.model import Digest, Statement
from tests.bot.rendering.examples import example_digest, example_highlight, small_digest
from tests.bot.rendering.strategies import LENIENT, digests


def _read(text: str) -> list[dict[str, str]]:
    words = text.encode().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(words, newline=""), strict=True))


def test_one_line_a_paper_with_the_highlights_first() -> None:
    digest = example_digest()

    rows = _read(digest_csv(digest))

    assert len(rows) == len(digest.highlights) + len(digest.noted)
    assert [row["rank"] for row in rows] == [str(number) for number in range(1, len(rows) + 1)]
    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["authors"] == "Ada Example; Bo Sample; Cy Invented; Di Fictional"
    assert (rows[0]["place"], rows[0]["page"], rows[0]["read"]) == ("highlight", "1", "PDF, 12 of 14 pages")
    assert rows[-1]["place"] == "noted"
    assert rows[4]["arxiv_id"] == "hep-th/9901001"


def test_an_unchecked_gist_says_so() -> None:
    said = Statement(text="Twice as fast.", page=None, checked=False)

    (row, _) = _read(digest_csv(small_digest(highlights=(example_highlight(summary={"gist": said}),))))

    assert row["gist"] == "Twice as fast. (unchecked)"


def test_excel_sees_that_it_is_unicode() -> None:
    text = digest_csv(small_digest(highlights=(example_highlight(authors=("Erwin Schrödinger",)),)))

    assert text.encode().startswith(b"\xef\xbb\xbfweek,place,")
    assert _read(text)[0]["authors"] == "Erwin Schrödinger"


def test_lines_end_as_the_standard_has_it() -> None:
    text = digest_csv(small_digest())

    assert text.count("\r\n") == text.count("\n") == 3


@pytest.mark.parametrize("title", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)"])
def test_no_cell_begins_like_a_formula(title: str) -> None:
    (row, _) = _read(digest_csv(small_digest(highlights=(example_highlight(title=title),))))

    assert row["title"] == f"'{title}"


@LENIENT
@given(digests())
def test_any_digest_comes_back_and_calculates_nothing(digest: Digest) -> None:
    rows = _read(digest_csv(digest))

    assert [row["title"].removeprefix("'") for row in rows] == [
        wording.title(pick.paper).removeprefix("'") for pick in digest.picks
    ]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row.values())
