import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pdf.characters import clean_line, with_decimal_points
from bot.pdf.hyphenation import Hyphenation
from bot.pdf.layout import Line, RawPage, cleaned
from bot.pdf.reading import paper_text

WORDS = "several plain words that fill a line of text"


def line(text: str, y: float, *, x: float = 72, size: float = 10, bold: bool = False) -> Line:
    return Line(text=text, x=x, y=y, size=size, bold=bold)


def page(*lines: Line, number: int = 1) -> RawPage:
    return RawPage(number=number, width=595, height=842, lines=lines)


def paragraphs_of(*pages: RawPage) -> list[list[str]]:
    text = paper_text(paper_id="1", version=1, reader="pypdf", pages=pages, page_count=len(pages))
    return [one.text.split("\n\n") for one in text.pages]


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("e\ufb03cient \ufb01ne-tuning", "efficient fine-tuning"),
        ("10² of 2.5×10⁻³", "10² of 2.5×10⁻³"),
        ("\U0001d465 = \U0001d7d9", "x = 1"),
        ("a\x00b\x07c", "abc"),
        ("di\0culties, Ine\0cient o\0ces; a ba\0ed de\0ne", "difficulties, Inefficient offices; a baed dene"),
        ("o\u21b5-the-shelf di\u21b5erent \u21b5", "off-the-shelf different \u21b5"),
        ("Indi\u21b5erent sta\u21b5 o\u21b5er a trade-o\u21b5.", "Indifferent staff offer a trade-off."),
        ("User: hi\u21b5Agent: yes\u21b5", "User: hi\u21b5Agent: yes\u21b5"),
        ("lone \ud835 surrogate", "lone surrogate"),
        ("\ud835\udc65 in two halves", "x in two halves"),
        ("G¨odel, Erd˝os, Mu˜noz", "Gödel, Erd˝os, Muñoz"),
        ("´ Alvarez, Hoˇ rava, K˚ arsson, ˚Angstr¨om, voil`a", "Álvarez, Hořava, Kårsson, Ångström, voilà"),
        ("the `eval` and `open` calls, ``an example''", "the `eval` and `open` calls, ``an example''"),
        ("rotated by 30˚ and by 45˚ using", "rotated by 30˚ and by 45˚ using"),
        ("soft\u00adly bro\u00ad", "softly bro-"),
        ("  wide\u2003and\tnarrow  ", "wide and narrow"),
        ("hidden\u200b joiner\u2060s", "hidden joiners"),
        ("\uf0a7 an item, \ue0a3 5 of them, \uf8eb0.5", "an item, 5 of them, 0.5"),
        ("a mean of \uf02d0.45, \ue0a3\U0001d7ce and \uf0b1.5", "a mean of \ufffd0.45, \ufffd0 and \ufffd.5"),
    ],
)
def test_characters_are_mended(raw: str, clean: str) -> None:
    assert clean_line(raw) == clean


@given(st.text(st.characters(exclude_categories=[])))
def test_every_clean_line_can_be_stored(raw: str) -> None:
    clean = clean_line(raw)

    clean.encode("utf-8")
    assert "\x00" not in clean
    assert clean == clean.strip()


@pytest.mark.parametrize(
    ("known", "earlier", "later", "joined"),
    [
        ("", "the infor-", "mation age", "the information age"),
        ("a cross-encoder here", "our cross-", "encoder is", "our cross-encoder is"),
        ("an encoder here", "a cross-en-", "coder is", "a cross-encoder is"),
        ("state-of-the-art", "the state-of-", "the-art is", "the state-of-the-art is"),
        ("", "as GPT-", "4 does", "as GPT-4 does"),
        ("", "the BERT-", "base model", "the BERT-base model"),
        ("long range", "a long-", "range goal", "a long-range goal"),
        ("", "(De-", "vlin et al.", "(Devlin et al."),
        ("as ChatGPT does", "what Chat-", "GPT said", "what ChatGPT said"),
        ("", "by k-", "means here", "by k-means here"),
        ("", "an out-of-", "distribution set", "an out-of-distribution set"),
        ("", "a community-", "based effort", "a community-based effort"),
        ("no resource", "a low-", "resource language", "a low-resource language"),
        ("", "no hyphen", "at all", "no hyphen at all"),
        ("", "a dash -", "then more", "a dash - then more"),
        ("", "一种新的方", "法用于检索。", "一种新的方法用于检索。"),
        ("", "検索の結果。", "次のモデ", "検索の結果。次のモデ"),
        ("", "使用", "BERT 模型", "使用 BERT 模型"),
        ("", "검색 모델을", "쓴다", "검색 모델을 쓴다"),
    ],
)
def test_broken_words_are_joined_and_compounds_keep_their_hyphen(
    known: str, earlier: str, later: str, joined: str
) -> None:
    assert Hyphenation([known]).joined(earlier, later) == joined


