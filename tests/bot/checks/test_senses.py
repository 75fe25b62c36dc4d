"""The words around a number give its sense, and the same digits in another sense are no support."""

import pytest

from tests.bot.checks.held import holds

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
    ("Training grows with folding from 6 to 9 hours.", "Training grows with folding to 9 from 6 hours."),
    (
        "Folding cuts training from 9 hours on old cards to 6 hours on new ones.",
        "Folding cuts training to 6 hours on new cards from 9 hours on old ones.",
    ),
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


SIGNIFICANCE_KEPT = [
    ("The effect was not significant (p = 0.12).", "The effect is not significant (p = 0.12)."),
    ("The effect was significant (p = 0.03).", "The effect is statistically significant (p = 0.03)."),
    ("The effect was insignificant (p = 0.12).", "The effect is not significant (p = 0.12)."),
    ("There was no significant effect (p = 0.12).", "The effect is non-significant (p = 0.12)."),
    (
        "The effect did not reach significance (t = 1.4, p = 0.12).",
        "The effect isn't significant (p = 0.12).",
    ),
    ("The effect for all has p = 0.12.", "The effect for all is not significant (p = 0.12)."),
    (
        "An effect, not only significant (p = 0.03), but large.",
        "The effect is significant (p = 0.03).",
    ),
    (
        "Not significant was the loss, significant the gain (p = 0.03).",
        "The effect was significant (p = 0.03).",
    ),
]
SIGNIFICANCE_CHANGED = [
    ("The effect was not significant (p = 0.12).", "The effect is significant (p = 0.12)."),
    (
        "The effect was not statistically significant (p = 0.12).",
        "The effect is significant (p = 0.12).",
    ),
    ("The effect was insignificant (p = 0.12).", "The effect is significant (p = 0.12)."),
    ("There was no significant effect (p = 0.12).", "There is a significant effect (p = 0.12)."),
    (
        "The effect did not reach significance (t = 1.4, p = 0.12).",
        "The effect is significant (p = 0.12).",
    ),
    ("The effect was significant (p = 0.03).", "The effect is not significant (p = 0.03)."),
]


@pytest.mark.parametrize(("page", "statement"), SIGNIFICANCE_KEPT)
def test_significance_may_be_said_in_other_words(page: str, statement: str) -> None:
    assert holds(page, statement)


@pytest.mark.parametrize(("page", "statement"), SIGNIFICANCE_CHANGED)
def test_what_is_not_significant_is_not_called_so(page: str, statement: str) -> None:
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


INTERVAL = "The hazard ratio for death was 0.72 (95 % CI 0.58 to 0.89) in the group."


@pytest.mark.parametrize(
    ("page", "statement"),
    [
        (INTERVAL, "The hazard ratio for death was 0.72 in the group."),
        (INTERVAL, "The hazard ratio for death was 0.72 (95 % CI: 0.58-0.89)."),
        (INTERVAL, "The hazard ratio for death has a 95 % confidence interval from 0.58 to 0.89."),
        (
            "The stay was 4.2 days (IQR 3.1-6.4).",
            "The stay was 4.2 days, with an interquartile range of 3.1-6.4.",
        ),
        ("The ratio was 1.4 (95% CI [1.1, 1.9]).", "The ratio was 1.4 (95 % CI 1.1 to 1.9)."),
    ],
)
def test_the_ends_of_an_interval_are_kept_as_such(page: str, statement: str) -> None:
    assert holds(page, statement)


@pytest.mark.parametrize(
    ("page", "statement"),
    [
        (INTERVAL, "The hazard ratio for death was 0.58 in the group."),
        (INTERVAL, "The hazard ratio for death was 0.89 in the group."),
        ("The stay was 4.2 days (IQR 3.1-6.4).", "The stay was 6.4 days."),
        ("The ratio was 1.4 (95% CI [1.1, 1.9]).", "The ratio was 1.9."),
    ],
)
def test_the_ends_of_an_interval_are_no_values(page: str, statement: str) -> None:
    assert not holds(page, statement)


USED, UNUSED = "Used in training: 37 images.", "Not used in training: 37 images."


