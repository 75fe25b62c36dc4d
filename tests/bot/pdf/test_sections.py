from collections.abc import Sequence

import pytest

from bot.pdf.layout import Line, RawPage
from bot.pdf.paragraphs import Paragraph
from bot.pdf.reader import ChildProcessReader
from bot.pdf.reading import paper_text
from bot.pdf.sections import sections
from storage.model import PaperText, SectionKind
from tests.bot.pdf.test_reader import PAPER
from tests.shared_data import SHARED_DATA, needs_shared_data

PROSE = "This sentence is one of many that make up the running text of the paper and say little"


def read(*rows: str) -> PaperText:
    """A paper of one page from rows: `# x` is a bold heading, a plain row is running text."""
    return read_pages(rows)


def read_pages(*rows: Sequence[str]) -> PaperText:
    """The same with several pages."""
    pages = []
    for number, texts in enumerate(rows, 1):
        lines = []
        y = 730.0
        for text in texts:
            bold, plain = text.startswith("# "), text.removeprefix("# ")
            y -= 30
            lines.append(Line(text=plain, x=72, y=y, size=12 if bold else 10, bold=bold))
        pages.append(RawPage(number=number, width=595, height=842, lines=tuple(lines)))
    return paper_text(paper_id="1", version=1, reader="pypdf", pages=pages, page_count=len(pages))


def read_lines(*rows: tuple[str, float, bool]) -> PaperText:
    """A paper of one page from rows of text, size and boldness."""
    lines = [
        Line(text=text, x=72, y=700.0 - 30 * row, size=size, bold=bold)
        for row, (text, size, bold) in enumerate(rows)
    ]
    page = RawPage(number=1, width=595, height=842, lines=tuple(lines))
    return paper_text(paper_id="1", version=1, reader="pypdf", pages=[page], page_count=1)


def headings(text: PaperText) -> list[tuple[str, SectionKind]]:
    return [(section.heading, section.kind) for section in text.sections]


BODY, APPENDIX = SectionKind.BODY, SectionKind.APPENDIX


def test_a_paper_falls_into_its_parts() -> None:
    text = read(
        *("# A Title", "Ada Example", "# Abstract", PROSE, "# 1 Introduction", PROSE, "# 2 Method", PROSE),
        *("# 2.1 Data", PROSE, "# Limitations", PROSE, "# References", "Ada Example. 2020. A paper."),
        *("# A Proofs", PROSE, "# A.1 More", PROSE),
    )

    assert headings(text) == [
        ("", BODY),
        ("Abstract", SectionKind.ABSTRACT),
        ("1 Introduction", BODY),
        ("2 Method", BODY),
        ("2.1 Data", BODY),
        ("Limitations", BODY),
        ("References", SectionKind.REFERENCES),
        ("A Proofs", APPENDIX),
        ("A.1 More", APPENDIX),
    ]


def test_the_text_of_a_letter_is_no_part_of_its_abstract() -> None:
    abstract = [PROSE] * 5
    short, long = read("# Abstract", *abstract), read("# Abstract", *abstract, *[PROSE] * 30)

    assert headings(short) == [("Abstract", SectionKind.ABSTRACT)]
    assert headings(long) == [("Abstract", SectionKind.ABSTRACT), ("", BODY)]
    assert long.full_text[: long.sections[0].end].count(PROSE) == len(abstract)


@pytest.mark.parametrize(
    "caption",
    [
        "Extended Data Fig. 1 | Cells under load. a, The yield of the control is 48 %.",
        "Extended Data Figure 1: Cells under load.",
        "Extended Data Table 1 | Cells under load.",
        "Supplementary Fig. 1 | Cells under load.",
        "Supplementary Table S1. Cells under load.",
        "Figure S1: Cells under load.",
    ],
)
def test_figures_after_the_references_are_not_part_of_them(caption: str) -> None:
    text = read(
        *(
            "# A Title",
            "# Abstract",
            PROSE,
            "# Introduction",
            PROSE,
            "See Extended Data Fig. 1 of the paper.",
        ),
        *(
            "# Methods",
            PROSE,
            "# References",
            "Ada Example. 2020. A paper.",
            caption,
        ),
    )

    assert headings(text)[-2:] == [("References", SectionKind.REFERENCES), ("", APPENDIX)]
    assert text.full_text[text.sections[-1].start :] == caption


@pytest.mark.parametrize("heading", ["S1 Proofs", "S1. Proofs", "S1: Proofs"])
def test_a_supplement_may_number_its_sections_with_an_s(heading: str) -> None:
    text = read(
        *("# A Title", "# Abstract", PROSE, "# 1 Introduction", PROSE, "# 2 Method", PROSE, "# 3 Results"),
        *(PROSE, "# References", "Ada Example. 2020. A paper.", f"# {heading}", PROSE, "# S2 Data", PROSE),
    )

    assert headings(text)[-3:] == [
        ("References", SectionKind.REFERENCES),
        (heading, APPENDIX),
        ("S2 Data", APPENDIX),
    ]


