import pytest

from bot.texts.folding import folded, spelled_out


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"$\alpha$ and $\varphi$ of $\Lambda$CDM", "α and φ of ΛCDM"),
        (r"$\lambda$, $\varsigma$", "λ, σ"),
        (r"\emph{no} letter", "no letter"),
    ],
)
def test_greek_letters_are_spelled_out(tex: str, text: str) -> None:
    assert spelled_out(tex) == text


def test_a_tie_is_a_space_and_a_tilde_over_a_letter_is_none() -> None:
    assert folded(r"Hints~of Nu\~nez") == "hints of nunez"


def test_endless_blanks_after_an_accent_are_gone_through_once() -> None:
    """Parted in every way before a brace that does not come, they would take minutes."""
    blanks = " " * 100_000

    assert spelled_out(rf"Erd\'{blanks}1") == f"Erd'{blanks}1"
    assert spelled_out(rf"Erd\'{blanks}{{{blanks}o}}s") == "Erdós"