def test_the_second_half_of_a_broken_word_is_not_counted_as_a_word() -> None:
    lines = ["All of it is under the sea, and an under-", "standing of it is rare."]

    assert Hyphenation(lines).joined(*lines).endswith("an understanding of it is rare.")


def test_running_heads_and_page_numbers_go_and_the_text_stays() -> None:
    pages = [
        page(
            line("Published as a conference paper", 800),
            line(f"{WORDS} on page {number}", 700),
            line(f"{number} / 12", 90),
            line(str(number), 30),
            number=number,
        )
        for number in range(1, 5)
    ]

    texts = [[one.text for one in clean.lines] for clean in cleaned(pages)]

    assert texts == [[f"{WORDS} on page {number}"] for number in range(1, 5)]


@pytest.mark.parametrize(("gap", "stays"), [(24, False), (14, True)])
def test_a_row_further_down_is_a_running_head_if_it_stands_apart(gap: int, stays: bool) -> None:
    pages = [
        page(
            line(f"{number} JANE DOE AND MAX ROE", 690),
            *[line(f"{WORDS} on page {number} in row {row}", 690 - gap - 12 * row) for row in range(4)],
            number=number,
        )
        for number in range(1, 5)
    ]

    texts = [clean.lines[0].text for clean in cleaned(pages)]

    assert [text.endswith("ROE") for text in texts] == [stays] * 4


def test_decimal_points_that_a_paper_raises_are_read_as_points() -> None:
    text = page(line("from 0·93 to 0·81 (p=0·03), in 12·5% of 3·2·10⁵, 4·10⁻³", 700))

    assert paragraphs_of(text) == [["from 0.93 to 0.81 (p=0.03), in 12.5% of 3.2·10⁵, 4·10⁻³"]]


@pytest.mark.parametrize("text", ["2·3 and 4·5 and 7·10 for 0·5 of it", "10·2, 10·3, 10·4 and 1.0·2"])
def test_dots_that_multiply_stay(text: str) -> None:
    assert with_decimal_points([text]) == [text]


@pytest.mark.parametrize(
    "stamp", ["arXiv:2404.12345v2 [cs.CL] 18 Apr 2024", "arXiv:hep-th/0601001v2  3 Jan 2006"]
)
def test_the_stamp_of_arxiv_goes(stamp: str) -> None:
    stamped = page(line(stamp, 230, x=20, size=20), line(WORDS, 700))

    assert paragraphs_of(stamped) == [[WORDS]]


@pytest.mark.parametrize("alone", [True, False])
def test_line_numbers_of_review_copies_go(alone: bool) -> None:
    numbers = range(100, 120)
    texts = [f"{WORDS} {chr(97 + number % 20)}" for number in numbers]
    if alone:
        lines = [line(text, 700 - 12 * row) for row, text in enumerate(texts)]
        lines += [line(str(number), 700 - 12 * row, x=40, size=6) for row, number in enumerate(numbers)]
    else:
        lines = [
            line(f"{n} {text}", 700 - 12 * row)
            for row, (n, text) in enumerate(zip(numbers, texts, strict=True))
        ]

    assert paragraphs_of(page(*lines)) == [[" ".join(texts)]]


@pytest.mark.parametrize("step", [1, 5])
@pytest.mark.parametrize("form", ["{number} {text}", "{text} {number}", "{text}\n{number}"])
def test_line_numbers_go_wherever_they_stand(form: str, step: int) -> None:
    texts = [f"{WORDS} {chr(97 + number % 20)}" for number in range(1, 81)]
    written = [
        form.format(text=text, number=number) if number % step == 0 else text
        for number, text in enumerate(texts, 1)
    ]
    pages = [
        page(
            *[
                line(part, 720 - 12 * row)
                for row, whole in enumerate(written[start : start + 40])
                for part in whole.split("\n")
            ],
            number=start // 40 + 1,
        )
        for start in (0, 40)
    ]

    assert [one.text for clean in cleaned(pages) for one in clean.lines] == texts


@pytest.mark.parametrize(
    "own",
    [["Proof of Lemma 2"], ["on November 29, 2026"], ["2 Method", "3 Data", "4 Results"], ["see Table 108"]],
)
def test_numbers_of_the_text_stay_among_line_numbers(own: list[str]) -> None:
    texts = [f"{WORDS} {chr(97 + number % 20)}" for number in range(20)]
    texts[7 : 7 + len(own)] = own
    lines = [line(text, 700 - 12 * row) for row, text in enumerate(texts)]
    numbers = [line(str(100 + row), 700 - 12 * row, x=40, size=6) for row in range(20)]
    in_turn = [one for pair in zip(lines, numbers, strict=True) for one in pair]

    for written in (in_turn, lines + numbers):
        assert [one.text for one in cleaned([page(*written)])[0].lines] == texts


