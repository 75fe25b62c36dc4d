import pytest

from bot.checks.neighbours import Among, belongs_to_another
from bot.checks.numbers import numbers

SIZES = "We train with a batch size of 64, a hidden size of 128 and a dropout of 0.1."
SCORES = "The base model reaches 71.2 and the tuned model 75.8 on the same data."
LATENCY = "It cuts the latency of decoding to 48 ms per token, while the full cache needs 96 ms."


@pytest.mark.parametrize(
    ("claim", "statement"),
    [
        ("The batch size is 64.", SIZES),
        ("Training uses 128 hidden units and a batch size of 64.", SIZES),
        ("A dropout of 0.1 is used.", SIZES),
        ("The base model reaches 71.2.", SCORES),
        ("On the same data the tuned model reaches 75.8, the base model 71.2.", SCORES),
        ("The score is 71.2.", SCORES),
        ("Latency of decoding is 48 ms instead of 96 ms per token.", LATENCY),
    ],
)
def test_a_number_with_its_own_words_is_supported(claim: str, statement: str) -> None:
    assert not any(_elsewhere(claim, statement))


@pytest.mark.parametrize(
    ("claim", "statement"),
    [
        ("We train with a batch size of 128 and a hidden size of 64.", SIZES),
        ("We train with a batch size of 0.1.", SIZES),
        ("The base model reaches 75.8 and the tuned model 71.2.", SCORES),
        ("It cuts the latency of decoding to 96 ms.", LATENCY),
    ],
)
def test_a_number_with_the_words_of_another_is_not(claim: str, statement: str) -> None:
    assert any(_elsewhere(claim, statement))


def _elsewhere(claim: str, statement: str) -> list[bool]:
    claimed, said = numbers(claim), numbers(statement)
    return [
        belongs_to_another(Among(claim, one, claimed), Among(statement, other, said))
        for one in claimed
        for other in said
        if one.value == other.value
    ]
