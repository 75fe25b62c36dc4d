"""What a question's own words tell."""

from datetime import UTC, datetime

import pytest

from bot.answers.asked import (
    TURNS,
    asks_of_others,
    asks_of_week,
    is_small_talk,
    remembered,
    searched_for,
)
from storage.model import Turn

NOW = datetime(2026, 11, 20, tzinfo=UTC)
BEFORE = (Turn(question="How much memory does Foldcache keep?", answer="12.5 %.", user_id=1, asked_at=NOW),)


@pytest.mark.parametrize(
    "words",
    [
        "hi",
        "Hello there!",
        "Thank you so much!",
        "good morning everyone",
        "Test.",
        "What\u2019s up?",
        "help",
        "Help me, please!",
        "What can you do?",
        "hi! what can you do?",
        "Hello, bot. How do I use this bot?",
        "thanks, that helps",
        "thanks \U0001f64f",
        "Thanks!\u2764\ufe0f",
        "hi <:wave:123456>",
        "OK, thanks a lot \u2013 that\u2019s very helpful!",
    ],
)
def test_small_talk_and_calls_for_help_are_known(words: str) -> None:
    assert is_small_talk(words)


@pytest.mark.parametrize(
    "words",
    [
        "Hi, how much memory does Foldcache keep?",
        "What test set was used?",
        "Who are you comparing with in Table 2?",
        "Is it OK to fold keys twice?",
        "thanks to what does it get faster?",
        "Does that help?",
        "What can it do?",
        "How do I use it?",
        "What helps?",
        "Thanks, that helps. And how fast is it?",
    ],
)
def test_a_question_with_a_greeting_is_a_question(words: str) -> None:
    assert not is_small_talk(words)


@pytest.mark.parametrize(
    "words",
    ["And how accurate is it?", "Why?", "What about H2O?", "How did the authors of the study measure that?"],
)
def test_a_question_that_leans_on_the_last_one_is_searched_for_with_it(words: str) -> None:
    assert searched_for(words, BEFORE) == f"{BEFORE[0].question} {words}"


def test_a_question_of_its_own_is_searched_for_alone() -> None:
    alone = "Which optimiser and learning rate were used to train Tidepool on phones?"

    assert searched_for(alone, BEFORE) == alone
    assert searched_for("And how accurate is it?", ()) == "And how accurate is it?"


def turns(*questions: str) -> tuple[Turn, ...]:
    return tuple(Turn(question=question, answer="", user_id=1, asked_at=NOW) for question in questions)


ALONE = "Which optimiser and learning rate were used to train Tidepool on phones?"


def test_a_chain_of_questions_that_lean_on_each_other_goes_back_to_the_one_that_stands_alone() -> None:
    before = turns("How much of the key-value memory does Foldcache keep?", ALONE, "And how accurate is it?")

    assert searched_for("Why is that?", before) == f"{ALONE} And how accurate is it? Why is that?"


def test_the_last_turns_are_remembered() -> None:
    asked = turns(*(f"{ALONE} {number}" for number in range(TURNS + 2)))

    assert remembered(asked) == asked[2:]


def test_the_question_that_all_later_ones_lean_on_is_remembered_with_them() -> None:
    asked = turns(ALONE, *(f"And in Table {number}?" for number in range(TURNS + 1)))

    assert remembered(asked) == (asked[0], *asked[-TURNS + 1 :])
    assert remembered(asked[1:]) == asked[2:]


@pytest.mark.parametrize(
    ("question", "of_week", "of_others"),
    [
        ("Which other papers this week are about caches?", True, True),
        ("What's new this week?", True, False),
        ("Is anything else in the digest about caches?", True, False),
        ("What other papers are there on this?", False, True),
        ("Is there another paper like it?", False, True),
        ("Was it updated this week?", False, False),
        ("Which other papers does it build on?", False, False),
        ("Does it cite other papers?", False, False),
        ("How is that different from other papers?", False, False),
        ("Which papers are about caches?", False, False),
        ("What's new in the digest?", True, False),
        ("What is in the digest?", True, False),
        ("How long did they digest the samples?", False, False),
        ("What hash digest does it use?", False, False),
        ("Does the enzyme digest collagen?", False, False),
        ("Does the digest size matter for anything?", False, False),
        ("Does this paper outperform other papers?", False, False),
        ("Which other papers outperform this one?", False, True),
        ("How many other papers does the dataset contain?", False, False),
        ("Are there other papers in its dataset?", False, False),
        ("Are there other papers that use this dataset?", False, True),
        ("Is the accuracy higher than in other papers?", False, False),
    ],
)
def test_what_is_asked_of_the_week_and_of_other_papers_is_known(
    question: str, of_week: bool, of_others: bool
) -> None:
    assert (asks_of_week(question), asks_of_others(question)) == (of_week, of_others)
