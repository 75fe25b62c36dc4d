import pytest

from bot.checks.sentences import sentences
from bot.checks.spelling import has_name

FOUND = [
    ("GPT-4", "We use GPT 4 as a judge."),
    ("GPT-4", "We use GPT4 as a judge."),
    ("GPT4", "We use GPT\u20114-based judges."),
    ("Llama-2-7B", "Llama 2 7B is the smallest."),
    ("Qwen2.5", "It is Qwen-2.5, and no other."),
    ("A100", "Two A100s and one A-100."),
    ("A100s", "One A100."),
    ("LLMs", "An LLM is read."),
    ("LLM", "Many LLMs are read."),
    ("Foldcache", "Foldcache's keys are old."),
    ("F1", "The F1-score is high."),
    ("Recall@5", "The recall @ 5 is high."),
    ("5-shot", "It is tested in the 5 shot setting."),
    ("Transformer-XL", "The Transformer XL is larger."),
    ("FoldCache", "We propose Fold-\nCache here."),
    ("Foldcache", "We propose Fold-\ncache here."),
    ("GPT-4", "We use GPT-\n4 here."),
    ("LSTM", "We use an LS-\nTM here."),
    ("Smith", "It follows Smith.2011 here."),
    ("GPT-4", "使用GPT-4作为评判。"),
    ("WMT14", "We use WMT'14 here."),
    ("WMT14", "We use WMT 2014 here."),
    ("WMT2014", "We use WMT-14 here."),
    ("SQuAD2.0", "We use SQuAD v2.0 here."),
]
MISSED = [
    ("RAG", "The average memory is low."),
    ("LoRA", "The exploration phase is long."),
    ("H100", "It was asked with 100 prompts."),
    ("A100", "It is a 100-layer network."),
    ("F1", "It takes an average of 1 hour."),
    ("T5", "It starts at 5 rates."),
    ("GPT-4", "We use MiniGPT-4 here."),
    ("GPT-4", "We use GPT-4o here."),
    ("GPT-3", "We use GPT-3.5 here."),
    ("GPT-4", "We use GPT-40 here."),
    ("Qwen2.5", "We use Qwen25 here."),
    ("GPT-4", "We use GPT. 4 judges are asked."),
    ("ToT", "It leads to T and U."),
    ("WMT14", "We use WMT 1914 here."),
    ("WMT14", "We use WMT 142 here."),
    ("RTX80", "We use an RTX 2080 here."),
    ("A14", "The A2014 is old."),
    ("T5", "A T v5 is none."),
]


@pytest.mark.parametrize(("name", "text"), FOUND)
def test_a_name_is_found_however_it_is_joined(name: str, text: str) -> None:
    assert has_name(" ".join(sentences(text)), name)


@pytest.mark.parametrize(("name", "text"), MISSED)
def test_a_name_is_not_found_inside_other_words(name: str, text: str) -> None:
    assert not has_name(" ".join(sentences(text)), name)


@pytest.mark.parametrize("name", ["", "---", "+", "(", "s", "a\\b"])
def test_any_characters_may_be_asked_for(name: str) -> None:
    assert not has_name("Nothing of that.", name)
