"""Learns the weights in `bot/answers/weights.py` from QASPER's training papers, and prints them.

The weights of words, places and sections come from all training papers except the first `DEVELOPMENT`;
those of meaning and of papers, eight numbers, from these first ones, on which the design choices were made
too. The validation papers are only for reporting.
"""

import asyncio
from collections.abc import Sequence

import numpy as np

from bot.answers.bm25 import Array
from bot.answers.features import MEANING_FEATURES, WORD_FEATURES, PaperWords, meanings, word_features
from bot.answers.likely import PAPER_FEATURES
from tests.benchmarks._corpus import Corpus, cosines_of
from tests.benchmarks._qasper import QasperPaper, Question, papers, questions
from tests.benchmarks._softmax import Group, learned
from tests.benchmarks.table import Row

DEVELOPMENT = 50
_PENALTY = 10.0
_HELD_SHARE = 0.3
"""The least share of a gold paragraph that a passage must contain to be right."""


def run() -> list[Row]:
    """Learn the weights; takes minutes."""
    words = word_weights(word_groups(papers("train", DEVELOPMENT)))
    corpus = asyncio.run(Corpus.of(papers("train", 0, DEVELOPMENT)))
    asked = [question for question in questions("train", corpus.papers) if question.gold]
    meaning = meaning_weights(corpus, asked, words)
    of_papers = {
        has_vectors: learned(
            [
                Group(
                    features=corpus.paper_features(question, has_vectors=has_vectors),
                    right=np.asarray([key == question.paper_key for key in corpus.keys], float),
                )
                for question in asked
            ],
            penalty=_PENALTY / 5,
        )
        for has_vectors in (True, False)
    }
    return [
        *_rows("WORD_WEIGHTS", WORD_FEATURES, words),
        *_rows("MEANING_WEIGHTS", ("words", *MEANING_FEATURES), meaning),
        *_rows("PAPER_WEIGHTS", PAPER_FEATURES, of_papers[True]),
        *_rows("PAPER_WEIGHTS_WITHOUT_VECTORS", PAPER_FEATURES, of_papers[False]),
    ]


def word_groups(chosen: list[QasperPaper]) -> list[Group]:
    """The questions about these papers with `WORD_FEATURES`."""
    by_key = {paper.key: paper for paper in chosen}
    words = {
        paper.key: PaperWords.of(
            title=paper.title, abstract="", passages=[unit.passage for unit in paper.passages]
        )
        for paper in chosen
    }
    groups = [
        Group(
            features=word_features(question.text, words[question.paper_key]),
            right=right(by_key[question.paper_key], question),
        )
        for question in questions("train", chosen)
        if question.gold
    ]
    return [group for group in groups if group.right.any()]


def word_weights(groups: list[Group], left_out: Sequence[str] = ()) -> Array:
    """The weights of `WORD_FEATURES`; 0 for those left out."""
    kept = [number for number, name in enumerate(WORD_FEATURES) if name not in left_out]
    weights = np.zeros(len(WORD_FEATURES))
    weights[kept] = learned(
        [Group(features=group.features[:, kept], right=group.right) for group in groups], penalty=_PENALTY
    )
    return weights


def meaning_weights(corpus: Corpus, asked: list[Question], words: Array) -> Array:
    """The weights of the words' score and of `MEANING_FEATURES`."""
    groups = []
    for question in asked:
        paper = corpus.by_key[question.paper_key]
        cosines = cosines_of(question, corpus, paper.key)
        score = word_features(question.text, corpus.words[paper.key]) @ words
        groups.append(
            Group(
                features=np.column_stack([score, meanings(cosines)]),
                right=right(paper, question),
            )
        )
    return learned([group for group in groups if group.right.any()], penalty=1.0)


def right(paper: QasperPaper, question: Question) -> Array:
    """Which of the paper's passages contain enough of a gold paragraph: 1 or 0 each."""
    gold = set(question.gold)
    return np.asarray(
        [
            any(place in gold and share >= _HELD_SHARE for place, share in unit.covers.items())
            for unit in paper.passages
        ],
        float,
    )


def _rows(case: str, names: tuple[str, ...], values: Array) -> list[Row]:
    return [
        Row(benchmark="weights", case=case, system=name, metric="weight", value=float(value))
        for name, value in zip(names, values, strict=True)
    ]