@pytest.mark.parametrize(
    ("page", "statement"),
    [
        (UNUSED, "37 images were not used in training."),
        (UNUSED, "Not used in training were 37 images."),
        ("37 images were not used in training.", UNUSED),
        (USED, "37 images were used in training."),
        ("Never smokers: 45 %.", "45 % were never smokers."),
        ("None of the 16 sites reported a leak.", "None of 16 sites reported a leak."),
        ("31 patients did not return for the visit.", "31 patients didn't return for the visit."),
        ("We do not tune it: 5 GPUs train the model.", "The model is trained on 5 GPUs."),
    ],
)
def test_a_denial_supports_the_same_denial(page: str, statement: str) -> None:
    assert holds(page, statement)


@pytest.mark.parametrize(
    ("page", "statement"),
    [
        (UNUSED, "37 images were used in training."),
        (UNUSED, "Used in training were 37 images."),
        ("37 images were not used in training.", USED),
        (USED, "37 images were not used in training."),
        ("Never smokers: 45 %.", "45 % were smokers."),
        ("None of the 16 sites reported a leak.", "16 sites reported a leak."),
        ("31 patients did not return for the visit.", "31 patients returned for the visit."),
    ],
)
def test_a_denial_does_not_support_its_opposite(page: str, statement: str) -> None:
    assert not holds(page, statement)


@pytest.mark.parametrize(
    ("page", "true", "false"),
    [
        (
            "Latency fell more than 40 ms with caching.",
            "Latency fell by more than 40 ms with caching.",
            "Latency fell to 40 ms with caching.",
        ),
        (
            "Latency fell more than 40 ms with caching.",
            "Latency fell by 40 ms with caching.",
            "Latency rose by 40 ms with caching.",
        ),
        (
            "It drops more than 25 % of the weights.",
            "It deletes more than 25 % of the weights.",
            "It drops more than 35 % of the weights.",
        ),
        (
            "Profits rose less than 3 % in the year.",
            "Profits rose by less than 3 % in the year.",
            "Profits fell by less than 3 % in the year.",
        ),
        (
            "Foldcache reaches 71.2 % in tests and is better than before.",
            "Foldcache reaches 71.2 % in tests.",
            "Foldcache is better by 71.2 % in tests.",
        ),
        (
            "Profits grew by 3 % in 2019 and by 5 % in 2020.",
            "In 2019 profits grew by 3 %.",
            "In 2020 profits grew by 3 %.",
        ),
    ],
)
def test_a_change_is_told_from_what_stands_beside_it(page: str, true: str, false: str) -> None:
    assert holds(page, true)
    assert not holds(page, false)


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
    ("Foldcache reaches 75.8 over all 2,400 classes.", "Foldcache reaches 75.8 on all 2,400 classes."),
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
def test_what_a_value_is_taken_over_does_not_make_it_a_difference(page: str, statement: str) -> None:
    assert holds(page, statement)


@pytest.mark.parametrize(("page", "statement"), OVER_CHANGED)
def test_what_a_value_is_above_is_a_difference(page: str, statement: str) -> None:
    assert not holds(page, statement)


