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
    ],
)
def test_a_value_belongs_to_the_metric_it_measures(sentence: str, metric: str, value: str) -> None:
    found = measured_result(sentence)

    assert found is not None
    assert (found.metric, found.value) == (metric, value)


@pytest.mark.parametrize(
    "sentence",
    ["We use 12 layers.", "Accuracy matters.", "Over 2.5 years they met.", "The gain costs twice as much."],
)
def test_what_measures_nothing_is_no_result(sentence: str) -> None:
    assert measured_result(sentence) is None
