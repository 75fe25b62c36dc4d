import pytest

from bot.errors import InputError
from bot.papers.taxonomy import categories, check, listed, suggest


def test_the_taxonomy_is_arxivs() -> None:
    codes = {category.code: category.name for category in categories()}

    assert len(codes) == len(categories()) == 155
    assert codes["cs.CL"] == "Computation and Language"
    assert {"hep-th", "quant-ph", "gr-qc", "math-ph", "nucl-ex", "stat.ML", "eess.AS"} <= codes.keys()
    assert not {"cs", "math", "physics", "astro-ph", "cond-mat"} & codes.keys()


@pytest.mark.parametrize(
    ("fragment", "first"),
    [
        ("cs.c", "cs.CC"),
        ("CS.CL", "cs.CL"),
        ("machine", "cs.LG"),
        ("language", "cs.CL"),
        ("hep-th", "hep-th"),
        ("quantum", "math.QA"),
        ("", "cs.AI"),
    ],
)
def test_the_best_suggestion_comes_first(fragment: str, first: str) -> None:
    assert suggest(fragment)[0].code == first


def test_suggestions_fit_into_discords_menu() -> None:
    suggestions = suggest("")

    assert len(suggestions) == 25
    assert all(len(str(category)) <= 100 for category in categories())


def test_a_fragment_that_fits_nothing_suggests_nothing() -> None:
    assert suggest("gardening") == []


def test_codes_are_checked_spelled_and_taken_once() -> None:
    assert check(["cs.cl", " HEP-TH ", "cs.CL", "ｃｓ．ＣＬ"]) == ("cs.CL", "hep-th")


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("cs.CL, hep-th", ("cs.CL", "hep-th")),
        ("cs.cl;stat.ml；", ("cs.CL", "stat.ML")),
        ("cs.CL hep-th, stat.ML", ("cs.CL", "hep-th", "stat.ML")),
        ("computation and language", ("cs.CL",)),
        ("Robotics, cs.CL", ("cs.RO", "cs.CL")),
    ],
)
def test_categories_are_listed_by_code_or_by_name(text: str, codes: tuple[str, ...]) -> None:
    assert listed(text) == codes


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        (["cs.CL", "cs.LGG"], "“cs.LGG” is not an arXiv category. Did you mean cs.LG"),
        (
            ["cs.*"],
            "“cs.*” is not an arXiv category. It is a whole archive; name its categories, such as cs.AI",
        ),
        (["cs"], "“cs” is not an arXiv category. It is a whole archive; name its categories, such as cs.AI"),
        (["gardening"], "The full list: https://arxiv.org/category_taxonomy"),
        (["machine learning"], "Did you mean cs.LG or stat.ML?"),
        ([], "Name at least one arXiv category"),
        ([""], "is not an arXiv category"),
    ],
)
def test_a_wrong_code_is_named_with_advice(codes: list[str], message: str) -> None:
    with pytest.raises(InputError) as refusal:
        check(codes)

    assert message in str(refusal.value)
