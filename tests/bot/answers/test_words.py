"""Stems, BM25, the topics of questions, and the shelf of papers by words."""

import tracemalloc
from collections import Counter

import numpy as np
import pytest

from bot.answers.bm25 import WordIndex
from bot.answers.shelf import Shelf, Volume
from bot.answers.terms import stems
from bot.answers.topics import SECTIONS, sections_of, topics_of
from tests.storage.records import passage


def index_of(*texts: str) -> WordIndex:
    index = WordIndex()
    for text in texts:
        index.add(Counter(stems(text)))
    return index


def test_forms_of_a_word_share_a_stem_and_stop_words_are_dropped() -> None:
    assert stems("The annotators annotated annotations") == ["annotator", "annotat", "annot"]
    assert stems("datasets and the dataset") == ["dataset", "dataset"]
    assert stems("how is it done") == ["don"]


@pytest.mark.parametrize("joined", ["CIFAR10", "CIFAR-10", "CIFAR 10"])
def test_digits_in_a_name_are_a_word_however_they_are_joined(joined: str) -> None:
    assert stems(f"{joined} and F1 by word2vec") == ["cifar", "10", "f1", "word2vec"]


def test_the_rarer_word_counts_more() -> None:
    index = index_of("cache model", "model table", "model tree")

    scores = index.scores(["cach", "model"], np.arange(3))

    assert scores[0] > scores[1]
    assert scores[1] == pytest.approx(scores[2])


def test_repeating_a_word_is_worth_less_each_time() -> None:
    index = index_of("cache alpha beta gamma", "cache cache beta gamma", "cache cache cache gamma", "delta")

    one, two, three, none = index.scores(["cach"], np.arange(4))

    assert none == 0 < one < two < three
    assert two - one > three - two


def test_what_is_rare_is_judged_among_the_chosen() -> None:
    index = index_of("cache model", "cache tree", "model tree")

    among_all = index.scores(["cach", "model"], np.arange(3))
    among_two = index.scores(["cach", "model"], np.asarray([1, 2]))

    assert among_all[1] == pytest.approx(among_all[2])
    assert len(among_two) == 2
    assert among_two[0] == pytest.approx(among_two[1])


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which datasets are used?", ("data",)),
        ("How many annotators were there?", ("data", "size", "people")),
        ("How do they train it?", ("how",)),
        ("Which baselines do they compare with, and by what metric?", ("baseline", "metric")),
        ("Who wrote it?", ()),
    ],
)
def test_questions_show_what_they_ask_for(question: str, expected: tuple[str, ...]) -> None:
    assert topics_of(question) == expected


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("4.1 Data Collection", {"data"}),
        ("Experimental Setup", {"experiment"}),
        ("2 Related Work", {"related"}),
        ("Analysis of our model's errors", {"result", "method"}),
        ("", set()),
    ],
)
def test_headings_show_what_a_section_holds(heading: str, expected: set[str]) -> None:
    found = {name for name, holds in zip(SECTIONS, sections_of(heading), strict=True) if holds}

    assert found == expected


def test_counts_are_those_of_the_texts_that_are_asked_for() -> None:
    index = index_of("cache", "cache tree cache", "tree", "cache")

    assert index.counts(["tre", "cach", "none"], range(1, 3)).tolist() == [[1, 2, 0], [1, 0, 0]]
    assert index.lengths(range(1, 3)).tolist() == [3, 1]


def test_groups_of_texts_are_scored_as_if_each_were_one_text() -> None:
    parts = [["cache model cache"], ["tree", "model tree table"], ["cache", "table", "cache model"]]
    asked, apart = ["cach", "model", "none"], index_of(*(text for group in parts for text in group))
    joined, sizes = index_of(*map(" ".join, parts)), np.asarray([len(group) for group in parts])

    for chosen in (np.arange(3), np.asarray([2, 0]), np.asarray([1]), np.asarray([], np.intp)):
        found = apart.scores_of_groups(asked, chosen, sizes)
        assert found.tolist() == joined.scores(asked, chosen).tolist()


def test_the_words_of_a_paper_are_kept_once() -> None:
    shelf, words = Shelf(), [f"word{number:03}" for number in range(1000)]
    shelf.add("first", volume("", "", " ".join(words)))
    tracemalloc.start()

    for number in range(100):
        shelf.add(f"{number}", volume("", "", " ".join(words)))

    kept_bytes, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept_bytes < 100 * len(words) * 9  # a number of four bytes and a count of two, with room to grow


def test_the_shelf_knows_papers_by_their_fronts_and_their_texts() -> None:
    shelf = Shelf()
    shelf.add("a", volume("Folding caches", "We fold.", "Keys are evicted."))
    shelf.add("b", volume("Parsing trees", "We parse.", "Folding was tried."))

    front, text = shelf.scores("Which keys does folding evict?", ["b", "a"]).T

    assert "a" in shelf
    assert "c" not in shelf
    assert shelf.titles_of(["b"]) == {"b": "Parsing trees"}
    assert front[1] > front[0] == 0
    assert text[1] > text[0] > 0


def volume(title: str, abstract: str, text: str) -> Volume:
    return Volume.of(title=title, abstract=abstract, passages=[passage(heading="", text=text)])
