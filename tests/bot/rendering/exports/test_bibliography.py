import re
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from bibtexparser.entrypoint import parse_string
from bibtexparser.library import Library
from hypothesis import given
from pylatexenc.latex2text import LatexNodes2Text

from bot.rendering import wording
from bot.rendering.exports.bibliography import citation_key, digest_bibtex
from storage.model import Digest
from tests.bot.rendering.examples import (
    HOSTILE_TITLE,
    example_digest,
    example_highlight,
    example_paper,
    small_digest,
)
from tests.bot.rendering.strategies import LENIENT, digests


def _read(text: str) -> Library:
    library = parse_string(text)
    assert library.failed_blocks == []
    return library


def _plain(tex: str) -> str:
    return str(LatexNodes2Text(math_mode="text").latex_to_text(tex))


def test_an_entry_says_what_arxiv_calls_the_paper() -> None:
    highlight = example_highlight(
        6,
        id="hep-th/9901001",
        authors=("O. L. D. Timer", "The A, B and C Collaboration"),
        categories=("hep-th", "math.ST"),
        published=datetime(1999, 1, 5, tzinfo=UTC),
        doi="10.1016/S0550-3213(99)00001-2",
        journal_reference="Nucl. Phys. B 1 (1999) 1 & 2",
    )

    entry = _read(digest_bibtex(small_digest(highlights=(highlight,)))).entries[0]

    assert (entry.entry_type, entry.key) == ("misc", "timer1999-hep-th-9901001")
    fields = {field.key: field.value for field in entry.fields}
    assert fields == {
        "title": "{" + highlight.pick.paper.title + "}",
        "author": "O. L. D. Timer and {The A, B and C Collaboration}",
        "year": "1999",
        "month": "1",
        "eprint": "hep-th/9901001",
        "archivePrefix": "arXiv",
        "primaryClass": "hep-th",
        "url": "https://arxiv.org/abs/hep-th/9901001v1",
        "doi": "10.1016/S0550-3213(99)00001-2",
        "note": r"Nucl. Phys. B 1 (1999) 1 {\&} 2",
    }


@pytest.mark.parametrize(
    "title",
    [
        HOSTILE_TITLE,
        "100% of A_B & C #1 for $5",
        r"a } b { c } \ d",
        "Élodie’s “naïve” Müller–Łódź ½ × α",
        "ends with a backslash \\",
    ],
)
def test_every_sign_survives_latex(title: str) -> None:
    digest = small_digest(highlights=(example_highlight(title=title),))

    entry = _read(digest_bibtex(digest)).entries[0]

    assert _plain(entry["title"]) == wording.title(digest.highlights[0].pick.paper)


@pytest.mark.parametrize(
    "name",
    ["Nguyễn Đặng Quốc Bảo Trần", "Ngô Thị Hạnh", "Lǐ Xiǎoyǔ", "Ḥasan Ṭāhā", "Ẽ Ḷ Ǫ ḏ", "Á e\u0306 Dvořák"],
)
def test_a_name_with_rare_accents_is_written_in_ascii(name: str) -> None:
    digest = small_digest(highlights=(example_highlight(authors=(name,)),))

    author = _read(digest_bibtex(digest)).entries[0]["author"]

    assert {sign for sign in author if not sign.isascii()} <= {"ả"}
    assert unicodedata.normalize("NFC", _plain(author)) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    ("title", "tex"),
    [
        (r"$t\bar{t}$ and $\bar{\nu}$", r"t{\={t}} and {\ensuremath{\bar{\nu}}}"),
        (r"$\mathbb{R}^d$", r"{\ensuremath{\mathbb{R}}}{\ensuremath{^{d}}}"),
        (r"$x_i^\alpha$", r"x{\ensuremath{_{i}}}{\ensuremath{^{\alpha}}}"),
        (r"$\vec{v}$", r"{\ensuremath{\vec{v}}}"),
        ("漢字\u0305", "漢字\u0305"),
    ],
)
def test_raised_and_marked_letters_of_formulas_are_tex_again(title: str, tex: str) -> None:
    digest = small_digest(highlights=(example_highlight(title=title),))

    assert _read(digest_bibtex(digest)).entries[0]["title"] == f"{{{tex}}}"


def test_a_doi_that_would_break_the_file_is_left_out() -> None:
    digest = small_digest(highlights=(example_highlight(doi="10.1000/x}y, note={"),))

    assert "doi" not in _read(digest_bibtex(digest)).entries[0].fields_dict


def test_a_key_is_the_papers_own_wherever_it_stands() -> None:
    digest = example_digest()

    keys = [entry.key for entry in _read(digest_bibtex(digest)).entries]

    assert keys == [citation_key(pick.paper) for pick in digest.picks]
    assert len(set(keys)) == len(keys)


@LENIENT
@given(digests())
def test_any_digest_is_a_file_that_can_be_read(digest: Digest) -> None:
    library = _read(digest_bibtex(digest))

    assert [entry["eprint"] for entry in library.entries] == [pick.paper.id for pick in digest.picks]
    for entry in library.entries:
        assert re.fullmatch(r"[a-z]+\d{4}-[\w.-]+", entry.key)
        # As BibTeX counts them: a backslash changes nothing.
        assert all(field.value.count("{") == field.value.count("}") for field in entry.fields)


@pytest.mark.parametrize(
    ("author", "key"), [("Ada Müller-Groß", "mullergross"), ("Per Øvrelid", "ovrelid"), ("李明", "anonymous")]
)
def test_a_key_spells_a_name_in_plain_letters(author: str, key: str) -> None:
    paper = replace(example_paper(), authors=(author,))

    assert citation_key(paper) == f"{key}{paper.published.year}-{paper.id}"
