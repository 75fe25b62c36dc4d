"""What a question says beside the names of papers."""

from datetime import UTC, datetime

import pytest

from bot.answers.naming import asked_before, is_name_alone, without_ids
from storage.model import Turn

NOW = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    "question",
    [
        "",
        "?",
        "and ?",
        "And what about “Foldcache: folding key-value memory”?",
        "OK, now the same for",
        "What of this paper, then?",
        "How about the one on “Foldcache”?",
    ],
)
def test_these_say_no_more_than_a_name(question: str) -> None:
    assert is_name_alone(question)


@pytest.mark.parametrize(
    "question",
    [
        "tldr",
        "What is about?",
        "And what does say?",
        "limitations?",
        "when?",
        "who wrote",
        "dataset?",
        "说明 。",
    ],
)
def test_these_say_more(question: str) -> None:
    assert not is_name_alone(question)


def before(*questions: str) -> tuple[Turn, ...]:
    return tuple(Turn(question=question, answer="", user_id=1, asked_at=NOW) for question in questions)


@pytest.mark.parametrize(
    ("turns", "asked"),
    [
        (before(), ""),
        (before("2611.00001", "the second paper"), ""),
        (before("tldr of 2611.00001", "And how fast is it?"), "And how fast is it?"),
        (before("tldr of 2611.00001", "And 2611.00002?", "and the third?"), "tldr of"),
        (before("Who wrote paper 99?", "and “Tidepool”?"), "Who wrote ?"),
    ],
)
def test_what_was_asked_before_is_the_latest_that_says_more_than_a_name(
    turns: tuple[Turn, ...], asked: str
) -> None:
    assert asked_before(turns) == asked


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("tldr https://arxiv.org/abs/2404.12345", "tldr"),
        ("2404.12345v2", ""),
        ("Is 2404.12345's memory less than 2404.12346's?", "Is memory less than"),
    ],
)
def test_ids_and_links_are_cut_out_whatever_is_left(question: str, rest: str) -> None:
    assert without_ids(question) == rest
