"""Two values in one sentence each keep their own metric, in statements and in results."""

import pytest

from bot.summaries.draft import Draft, DraftResult
from bot.summaries.grounding import ground
from tests.bot.checks.held import holds
from tests.bot.summaries.papers import text_of

TITLE = "Foldcache: folding"
SCORES = "Foldcache reaches an accuracy of 81.2 and an F1 of 76.9 on CoQA."
LISTED = "Precision and recall are 81.2 % and 76.9 %, respectively."
BEHIND = "We obtain 81.2 % precision and 76.9 % recall on CoQA."
TIMES = "Foldcache has a latency of 12 ms and a prefill time of 35 ms on phones."
COSTS = "Foldcache has a latency of 12 ms and a memory of 3.5 GB on phones."
SETUP = "We train with a hidden size of 1024, 16 heads, a batch size of 64 and a weight decay of 0.01."
RISES = "Accuracy improves from 71.2 to 75.8 and F1 from 68.0 to 73.1."
GAINS = "Folding improves F1 by 3.1 and 2.4 points on CoQA and QuAC."

OWN = [
    (SCORES, "The accuracy of Foldcache on CoQA is 81.2."),
    (SCORES, "Foldcache reaches 76.9 F1 on CoQA."),
    (LISTED, "Recall and precision are 76.9 % and 81.2 %."),
    (BEHIND, "We obtain a recall of 76.9 % and a precision of 81.2 %."),
    (LISTED, "The precision is 81.2 %."),
    (LISTED, "The recall is 76.9 %."),
    (BEHIND, "The recall on CoQA is 76.9 %."),
    (TIMES, "The prefill time on phones is 35 ms."),
    (SETUP, "Training uses a batch size of 64 and a decay of 0.01."),
    (RISES, "F1 rises from 68.0 to 73.1."),
    (RISES, "F1 reaches 73.1 and accuracy 75.8."),
    (GAINS, "Folding improves F1 on QuAC by 2.4 points."),
]
ANOTHERS = [
    (SCORES, "The F1 of Foldcache on CoQA is 81.2."),
    (SCORES, "Foldcache reaches 81.2 F1 on CoQA."),
    (SCORES, "Foldcache reaches an accuracy of 76.9 on CoQA."),
    (LISTED, "The recall is 81.2 %."),
    (LISTED, "The precision is 76.9 %."),
    (BEHIND, "We obtain 81.2 % recall on CoQA."),
    (TIMES, "The prefill time on phones is 12 ms."),
    (COSTS, "Foldcache has a memory of 12 ms on phones."),
    (SETUP, "Training uses a batch size of 1024."),
    (SETUP, "Training uses a hidden size of 64."),
    (LISTED, "Recall is 81.2 % and precision is 76.9 %."),
    (LISTED, "Recall and precision are 81.2 % and 76.9 %."),
    (BEHIND, "We obtain a precision of 76.9 % and a recall of 81.2 %."),
    (RISES, "F1 rises to 75.8."),
    ("Build time is cut by two thirds, and memory by a quarter.", "Build time is reduced by a quarter."),
]


ACCURACY = "On LongQuiz, Foldcache reaches an accuracy of 81.2 %."
ERROR = "The mean absolute error of Foldcache is 0.42 eV."
PEARSON = "The Pearson correlation with the ratings is 0.62."


@pytest.mark.parametrize(
    ("page", "true", "false"),
    [
        (ACCURACY, "Foldcache has 81.2 % accuracy.", "Foldcache has an F1 of 81.2 %."),
        (ACCURACY, "Foldcache reaches 81.2 % on LongQuiz.", "Foldcache reaches a recall of 81.2 %."),
        (ACCURACY, "Foldcache scores 81.2 % on LongQuiz.", "Foldcache has a perplexity of 81.2 on LongQuiz."),
        (ERROR, "Foldcache has an MAE of 0.42 eV.", "Foldcache has an MSE of 0.42 eV."),
        (ERROR, "The error of Foldcache is 0.42 eV.", "Foldcache has a root mean square error of 0.42 eV."),
        (PEARSON, "Its correlation with the ratings is 0.62.", "Its Spearman correlation is 0.62."),
        (
            "Foldcache has a BLEU score of 31.4 on letters.",
            "On letters Foldcache reaches 31.4 BLEU.",
            "On letters Foldcache reaches 31.4 ROUGE.",
        ),
        (
            "The mean average precision is 54.2 on letters.",
            "On letters it has 54.2 mAP.",
            "On letters it has a precision of 54.2.",
        ),
    ],
)
def test_a_metric_may_be_spelled_otherwise_but_not_be_another(page: str, true: str, false: str) -> None:
    assert holds(page, true)
    assert not holds(page, false)


