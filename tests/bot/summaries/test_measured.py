"""What a sentence is taken to report."""

import pytest

from bot.summaries.measured import measured_result

RAISED = (
    "Normalising both answers reduces it to 51.6 % and raises the agreement with human graders "
    "from 71.2 % to 76.9 %."
)


@pytest.mark.parametrize(
    ("sentence", "metric", "value"),
    [
        ("On CoQA it obtains an accuracy of 81.2.", "accuracy", "81.2"),
        ("It obtains 81.2 % accuracy and 79.3 % recall.", "accuracy", "81.2 %"),
        ("We reach 81.2 % accuracy, up from 78.1 %.", "accuracy", "81.2 %"),
        ("Throughput at batch 24 is 2.7 times that of the full cache.", "Throughput", "2.7 times"),
        (RAISED, "agreement", "71.2 % to 76.9 %"),
        ("Precision and recall are 81.2 % and 76.9 %, respectively.", "Precision", "81.2 %"),
        ("It needs 12.5 % of the memory at 99.1 % of the accuracy.", "memory", "12.5 %"),
        ("Perplexity rises only by 0.3 while memory shrinks 4x.", "memory (difference)", "4x"),
        ("It gives a 2.3×-4.1× speedup of decoding.", "speedup", "2.3×-4.1×"),
        ("It has 46.65 in terms of ROUGE-L and 44.78 in terms of BLEU-1.", "ROUGE-L", "46.65"),
        ("It has 41.45 and 44.08 in terms of ROUGE-L and BLEU-1, respectively.", "ROUGE-L", "41.45"),
        ("It has 68.00 % and 77.36 % EM and F1 scores, respectively.", "EM", "68.00 %"),
        ("It improves BLEU from 22.44 and 23.01 to 25.62.", "BLEU", "23.01 to 25.62"),
        ("While people have an accuracy of 68.8 %, our system has 64.1 %.", "accuracy", "64.1 %"),
        ("Its throughput is 4 times that of the cache.", "throughput", "4 times"),
        ("BLEU rises from 20.82 by the baseline to 22.66 by ours.", "BLEU", "22.66"),
        ("Annotators reach a kappa between 0.21 and 0.39.", "kappa", "between 0.21 and 0.39"),
    ],
)
def test_a_value_belongs_to_the_metric_it_measures(sentence: str, metric: str, value: str) -> None:
    found = measured_result(sentence)

    assert found is not None
    assert (found.metric, found.value) == (metric, value)


@pytest.mark.parametrize(
    "sentence",
    [
        "We use 12 layers.",
        "Accuracy matters.",
        "Over 2.5 years they met.",
        "The gain costs twice as much.",
        "Accuracy per slot on MultiWOZ 2.0 and MultiWOZ 2.1 is higher.",
        "We train a 4-gram model and compare by BLEU.",
        "We run it 5 times, each time in another order, and report accuracy.",
        "The standard deviation of the accuracy is 0.014.",
    ],
)
def test_what_measures_nothing_is_no_result(sentence: str) -> None:
    assert measured_result(sentence) is None


@pytest.mark.parametrize(
    ("sentence", "dataset"),
    [
        ("It beats all others on HotpotQA and has 99.9 % precision on 2WikiMultiHopQA.", "2WikiMultiHopQA"),
        ("On the PlotQA data set it has an accuracy of 54.1 %.", "PlotQA"),
        ("It reaches an F1 of 81.2 on SQuAD 2.0.", "SQuAD 2.0"),
        ("Recall is 81.2 % on CoQA, and 76.9 % on QuAC.", "CoQA"),
        ("Accuracy rises from 71.2 % to 76.9 % on CoQA.", "CoQA"),
        ("It has an F1 of 81.2 for English and one of 76.9 on QuAC.", None),
        ("Its F1 is 81.2 and 76.9 on CoQA and QuAC, respectively.", None),
        ("It improves on BERT by 3.1 % accuracy.", None),
        ("Trained on BooksCorpus, it has an accuracy of 81.2 %.", None),
        ("It outperforms StreamLM by 1.02 % on CoNLL F1 score.", None),
        ("It has a latency of 81.2 ms on A100 cards.", None),
    ],
)
def test_a_data_set_is_named_only_where_it_is_the_values_own(sentence: str, dataset: str | None) -> None:
    found = measured_result(sentence)

    assert found is not None
    assert found.dataset == dataset


@pytest.mark.parametrize(
    ("sentence", "baseline"),
    [
        ("It gains over all three baselines and brings 2.2 BLEU more than StreamLM.", "StreamLM"),
        ("It has 82 % accuracy, higher than those generated from an LSTM.", None),
        ("An agreement of 0.87 was reached, versus 0.81 before.", None),
        ("F1 rises by 0.68 % and 0.55 % over the original models.", "original models"),
    ],
)
def test_the_nearest_baseline_is_named(sentence: str, baseline: str | None) -> None:
    found = measured_result(sentence)

    assert found is not None
    assert found.baseline == baseline
