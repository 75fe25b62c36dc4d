"""What each idea in retrieval adds, on the development papers: the first of QASPER's training papers.

For each variant, the weights of words are learned again from the other training papers, without what is left
out.

Tried earlier and dropped, because it added nothing there or too little for its cost: passages of at least
12 or 25 words, or at most 100 or 200; BM25 with the rarity of words in general beside that in the paper,
the densest window of words, pairs of words (.005), matches in the heading alone, BM25 of neighbours, what a
passage is about regardless of the question, kinds of sections crossed with kinds of questions; for choosing
papers, the title by itself, and the mean of the best three passages.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from bot.answers.bm25 import Array
from bot.answers.features import WORD_FEATURES, meanings, word_features
from bot.answers.likely import MOST_LIKELY, PAPER_FEATURES, likeliest, log_shares
from bot.answers.packing import LENGTH_WEIGHT, packed
from bot.answers.weights import MEANING_WEIGHTS, PAPER_WEIGHTS
from tests.benchmarks._corpus import Corpus, cosines_of
from tests.benchmarks._qasper import Question, Unit, papers, questions
from tests.benchmarks._systems import BUDGET_WORDS
from tests.benchmarks.retrieval import scored
from tests.benchmarks.table import Row
from tests.benchmarks.weights import DEVELOPMENT, word_groups, word_weights

_PLACE = tuple(name for name in WORD_FEATURES if name.startswith(("position", "first", "in ")))
_ASKED = tuple(name for name in WORD_FEATURES if name.startswith("asks "))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Variant:
    """Our system with something left out or changed; the defaults are the whole system."""

    words: Array
    meaning: tuple[float, float] = (MEANING_WEIGHTS["likeness"], MEANING_WEIGHTS["likeness of neighbours"])
    length_weight: float = LENGTH_WEIGHT
    papers: int = MOST_LIKELY
    paper_features: tuple[str, ...] = PAPER_FEATURES

    def scores(self, corpus: Corpus, question: Question, key: str) -> Array:
        judged = MEANING_WEIGHTS["words"] * (word_features(question.text, corpus.words[key]) @ self.words)
        return log_shares(judged + meanings(cosines_of(question, corpus, key)) @ np.asarray(self.meaning))

    def priors(self, corpus: Corpus, question: Question) -> Array:
        weights = [PAPER_WEIGHTS[name] if name in self.paper_features else 0.0 for name in PAPER_FEATURES]
        return log_shares(corpus.paper_features(question, has_vectors=True) @ np.asarray(weights))

    def taken(self, corpus: Corpus, question: Question, *, within: bool) -> list[Unit]:
        keys, priors = [question.paper_key], np.zeros(1)
        if not within:
            of_all = self.priors(corpus, question)
            order = likeliest(of_all, most=self.papers)
            keys, priors = [corpus.keys[place] for place in order], of_all[order]
        scores = np.concatenate(
            [prior + self.scores(corpus, question, key) for key, prior in zip(keys, priors, strict=True)]
        )
        units = [unit for key in keys for unit in corpus.by_key[key].passages]
        places = packed(
            scores, [unit.words for unit in units], BUDGET_WORDS, length_weight=self.length_weight
        )
        return [units[place] for place in places]


def run() -> list[Row]:
    """Compare variants within a paper and over all development papers; takes minutes."""
    corpus = asyncio.run(Corpus.of(papers("train", 0, DEVELOPMENT)))
    asked = [question for question in questions("train", corpus.papers) if question.gold]
    learned = partial(word_weights, word_groups(papers("train", DEVELOPMENT)))
    words = learned()
    ours = partial(_Variant, words=words)
    within: dict[str, _Variant] = {
        "BM25 of passages": _Variant(words=_only_bm25(), meaning=(0.0, 0.0), length_weight=0.0),
        "ours": ours(),
        "without coverage": _Variant(words=learned(("coverage",))),
        "without place and section": _Variant(words=learned(_PLACE)),
        "without what is asked for": _Variant(words=learned(_ASKED)),
        "without neighbours": ours(meaning=(sum(ours().meaning), 0.0)),
        "without meaning": ours(meaning=(0.0, 0.0)),
        "the likeliest first": ours(length_weight=0.0),
        "the likeliest word first": ours(length_weight=1.0),
    }
    over_all: dict[str, _Variant] = {
        "ours": ours(),
        "without the front's words": ours(paper_features=PAPER_FEATURES[1:]),
        "without the text's words": ours(paper_features=(PAPER_FEATURES[0], PAPER_FEATURES[2])),
        "without the nearest passages": ours(paper_features=PAPER_FEATURES[:2]),
        **{f"{count} likely papers at most": ours(papers=count) for count in (1, 3, 5, 12)},
    }
    return [
        row
        for case, variants in (("within", within), ("open", over_all))
        for name, variant in variants.items()
        for row in _scored(f"{case}, {len(corpus.papers)} training papers", name, variant, corpus, asked)
    ]


def _scored(case: str, name: str, variant: _Variant, corpus: Corpus, asked: Sequence[Question]) -> list[Row]:
    is_within = case.startswith("within")
    taken = [variant.taken(corpus, question, within=is_within) for question in asked]
    return [
        Row(benchmark="ablation", case=case, system=row.system, metric=row.metric, value=row.value)
        for row in scored(case, name, asked, taken)
    ]


def _only_bm25() -> Array:
    weights = np.zeros(len(WORD_FEATURES))
    weights[WORD_FEATURES.index("bm25")] = 1.0
    return weights
