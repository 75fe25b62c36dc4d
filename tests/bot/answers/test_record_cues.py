"""Which questions arXiv's record answers."""

import pytest

from bot.answers.record_cues import asks_for_record
from tests.bot.summaries.papers import paper

WITH_CODE = paper(comment="Accepted at ACL 2026 (Findings). 12 pages; code at https://code.example/fold")


@pytest.mark.parametrize(
    "question",
    [
        "When was it published?",
        "when was this paper last updated",
        "When was published?",
        "When was Foldcache submitted?",
        "When was “Foldcache: folding memory” published?",
        "what year is it from?",
        "And when?",
        "How old is this paper?",
        "Which of the two papers was published first?",
        "Which is older?",
        "was it accepted?",
        "Where was the second paper accepted?",
        "Which of these papers were accepted?",
        "Did it get into NeurIPS?",
        "Is this peer-reviewed?",
        "which venue?",
        "Has it been retracted?",
        "how many pages?",
        "which category?",
        "What arXiv category is this paper in?",
        "Which version is this?",
        "How should I cite this paper?",
        "who wrote it?",
        "Who wrote?",
        "How many authors does it have?",
        "Where is the code?",
        "Do they have a github?",
        "What is the license?",
        "What's the licence of this paper?",
        "How is it licensed?",
        "Is there a new version of this paper?",
        "Is there a newer version?",
        "Is there a v3?",
        "Has it been updated since?",
        "Was the paper revised?",
        "When was v2 posted?",
        "When was version 3 submitted?",
        "is it at NeurIPS?",
        "Did it appear in Nature?",
        "Is this an ICLR paper?",
        "Which of these two came out first?",
        "Which one is newer?",
        "Which paper is the latest?",
        "How many authors?",
        "How many authors are on this paper?",
        "How many pages long is it?",
        "Tell me how many pages the paper has.",
        "How many authors contributed?",
        "How many authors were involved?",
        "How many pages in total?",
        "How many versions exist?",
        "How many versions of it are there?",
        "Which highlight is the oldest?",
        "Which work is the oldest?",
        "Which paper in this digest is the newest?",
        "Which article from this week is newest?",
        "Was it replaced?",
    ],
)
def test_questions_that_the_record_answers_are_known(question: str) -> None:
    assert asks_for_record(question, [WITH_CODE])


@pytest.mark.parametrize(
    "question",
    [
        "How much memory does it keep?",
        "When was the dataset collected?",
        "When is the cache updated?",
        "Where is the model deployed?",
        "Which datasets were released?",
        "Which version of BERT is used?",
        "What categories does the classifier predict?",
        "How long does training take?",
        "How many annotators wrote questions?",
        "Is it faster than BERT?",
        "What is the licence of the dataset?",
        "Is code included in the training data?",
        "Which model is the latest?",
        "Which of the models is the newest?",
        "How many authors annotated the data?",
        "How many pages of text were crawled?",
        "Is there a new version of the loss?",
        "Is it updated online?",
        "Was the model revised?",
        "Was it updated with SGD?",
        "Is it in nature stochastic?",
        "Is it at inference time?",
        "How is the code model trained?",
        "How many authors did they recruit?",
        "How many authors were asked to label examples?",
        "How many versions of the model are there?",
        "How many pages of training data are used?",
        "Which model in this paper is the newest?",
        "Was ImageNet updated?",
        "Was GPT-4 updated recently?",
        "Was Adam replaced?",
        "Was it replaced after training?",
        "Was it revised on each step?",
    ],
)
def test_questions_about_what_a_paper_says_are_none(question: str) -> None:
    assert not asks_for_record(question, [WITH_CODE])


def test_a_record_without_a_word_of_code_does_not_answer_where_it_is() -> None:
    assert not asks_for_record("Where is the code?", [paper(comment="12 pages")])
