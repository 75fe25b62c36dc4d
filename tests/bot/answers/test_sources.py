"""Where quotes are found."""

from dataclasses import replace

import pytest

from bot.answers.material import Numbered
from bot.answers.sources import passage_source, quote_pages, section_label, source_for
from storage.model import Page, SectionKind
from tests.bot.answers.passages import FOLD, passage

BEFORE = "Attention reads the whole cache at every step."
AFTER = "Folding keeps 12.5 % of the memory in the end."
OVER_TWO_PAGES = Numbered(
    number=3,
    passage=passage(FOLD, 4, f"{BEFORE}\n\n{AFTER}", "3.2 Training", first_page=7, last_page=8),
    title="Title",
    pages=(Page(number=6, text=AFTER), Page(number=7, text=BEFORE), Page(number=8, text=AFTER)),
)


@pytest.mark.parametrize(
    ("heading", "kind", "label"),
    [
        ("3.2 Training", SectionKind.BODY, "§3.2"),
        ("4 Experiments and results", SectionKind.BODY, "§4"),
        ("4. Experiments", SectionKind.BODY, "§4"),
        ("IV. RESULTS", SectionKind.BODY, "§IV"),
        ("Section 5: Discussion", SectionKind.BODY, "§5"),
        ("A.2 Prompts", SectionKind.APPENDIX, "§A.2"),
        ("B Proofs", SectionKind.APPENDIX, "§B"),
        ("Appendix C", SectionKind.APPENDIX, "§C"),
        ("A study of folding", SectionKind.BODY, "A study of folding"),
        ("Abstract", SectionKind.ABSTRACT, "Abstract"),
        ("2024 in review", SectionKind.BODY, "2024 in review"),
        ("", SectionKind.BODY, ""),
        ("x" * 80, SectionKind.BODY, ""),
    ],
)
def test_sections_are_named_by_their_number_where_they_have_one(
    heading: str, kind: SectionKind, label: str
) -> None:
    assert section_label(passage(FOLD, 0, "Text.", heading, kind=kind)) == label


@pytest.mark.parametrize(
    ("quote", "pages"),
    [
        (BEFORE, (7, 7)),
        ("folding keeps 12.5% of the memory", (8, 8)),
        ("words that stand nowhere in it", (7, 8)),
    ],
)
def test_a_quote_is_placed_on_its_page_within_the_passage(quote: str, pages: tuple[int, int]) -> None:
    assert quote_pages(OVER_TWO_PAGES, quote) == pages


def test_without_the_pages_the_passages_range_is_given() -> None:
    assert quote_pages(replace(OVER_TWO_PAGES, pages=()), BEFORE) == (7, 8)


def test_an_abstract_links_to_the_papers_own_page() -> None:
    abstract = replace(
        OVER_TWO_PAGES, passage=replace(OVER_TWO_PAGES.passage, first_page=0, last_page=0), pages=()
    )

    source = source_for(abstract, BEFORE, number=1)

    assert source.page_url == source.abs_url == "https://arxiv.org/abs/2611.00001v2"


def test_a_long_passage_is_cut_after_a_sentence() -> None:
    long = replace(OVER_TWO_PAGES, passage=replace(OVER_TWO_PAGES.passage, text=f"{BEFORE} " * 40))

    source = passage_source(long, number=1)

    assert len(source.quote) <= 900
    assert source.quote.endswith("step.")


def test_a_passage_is_shown_without_its_heading() -> None:
    begun = replace(OVER_TWO_PAGES.passage, text=f"3.2 Training\n{BEFORE}")

    source = passage_source(replace(OVER_TWO_PAGES, passage=begun), number=1)

    assert (source.section, source.quote) == ("§3.2", BEFORE)


def test_a_passage_that_is_a_heading_alone_is_shown_as_it_is() -> None:
    alone = replace(OVER_TWO_PAGES.passage, text="3.2 Training")

    assert passage_source(replace(OVER_TWO_PAGES, passage=alone), number=1).quote == "3.2 Training"
