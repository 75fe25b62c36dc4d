"""What speaks for passages and papers, and what fits into a budget."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.bm25 import stem_ids
from bot.answers.features import MEANING_FEATURES, WORD_FEATURES, PaperWords, meanings, word_features
from bot.answers.likely import PAPER_FEATURES, likeliest, log_shares, paper_features
from bot.answers.packing import packed
from bot.answers.ranking import Contender, confidence, paper_scores, passage_scores
from tests.storage.records import passage

TEXTS = (
    ("1 Introduction", "Attention is costly, and folding might help with long inputs of any kind."),
    ("3 Data", "We collected a corpus of 4,000 tweets that two annotators labelled by hand."),
    ("4 Model", "The encoder has six layers, and each layer folds its keys before the next."),
    ("5 Results", "Accuracy improves by two points over the best baseline on every dataset."),
)


def words_of_paper() -> PaperWords:
    parts = [passage(number, heading=heading, text=text) for number, (heading, text) in enumerate(TEXTS)]
    return PaperWords.of(title="Folds", abstract="", passages=parts)


def scores(question: str, cosines: list[float] | None = None, prior: float = 0.0) -> list[float]:
    contender = Contender(
        prior=prior,
        words=word_features(question, words_of_paper()),
        cosines=None if cosines is None else np.asarray(cosines),
    )
    found: list[float] = passage_scores(contender).tolist()
    return found


def test_each_passage_has_every_feature() -> None:
    assert word_features("Which corpus?", words_of_paper()).shape == (4, len(WORD_FEATURES))
    assert meanings(np.asarray([0.1, 0.2, 0.3, 0.0])).shape == (4, len(MEANING_FEATURES))


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("Which dataset was used?", 1),
        ("How many layers does the encoder have?", 2),
        ("How much does accuracy improve?", 3),
    ],
)
def test_the_passage_that_answers_comes_first(question: str, place: int) -> None:
    assert int(np.argmax(scores(question))) == place


def test_a_question_without_any_known_word_is_still_ranked() -> None:
    found = scores("Warum?")

    assert np.isfinite(found).all()


def test_meaning_decides_where_words_do_not() -> None:
    found = scores("Wie schnell?", [0.1, 0.1, 0.1, 0.9])

    assert int(np.argmax(found)) == 3


def test_the_shares_of_a_papers_passages_make_up_its_prior() -> None:
    found = scores("Which corpus?", [0.3, 0.5, 0.1, 0.2], prior=-1.5)

    assert np.log(np.exp(found).sum()) == pytest.approx(-1.5)


def test_a_neighbour_of_a_likely_passage_gains() -> None:
    near = meanings(np.asarray([0.1, 0.9, 0.1, 0.1]))[:, 1]

    assert near[0] > near[3]


def test_the_heading_is_not_counted_twice() -> None:
    part = passage(heading="3 Data", text="3 Data\n\nTweets.")

    words = PaperWords.of(title="", abstract="", passages=[part])

    assert words.passages.totals(stem_ids(["data"])).tolist() == [1]


def test_confidence_adds_likeness_and_words_or_is_of_words_alone() -> None:
    def of(question: str, cosines: list[float] | None = None) -> float:
        words = word_features(question, words_of_paper())
        likeness = None if cosines is None else np.asarray(cosines)
        return confidence([Contender(prior=0, words=words, cosines=likeness)])

    assert of("Which corpus?", [0.1, 0.7, 0.2, 0.0]) == pytest.approx(0.7 + 0.5)
    assert of("tweets") == pytest.approx(1.0)
    assert of("zebras") == 0.0


def test_a_paper_is_likely_by_its_words_and_its_nearest_passage() -> None:
    words = np.asarray([[1.0, 1.0], [1.0, 1.0], [0.0, 0.0]])
    features = paper_features(words, {"b": [0.6, 0.2], "a": [0.4]}, ["a", "b", "c"])

    found = paper_scores(features, has_vectors=True)

    assert features.shape == (3, len(PAPER_FEATURES))
    assert found.argsort()[::-1].tolist() == [1, 0, 2]
    assert np.exp(found).sum() == pytest.approx(1.0)


def test_a_paper_far_from_the_question_is_as_near_as_the_last_one_known() -> None:
    features = paper_features(np.zeros((3, 2)), {"b": [0.6, 0.2], "a": [0.4]}, ["a", "b", "c"])

    assert features[2, -1] < features[0, -1] < features[1, -1]


@pytest.mark.parametrize(
    ("shares", "expected"),
    [([0.05, 0.9, 0.05], [1]), ([0.3, 0.1, 0.4, 0.2], [2, 0, 3]), ([0.1] * 10, [*range(8)]), ([1.0], [0])],
)
def test_as_many_papers_are_searched_as_hold_most_of_the_likelihood(
    shares: list[float], expected: list[int]
) -> None:
    assert likeliest(np.log(shares)) == expected


def test_words_alone_choose_papers_without_vectors() -> None:
    features = paper_features(np.asarray([[0.0, 0.0], [2.0, 3.0]]), None, ["a", "b"])

    assert int(np.argmax(paper_scores(features, has_vectors=False))) == 1


def test_what_does_not_fit_is_skipped() -> None:
    assert packed(np.asarray([0.0, -1.0, -2.0]), [100, 80, 40], 150) == [0, 2]


def test_two_short_passages_beat_a_long_one_that_is_hardly_likelier() -> None:
    assert packed(np.log([0.3, 0.28, 0.28]), [150, 40, 40], 150) == [1, 2]


@given(
    st.lists(st.tuples(st.floats(-20, 0), st.integers(0, 200)), max_size=30),
    st.integers(0, 600),
)
def test_a_budget_is_kept_and_the_likeliest_come_first(parts: list[tuple[float, int]], budget: int) -> None:
    found_scores = np.asarray([score for score, _ in parts])
    words = [count for _, count in parts]

    taken = packed(found_scores, words, budget)

    assert sum(words[place] for place in taken) <= budget
    assert [found_scores[place] for place in taken] == sorted(found_scores[taken], reverse=True)
    assert len(set(taken)) == len(taken)


@given(st.lists(st.floats(-300, 300), min_size=1, max_size=20))
def test_shares_sum_to_one(values: list[float]) -> None:
    assert np.exp(log_shares(np.asarray(values))).sum() == pytest.approx(1.0)
