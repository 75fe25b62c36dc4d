"""Two names that differ only in their digits, both of which the paper has."""

import pytest

from tests.bot.checks.held import holds

JUDGE = "We use GPT-4 to annotate the corpus of letters. GPT-3.5 is only a slow baseline of our tests."
TUNED = (
    "Llama-2-13B was tuned on the letters of nurses. Llama-2-7B is taken as it is, without any tuning at all."
)
CELLS = "Counts of CD4 were taken each month in the clinic. CD8 cells were frozen and stored."


@pytest.mark.parametrize(
    ("page", "statement"),
    [
        (JUDGE, "The corpus of letters is annotated by GPT-4."),
        (JUDGE, "GPT-3.5 is a slow baseline."),
        (JUDGE, "GPT-4 annotates the corpus of letters, and GPT-3.5 is a baseline."),
        (TUNED, "Llama-2-13B is tuned on letters of nurses."),
        (TUNED, "Llama-2-7B is taken as it is."),
        (CELLS, "In the clinic, counts of CD4 were taken each month."),
        ("Letters are written by GPT-4 and judged by GPT-3.5.", "The letters are judged by GPT-3.5."),
    ],
)
def test_a_claim_about_the_same_name_is_supported(page: str, statement: str) -> None:
    assert holds(page, statement)


@pytest.mark.parametrize(
    ("page", "statement"),
    [
        (JUDGE, "The corpus of letters is annotated by GPT-3.5."),
        (JUDGE, "GPT-4 is only a slow baseline of the tests."),
        (TUNED, "Llama-2-7B is tuned on letters of nurses."),
        (CELLS, "In the clinic, counts of CD8 were taken each month."),
    ],
)
def test_a_claim_about_its_sibling_is_not(page: str, statement: str) -> None:
    assert not holds(page, statement)