def test_subsections_of_elsevier_look_like_text_but_for_a_little_space() -> None:
    """Headings with more space above than below, in the lines of one page: text, its place, boldness."""
    rows = [("1. Introduction", 700, True), ("2. Method", 640, True), ("3. Results", 580, True)]
    rows += [(PROSE, y - 18 - 12 * line, False) for _, y, _ in rows[:2] for line in range(3)]
    rows += [("3.1. Data of Many Kinds", 556, False)]
    rows += [(PROSE, 541 - 12 * line, False) for line in range(4)]
    rows += [("3.2 apples were eaten each day", 493, False), (PROSE, 481, False)]
    lines = [
        Line(text=text, x=72, y=y, size=10, bold=bold)
        for text, y, bold in sorted(rows, key=lambda row: -row[1])
    ]
    page = RawPage(number=1, width=595, height=842, lines=tuple(lines))

    text = paper_text(paper_id="1", version=1, reader="pypdf", pages=[page], page_count=1)

    assert [heading for heading, _ in headings(text)] == [
        *("1. Introduction", "2. Method", "3. Results"),
        "3.1. Data of Many Kinds",
    ]


def test_ieee_papers_have_roman_numbers_and_plain_letters() -> None:
    text = read(
        *("# A Title", "Abstract—In this paper we do something.", "I. I NTRODUCTION", PROSE, "II. M ETHOD"),
        *("A. Model", PROSE, "B. Training", PROSE, "III. R ESULTS", PROSE, "A Table", "A. Accuracy", PROSE),
        *("B. Speed", PROSE, "R EFERENCES", "[1] A. Example."),
    )

    assert headings(text) == [
        ("", BODY),
        ("Abstract", SectionKind.ABSTRACT),
        ("I. INTRODUCTION", BODY),
        ("II. METHOD", BODY),
        ("A. Model", BODY),
        ("B. Training", BODY),
        ("III. RESULTS", BODY),
        ("A. Accuracy", BODY),
        ("B. Speed", BODY),
        ("REFERENCES", SectionKind.REFERENCES),
    ]


def test_the_appendix_after_h_is_no_roman_number() -> None:
    text = read(
        *("# 1 Introduction", PROSE, "# References", "Ada. 2020.", "# C Proofs", PROSE, "# F Data", PROSE),
        *("# H Prompts", PROSE, "# I Costs", PROSE, "# J Failures", PROSE),
    )

    assert headings(text)[-3:] == [("H Prompts", APPENDIX), ("I Costs", APPENDIX), ("J Failures", APPENDIX)]


def test_a_table_of_contents_takes_no_number_from_the_headings() -> None:
    text = read(
        *("# A Survey", "# Abstract", PROSE, "# Contents", "# 1 Introduction 2", "# 2 Signals 3"),
        *("2.1 Games . . . . 3 2.2 Models . . . . 4", "# 3 Language 5", "# References 7", "# A Proofs 9"),
        *("# 1 Introduction", PROSE, "# 2 Signals", PROSE, "# 2.1 Games", PROSE, "# 2.2 Models", PROSE),
        *("# 3 Language", PROSE, "# References", "Ada. 2020.", "# A Proofs", PROSE),
    )

    assert headings(text) == [
        ("", BODY),
        ("Abstract", SectionKind.ABSTRACT),
        ("Contents", BODY),
        *(("1 Introduction", BODY), ("2 Signals", BODY), ("2.1 Games", BODY), ("2.2 Models", BODY)),
        ("3 Language", BODY),
        ("References", SectionKind.REFERENCES),
        ("A Proofs", APPENDIX),
    ]


def test_an_appendix_may_have_a_table_of_contents_of_its_own() -> None:
    text = read(
        *("# 1 Introduction", PROSE, "# References", "Ada. 2020.", "# Appendix", "# A Proofs 9"),
        *("# B Further Data 11", "# C Prompts 12"),
        *("# A Proofs", PROSE, "# B Further Data", PROSE, "# C Prompts", PROSE),
    )

    assert headings(text)[-4:] == [
        ("Appendix", APPENDIX),
        *(("A Proofs", APPENDIX), ("B Further Data", APPENDIX), ("C Prompts", APPENDIX)),
    ]


def test_cells_of_tables_that_come_again_are_no_table_of_contents() -> None:
    text = read("# 1 Introduction", PROSE, *("BLEU", "# 2 Data", "Model", "GPT 4") * 2, PROSE, "Model")

    assert [heading for heading, _ in headings(text)] == ["1 Introduction", "2 Data"]


