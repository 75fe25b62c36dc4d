"""What the words around a number make of it, so that the same digits in another use are no support."""

import pytest

from tests.bot.summaries.held import holds

ENDS_KEPT = [
    ("Folding improves accuracy from 71.2% to 75.8%.", "Folding improves accuracy from 71.2 % to 75.8 %."),
    ("Folding improves accuracy from 71.2% to 75.8%.", "Folding improves accuracy to 75.8 %."),
    ("Folding improves accuracy from 71.2% to 75.8%.", "Accuracy rises to 75.8 % from 71.2 % with folding."),
    ("Folding improves accuracy from 71.2% to 75.8%.", "The accuracy before folding is 71.2 %."),
    ("Folding improves accuracy from 71.2% to 75.8%.", "Accuracy with folding is 75.8 %, up from 71.2 %."),
    ("The error falls from 12.4% (old) to 8.1%.", "The old error falls from 12.4 % to 8.1 %."),
    ("Accuracy with folding is 75.8 %, up from 71.2 %.", "Folding improves accuracy from 71.2 % to 75.8 %."),
    ("We collect stories from 12 languages.", "The stories collected extend to 12 languages."),
    ("Its accuracy is better compared to 71.2 %.", "It improves the accuracy from 71.2 %."),
    ("Accuracy grows from a baseline of 71.2 to 75.8.", "Accuracy grows to 75.8 from a baseline of 71.2."),
    ("Stories were collected from 2015 to 2019.", "The stories that were collected go back to 2015."),
]
ENDS_CHANGED = [
    ("Folding improves accuracy from 71.2% to 75.8%.", "Folding improves accuracy to 71.2 %."),
    ("Folding improves accuracy from 71.2% to 75.8%.", "Folding improves accuracy from 75.8 %."),
    ("The error falls from 12.4% to 8.1%.", "The error falls from 8.1 % to 12.4 %."),
    ("The error falls from 12.4% to 8.1%.", "The error falls to about 12.4 % from 8.1 %."),
    ("Accuracy with folding is 75.8 %, up from 71.2 %.", "Folding brings the accuracy to 71.2 %."),
    ("Accuracy grows from a baseline of 71.2 to 75.8.", "Accuracy grows to a mean of 71.2."),
]


@pytest.mark.parametrize(("page", "statement"), ENDS_KEPT)
def test_a_change_is_kept_with_its_ends(page: str, statement: str) -> None:
    assert holds(page, statement)


@pytest.mark.parametrize(("page", "statement"), ENDS_CHANGED)
def test_the_start_of_a_change_is_not_its_end(page: str, statement: str) -> None:
    assert not holds(page, statement)


SPREADS_KEPT = [
    ("The band gap is 0.31 ± 0.02 eV.", "The band gap is 0.31 ± 0.02 eV."),
    ("The band gap is 0.31 ± 0.02 eV.", "The band gap is 0.31 eV, with an uncertainty of 0.02 eV."),
    ("The band gap is 0.31 +/- 0.02 eV.", "The band gap has a standard deviation of 0.02 eV."),
    ("The band gap is 0.31 eV, with a standard deviation of 0.02 eV.", "The band gap is 0.31 ± 0.02 eV."),
    ("The band gap is 0.31 ± 0.02 eV.", "The band gap is 0.31 eV."),
    ("The accuracy of Foldcache is 81.2 ± 0.3.", "The accuracy of Foldcache is 81.2 (0.3)."),
    ("The accuracy of Foldcache is 81.2 (0.3).", "The accuracy of Foldcache is 81.2 ± 0.3."),
    ("The speed of training is perturbed: ±10 %.", "The speed of training is perturbed: 10 % or so."),
]
SPREADS_CHANGED = [
    ("The band gap is 0.31 ± 0.02 eV.", "The band gap is 0.02 eV."),
    ("The band gap is 0.31 +/- 0.02 eV.", "The band gap is 0.02 eV."),
    ("The accuracy of Foldcache is 81.2% (±2.1%).", "The accuracy of Foldcache is 2.1 %."),
    ("Foldcache beats StreamLM by 3 points, at 81.2.", "Foldcache, at 81.2 ± 3, beats StreamLM."),
]


@pytest.mark.parametrize(("page", "statement"), SPREADS_KEPT)
def test_a_spread_may_be_said_with_a_sign_or_in_words(page: str, statement: str) -> None:
    assert holds(page, statement)


@pytest.mark.parametrize(("page", "statement"), SPREADS_CHANGED)
def test_a_spread_is_no_value(page: str, statement: str) -> None:
    assert not holds(page, statement)


CONFIDENCE_KEPT = [
    ("The accuracy is 81.2% (95% CI 79-83).", "The accuracy is 81.2 % (95 % CI 79-83)."),
    ("The accuracy is 81.2% (95% CI 79-83).", "The 95 % confidence interval of the accuracy is 79-83."),
    ("Bars show 90% and 95% confidence intervals.", "The bars show 90 % confidence intervals."),
    ("Folding helps at a confidence level of 99 %.", "Folding helps with 99 % confidence."),
    ("The bars show 95% bootstrap confidence intervals.", "The bars are confidence intervals of 95 %."),
]
CONFIDENCE_CHANGED = [
    ("The accuracy is 81.2% (95% CI 79-83).", "The model has an accuracy of 95 %."),
    ("The accuracy is 81.2% (95% CI 79-83).", "The accuracy is 81.2 % (99 % CI 79-83)."),
    ("Accuracy is 81.2 %, with intervals at the 95% confidence level.", "Accuracy is at the 95 % level."),
    ("Foldcache has an accuracy of 95 %.", "Foldcache has a 95 % confidence interval of the accuracy."),
]


@pytest.mark.parametrize(("page", "statement"), CONFIDENCE_KEPT)
def test_a_level_of_confidence_is_kept(page: str, statement: str) -> None:
    assert holds(page, statement)


@pytest.mark.parametrize(("page", "statement"), CONFIDENCE_CHANGED)
def test_a_level_of_confidence_is_no_measure(page: str, statement: str) -> None:
    assert not holds(page, statement)


OVER_KEPT = [
    ("Foldcache reaches 75.8 over the test set.", "Foldcache reaches 75.8 on the test set."),
    ("Accuracy of Foldcache is 80.5 % over all languages.", "Foldcache has an accuracy of 80.5 %."),
    (
        "Foldcache reaches 75.8 averaged over the benchmarks.",
        "Foldcache has a mean of 75.8 on the benchmarks.",
    ),
    (
        "Foldcache is 3.2 points over the best baseline on all tasks.",
        "Foldcache gains 3.2 points on the best.",
    ),
    ("Foldcache is 3.2 % above strong baselines.", "Foldcache is better than strong baselines by 3.2 %."),
]
OVER_CHANGED = [
    ("Foldcache reaches 75.8 over the test set.", "Foldcache improves by 75.8 on the test set."),
    ("Accuracy of Foldcache is 80.5 % over all languages.", "Foldcache gains 80.5 % in accuracy."),
    ("Foldcache is 3.2 % above strong baselines.", "Foldcache reaches 3.2 % with strong baselines."),
]


@pytest.mark.parametrize(("page", "statement"), OVER_KEPT)
def test_what_a_value_is_taken_over_makes_no_difference_of_it(page: str, statement: str) -> None:
    assert holds(page, statement)


@pytest.mark.parametrize(("page", "statement"), OVER_CHANGED)
def test_what_a_value_is_above_is_a_difference(page: str, statement: str) -> None:
    assert not holds(page, statement)
