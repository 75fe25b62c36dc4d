"""Whatever form a model gives to its sentences and citations, they are read as sentences and citations."""

import pytest

from bot.answers.reply import sentences_said
from tests.bot.answers.passages import reply, says

KEEPS = "Foldcache keeps 12.5 % of the key-value memory"
REACHES = "Foldcache reaches an accuracy of 81.2 % on LongQuiz."


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        (f"{KEEPS} [2].", [2]),
        (f"{KEEPS} [2, 5].", [2, 5]),
        (f"{KEEPS} [#2].", [2]),
        (f"{KEEPS} [P2, P5].", [2, 5]),
        (f"{KEEPS} [2, p. 3].", []),
        (f"{KEEPS}【2】.", [2]),
        (f"{KEEPS} 【2†source】.", [2]),
        (f"{KEEPS}.[^2]", [2]),
        (f"{KEEPS}.²", [2]),
        (f"{KEEPS} <sup>2</sup>.", [2]),
        (f"{KEEPS} (Passage 2).", [2]),
        (f"{KEEPS} [Passages 2 and 5].", [2, 5]),
        (f"{KEEPS} (passage 2, p. 3).", [2]),
        (f"{KEEPS} (Source: Passage 2).", [2]),
        (f"{KEEPS} (source 2).", [2]),
        (f"{KEEPS}, according to passage 2.", [2]),
        (f"According to passage 2, {KEEPS}.", [2]),
        (f"Yes, as stated in Passage 2, {KEEPS}.", [2]),
        (f"Passage 2 says that {KEEPS}.", [2]),
        (f"(Passage 2) {KEEPS}.", [2]),
        (f"{KEEPS}. (Passage 2)", [2]),
        (f"{KEEPS}.\n\n**Sources:** Passage 2", [2]),
        (f"{KEEPS}. References: [2] Foldcache, p. 3", [2]),
        (f"{KEEPS} (p. 97).", []),
        (f"{KEEPS} [page 97].", []),
        (f"{KEEPS} (see pages 40-41).", []),
        (f"{KEEPS} [Section 9].", []),
        (f"{KEEPS} (Table 9; Eq. (3)).", []),
        (f"{KEEPS} on page 12.", []),
        (f"{KEEPS} (Gull et al., 2026).", []),
        (f"{KEEPS} [Gull et al., 2026; arXiv:2611.00001v2, p. 3].", []),
        (f"{KEEPS} (arXiv:2611.00001).", []),
    ],
)
def test_pointers_are_read_and_taken_out_of_the_sentence(text: str, cited: list[int]) -> None:
    [said] = sentences_said(reply(says(text)), [])

    assert said.text == f"{KEEPS}."
    assert list(said.cited) == cited


@pytest.mark.parametrize(
    "text",
    [
        "The bound is 10² for m² of R².",
        "The source code 3 is open (in 2 places, 14 volunteers).",
        "The answer is on page 12 of the manual (as Table 3 of the first one).",
        "It is trained on pages A and B of the site.",
        "It reaches a perplexity of 10.2 on PG19.",
        "The database runs on PG 16.",
        "It folds keys: On page 1, the authors say so.",
        "The cost grows as (n log n)² with the length.",
        "The loss is f(x)².",
        "It is fast (with dropout; Gull et al., 2026).",
        "Gull et al. fold keys (Gull and others, 2026).",
        "Ratings lie on a scale from [1, 5].",
    ],
)
def test_what_only_looks_like_a_pointer_stays(text: str) -> None:
    [said] = sentences_said(reply(says(text, 1)), [])

    assert said.text.replace("^2", "²") == text


def test_a_pointer_at_the_end_of_a_remark_in_brackets_leaves_the_remark() -> None:
    [said] = sentences_said(reply(says(f"{KEEPS} (greedy decoding, Table 9).", 1)), [])

    assert said.text == f"{KEEPS} (greedy decoding)."


@pytest.mark.parametrize(
    "text",
    [
        f"- {KEEPS}.\n- {REACHES}",
        f"Foldcache in short:\n\n1. {KEEPS}.\n2. {REACHES}",
        f"{KEEPS}.\n\n* {REACHES}",
        f"### Answer\n{KEEPS}.\n### {REACHES}",
        f"**Answer**\n{KEEPS}. {REACHES}",
        f"{KEEPS.replace(' of', chr(10) + 'of')}.\n{REACHES}",
        f"{KEEPS}.\n| Method | Accuracy |\n|---|---|\n| Foldcache | 81.2 % |\n{REACHES}",
    ],
)
def test_items_of_a_list_are_sentences_and_headings_and_tables_are_none(text: str) -> None:
    assert [said.text for said in sentences_said(reply(says(text, 2)), [])] == [f"{KEEPS}.", REACHES]


@pytest.mark.parametrize("text", [f"# {KEEPS}", f"**{KEEPS}**", f"- {KEEPS}"])
def test_a_heading_or_item_that_is_all_there_is_is_a_sentence(text: str) -> None:
    assert [said.text for said in sentences_said(reply(says(text, 2)), [])] == [KEEPS]
