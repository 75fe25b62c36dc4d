import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.papers.passages import embedded_text, passages
from storage.model import Page, PaperText, Section, SectionKind, TextSource
from tests.storage.records import passage

MAX_WORDS = 30


def paper(pages: list[str], sections: tuple[Section, ...] = ()) -> PaperText:
    return PaperText(
        paper_id="2404.12345",
        version=1,
        source=TextSource.PDF,
        reader="pypdf",
        pages=tuple(Page(number=number, text=text) for number, text in enumerate(pages, 1)),
        page_count=len(pages),
        sections=sections,
    )


def section(heading: str, kind: SectionKind, start: int, end: int) -> Section:
    return Section(heading=heading, kind=kind, first_page=1, last_page=1, start=start, end=end)


def words(count: int, word: str = "word") -> str:
    return " ".join([word] * count)


texts = st.lists(
    st.lists(
        st.text(st.sampled_from("ab. !é\u00a0图中"), min_size=1, max_size=200).filter(str.strip),
        min_size=1,
        max_size=4,
    ).map("\n\n".join),
    min_size=1,
    max_size=4,
)


@given(texts, st.data())
def test_every_word_outside_the_references_is_in_one_passage_in_order(
    pages: list[str], data: st.DataObject
) -> None:
    full = paper(pages).full_text
    starts = [0, *(match.end() for match in re.finditer(r"\n\n", full))]
    cuts = sorted({0, len(full), *data.draw(st.lists(st.sampled_from(starts), max_size=3))})
    kinds = data.draw(st.lists(st.sampled_from(SectionKind), min_size=len(cuts), max_size=len(cuts)))
    sections = tuple(
        section(str(start), kind, start, end) for start, end, kind in zip(cuts, cuts[1:], kinds, strict=False)
    )

    found = passages(paper(pages, sections), max_words=MAX_WORDS, min_words=8)

    wanted = "".join(full[one.start : one.end] for one in sections if one.kind is not SectionKind.REFERENCES)
    assert "".join("".join(one.text.split()) for one in found) == "".join(wanted.split())
    assert [one.ordinal for one in found] == list(range(len(found)))
    for one in found:
        assert 1 <= len(re.findall(r"[图中]|[^\s图中]+", one.text)) <= MAX_WORDS
        inside = next(part for part in sections if part.heading == one.heading)
        assert " ".join(one.text.split()) in " ".join(full[inside.start : inside.end].split())
        assert 1 <= one.first_page <= one.last_page <= len(pages)


def test_a_paragraph_is_a_passage() -> None:
    found = passages(paper([f"{words(60, 'one')}\n\n{words(70, 'two')}"]))

    assert [one.text for one in found] == [words(60, "one"), words(70, "two")]


def test_short_paragraphs_go_together() -> None:
    found = passages(paper([f"Heading\n\n{words(20, 'one')}\n\n{words(30, 'two')}\n\n{words(50, 'three')}"]))

    assert [one.text for one in found] == [
        f"Heading\n\n{words(20, 'one')}\n\n{words(30, 'two')}",
        words(50, "three"),
    ]


def test_a_long_paragraph_is_cut_after_a_sentence() -> None:
    sentence = words(39) + " end."

    found = passages(paper([" ".join([sentence] * 5)]), max_words=100)

    assert [len(one.text.split()) for one in found] == [80, 80, 40]
    assert all(one.text.endswith("end.") for one in found)


def test_text_without_blanks_is_cut_too() -> None:
    found = passages(paper(["ก" * 5_000, "A" * 5_000]))

    assert "".join("".join(one.text.split()) for one in found) == "ก" * 5_000 + "A" * 5_000
    assert max(len(one.text) for one in found) < 4_000
    assert [(one.first_page, one.last_page) for one in found] == [(1, 1), (1, 1), (2, 2), (2, 2)]


def test_references_are_not_retrieved_and_headings_are_kept() -> None:
    pages = [f"{words(50)}\n\nReferences\n\nAda. 2020.\n\nA Proofs\n\n{words(45)}"]
    full = pages[0]
    middle, end = full.index("References"), full.index("A Proofs")
    sections = (
        section("1 Introduction", SectionKind.BODY, 0, middle - 2),
        section("References", SectionKind.REFERENCES, middle, end - 2),
        section("A Proofs", SectionKind.APPENDIX, end, len(full)),
    )

    found = passages(paper(pages, sections))

    assert [(one.heading, one.kind) for one in found] == [
        ("1 Introduction", SectionKind.BODY),
        ("A Proofs", SectionKind.APPENDIX),
    ]


def test_a_passage_knows_its_pages() -> None:
    found = passages(paper([words(30, "One"), words(30, "Two"), words(50, "Three")]))

    assert [(one.first_page, one.last_page) for one in found] == [(1, 2), (3, 3)]


@pytest.mark.parametrize("text", ["", " ", "\n\n"])
def test_a_text_without_words_has_no_passages(text: str) -> None:
    assert passages(paper([text])) == []


@pytest.mark.parametrize(
    ("heading", "text", "expected"),
    [
        ("3 Data", "3 Data\n\nTweets.", "On tweets. 3 Data. Tweets."),
        ("3 Data", "Tweets.", "On tweets. 3 Data. Tweets."),
        ("", "Tweets.", "On tweets. Tweets."),
        ("3 Data", "3 Data", "On tweets. 3 Data. 3 Data"),
    ],
)
def test_a_passage_is_embedded_with_what_it_is_about(heading: str, text: str, expected: str) -> None:
    assert embedded_text("On tweets", passage(heading=heading, text=text)) == expected


def test_a_sentence_that_goes_on_on_the_next_page_stays_whole() -> None:
    pages = [f"{words(9)}. It reads the cache", f"of each layer once. {words(25)}.", "It ends.", "so it is"]

    found = passages(paper(pages), max_words=MAX_WORDS, min_words=8)

    assert [(one.first_page, one.last_page, " ".join(one.text.split())) for one in found] == [
        (1, 2, f"{words(9)}. It reads the cache of each layer once."),
        (2, 2, f"{words(25)}."),
        (3, 4, "It ends. so it is"),
    ]
