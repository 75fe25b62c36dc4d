from bot.checks.segments import segments
from storage.model import Page, PaperText, Section, SectionKind, TextSource


def test_a_paper_of_endless_pages_and_sections_is_read_in_one_pass() -> None:
    count = 20_000
    paper = PaperText(
        paper_id="2404.12345",
        version=1,
        source=TextSource.PDF,
        reader="pypdf",
        pages=tuple(Page(number=number, text="A\n\nWord.") for number in range(1, count + 1)),
        page_count=count,
        sections=tuple(
            Section(
                heading="A",
                kind=SectionKind.BODY,
                first_page=place + 1,
                last_page=place + 1,
                start=10 * place,
                end=10 * place + 8,
            )
            for place in range(count)
        ),
    )

    found = segments(paper)

    assert [(one.page, one.section, one.text) for one in found[:2]] == [(1, 0, "Word."), (2, 1, "Word.")]
    assert len(found) == count
