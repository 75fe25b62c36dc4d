"""Whether the retrieval score alone can tell that a paper does not answer a question.

QASPER's validation questions, each asked of its own paper, at thresholds of `Found.confidence`: `rightly
refused` is the share of the unanswerable questions below the threshold, `wrongly refused` that of the
questions with evidence. `AUC` is the chance that an answerable question scores higher than an unanswerable
one; .5 is no better than guessing.
"""

import asyncio
from collections.abc import Sequence

import numpy as np

from bot.answers.features import word_features
from bot.answers.ranking import Contender, confidence
from tests.benchmarks._corpus import Corpus, cosines_of
from tests.benchmarks._qasper import Question, papers, questions
from tests.benchmarks.table import Row

_WRONGLY = (0.01, 0.05, 0.1, 0.2, 0.3, 0.5)


def run() -> list[Row]:
    """The curve for scores from meaning and words, and from words alone."""
    return asyncio.run(_curves())


async def _curves() -> list[Row]:
    chosen = [paper for paper in papers("validation") if paper.passages]
    asked = questions("validation", chosen)
    corpus = await Corpus.of(chosen, "validation")
    rows: list[Row] = []
    for system, has_vectors in (("meaning and words", True), ("words", False)):
        answerable = [
            _score(corpus, question, has_vectors=has_vectors) for question in asked if question.gold
        ]
        others = [
            _score(corpus, question, has_vectors=has_vectors) for question in asked if question.unanswerable
        ]
        rows += _curve(system, answerable, others)
    return rows


def _score(corpus: Corpus, question: Question, *, has_vectors: bool) -> float:
    key = question.paper_key
    cosines = cosines_of(question, corpus, key) if has_vectors else None
    words = word_features(question.text, corpus.words[key])
    return confidence([Contender(prior=0.0, words=words, cosines=cosines)])


def _curve(system: str, answerable: Sequence[float], others: Sequence[float]) -> list[Row]:
    known, unknown = np.asarray(answerable), np.asarray(others)
    higher = (known[:, None] > unknown).mean() + (known[:, None] == unknown).mean() / 2
    rows = [_row(f"all ({len(known)} answerable, {len(unknown)} not)", system, "AUC", float(higher))]
    for share in _WRONGLY:
        threshold = float(np.quantile(known, share))
        case = f"wrongly refused {share:.0%}"
        rows += [
            _row(case, system, "threshold", threshold),
            _row(case, system, "rightly refused", float((unknown < threshold).mean())),
        ]
    return rows


def _row(case: str, system: str, metric: str, value: float) -> Row:
    return Row(benchmark="refusal", case=case, system=system, metric=metric, value=value)
