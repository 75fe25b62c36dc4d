"""Which passages a question points at."""

import pytest

from bot.answers.pointed import has_places, pointed_at
from storage.model import SectionKind
from tests.storage.records import passage

TEXTS = (
    ("", 1, "Folding keys\n\nAda Lovelace\n\nUniversity of Upper Quillford"),
    (
        "1 Introduction",
        1,
        "1 Introduction\n\nMemory grows. Fig. 2 has all of it, as Figures 1 and 3 and Table IV do.",
    ),
    ("3 Method", 2, "3 Method\n\n3.1 Folding\n\nKeys are folded by\n\nf(k) = k + 1 (2)"),
    ("3 Method", 3, "3.2 Unfolding\n\nIt is the inverse of Eq. (2), by Theorem 12."),
    ("4 Results", 4, "Size 8 16\n\nRecall .7 .8"),
    (
        "4 Results",
        4,
        "Recall .9 .9\n\nTABLE IV: Recall by size.\n\nFigure 2. Memory over time.\n\nThere is no more.",
    ),
    ("IV. CONCLUSIONS", 5, "IV. CONCLUSIONS\n\nFolding works."),
    ("A Release", 6, "A Release\n\nOur code is at github.com/fold/keys."),
    ("B Limits of Folding", 6, "B Limits of Folding\n\nTheorem 1 (Ada). Folds are finite."),
)
PASSAGES = [
    passage(ordinal, heading=heading, first_page=page, last_page=page, text=text, kind=SectionKind.BODY)
    for ordinal, (heading, page, text) in enumerate(TEXTS)
]


@pytest.mark.parametrize(
    ("question", "ordinals"),
    [
        ("What does figure 2 show?", [5, 1]),
        ("explain Fig.3", [1]),
        ("What about Figure 7?", []),
        ("whats in the second figure", [5, 1]),
        ("What does table 4 say about recall?", [5, 6, 4, 1]),
        ("What does table 1 say about it?", []),
        ("Explain Tab. 4", [5, 6, 4, 1]),
        ("Explain equation (2)", [2, 3]),
        ("Prove Theorem 1", [8]),
        ("Summarise section 3", [2, 3]),
        ("What is in §3.2?", [3]),
        ("What does section 4 say?", [4, 5, 6]),
        ("And appendix B?", [8]),
        ("What is on page 4?", [4, 5]),
        ("What does the conclusion say?", [6]),
        ("What are the limits of folding?", [8]),
        ("Results?", [4, 5]),
        ("Who wrote this paper, and where are they from?", [0]),
        ("Who are the authors?", [0]),
        ("Who wrote?", [0]),
        ("Where is the code?", [7]),
        ("Do they share their implementation?", [7]),
        ("Is the code publicly available?", [7]),
        ("How are codes of keys computed?", []),
        ("What do the authors recall of their methods?", []),
        ("Does it use GPT-2 or table lookups?", []),
        ("请总结", []),
    ],
)
def test_what_a_question_points_at_comes_with_captions_and_headings_first(
    question: str, ordinals: list[int]
) -> None:
    assert [one.ordinal for one in pointed_at(question, PASSAGES)] == ordinals


@pytest.mark.parametrize(
    ("statement", "is_here"),
    [
        ("Memory grows.", True),
        ("Figure 2 and Table 4 show recall.", True),
        ("Fig. 3 shows memory.", True),
        ("As Section 3.2 says, it is the inverse.", True),
        ("Appendix B proves Theorem 1.", True),
        ("Page 4 has the results.", True),
        ("Keys are folded by Equation 9.", True),
        ("Table 9 shows recall.", False),
        ("Section 7 says so, and so does Section 3.", False),
        ("Page 12 has the results.", False),
    ],
)
def test_a_place_that_a_statement_names_is_here_or_is_not(statement: str, *, is_here: bool) -> None:
    assert has_places(statement, PASSAGES) == is_here


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ("They filled in page 30 of the form.", "They filled in page 30 of the form."),
        ("It is in Appendix C and Section 7.", "See App. C and Sec. 7."),
        ("It is in Appendix B.", "See Appendices A and B."),
        ("Table II has it.", "Table 2: Folds."),
    ],
)
def test_a_place_is_mentioned_here_in_the_same_words_or_abbreviated(statement: str, text: str) -> None:
    assert has_places(statement, [passage(0, text=text)])


@pytest.mark.parametrize(
    "statement",
    [
        "Folds are found by the algorithm K-means.",
        "Folds are found by the search algorithm A*.",
        "The tree algorithm C4.5 folds keys.",
        "The memory table T is folded.",
        "The table V-trace is folded.",
        "Folding takes 2 sec. 40 % of it is search.",
    ],
)
def test_what_may_be_a_name_or_a_duration_is_no_place(statement: str) -> None:
    assert has_places(statement, PASSAGES)
