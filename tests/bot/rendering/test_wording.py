from datetime import date

import pytest

from bot.rendering import wording
from storage.model import Result, Statement, SummaryKind, TextSource
from tests.bot.rendering.examples import example_paper, example_summary


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 11, 16), date(2026, 11, 22), "16–22 November 2026"),
        (date(2026, 11, 30), date(2026, 12, 6), "30 November – 6 December 2026"),
        (date(2026, 12, 28), date(2027, 1, 3), "28 December 2026 – 3 January 2027"),
    ],
)
def test_dates_name_month_and_year_only_where_needed(first: date, last: date, words: str) -> None:
    assert wording.date_range(first, last) == words


@pytest.mark.parametrize(("dollars", "words"), [(0.0, "$0.00"), (0.0024, "$0.0024"), (1234.5, "$1,234.50")])
def test_costs_are_shown_to_the_cent_or_finer(dollars: float, words: str) -> None:
    assert wording.cost(dollars) == words


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0:00"), (7.9, "0:07"), (754, "12:34"), (3723, "1:02:03")]
)
def test_positions_in_a_recording_are_shown_as_players_show_them(seconds: float, shown: str) -> None:
    assert wording.timestamp(seconds) == shown


def test_a_summary_says_what_was_read() -> None:
    paper = example_paper()

    assert wording.source(example_summary(paper)) == "PDF, 12 of 14 pages"
    assert wording.source(example_summary(paper, pages_read=14)) == "PDF, 14 pages"
    assert (
        wording.source(example_summary(paper, source=TextSource.ABSTRACT, not_read="no PDF"))
        == "abstract only (no PDF)"
    )
    extract = example_summary(paper, kind=SummaryKind.EXTRACT)
    assert wording.facts(extract)[1] == f"Written by: {wording.NO_MODEL}"


def test_a_claim_that_repeats_the_gist_is_shown_once() -> None:
    said = Statement(text="One sentence.", page=1)

    headings = [
        part.heading
        for part in wording.parts(example_paper(), example_summary(example_paper(), gist=said, claim=said))
    ]

    assert "Claim" not in headings


def test_a_page_of_zero_is_no_page() -> None:
    line = wording.statement(example_paper(), Statement(text="From the abstract.", page=0))

    assert (line.page, line.url) == (None, None)


@pytest.mark.parametrize(
    ("metric", "shown"),
    [
        ("accuracy", "Accuracy"),
        ("top-1 accuracy", "Top-1 accuracy"),
        ("mAP", "mAP"),
        ("pH", "pH"),
        ("k-fold F1", "k-fold F1"),
        ("BLEU", "BLEU"),
    ],
)
def test_a_result_begins_with_a_capital_where_its_metric_is_a_word(metric: str, shown: str) -> None:
    measured = Result(metric=metric, value="7.1", baseline=None, dataset=None, quote="", page=None)

    assert wording.result(example_paper(), measured).text == f"{shown}: 7.1"


def test_more_than_three_authors_are_named_in_short() -> None:
    assert wording.authors(example_paper()) == "Ada Example, Bo Sample, Cy Invented et al."
    assert wording.authors(example_paper(authors=("A", "B", "C"))) == "A, B, C"


@pytest.mark.parametrize(
    ("untranslated", "left"),
    [
        (0, ""),
        (1, " 1 of 7 statements stays in English, as no translation with the same numbers was found."),
        (3, " 3 of 7 statements stay in English, as no translation with the same numbers was found."),
    ],
)
def test_a_translated_summary_says_what_is_left_in_english(untranslated: int, left: str) -> None:
    paper = example_paper()
    summary = example_summary(paper, language="de", statements_untranslated=untranslated)

    notes = wording.about_summary(paper, summary, newest=paper, code="de", model_problem=None)

    assert notes == [f"In German; quotes and results are left as in the paper.{left}"]


def test_a_claim_that_repeats_the_gist_counts_as_one_statement() -> None:
    said = Statement(text="One sentence.", page=1)

    assert len(example_summary(example_paper(), gist=said, claim=said).statements) == 6