def test_a_line_number_is_taken_off_its_line_where_the_others_stand_alone() -> None:
    texts = [f"{WORDS} {chr(97 + number % 20)}" for number in range(20)]
    written = [one for row, text in enumerate(texts) for one in (str(100 + row), text)]
    written[14:16] = [f"107 {texts[7]}"]
    lines = [line(text, 700 - 6 * place) for place, text in enumerate(written)]

    assert [one.text for one in cleaned([page(*lines)])[0].lines] == texts


def test_numbers_of_two_columns_in_both_margins_go() -> None:
    texts = [f"{WORDS} {chr(97 + number % 20)}" for number in range(40)]
    left = [line(f"{number} {text}", 720 - 12 * number) for number, text in enumerate(texts[:20], 1)]
    right = [
        line(f"{text} {number}", 720 - 12 * (number - 20), x=310)
        for number, text in enumerate(texts[20:], 21)
    ]

    assert [one.text for one in cleaned([page(*left, *right)])[0].lines] == texts


def test_ticks_of_a_plot_are_not_the_numbers_of_every_fifth_line() -> None:
    texts = [f"{WORDS} {chr(97 + number % 20)}" for number in range(40)]
    ticks = [str(number) for number in range(5, 55, 5)]
    plain = [line(text, 720 - 12 * row) for row, text in enumerate(texts)]
    pages = [page(*plain, number=number) for number in (1, 2, 3)]
    pages.append(
        page(*plain, *[line(tick, 250, x=90 + 20 * row) for row, tick in enumerate(ticks)], number=4)
    )

    assert [one.text for one in cleaned(pages)[3].lines] == texts + ticks


@pytest.mark.parametrize("row_text", ["{row} 80.{row} 0.{row}", "{row} 81 6{row}", "Foldcache 80.{row}"])
def test_rows_of_a_table_over_pages_stay_whole(row_text: str) -> None:
    numbers = range(10, 13)
    rows = [[row_text.format(row=10 * number + row) for row in range(60)] for number in numbers]
    pages = [page(line(f"{WORDS} of page {number}", 700), number=number) for number in range(1, 10)]
    pages += [
        page(*[line(text, 780 - 12 * place) for place, text in enumerate(texts)], number=number)
        for number, texts in zip(numbers, rows, strict=True)
    ]

    assert [[one.text for one in clean.lines] for clean in cleaned(pages)[9:]] == rows


def test_line_numbers_go_on_the_page_of_a_table_too() -> None:
    prose, cells = [f"{WORDS} {row}" for row in "abcdefghij"], [f"80.{row} 0.{row}" for row in range(10)]
    pages = [
        page(*[line(f"{n} {text}", 700 - 12 * n) for n, text in enumerate(texts)], number=number)
        for number, texts in enumerate((prose, cells, prose), 1)
    ]

    assert [[one.text for one in clean.lines] for clean in cleaned(pages)] == [prose, cells, prose]


def test_numbers_of_a_table_are_not_line_numbers() -> None:
    cells = [
        line(str(value), 700 - 12 * row) for row, value in enumerate((3, 14, 15, 92, 65, 35, 89, 79, 32))
    ]

    assert sum(len(clean.lines) for clean in cleaned([page(*cells)])) == len(cells)


def test_columns_that_the_pdf_interleaves_are_read_one_after_the_other() -> None:
    rows = range(10)
    left = [line(f"left column says a lot in row {row}", 700 - 12 * row) for row in rows]
    right = [line(f"right column says more in row {row}", 700 - 12 * row, x=310) for row in rows]
    interleaved = [one for pair in zip(left, right, strict=True) for one in pair]

    assert list(cleaned([page(*interleaved)])[0].lines) == left + right


def test_a_sentence_goes_on_in_the_next_column_past_a_footnote() -> None:
    text = page(
        line("This sentence starts in the left column and", 130),
        line("goes on after the foot-", 118),
        line("1A footnote in small print.", 80, size=8),
        line("note in the right column.", 700, x=310),
        line("It has a second line.", 688, x=310),
    )

    whole = (
        "This sentence starts in the left column and goes on after the footnote in the right column. "
        "It has a second line."
    )
    assert paragraphs_of(text) == [[whole, "1A footnote in small print."]]


def test_a_small_heading_low_on_the_page_is_no_footnote() -> None:
    text = page(
        line("Running text ends here.", 200),
        line("3.3 Scoring", 170, size=8),
        line("An answer is right or wrong.", 150),
        line("Another paragraph.", 700, x=310),
    )

    assert paragraphs_of(text)[0][1] == "3.3 Scoring"


