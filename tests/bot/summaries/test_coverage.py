import pytest

from bot.llm.port import estimated_tokens
from bot.summaries.coverage import plan_reading, read_whole
from storage.model import SectionKind
from tests.bot.summaries.papers import sectioned, text_of

BODY, APPENDIX = SectionKind.BODY, SectionKind.APPENDIX
FILLER = "Words that fill the page and say nothing new. " * 30
TEXT = sectioned(
    ("Abstract", SectionKind.ABSTRACT, f"Gist. {FILLER}"),
    ("1 Introduction", BODY, f"Why. {FILLER}"),
    ("2 Related Work", BODY, f"Others. {FILLER}"),
    ("3 Method", BODY, f"How. {FILLER}"),
    ("4 Results", BODY, f"What. {FILLER}"),
    ("References", SectionKind.REFERENCES, f"Cited. {FILLER}"),
    ("A Proofs", APPENDIX, f"Proofs. {FILLER}"),
    pages=7,
)


def test_everything_but_the_references_goes_in_if_it_fits() -> None:
    plan = plan_reading(TEXT, chunk_tokens=100_000, max_chunks=6)

    assert len(plan.chunks) == 1
    assert "Cited." not in plan.chunks[0]
    assert plan.chunks[0].index("[page 1]") < plan.chunks[0].index("[page 7]")
    assert plan.coverage.pages_read == 6
    assert plan.coverage.not_read == "page 6 (references)"


def test_the_appendix_is_left_out_first_and_related_work_next() -> None:
    plan = plan_reading(TEXT, chunk_tokens=2_000, max_chunks=6)

    assert len(plan.chunks) == 1
    assert all(word in plan.chunks[0] for word in ("Gist.", "Why.", "How.", "What."))
    assert "Proofs." not in plan.chunks[0]
    assert plan.coverage.not_read == "page 3 (2 Related Work); page 7 (appendix); page 6 (references)"


def test_a_paper_far_longer_than_a_call_is_parted_in_its_order() -> None:
    plan = plan_reading(TEXT, chunk_tokens=700, max_chunks=6)

    assert 1 < len(plan.chunks) <= 6
    assert plan.chunks[0].startswith("[page 1]")
    assert all(len(chunk) <= 3 * 720 for chunk in plan.chunks)


def test_a_section_over_several_pages_is_told_by_its_range() -> None:
    plan = plan_reading(text_of(*(f"Page. {FILLER}" for _ in range(20))), chunk_tokens=2_400, max_chunks=1)

    assert plan.coverage.not_read == "pages 6-20"


def test_pages_without_text_are_told() -> None:
    assert read_whole(text_of("Some text.", page_count=3)).not_read == "pages 2-3 (no text)"


def test_an_abstract_has_no_pages() -> None:
    assert read_whole(text_of()).pages_read == 0


@pytest.mark.parametrize(
    "filler", ["量化减少内存占用。", "量化减少内存占用", "Это проверка чтения. ", "кириллица "]
)
def test_one_long_paragraph_in_any_script_is_read_as_far_as_it_fits(filler: str) -> None:
    text = text_of((filler * 8_000)[:60_000].strip())

    one = plan_reading(text, chunk_tokens=8_000, max_chunks=1)
    several = plan_reading(text, chunk_tokens=8_000, max_chunks=6)

    assert [estimated_tokens(chunk) > 7_000 for chunk in one.chunks] == [True]
    assert all(estimated_tokens(chunk) <= 8_000 for chunk in (*one.chunks, *several.chunks))
    assert one.coverage.not_read == "page 1"
    assert len(several.chunks) > 4


def test_a_part_ends_with_a_sentence_where_its_script_has_signs_for_that() -> None:
    plan = plan_reading(text_of("量化减少内存占用。" * 2_000), chunk_tokens=1_000, max_chunks=1)

    assert plan.chunks[0].endswith("占用。")