LEVELS_KEPT = [
    (
        "Foldcache reaches a higher accuracy of 81.2 % on CoQA.",
        "The accuracy of Foldcache on CoQA is 81.2 %.",
    ),
    (
        "The accuracy of Foldcache on CoQA is 81.2 %.",
        "Foldcache reaches a higher accuracy of 81.2 % on CoQA.",
    ),
    ("Foldcache has a lower perplexity of 5.28 on books.", "The perplexity of Foldcache on books is 5.28."),
    ("Foldcache has a validation loss of 2.31 on books.", "Foldcache's validation loss on books is 2.31."),
    ("The loss is a sum with weights of 0.7 and 0.3.", "The weights of the loss are 0.7 and 0.3."),
    ("The loss of Foldcache is 2.31 on books.", "Foldcache reaches a loss of 2.31 on books."),
    ("We train with a dropout of 0.1 on books.", "The dropout in training on books is 0.1."),
    ("All layers use dropout with rate 0.1.", "All layers use a dropout rate of 0.1."),
    ("The rate is 3e-4 with a dropout of 0.1.", "The rate is 0.0003 with a dropout of 0.1."),
    ("We use a cutoff of 0.35 Å in all simulations.", "The cutoff in all simulations is 0.35 Å."),
    ("The pruning ratio of the weights is 0.5.", "A pruning ratio of 0.5 is used for weights."),
    ("The growth rate is 0.35 per day in cells.", "Cells have a growth rate of 0.35 per day."),
    ("The larger model of 70B parameters reads books.", "The larger model has 70B parameters to read books."),
    ("Foldcache cuts memory from 47 GB to 19 GB with a drop of 0.4 BLEU.", "Memory falls to 19 GB."),
    ("Accuracy drops to 61 % under increased noise.", "Accuracy falls to 61 % when noise increases."),
    ("Foldcache has an accuracy of 81.2 % with fewer weights.", "The accuracy of Foldcache is 81.2 %."),
    (
        "PSNR rises from 28.4 dB to 31.9 dB at lower cost.",
        "At lower cost PSNR rises from 28.4 dB to 31.9 dB.",
    ),
]
LEVELS_CHANGED = [
    (
        "Foldcache reaches a higher accuracy of 81.2 % on CoQA.",
        "Foldcache raises accuracy on CoQA by 81.2 %.",
    ),
    ("Foldcache reaches an improved accuracy of 81.2 %.", "Foldcache improves accuracy by 81.2 %."),
    (
        "Foldcache has a lower perplexity of 5.28 on books.",
        "Foldcache lowers the perplexity on books by 5.28.",
    ),
    ("Foldcache has a smaller footprint of 3.5 GB.", "Foldcache reduces the footprint by 3.5 GB."),
    ("Foldcache has a faster response of 35 ms.", "Foldcache makes the response 35 ms faster."),
    (
        "Foldcache has a validation loss of 2.31 on books.",
        "Foldcache lowers its validation loss by 2.31 on books.",
    ),
    ("Foldcache lowers the loss by 0.31 on books.", "Foldcache has a loss of 0.31 on books."),
    ("Foldcache has a loss of 0.31 on books.", "Foldcache loses 0.31 on books."),
    ("A dropout of 0.1 helps Foldcache.", "Foldcache helps by 0.1."),
    ("Foldcache cuts memory from 47 GB to 19 GB with a drop of 0.4 BLEU.", "Memory falls by 19 GB."),
    ("Accuracy drops to 61 % under increased noise.", "Accuracy drops by 61 %."),
    ("Foldcache has an accuracy of 81.2 % with fewer weights.", "Foldcache has 81.2 % fewer weights."),
    ("Sets reach a coverage of 95 % after smaller steps.", "Coverage is 95 % smaller after steps."),
]


@pytest.mark.parametrize(("page", "statement"), LEVELS_KEPT)
def test_a_level_stays_one_beside_words_that_start_like_a_change(page: str, statement: str) -> None:
    assert holds(page, statement)


@pytest.mark.parametrize(("page", "statement"), LEVELS_CHANGED)
def test_such_a_level_is_no_change(page: str, statement: str) -> None:
    assert not holds(page, statement)