def test_a_sentence_goes_on_over_the_page_before_its_figures() -> None:
    first = page(
        line("A first sentence ends here. Another one is bro-", 700),
        line("1Small print.", 90, size=8),
        number=1,
    )
    second = page(
        line("Figure 1: A picture of something.", 700, size=9),
        line("ken over the page and ends.", 600),
        line("The paragraph has another line.", 588),
        number=2,
    )

    assert paragraphs_of(first, second) == [
        ["1Small print.", "A first sentence ends here. Another one is broken"],
        ["over the page and ends. The paragraph has another line.", "Figure 1: A picture of something."],
    ]


@pytest.mark.parametrize("table", ["Model Accuracy", "Folding 81.2 76.9 71.0 in percent"])
def test_a_sentence_goes_on_past_a_table_in_the_size_of_the_text(table: str) -> None:
    first = page(line("A first sentence ends here. Another one wins by a", 700), number=1)
    second = page(line(table, 700), line("large margin on every page.", 600), number=2)

    assert paragraphs_of(first, second)[1] == ["large margin on every page.", table]


@pytest.mark.parametrize(
    ("end", "start", "goes_on"),
    [
        ("as it was shown in", "Example and Sample give the reasons for it.", True),
        ("by the work of Example et al.,", "Sample and others show the reasons for it.", True),
        ("as it was shown there", "Example and Sample give the reasons for it.", False),
        ("as it was shown in", "Accuracy by model", False),
    ],
)
def test_a_sentence_that_cannot_end_there_goes_on_before_a_capital(
    end: str, start: str, goes_on: bool
) -> None:
    first = page(line(f"A first sentence ends here. Another one is true {end}", 700), number=1)
    second = page(line("Figure 1: A picture.", 700, size=9), line(start, 600), number=2)

    assert (paragraphs_of(first, second)[1][0] == start) is goes_on


def test_indents_gaps_captions_and_items_separate_paragraphs() -> None:
    text = page(
        line("A paragraph of two full lines of text begins", 700),
        line("and its second line ends here.", 688),
        line("An indented line begins the next one, which", 676, x=82),
        line("has a second line, too.", 664),
        line("Table 1: Numbers of things.", 652),
        line("After a gap comes another paragraph of words.", 610),
        line("• an item of a list.", 598, x=80),
        line("• another item of it.", 586, x=80),
    )

    assert [one[:12] for one in paragraphs_of(text)[0]] == [
        "A paragraph ",
        "An indented ",
        "Table 1: Num",
        "After a gap ",
        "• an item of",
        "• another it",
    ]


@pytest.mark.parametrize(
    "mention", ["Table 6. The error falls", "Fig. 2a. It falls", "Table 1– and elsewhere"]
)
def test_a_sentence_may_end_where_its_line_begins_like_a_caption(mention: str) -> None:
    text = page(line("All of the results are shown in", 700), line(f"{mention} with the size.", 688))

    assert paragraphs_of(text) == [[f"All of the results are shown in {mention} with the size."]]


@pytest.mark.parametrize(
    ("before", "caption"),
    [
        ("BERT large 74.1 80.2", "Table 6. The errors."),
        ("All of the results are shown in", "Table 6: The errors."),
    ],
)
def test_a_caption_follows_its_table_closely(before: str, caption: str) -> None:
    text = page(line(before, 700), line(caption, 688))

    assert paragraphs_of(text) == [[before, caption]]


def test_a_paragraph_ends_with_a_number_and_the_mark_of_a_footnote() -> None:
    text = page(
        line("A first paragraph of two lines begins here and", 700),
        line("ends at the age of 85. 2", 688),
        line("Another paragraph begins here.", 676),
    )

    assert [one[:12] for one in paragraphs_of(text)[0]] == ["A first para", "Another para"]


def test_pages_that_are_pictures_or_missing_are_named() -> None:
    picture = RawPage(number=2, width=595, height=842, lines=(), is_picture=True)

    scan = paper_text(
        paper_id="1", version=1, reader="pypdf", pages=[page(line(WORDS, 700)), picture], page_count=2
    )
    partly = paper_text(paper_id="1", version=1, reader="pypdf", pages=[page(line(WORDS, 700))], page_count=3)

    assert scan.problem == "1 of 2 pages; the others are scans without text"
    assert partly.problem == "1 of 3 pages"


def test_a_heading_of_two_lines_ends_before_the_bold_title_that_runs_into_the_text() -> None:
    wide = "3.1 A heading that is too long for one line of its column, and"
    body = [line("More running text stands here, and goes on for a line.", 640 - 12 * at) for at in range(3)]

    [found] = paragraphs_of(
        page(
            line("Running text ends here.", 724),
            line(wide, 700, bold=True),
            line("Goes On in Another", 688, bold=True),
            line("Data We Use", 673.5, bold=True),
            *body,
        )
    )

    assert found[1:3] == [f"{wide} Goes On in Another", "Data We Use"]
