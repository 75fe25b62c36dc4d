"""Stems, BM25, the topics of questions, and papers as words."""

import tracemalloc
from collections import Counter
from itertools import product

import pytest

from bot.answers.bm25 import Array, WordIndex, bm25, stem_ids
from bot.answers.features import PaperWords
from bot.answers.likely import word_scores
from bot.answers.terms import stems
from bot.answers.topics import SECTIONS, sections_of, topics_of
from tests.storage.records import passage


def index_of(*texts: str) -> WordIndex:
    return WordIndex([Counter(stems(text)) for text in texts])


def scores(index: WordIndex, *asked: str) -> Array:
    return bm25(index.counts(stem_ids(asked)), index.lengths)


def test_forms_of_a_word_share_a_stem_and_stop_words_are_dropped() -> None:
    assert stems("The annotators annotated annotations") == ["annotator", "annotat", "annot"]
    assert stems("datasets and the dataset") == ["dataset", "dataset"]
    assert stems("how is it done") == ["don"]


@pytest.mark.parametrize("joined", ["CIFAR10", "CIFAR-10", "CIFAR 10"])
def test_digits_in_a_name_are_a_word_however_they_are_joined(joined: str) -> None:
    assert stems(f"{joined} and F1 by word2vec") == ["cifar", "10", "f1", "word2vec"]


def test_the_rarer_word_counts_more() -> None:
    index = index_of("cache model", "model table", "model tree")

    rare, common, other = scores(index, "cach", "model")

    assert rare > common
    assert common == pytest.approx(other)


def test_repeating_a_word_is_worth_less_each_time() -> None:
    index = index_of("cache alpha beta gamma", "cache cache beta gamma", "cache cache cache gamma", "delta")

    one, two, three, none = scores(index, "cach")

    assert none == 0 < one < two < three
    assert two - one > three - two


def test_what_is_rare_is_judged_among_the_texts() -> None:
    among_all = scores(index_of("cache model", "cache tree", "model tree"), "cach", "model")
    among_two = scores(index_of("cache tree", "model tree"), "cach", "model")

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


def test_counts_are_those_of_each_text() -> None:
    index = index_of("cache", "cache tree cache", "tree", "cache")

    assert index.counts(stem_ids(["tre", "cach", "none"])).tolist() == [
        [0, 1, 0],
        [1, 2, 0],
        [1, 0, 0],
        [0, 1, 0],
    ]
    assert index.lengths.tolist() == [1, 3, 1, 1]


def test_totals_are_those_of_all_texts_together() -> None:
    index = index_of("cache", "cache tree cache", "tree", "")

    assert index.totals(stem_ids(["tre", "none", "cach"])).tolist() == [2, 0, 3]
    assert index.length == 5
    assert WordIndex([]).totals(stem_ids(["tre"])).tolist() == [0]


def test_the_words_of_a_paper_take_few_bytes() -> None:
    text = " ".join("".join(letters) for letters in product("bcdfghklmp", repeat=3))
    parts = [passage(ordinal, heading="", text=text) for ordinal in range(20)]
    stems(text)  # stems are cached
    tracemalloc.start()

    paper = PaperWords.of(title="", abstract="", passages=parts)

    kept_bytes, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(paper) == 20
    # A number of eight bytes and two places for each word, and two bytes each time a passage has it.
    assert kept_bytes < 1000 * (8 + 4 + 20 * 2) + 10_000


def test_papers_are_scored_by_their_fronts_and_by_their_texts_as_a_whole() -> None:
    caches = words_of("Folding caches", "We fold.", "Keys are evicted.", "Evicted keys are lost.")
    trees = words_of("Parsing trees", "We parse.", "Folding was tried.")

    front, text = word_scores("Which keys does folding evict?", [trees, caches]).T

    assert front[1] > front[0] == 0
    assert text[1] > text[0] > 0
    joined = words_of("Folding caches", "We fold.", "Keys are evicted. Evicted keys are lost.")
    assert (
        word_scores("Which keys?", [trees, joined]).tolist()
        == word_scores("Which keys?", [trees, caches]).tolist()
    )


def words_of(title: str, abstract: str, *texts: str) -> PaperWords:
    parts = [passage(ordinal, heading="", text=text) for ordinal, text in enumerate(texts)]
    return PaperWords.of(title=title, abstract=abstract, passages=parts)
