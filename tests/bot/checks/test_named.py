import pytest

from bot.checks.named import Names


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("The judge is GPT-3.5 here.", "We ask GPT 3.5 as a judge."),
        ("It needs 40GB here.", "It needs 40 GB."),
        ("It has 7B weights here.", "It has 7 billion weights."),
        ("It uses LLMs here.", "One LLM is used."),
        ("It needs 40 GB here.", "It needs 40GB."),
        ("It runs on 32 GPUs here.", "One GPU is enough."),
    ],
)
def test_a_name_written_in_another_way_is_known(claim: str, text: str) -> None:
    assert Names().strange(claim, text) == []


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("It uses RAG here.", "The average memory is low."),
        ("It uses LoRA here.", "The exploration phase is long."),
        ("It runs on H100 here.", "It runs with 100 prompts."),
        ("The judge is GPT-3.5 here.", "We ask GPT-3 as a judge."),
        ("The judge is GPT-3 here.", "We ask GPT-3.5 as a judge."),
        ("It uses 5 BERT models here.", "It uses 5 models."),
    ],
)
def test_a_name_that_is_only_part_of_other_words_is_strange(claim: str, text: str) -> None:
    assert len(Names().strange(claim, text)) == 1
