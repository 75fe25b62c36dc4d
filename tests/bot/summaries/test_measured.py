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
        ("It needs 12.5 % of the memory at 99.1 % of the accuracy.", "memory (share)", "12.5 %"),
        ("Perplexity rises only by 0.3 while memory shrinks 4x.", "memory (decrease)", "4x"),
        ("It gives a 2.3×-4.1× speedup of decoding.", "speedup", "2.3×-4.1×"),
        ("It has 46.65 in terms of ROUGE-L and 44.78 in terms of BLEU-1.", "ROUGE-L", "46.65"),
        ("It has 41.45 and 44.08 in terms of ROUGE-L and BLEU-1, respectively.", "ROUGE-L", "41.45"),
        ("It has 68.00 % and 77.36 % EM and F1 scores, respectively.", "EM", "68.00 %"),
        ("It gives a further 7.1 % and 2.3 % in precision and recall.", "precision", "7.1 %"),
        ("The CER and WER improve by about 5.5 % and 6.0 %.", "CER (difference)", "by 5.5 %"),
        ("It has 81.2, 76.9 and 71.2 in precision, recall and F1.", "precision", "81.2"),
        ("It has 81.2 and 76.9 in precision on two splits.", "precision", "76.9"),
        ("It improves BLEU from 22.44 and 23.01 to 25.62.", "BLEU", "23.01 to 25.62"),
        ("While people have an accuracy of 68.8 %, our system has 64.1 %.", "accuracy", "64.1 %"),
        ("Its throughput is 4 times that of the cache.", "throughput", "4 times"),
        ("BLEU rises from 20.82 by the baseline to 22.66 by ours.", "BLEU", "22.66"),
        ("Annotators reach a kappa between 0.21 and 0.39.", "kappa", "between 0.21 and 0.39"),
        ("The correlation of both ratings was -.52.", "correlation", "-.52"),
        ("It reaches 63 % recall@k.", "recall@k", "63 %"),
        ("It keeps 10 % of the ROUGE-SU score.", "score (share)", "10 %"),
        ("Against 3.1 % with the cache, the accuracy is 81.2 %.", "accuracy", "81.2 %"),
        ("The training time is 4.5 hours.", "training time", "4.5 hours"),
        ("Going to 122M parameters helps perplexity.", "parameters", "122M parameters"),
        ("It gains 0.99 (1.02) BLEU points.", "BLEU (difference)", "0.99"),
        ("It adds 4.2 points, to 85.1 % accuracy.", "accuracy", "85.1 %"),
        ("It improves by 4.2 points to 85.1 % accuracy.", "accuracy", "85.1 %"),
        ("It needs 6 % more memory.", "memory", "6 % more"),
        ("It has 16x fewer parameters than StreamLM.", "parameters", "16x fewer"),
        ("Latency is not improved: at batch 1 it is 4 % slower than StreamLM.", "Latency", "4 % slower"),
        ("It has up to 2.5 points higher BLEU.", "BLEU", "up to 2.5 points higher"),
        ("It saves 30 % more memory than StreamLM.", "memory (difference)", "30 %"),
        ("It loses 3 % less accuracy than StreamLM.", "accuracy (difference)", "3 %"),
        ("It reduces latency by 30 % more than StreamLM.", "latency (difference)", "by 30 %"),
        ("It saves time, and needs 30 % less memory.", "memory", "30 % less"),
        ("With fewer layers it needs 30 % less memory.", "memory", "30 % less"),
        ("It needs 40 % more or less memory.", "memory (difference)", "40 %"),
        ("It improves 16.8 % in EM and 20.4 % in F1.", "EM (difference)", "16.8 %"),
        ("It reduces latency by 30 % of the original.", "latency (decrease)", "by 30 %"),
        ("On MultiWOZ, 8.1 % accuracy is lost.", "accuracy", "8.1 %"),
        ("It raises recall by 3.1 %, and 2.2 % higher precision follows.", "recall (difference)", "by 3.1 %"),
        ("It has an accuracy of 92.1 % with fewer weights.", "accuracy", "92.1 %"),
        ("Accuracy drops to 61 % under increased noise.", "Accuracy", "61 %"),
        ("It has 92.1 % accuracy, better than our baseline of 88 %.", "accuracy", "92.1 %"),
        ("It has 92.1 % accuracy, higher than our previous model.", "accuracy", "92.1 %"),
        ("It reaches 85.3 % accuracy, just behind StreamLM.", "accuracy", "85.3 %"),
        ("Our base model achieves 27.3 BLEU.", "BLEU", "27.3"),
        ("Our method only reaches 45.2 % accuracy.", "accuracy", "45.2 %"),
        ("An accuracy of 91 % training on four cards is reached.", "accuracy", "91 %"),
    ],
)
def test_a_value_belongs_to_the_metric_it_measures(sentence: str, metric: str, value: str) -> None:
    found = measured_result(sentence)

    assert found is not None
    assert (found.metric, found.value) == (metric, value)


