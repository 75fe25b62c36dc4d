"""Which messages go on from the one above them."""

import pytest

from bot.answers.leaning import leans_back


@pytest.mark.parametrize(
    "words",
    [
        "how fast is it?",
        "and why?",
        "why?",
        "Why not?",
        "But how?",
        "what about memory?",
        "And its accuracy?",
        "How accurate is it on LongQuiz?",
        "How much memory does it keep?",
        "Who are the authors?",
        "How fast is the method?",
        "What data set did they use?",
        "What are its limitations?",
        "What is their main result?",
        "Who wrote it?",
        "When was it trained?",
        "Where is the code?",
        "Thanks! How fast is it?",
        "That's interesting. How fast is it?",
        "Why is that?",
        "What does that mean?",
        "Explain this",
        "Is it better than BERT?",
        "How many people took part in their study?",
        "Was this method tested on phones?",
        "Do humans outperform it?",
        "Which papers does it build on?",
        "Does it cite other papers?",
        "Are there other papers like it?",
        "Hm, so is it slower?",
        "OK, and how do they measure it?",
        "But is it faster?",
        "How do the authors evaluate this?",
        "Could you explain the method to a beginner?",
        "Tell me more about this paper",
        "What are the limitations?",
        "Does the paper say how long training takes?",
        "So how does it work?",
        "Is it open source?",
        "If it is so fast, why does nobody use it?",
    ],
)
def test_what_points_at_something_said_before_leans_on_it(words: str) -> None:
    assert leans_back(words)


@pytest.mark.parametrize(
    "words",
    [
        "How was “Tidepool: scheduling attention on small devices” evaluated, and does it work?",
        "What does “Tidepool: scheduling attention on small devices” say about its volunteers?",
        "What's new in this digest?",
        "Which papers appeared this Friday?",
        "What is speculative decoding and how does it work?",
        "Why do transformers fail at counting?",
        "Which papers are about IT security?",
        "Which papers show that models know when they are wrong?",
        "Do language models understand their own errors?",
        "Do language models know their limits?",
        "Is there a paper on pruning that says how much memory it saves?",
        "So many papers on RAG: which one is best?",
        "But which papers compare BERT and GPT?",
        "And which papers are about pruning?",
        "What's new this week?",
        "Any papers this semester on RAG?",
        "Which papers of this year are on RAG?",
        "Why was paper 2404.12345 picked?",
        "What papers are there on retrieval?",
        "Is it true that transformers can't count?",
        "Is it possible to prune a model without data?",
        "How many volunteers was Tidepool evaluated with?",
        "What is the method of Tidepool?",
        "How does the method in Foldcache work?",
        "When do models fail?",
        "Who wrote Foldcache?",
        "Why are LLMs slow?",
        "What are the limitations of pruning?",
        "Which papers are about caches?",
        "How does Foldcache keep its accuracy?",
        "Is there a data set for reading tables?",
        "hi",
        "thanks",
    ],
)
def test_what_can_be_understood_alone_does_not_lean(words: str) -> None:
    assert not leans_back(words)
