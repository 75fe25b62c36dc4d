import pytest

from bot.rendering import latex
from bot.summaries.sentences import sentences


@pytest.mark.parametrize(
    "text",
    [
        "It plans every 500 ms. | The rest falls.",
        "The answer is no. | The model fails on apps. | Users leave.",
        "As Ms. Smith says, it works. | See Fig. 2, Eq. (3) and App. B for more.",
        "Others do so too, e.g. BERT et al. and Dr. Who. | We do not.",
    ],
)
def test_a_sentence_ends_at_a_stop_that_is_no_abbreviations(text: str) -> None:
    assert sentences(text.replace("| ", "")) == text.split(" | ")


def test_a_formula_without_its_dollars_keeps_its_distance_from_the_words_behind_it() -> None:
    [sentence] = sentences(r"We bound it by $\mathcal{O}(\rho)$ with $\rho$ the correlation of $x$ and $y$.")

    assert latex.plain(sentence) == "We bound it by 𝒪(ρ) with ρ the correlation of x and y."


@pytest.mark.parametrize(
    ("formula", "shown"), [("2^{n-1}", "2^(n-1)"), ("n^{1/2}", "n^(1/2)"), ("10^{-4}", "10^-4")]
)
def test_an_exponent_of_several_parts_stays_together(formula: str, shown: str) -> None:
    assert sentences(f"There are ${formula}$ of them.") == [f"There are {shown} of them."]