@pytest.mark.parametrize(
    ("sentence", "metric"),
    [
        ("It wins by a margin of 5.6 F1.", "F1"),
        ("The average difference in accuracy is 24.9 points.", "accuracy"),
        ("A relative change in accuracy of 1.4 follows.", "accuracy"),
        ("It adds up to 10 percentage points in F1.", "F1"),
        ("The gain on our corpus of letters is 10.1 % of precision.", "precision"),
        ("We see a rise of perplexity (4.9 points).", "perplexity"),
        ("It has a 1.2 % relative accuracy improvement.", "accuracy"),
        ("It beats the baseline by 3.4 %~11.2 % in terms of accuracy.", "accuracy"),
        ("It improves the baseline in +1.1 BLEU.", "BLEU"),
        ("We see improvements up to 2.6 BLEU points.", "BLEU"),
        ("We see gains (6.4 BLEU) over the baseline.", "BLEU"),
        ("It still improves at least 1 point of F1.", "F1"),
        ("It outperforms StreamLM by a margin in EM and over 1.5 % in F1.", "F1"),
    ],
)
def test_a_difference_is_not_taken_for_a_level(sentence: str, metric: str) -> None:
    found = measured_result(sentence)

    assert found is not None
    assert found.metric == f"{metric} (difference)"


@pytest.mark.parametrize(
    ("sentence", "metric"),
    [
        ("It cuts the previous error rate by 3.1 %.", "error rate"),
        ("It has a drop in accuracy of around 10 % on CoQA.", "accuracy"),
    ],
)
def test_a_decrease_does_not_read_like_a_gain(sentence: str, metric: str) -> None:
    found = measured_result(sentence)

    assert found is not None
    assert found.metric == f"{metric} (decrease)"


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
        "Recall that vectors are missing for 46 % of words.",
        "It is 27x faster, and has higher accuracy.",
        "The reward is ROUGE times a coefficient set to 0.08.",
        "All differ at the 0.95 confidence level in ROUGE.",
        "We report precision by 10-fold cross-validation.",
        "Readers gave the score on a 5-point scale.",
        "In 26 % (34/130) of the error cases it is another one.",
        "It fools the judges 84 % of the time.",
        "We hold out 10 % of training texts and report accuracy.",
        "It beats the previous accuracy (90.1 %).",
        "The baseline accuracy is 62.1 %.",
        "The state-of-the-art BLEU is 47.3.",
        "Ito et al. report an F1 of 81.2.",
        "The best accuracy, 81.2 %, was reported in [7].",
        "It improves the accuracy of 28 % a lot.",
        "We vary the ratio from 10 % to 90 % and measured BLEU.",
        "We divide it by 0.7 whenever perplexity stops falling.",
        "It moves closer to the observed length (5.96), raising precision.",
        "It gets 49.8 % in three classes with a correlation.",
        "It reaches a final F1/EM of 82.3/79.4.",
        "They met within a time frame of 640 days.",
        "It beats a random classifier (50 % AUROC).",
        "The base model has an average AUC of 0.7189.",
        "The variant only achieves an accuracy of 53.9 %.",
        "StreamLM has a precision that is 2 % higher than ours.",
        "It is 0.3 F1 points behind the winner.",
        "As shares differ (20 % of posts in A and 27 % in B), accuracy says little.",
        "It is tested on a 156-hour test set by word error rate.",
        "We see improvements in the 90 % data case.",
        "We give the average precision over the 5-fold data set.",
        "All of them stay below the accuracy level of 80.5 %.",
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
        ("It reaches 6.4 % and 12.5 % WER on the CoQA and QuAC subsets.", None),
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
        ("F1 rises by 0.68 % over the StreamLM Large model.", "StreamLM Large model"),
        ("It gains 0.82 BLEU over the words and 2.54 BLEU over the letters.", None),
    ],
)
def test_the_nearest_baseline_is_named(sentence: str, baseline: str | None) -> None:
    found = measured_result(sentence)

    assert found is not None
    assert found.baseline == baseline
