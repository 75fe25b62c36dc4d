"""Which papers of a wide scope a question is likely about (pure).

Apart from `ranking`, which needs weights for all features: they are learned with what is here and in
`features`.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from bot.answers.bm25 import Array, bm25, stem_ids
from bot.answers.features import PaperWords
from bot.answers.terms import stems

PAPER_FEATURES = ("front words", "body words", "best likeness")

_LIKELY_SHARE = 0.8
MOST_LIKELY = 8
"""Searching a paper takes about 5 ms. On the development papers at most 5 find .565 of the evidence, at most
8 .587, at most 12 .581; stopping once .8 of the likelihood is reached, half the time at 3 or fewer, loses
nothing."""


def word_scores(question: str, papers: Sequence[PaperWords]) -> Array:
    """BM25 of each paper's title with abstract, and of its text as a whole; shape (papers, 2).

    Which words are rare is judged among these papers, of which there is at least one.
    """
    asked = stem_ids(dict.fromkeys(stems(question)))
    fronts, texts = [paper.front for paper in papers], [paper.passages for paper in papers]
    scores = [
        bm25(
            np.stack([index.totals(asked) for index in indexes]),
            np.asarray([index.length for index in indexes]),
        )
        for indexes in (fronts, texts)
    ]
    return np.stack(scores, axis=1)


def paper_features(words: Array, cosines: Mapping[str, Sequence[float]] | None, keys: Sequence[str]) -> Array:
    """The features of each paper, in standard deviations; shape (papers, len(PAPER_FEATURES)).

    Args:
        words: `word_scores` of the same papers.
        cosines: By paper key, the likeness to the question of those of its passages that are among the
            nearest; None without vectors.
        keys: The papers.
    """
    meanings = np.zeros((len(keys), 1))
    if cosines:
        # A paper without a passage among the nearest is at best as near as the last of them.
        floor = min(min(found) for found in cosines.values())
        meanings[:, 0] = [max(cosines.get(key, (floor,))) for key in keys]
    columns = np.concatenate([words, meanings], axis=1)
    standard: Array = (columns - columns.mean(axis=0)) / (columns.std(axis=0) + 1e-6)
    return standard


def log_shares(scores: Array) -> Array:
    """The logarithm of each score's share in a softmax."""
    shifted = scores - scores.max()
    shares: Array = shifted - np.log(np.exp(shifted).sum())
    return shares


def likeliest(scores: Array, *, most: int = MOST_LIKELY) -> list[int]:
    """The positions of the likeliest papers, in order: as many as make up most of the likelihood.

    Args:
        scores: Logarithms of each paper's likelihood, which sum to one.
        most: The most to return.
    """
    order = np.argsort(-scores, kind="stable")
    enough = int(np.searchsorted(np.cumsum(np.exp(scores[order])), _LIKELY_SHARE)) + 1
    return [int(place) for place in order[: min(enough, most)]]
