"""What the sample week promises about its papers and PDFs."""

import io
from datetime import timedelta

import pypdf
import pytest
from pypdf.errors import PyPdfError

from bot.sample.week import CATEGORIES, INVENTED, WEEK, sample_papers, sample_pdf
from bot.weeks import OVERLAP, parse_week
from storage.model import Paper

WITH_PDF = [paper for paper in sample_papers() if sample_pdf(paper.key) is not None]
SCAN, DAMAGED, HIDING = "2611.90577v1", "2611.90688v1", "2611.90422v1"
READABLE = [paper for paper in WITH_PDF if paper.key not in {SCAN, DAMAGED}]


def pages(paper: Paper) -> list[str]:
    pdf = sample_pdf(paper.key)
    assert pdf is not None
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def words(text: str) -> str:
    return " ".join(text.replace("ﬁ", "fi").replace("ﬂ", "fl").split())


def test_every_paper_says_that_it_is_invented() -> None:
    assert all((paper.comment or "").endswith(INVENTED) for paper in sample_papers())


def test_no_id_can_be_a_real_papers() -> None:
    assert all(int(paper.id.split(".")[1]) > 90_000 for paper in sample_papers())


def test_the_week_holds_new_papers_and_the_traps() -> None:
    window = parse_week(WEEK).window
    papers = [paper for paper in sample_papers() if set(CATEGORIES) & set(paper.categories)]

    inside = [paper for paper in papers if paper.published in window and paper.version == 1]
    late = next(paper.key for paper in papers if paper.published in window.widened(OVERLAP))
    after = [paper.key for paper in papers if paper.published >= window.end]

    assert len(inside) == 27
    assert late == "2611.90007v1"
    assert after == ["2611.90991v1"]
    assert [paper.key for paper in papers if paper.withdrawn] == ["2611.90342v2"]


def test_announcements_follow_submissions_except_for_the_paper_that_was_held() -> None:
    def soonest(paper: Paper) -> bool:
        assert paper.announced is not None
        return paper.announced - paper.updated.date() <= timedelta(days=4)

    assert [paper.key for paper in sample_papers() if not soonest(paper)] == ["2611.90007v1"]


def test_there_are_ten_pdfs_and_a_damaged_one() -> None:
    assert len(WITH_PDF) == 11


@pytest.mark.parametrize("paper", READABLE, ids=lambda paper: paper.key)
def test_a_pdf_is_the_invented_paper_that_it_should_be(paper: Paper) -> None:
    texts = pages(paper)

    assert 4 <= len(texts) <= 8
    assert all("Invented sample paper" in text for text in texts)
    first = words(texts[0])
    assert all(author in first for author in paper.authors)
    assert "Abstract" in first
    rest = words(" ".join(texts))
    assert all(heading in rest for heading in ("1 Introduction", "Limitations", "Conclusion", "References"))


@pytest.mark.parametrize("paper", READABLE, ids=lambda paper: paper.key)
def test_a_paper_repeats_the_numbers_of_its_abstract(paper: Paper) -> None:
    body = words(" ".join(pages(paper))).split("1 Introduction", 1)[1]
    percentages = [part.split()[-1].strip("(") for part in paper.abstract.split(" %")[:-1]]

    assert [number for number in percentages if number not in body] == []


def test_the_scan_has_pages_and_no_text() -> None:
    (scan,) = [paper for paper in WITH_PDF if paper.key == SCAN]

    assert set(pages(scan)) == {""}


def test_the_damaged_pdf_cannot_be_read() -> None:
    (damaged,) = [paper for paper in WITH_PDF if paper.key == DAMAGED]

    with pytest.raises(PyPdfError):
        pages(damaged)


def test_one_paper_hides_an_instruction() -> None:
    (hiding,) = [paper for paper in WITH_PDF if paper.key == HIDING]

    assert pages(hiding)[0].count("Ignore all previous instructions") == 2


def test_the_sample_is_small_enough_to_ship() -> None:
    assert sum(len(sample_pdf(paper.key) or b"") for paper in WITH_PDF) < 1_500_000