def test_what_follows_the_references_without_a_letter_belongs_to_the_paper() -> None:
    text = read("# 1 Introduction", PROSE, "# References", "Ada. 2020.", "# Acknowledgements", PROSE)

    assert headings(text)[-1] == ("Acknowledgements", BODY)


@pytest.mark.parametrize(
    "row",
    [
        *("Appendix A", "APPENDIX A", "Appendix: Proofs", "Online Appendix"),
        *("Supporting Information", "Supplementary Note 1: Details"),
    ],
)
def test_an_appendix_after_the_references_need_not_look_like_a_heading(row: str) -> None:
    text = read("# 1 Introduction", PROSE, "# References", "Ada. 2020.", row, PROSE)

    assert headings(text)[-2:] == [("References", SectionKind.REFERENCES), (row, APPENDIX)]


@pytest.mark.parametrize(
    "row",
    [
        "# Supplemental Material for “On the Ways in Which Many Words Make the Title of a Paper Long Enough”",
        "# Supplementary Information: On the Ways in Which Many Words Make a Title",
    ],
)
def test_a_supplement_may_have_the_papers_title_after_its_own(row: str) -> None:
    text = read("# 1 Introduction", PROSE, "# References", "Ada. 2020.", row, PROSE)

    found = text.sections[-1]
    assert found.kind is APPENDIX
    assert row.startswith(f"# {found.heading}")
    assert PROSE in text.full_text[found.start : found.end]


def test_the_limitations_of_a_checklist_are_not_the_papers() -> None:
    text = read(
        *("# 1 Introduction", PROSE, "# 2 Data", PROSE, "# 3 Results", PROSE, "# References", "Ada. 2020."),
        *("# NeurIPS Paper Checklist", "# 2. Limitations", PROSE, "# 4. Reproducibility", PROSE),
        *("# A Proofs", PROSE),
    )

    assert headings(text)[-4:] == [
        *(("NeurIPS Paper Checklist", APPENDIX), ("2. Limitations", APPENDIX)),
        *(("4. Reproducibility", APPENDIX), ("A Proofs", APPENDIX)),
    ]


ENTRIES = tuple(f"[{number}] A. Example, Phys. Rev. B {number}, 1234 (2020)." for number in range(1, 8))


def test_a_list_of_references_without_a_heading_is_found() -> None:
    text = read("# I. INTRODUCTION", PROSE, "# II. MODEL", PROSE, "# ACKNOWLEDGMENTS", PROSE, *ENTRIES)

    assert headings(text)[-2:] == [("ACKNOWLEDGMENTS", BODY), ("", SectionKind.REFERENCES)]
    found = text.sections[-1]
    assert text.full_text[found.start : found.end].split("\n\n") == list(ENTRIES)


def test_entries_with_plain_numbers_are_no_headings() -> None:
    entries = [f"{number}. Ada, Phys. Journal {number}, 17 (2019)." for number in range(1, 12)]

    text = read("# I. INTRODUCTION", PROSE, "# II. MODEL", PROSE, *entries)

    assert headings(text)[-2:] == [("II. MODEL", BODY), ("", SectionKind.REFERENCES)]


@pytest.mark.parametrize(
    ("item", "count"),
    [("We show what nobody has shown before.", 12), ("A baseline of 2016, as others use it.", 6)],
)
def test_a_plain_numbered_list_may_be_text(item: str, count: int) -> None:
    items = [f"{number}. {item}" for number in range(1, count)]

    text = read("# 1 Introduction", PROSE, *items, PROSE)

    assert {kind for _, kind in headings(text)} == {BODY}


def test_what_follows_a_list_of_references_without_a_heading_is_read() -> None:
    text = read("# I. INTRODUCTION", PROSE, *ENTRIES, "FIG. 1. What was measured.", PROSE)

    found = text.sections[-1]
    assert (found.heading, found.kind) == ("", APPENDIX)
    assert text.full_text[found.start : found.end] == f"FIG. 1. What was measured.\n\n{PROSE}"


def test_a_short_list_with_numbers_in_brackets_is_no_list_of_references() -> None:
    text = read("# 1 Introduction", PROSE, *ENTRIES[:3], PROSE)

    assert headings(text) == [("1 Introduction", BODY)]


def test_a_mention_of_an_appendix_is_no_heading() -> None:
    text = read("# 1 Introduction", PROSE, "Appendix A.", "# 2 Method", PROSE, "# References", "Ada. 2020.")

    assert [heading for heading, _ in headings(text)] == ["1 Introduction", "2 Method", "References"]


