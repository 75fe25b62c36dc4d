"""Plain words become topics."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.taste.interests import MOST_TOPICS, in_other_scripts, topics, unwanted

BIOLOGY = ("C. elegans", "E. coli", "U.S. elections", "Vitamin C", "ion traps")


@pytest.mark.parametrize(
    ("interests", "expected"),
    [
        ("", ()),
        (" ,;. \n", ()),
        ("retrieval augmented generation", ("retrieval augmented generation",)),
        ("RAG, agents; evaluation\ninterpretability", ("RAG", "agents", "evaluation", "interpretability")),
        (
            "We are interested in speech recognition. Also papers about tokenizers!",
            ("speech recognition", "tokenizers"),
        ),
        ("I'm interested in graph networks, and especially molecules", ("graph networks", "molecules")),
        ("We like work on GPT-4.5 with 1,000 experts.", ("GPT-4.5 with 1,000 experts",)),
        ("- diffusion models\n- mixture of experts", ("diffusion models", "mixture of experts")),
        ("agents, Agents", ("agents",)),
        ("speech. No surveys, not medical imaging. We don't want benchmarks.", ("speech",)),
        ("on-device learning", ("on-device learning",)),
        (
            "all-reduce, paper recommendation, research agents",
            ("all-reduce", "paper recommendation", "research agents"),
        ),
        (
            "no-regret learning; No\u2011reference quality; Never-ending learning; no surveys; never games",
            ("no-regret learning", "No\u2011reference quality", "Never-ending learning"),
        ),
        ("notation, nomenclature", ("notation", "nomenclature")),
        ("NLP, speech, etc.", ("NLP", "speech")),
        (
            "vision, tokenizers and so on; graph learning etc. and more",
            ("vision", "tokenizers", "graph learning"),
        ),
        ("deep learning, e.g. speech, i.e., audio", ("deep learning", "speech", "audio")),
        ("fast inference (e.g., quantization, pruning)", ("fast inference", "quantization", "pruning")),
        (
            "f(R) gravity, SU(3), mixture of experts (MoE)",
            ("f(R) gravity", "SU(3)", "mixture of experts (MoE)"),
        ),
        ("1. speech\n2) audio", ("speech", "audio")),
        ("C. elegans, E. coli. U.S. elections. Vitamin C. Also ion traps", BIOLOGY),
        ("Interested in transformers; looking for papers on RNA", ("transformers", "RNA")),
        ("Our main interests: galaxies, including dwarf stars", ("galaxies", "dwarf stars")),
        ("topic models, interest rates, focus groups", ("topic models", "interest rates", "focus groups")),
        ("vision but not medical imaging; agents except games", ("vision", "agents")),
        ("LLMs, including but not limited to alignment, please", ("LLMs", "alignment")),
        ("everything except surveys", ()),
        ("长上下文，KV caches；量化。检索、3D", ("长上下文", "KV caches", "量化", "检索", "3D")),
        ("الترجمة، التعلم؛ الصوت", ("الترجمة", "التعلم", "الصوت")),
    ],
)
def test_topics_are_what_a_reader_would_list(interests: str, expected: tuple[str, ...]) -> None:
    assert topics(interests) == expected


@pytest.mark.parametrize(
    ("interests", "expected"),
    [
        ("retrieval; no-regret learning, please", ()),
        ("retrieval; no surveys", ("no surveys",)),
        (
            "vision but not medical imaging; agents except games and so on. We don't want benchmarks.",
            ("but not medical imaging", "except games and so on", "We don't want benchmarks"),
        ),
        ("everything except surveys", ("except surveys",)),
    ],
)
def test_what_is_left_out_as_unwanted_is_known(interests: str, expected: tuple[str, ...]) -> None:
    assert unwanted(interests) == expected


@pytest.mark.parametrize(
    ("interests", "expected"),
    [
        ("naïve Bayes; β decay; αβ T cells; Ш groups; Λ; 3D; ℓ2 norms", ()),
        ("KV缓存, retrieval, обучение с подкреплением, 検索", ("KV缓存", "обучение с подкреплением", "検索")),
    ],
)
def test_a_topic_in_another_script_is_told_from_a_symbol_in_english(
    interests: str, expected: tuple[str, ...]
) -> None:
    assert in_other_scripts(interests) == expected


@given(st.text(max_size=500))
def test_any_text_gives_a_bounded_number_of_distinct_topics(interests: str) -> None:
    found = topics(interests)

    assert len(found) <= MOST_TOPICS
    assert len(set(found)) == len(found)
    assert all(topic == topic.strip() != "" for topic in found)