CHANGES_KEPT = [
    (
        "Foldcache shows an improvement of 3.1 points over all.",
        "The improvement of Foldcache over all is 3.1 points.",
    ),
    ("The average gain was 2.1 points on CoQA.", "Foldcache gains 2.1 points on CoQA on average."),
    ("Foldcache shows a reduction in memory of 40%.", "Foldcache reduces memory by 40%."),
    ("Foldcache leads to a loss of 2.1 points in accuracy.", "Foldcache loses 2.1 points of accuracy."),
    ("Folding causes a loss of 0.3 in accuracy.", "Folding lowers the accuracy by 0.3."),
    ("Memory is reduced by a factor of 4 in decoding.", "Memory is reduced 4x in decoding."),
    ("Memory is reduced 4x in decoding.", "Memory in decoding is four times smaller."),
    (
        "Foldcache has a compression ratio of 8x on books.",
        "The compression ratio of Foldcache on books is 8x.",
    ),
    ("The speedup of decoding reaches 4x.", "Foldcache reaches a 4x speedup of decoding."),
    (
        "Foldcache improves F1 by 3.1 and 2.4 points on CoQA and QuAC.",
        "It improves F1 on QuAC by 2.4 points.",
    ),
    ("Folding gains 3.1, 2.4 and 1.9 points on CoQA, QuAC and NQ.", "Folding gains 2.4 points on QuAC."),
    ("Speedups of 3.5x (decoding) and 2.1x (prefill) were seen.", "Prefill is sped up by 2.1x."),
    ("Peak memory falls by 37 % to 5.2 GB.", "Peak memory is 5.2 GB."),
    ("Heat helps, at a cost of 2.3 points in accuracy.", "Heat lowers the accuracy by 2.3 points."),
    ("Peak memory falls by 3 % to 5.2 GB.", "Peak memory falls to 5.2 GB."),
    ("Accuracy rises by 3 % to 5 % on tasks.", "Accuracy on tasks rises by 3-5 %."),
    ("Foldcache is 1.8x faster and uses 40% less memory.", "Foldcache is 1.8x faster than others."),
    ("Foldcache is 1.8x faster and uses 40% less memory.", "It cuts memory by 40% while being 1.8x faster."),
    ("Latency falls by more than 40 ms with folding.", "Latency falls by 40 ms with folding."),
    ("The accuracy improves by 12 % at the same latency.", "The accuracy rises by 12 % at the same latency."),
    ("The latency improves by 12 % at the same accuracy.", "The latency falls by 12 % at the same accuracy."),
    ("At the same latency it has 12 % better accuracy.", "Its accuracy rises by 12 % at the same latency."),
    ("Accuracy and error improve by 12 % on tasks.", "Accuracy and error rise by 12 % on tasks."),
    ("Foldcache is 3.2 points on average better than the rest.", "Foldcache beats the rest by 3.2 points."),
]
CHANGES_CHANGED = [
    ("Peak memory falls by 37 % to 5.2 GB.", "Peak memory falls by 5.2 GB."),
    ("Foldcache is 1.8x faster and uses 40% less memory.", "Foldcache is 1.8x slower than others."),
    ("Foldcache is 1.8x slower and uses 40% less memory.", "Foldcache is 1.8x faster than others."),
    ("Folding raises the loss by 0.2 in tests.", "Folding lowers the loss by 0.2 in tests."),
    ("Folding increases savings by 30% in tests.", "Folding decreases savings by 30% in tests."),
    ("Folding raises the dropout by 0.2 in tests.", "Folding lowers the dropout by 0.2 in tests."),
    (
        "Foldcache improves F1 by 3.1 and 2.4 points on CoQA and QuAC.",
        "It reaches an F1 of 2.4 points on QuAC.",
    ),
    ("Foldcache reaches an F1 of 81.2 and 76.9 on CoQA and QuAC.", "Foldcache improves F1 on QuAC by 76.9."),
    ("Foldcache improves F1 by 3.1 points, 81.2% in total.", "Foldcache improves F1 by 81.2% in total."),
    ("Foldcache improves latency by 30% in tests.", "Foldcache increases latency by 30% in tests."),
    ("The error falls by more than 12 % with folding.", "The error grows by 12 % with folding."),
    ("The accuracy improves by 12 % at the same latency.", "The accuracy falls by 12 % at the same latency."),
    ("The latency improves by 12 % at the same accuracy.", "The latency rises by 12 % at the same accuracy."),
    ("At the same latency it has 12 % better accuracy.", "Its accuracy falls by 12 % at the same latency."),
    ("The number of patients who recovered grew by 40 %.", "40 % of the patients recovered."),
]


@pytest.mark.parametrize(("page", "statement"), CHANGES_KEPT)
def test_a_change_may_be_said_with_its_noun_or_of_several(page: str, statement: str) -> None:
    assert holds(page, statement)


@pytest.mark.parametrize(("page", "statement"), CHANGES_CHANGED)
def test_the_change_of_something_else_or_to_the_other_side_is_no_support(page: str, statement: str) -> None:
    assert not holds(page, statement)


@pytest.mark.parametrize(
    ("page", "statement"),
    [
        ("We evaluate models of 1B-70B parameters.", "Models from 1B to 70B parameters are evaluated."),
        ("Patients aged 18–65 years were included.", "Patients from 18 to 65 years of age were included."),
    ],
)
def test_a_range_may_be_said_with_from_and_to(page: str, statement: str) -> None:
    assert holds(page, statement)


@pytest.mark.parametrize("verb", ["rises", "goes", "improves"])
def test_a_range_is_no_change_from_its_one_end_to_the_other(verb: str) -> None:
    assert not holds("Accuracy was 61-85 % across tasks.", f"Accuracy {verb} from 61 % to 85 % across tasks.")


@pytest.mark.parametrize(
    "statement", ["Caching cuts the latency by 22 %.", "Caching brings the latency to 22 %."]
)
def test_a_number_in_reductions_is_a_change(statement: str) -> None:
    assert holds("Caching brings 22 % in latency reduction.", statement) == ("by" in statement)