@pytest.mark.parametrize(
    ("page", "statement"),
    [
        (
            "In half precision Foldcache reaches 81.2 % on LongQuiz.",
            "Foldcache has 81.2 % accuracy on LongQuiz.",
        ),
        ("Foldcache raises recall, and reaches 81.2 on CoQA.", "The accuracy on CoQA is 81.2 for Foldcache."),
        ("Precision and recall are 81.2 % and 76.9 %.", "Precision is 81.2 %."),
        ("The BLEU of the 12 layers is high.", "Accuracy is high for the 12 layers."),
        ("The F1 on CoQA is 81.2.", "The F-measure on CoQA is 81.2."),
        ("Exact match accuracy on CoQA is 81.2.", "Accuracy on CoQA is 81.2."),
        (
            "Heron labels 81.2 % of the turns correctly with an F1 of 0.76.",
            "Its accuracy on the turns is 81.2 %.",
        ),
        ("Masked autoencoders reach 81.2 % accuracy on CoQA.", "MAE reaches 81.2 % on CoQA."),
        (
            "Storing the keys in FP16 takes 43 % less memory with no loss of accuracy.",
            "FP16 precision takes 43 % less memory.",
        ),
    ],
)
def test_a_metric_that_the_paper_may_mean_is_taken(page: str, statement: str) -> None:
    assert holds(page, statement)


@pytest.mark.parametrize(("page", "statement"), OWN)
def test_a_value_is_taken_for_its_own_metric(page: str, statement: str) -> None:
    assert holds(page, statement)


@pytest.mark.parametrize(("page", "statement"), ANOTHERS)
def test_a_value_of_another_metric_is_no_support(page: str, statement: str) -> None:
    assert not holds(page, statement)


@pytest.mark.parametrize(
    ("quote", "metric", "value", "is_kept"),
    [
        (SCORES, "F1", "76.9", True),
        (SCORES, "F1", "81.2", False),
        (SCORES, "accuracy", "76.9", False),
        (LISTED, "recall", "76.9 %", True),
        (LISTED, "recall", "81.2 %", False),
        (BEHIND, "recall", "81.2 %", False),
        (COSTS, "memory", "12 ms", False),
        (RISES, "F1", "from 68.0 to 73.1", True),
        (RISES, "F1", "68.0 → 73.1", True),
        (RISES, "F1", "73.1 (from 68.0)", True),
        (RISES, "F1", "68.0", False),
        (RISES, "F1", "75.8", False),
        (GAINS, "F1", "2.4 points", True),
        (ACCURACY, "accuracy", "81.2 %", True),
        (ACCURACY, "F1", "81.2 %", False),
    ],
)
def test_a_result_has_the_value_of_its_metric(quote: str, metric: str, value: str, is_kept: bool) -> None:
    item = DraftResult(metric=metric, value=value, baseline=None, dataset=None, page=1, quote=quote)

    found = ground(Draft(gist="It folds.", claim="It folds.", results=(item,)), text_of(quote), TITLE)

    assert len(found.results) == is_kept


@pytest.mark.parametrize(("metric", "value"), [("accuracy", "81.2"), ("F1", "76.9")])
def test_values_that_are_told_together_are_on_the_same_data_set(metric: str, value: str) -> None:
    said = f"Foldcache reaches an {metric} of {value} on CoQA."

    found = ground(Draft(gist="It folds.", claim="It folds.", method=(said,)), text_of(SCORES), TITLE)

    assert found.method[0].checked
