"""The systems that the benchmark `retrieval` compares: each ranks the passages for a question."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from bot.answers.bm25 import Array, WordIndex, bm25, stem_ids
from bot.answers.features import word_features
from bot.answers.likely import likeliest
from bot.answers.packing import packed
from bot.answers.ranking import Contender, paper_scores, passage_scores
from bot.answers.terms import stems
from bot.llm.port import Vectors
from bot.papers.passages import embedded_text
from tests.benchmarks._cached_vectors import vectors_of
from tests.benchmarks._corpus import Corpus, cosines_of
from tests.benchmarks._qasper import Question, Unit

BUDGET_WORDS = 1500
_RRF = 60
"""Cormack et al., https://doi.org/10.1145/1571941.1572114."""


class Baselines:
    """BM25 and MiniLM over single paragraphs, prefixed with title and heading, and their fusion by rank."""

    def __init__(self, corpus: Corpus, vectors: Vectors) -> None:
        self._corpus = corpus
        self._units = [unit for paper in corpus.papers for unit in paper.paragraphs]
        self._vectors = vectors
        self._places: dict[str, list[int]] = {}
        titles = [paper.title for paper in corpus.papers for _ in paper.paragraphs]
        keys = [paper.key for paper in corpus.papers for _ in paper.paragraphs]
        for place, key in enumerate(keys):
            self._places.setdefault(key, []).append(place)
        self._index = WordIndex(
            [
                Counter(stems(embedded_text(title, unit.passage)))
                for unit, title in zip(self._units, titles, strict=True)
            ]
        )

    @classmethod
    async def of(cls, corpus: Corpus) -> "Baselines":
        """The baselines for this corpus; embeds what is not cached yet."""
        texts = [
            embedded_text(paper.title, unit.passage) for paper in corpus.papers for unit in paper.paragraphs
        ]
        return cls(corpus, await vectors_of(texts))

    def ranked(self, question: Question, *, within: bool) -> dict[str, list[Unit]]:
        """The paragraphs of the question's paper, or of all, in each system's order."""
        all_places = np.arange(len(self._units))
        places = np.asarray(self._places[question.paper_key]) if within else all_places
        asked = stem_ids(dict.fromkeys(stems(question.text)))
        words = bm25(self._index.counts(asked)[places], self._index.lengths[places])
        meaning = (self._vectors[places] @ self._corpus.asked[question.text]).astype(float)
        fused = 1 / (_RRF + _ranks(words)) + 1 / (_RRF + _ranks(meaning))
        systems = {"BM25": words, "MiniLM": meaning, "fusion": fused}
        return {
            name: [self._units[places[place]] for place in np.argsort(-scores, kind="stable")]
            for name, scores in systems.items()
        }


def _ranks(scores: Array) -> Array:
    ranks = np.empty(len(scores))
    ranks[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
    return ranks


def fitting(ranked: Sequence[Unit]) -> list[Unit]:
    """The first units that fit into the budget; those that don't fit are skipped."""
    taken, left = [], BUDGET_WORDS
    for unit in ranked:
        if unit.words <= left:
            taken.append(unit)
            left -= unit.words
    return taken


def ours(corpus: Corpus, question: Question, *, within: bool, has_vectors: bool = True) -> list[Unit]:
    """The passages that the production code chooses."""
    keys: Sequence[str] = [question.paper_key]
    priors: Array = np.zeros(1)
    if not within:
        of_all = paper_scores(
            corpus.paper_features(question, has_vectors=has_vectors), has_vectors=has_vectors
        )
        order = likeliest(of_all)
        keys, priors = [corpus.keys[place] for place in order], of_all[order]
    scores = np.concatenate(
        [
            passage_scores(
                Contender(
                    prior=float(prior),
                    words=word_features(question.text, corpus.words[key]),
                    cosines=cosines_of(question, corpus, key) if has_vectors else None,
                ),
            )
            for key, prior in zip(keys, priors, strict=True)
        ]
    )
    units = [unit for key in keys for unit in corpus.by_key[key].passages]
    return [units[place] for place in packed(scores, [unit.words for unit in units], BUDGET_WORDS)]
