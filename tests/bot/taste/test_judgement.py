"""How well a paper matches the interests."""

from collections.abc import Callable

import numpy as np
import pytest

from bot.taste.judgement import Judgement, quoted
from bot.taste.words import PaperWords
from storage.model import Paper

NewPaper = Callable[..., Paper]


def judged(*, words: list[list[float]], meaning: list[list[float]] | None) -> Judgement:
    """Papers that say nothing, judged so for two topics."""
    return Judgement(
        topics=["cats", "dogs"],
        read=[PaperWords(title=[], abstract=[])] * len(words),
        words=np.array(words),
        meaning=None if meaning is None else np.array(meaning),
    )


def test_the_best_topic_counts_and_a_little_the_mean_of_all() -> None:
    words = [[0.7, 0.0], [0.1, 0.3]]

    assert judged(words=words, meaning=None).scores() == pytest.approx([0.7 + 0.35, 0.3 + 0.2])


def test_a_topic_in_words_counts_as_three_standard_deviations_of_meaning() -> None:
    scores = judged(words=[[0.5, 0.0]], meaning=[[1.0, 2.0]]).scores()

    assert scores == pytest.approx([2.5 + (2.5 + 2.0) / 2])


@pytest.mark.parametrize(
    ("nearness", "reasons"),
    [
        (0.7, []),
        (0.8, ['somewhat close in meaning to "dogs"']),
        (1.4, ['somewhat close in meaning to "dogs"']),
        (1.6, ['close in meaning to "dogs"']),
    ],
)
def test_a_reason_says_how_close_a_paper_is(nearness: float, reasons: list[str]) -> None:
    assert judged(words=[[0.0, 0.0]], meaning=[[0.2, nearness]]).reasons(0) == reasons


def test_meaning_is_compared_within_the_week_for_each_topic(paper: NewPaper) -> None:
    week = [paper("One"), paper("Two"), paper("Three")]
    vectors = dict(zip((one.id for one in week), np.eye(3, dtype=np.float32), strict=True))
    near_to_all, near_to_one = [0.9, 0.8, 0.7], [0.0, 0.0, 0.3]

    found = Judgement.of(week, ["cats", "dogs"], vectors, np.array([near_to_all, near_to_one], np.float32))

    assert found.meaning is not None
    assert found.meaning.mean(axis=0) == pytest.approx([0, 0], abs=1e-6)
    assert found.meaning.std(axis=0) == pytest.approx([1, 1])
    assert found.meaning.argmax(axis=0).tolist() == [0, 2]


def test_a_topic_without_a_word_that_means_something_matches_nothing(paper: NewPaper) -> None:
    assert Judgement.of([paper("What is new")], ["what is new"], None, None).reasons(0) == []


def test_long_words_are_quoted_up_to_sixty_characters() -> None:
    assert quoted("x" * 60) == f'"{"x" * 60}"'
    assert quoted("x" * 61) == f'"{"x" * 59}…"'
    assert quoted(f"{'x' * 58} {'y' * 9}") == f'"{"x" * 58}…"'
