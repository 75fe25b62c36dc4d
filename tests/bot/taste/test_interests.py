"""Plain words become topics."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.taste.interests import MOST_TOPICS, topics


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
    ],
)
def test_topics_are_what_a_reader_would_list(interests: str, expected: tuple[str, ...]) -> None:
    assert topics(interests) == expected


@given(st.text(max_size=500))
def test_any_text_gives_a_bounded_number_of_distinct_topics(interests: str) -> None:
    found = topics(interests)

    assert len(found) <= MOST_TOPICS
    assert len(set(found)) == len(found)
    assert all(topic == topic.strip() != "" for topic in found)
