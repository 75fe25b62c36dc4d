"""Words that cannot both be true of a number."""

import pytest

from tests.bot.checks.held import holds

PAIRS = [
    (
        "Half of the patients recovered within a year.",
        "Half the patients had recovered after a year.",
        "Half of the patients died within a year.",
    ),
    (
        "Mortality after the operation was 4.1 %.",
        "After the operation, 4.1 % of the patients died.",
        "After the operation, 4.1 % of the patients survived.",
    ),
    (
        "The test has a false positive rate of 3.2 %.",
        "Its false positive rate is 3.2 %.",
        "Its true positive rate is 3.2 %.",
    ),
    (
        "Prevalence among women was 12.4 %.",
        "The prevalence in women is 12.4 %.",
        "The prevalence in men is 12.4 %.",
    ),
    (
        "The inner planet has a period of 4.2 days.",
        "The period of the inner planet is 4.2 days.",
        "The period of the outer planet is 4.2 days.",
    ),
    (
        "Exports grew by 3.1 % in the quarter.",
        "Exports rose by 3.1 % in the quarter.",
        "Imports rose by 3.1 % in the quarter.",
    ),
    (
        "The worst run has an accuracy of 61.3 %.",
        "The accuracy of the worst run is 61.3 %.",
        "The accuracy of the best run is 61.3 %.",
    ),
    (
        "There were 41 infections in the unvaccinated group.",
        "In the unvaccinated group 41 infections occurred.",
        "In the vaccinated group 41 infections occurred.",
    ),
    (
        "Non-smokers made up 45 % of the cohort.",
        "Of the cohort, 45 % were nonsmokers.",
        "Of the cohort, 45 % were smokers.",
    ),
    (
        "Before the reform, 12 % of the schools had a library.",
        "12 % of the schools had a library before the reform.",
        "12 % of the schools had a library after the reform.",
    ),
    (
        "Of the 24 students all passed the test.",
        "All 24 students passed the test.",
        "All 24 students failed the test.",
    ),
    (
        "The parser reaches 81.2 % on the validation set.",
        "On the validation split the parser reaches 81.2 %.",
        "On the test set the parser reaches 81.2 %.",
    ),
    (
        "The lattice expands by 3.1 % when cooled.",
        "When cooled, the lattice expands by 3.1 %.",
        "When heated, the lattice expands by 3.1 %.",
    ),
    (
        "Adding the lexicon raises recall to 76.9 %.",
        "With the lexicon added, recall rises to 76.9 %.",
        "Removing the lexicon raises recall to 76.9 %.",
    ),
]


@pytest.mark.parametrize(("page", "true", "false"), PAIRS)
def test_the_contrary_of_what_the_paper_says_is_not_supported(page: str, true: str, false: str) -> None:
    assert holds(page, true)
    assert not holds(page, false)


@pytest.mark.parametrize(
    ("page", "statement"),
    [
        ("The effect was insignificant (p = 0.12).", "The effect is not significant (p = 0.12)."),
        ("Men had 61 visits, women 74 in the year.", "Women had 74 visits in the year, and men 61."),
        (
            "Of the 90 who did not survive, all were old.",
            "Of the 90 who died, all were old and did not survive.",
        ),
        ("Removing the gate costs 2.6 points of recall.", "The gate adds 2.6 points of recall."),
        ("Folding prevents stalls, so 100 layers run at once.", "Folding allows 100 layers to run at once."),
    ],
)
def test_a_contrary_beside_a_not_may_be_the_same(page: str, statement: str) -> None:
    assert holds(page, statement)
