import pytest

from bot.checks.numbers import numbers
from bot.checks.sentences import plain, sentences
from bot.texts import latex


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


@pytest.mark.parametrize(
    "text",
    [
        r"We bound it by $\mathcal{O}(\rho)$ with $\rho$ the correlation of $x$ and $y$.",
        r"We bound it by \(\mathcal{O}(\rho)\) with \( \rho \) the correlation of \[x\] and \[ y \].",
    ],
)
def test_a_formula_without_its_delimiters_keeps_its_distance_from_the_words_behind_it(text: str) -> None:
    [sentence] = sentences(text)

    assert latex.plain(sentence) == "We bound it by 𝒪(ρ) with ρ the correlation of x and y."


@pytest.mark.parametrize(
    ("formula", "shown"), [("2^{n-1}", "2^(n-1)"), ("n^{1/2}", "n^(1/2)"), ("10^{-4}", "10^-4")]
)
def test_an_exponent_of_several_parts_stays_together(formula: str, shown: str) -> None:
    assert sentences(f"There are ${formula}$ of them.") == [f"There are {shown} of them."]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2ⁿ", "2^n"),
        ("2ⁿ⁻¹", "2^(n-1)"),
        ("2⁽ⁿ⁻¹⁾", "2^(n-1)"),
        ("e⁻ˣ", "e^-x"),
        ("n²ᵏ", "n^2k"),
        ("10⁻³", "10^-3"),
        ("Na⁺", "Na+"),
        ("5ᵗʰ, 1ˢᵗ", "5th, 1st"),
    ],
)
def test_a_raised_letter_is_an_exponent(written: str, read: str) -> None:
    assert plain(written) == read


def test_a_power_with_a_letter_is_no_number_of_thousands() -> None:
    assert [number.value for number in numbers(plain("There are 2ᵏ of them."))] == [2]