@pytest.mark.parametrize(
    "row",
    [
        "3 apples and 2 pears were given to each of the participants",
        "1 University of Examples",
        "Figure 2: Results",
        "0.5 0.7 0.9",
        "# 0.5 0.7 0.9",
        "7 Method",
    ],
)
def test_not_every_line_with_a_number_is_a_heading(row: str) -> None:
    text = read("# 1 Introduction", PROSE, "# 2 Data", PROSE, "# 3 Results", PROSE, row, PROSE)

    assert [section.heading for section in text.sections] == ["1 Introduction", "2 Data", "3 Results"]


@pytest.mark.parametrize("row", ["# A Proofs", "# Appendix A. Proofs", "APPENDIX A PROOF OF THEOREM 1"])
def test_an_appendix_may_stand_before_the_references(row: str) -> None:
    text = read("# 1 Introduction", PROSE, "# 2 Data", PROSE, row, PROSE, "# References", "Ada. 2020.")

    assert headings(text)[-2:] == [(row.removeprefix("# "), APPENDIX), ("References", SectionKind.REFERENCES)]


def test_a_heading_that_begins_with_the_word_a_is_no_appendix() -> None:
    text = read(
        *("# 1 Introduction", PROSE, "# A View of It", PROSE, "# 2 Data", PROSE, "# References", "Ada. 2020.")
    )

    assert headings(text)[1:3] == [("A View of It", BODY), ("2 Data", BODY)]


ROWS = "BERT (Ada et al., 2020) 26.5 47.1 17.7 21.3 33.2 RoBERTa (Bob et al., 2021) 33.3 45.0 36.4 30.1 20.2"


@pytest.mark.parametrize(
    ("cell", "below"),
    [
        *(("Training Model NQ TriviaQA", ROWS), ("Methods", ROWS), ("Method", "Table 2: What was measured.")),
        *(("Background", "Figure 1: Maps."), ("Evaluation", "Training")),
    ],
)
def test_the_parts_of_tables_and_figures_are_no_headings(cell: str, below: str) -> None:
    lines = [
        *[("1 Introduction", 12, True), (PROSE, 10, False), ("2 Data", 12, True), (PROSE, 10, False)],
        *[("2.1 More", 10, True), (PROSE, 10, False), (cell, 10, True), (below, 10, False)],
    ]

    text = read_lines(*lines)

    assert [section.heading for section in text.sections] == ["1 Introduction", "2 Data", "2.1 More"]


def test_a_section_without_a_number_may_stand_among_those_with_one() -> None:
    text = read("# 1 Introduction", PROSE, "# 2 Data", PROSE, "# 3 Results", PROSE, "# Discussion", PROSE)

    assert headings(text)[-1] == ("Discussion", BODY)


def test_sections_have_the_pages_they_stand_on_and_cover_the_text() -> None:
    text = read_pages(
        ["# A Title", "# Abstract", PROSE, "# 1 Introduction", f"{PROSE}."],
        [f"{PROSE}.", "# 2 Method", f"{PROSE}."],
        [f"{PROSE}."],
    )

    pages = [(section.heading, section.first_page, section.last_page) for section in text.sections]
    assert pages == [("", 1, 1), ("Abstract", 1, 1), ("1 Introduction", 1, 2), ("2 Method", 2, 3)]
    starts = [text.full_text[section.start : section.end].split("\n")[0] for section in text.sections]
    assert starts == ["A Title", "Abstract", "1 Introduction", "2 Method"]
    ends = [section.end for section in text.sections]
    assert [section.start for section in text.sections] == [0, *(end + 2 for end in ends[:-1])]
    assert ends[-1] == len(text.full_text)


@needs_shared_data
async def test_a_real_paper_has_its_sections() -> None:
    pdf = (SHARED_DATA / "pdfs" / "1bfafcf8.pdf").read_bytes()

    text = await ChildProcessReader(seconds=60).read(pdf, PAPER)

    found = {section.heading: (section.first_page, section.kind) for section in text.sections}
    assert found["3.1 Adaptive Language-based IRT (ALIRT)"][1] is BODY
    assert found["References"][1] is SectionKind.REFERENCES
    assert found["D IRT parameters for ALIRT"] == (13, APPENDIX)


@pytest.mark.parametrize(
    "texts",
    [
        ["References", "Figure S1. Slots"],
        ["[1] Ada.", "[2] Ada.", "[3] Ada.", "[4] Ada.", "[5] Ada."],
    ],
)
def test_lists_and_captions_without_end_are_gone_through_once(texts: list[str]) -> None:
    """Held one against the other, those of a hostile paper would take hours."""
    found = [
        Paragraph(page=1, text=text, lines=[Line(text=text, x=72, y=700, size=10, bold=False)])
        for text in texts * (40_000 // len(texts))
    ]

    parts = sections(found, body=10)

    assert parts[-1].end == sum(len(paragraph.text) + 2 for paragraph in found) - 2
