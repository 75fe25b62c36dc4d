"""Which questions ask what a paper is about."""

import pytest

from bot.answers.overview import asks_for_overview, asks_of_all


@pytest.mark.parametrize(
    "question",
    [
        "What is this paper about?",
        "What’s it about?",
        "And what is “Foldcache: folding key-value memory” about?",
        "tl;dr",
        "TLDR please!",
        "tldr pls",
        "ELI5",
        "Summarise in 3 bullets",
        "Tl,dr?",
        "Sum it up for a 5 year old",
        "Summarise this.",
        "Can you summarize the paper in three sentences?",
        "What is the main contribution?",
        "What are the key takeaways?",
        "Please explain the main idea to me like I am five",
        "What did they find?",
        "What's new here?",
        "Tell me more about the paper",
        "what's new this week?",
        "Anything new this week?",
        "Summarise this week's digest",
        "Give me a one-line summary of each paper this week",
    ],
)
def test_these_ask_what_a_paper_is_about(question: str) -> None:
    assert asks_for_overview(question)


@pytest.mark.parametrize(
    "question",
    [
        "What does it say about memory?",
        "What about the authors?",
        "And how about this?",
        "Explain the loss.",
        "What does finding 3 say?",
        "What is it?",
        "What is the main result?",
        "Is the idea used on phones?",
        "Why?",
        "这篇论文讲什么？",
    ],
)
def test_these_ask_for_something_in_it(question: str) -> None:
    assert not asks_for_overview(question)


@pytest.mark.parametrize(
    ("question", "is_of_all"),
    [
        ("tl;dr of this week", True),
        ("What are the papers about?", True),
        ("Sum each of them up", True),
        ("tl;dr", False),
        ("What is it about?", False),
    ],
)
def test_an_overview_is_of_all_papers_only_if_it_says_so(question: str, is_of_all: bool) -> None:
    assert asks_for_overview(question)
    assert asks_of_all(question) == is_of_all
