"""Which papers of a wide scope a question is likely about (pure)."""

from collections.abc import Mapping, Sequence

import numpy as np

from bot.answers.bm25 import Array

PAPER_FEATURES = ("front words", "body words", "best likeness")

_LIKELY_SHARE = 0.8
MOST_LIKELY = 8
"""A paper costs about 5 ms to search. On the development papers 5 at most find .565 of the evidence, 8
at most .587, 12 at most .581; stopping where .8 of the likelihood is reached, half the time at 3 or fewer,
loses nothing."""


def paper_features(words: Array, cosines: Mapping[str, Sequence[float]] | None, keys: Sequence[str]) -> Array:
    """What speaks for each paper, shape (papers, len(PAPER_FEATURES)), in standard deviations.

    Args:
        words: `Shelf.scores` of the same papers.
        cosines: The likeness of a paper's passages to the question by the paper's key, as far as the nearest
            passages are known; None without vectors.
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
    """The logarithm of each score's share of the whole, as a softmax has it."""
    shifted = scores - scores.max()
    shares: Array = shifted - np.log(np.exp(shifted).sum())
    return shares


def likeliest(scores: Array, *, most: int = MOST_LIKELY) -> list[int]:
    """The places of the likeliest papers, in order: as many as hold most of the likelihood.

    Args:
        scores: Logarithms of each paper's likelihood, which sum to one.
        most: How many at most.
    """
    order = np.argsort(-scores, kind="stable")
    enough = int(np.searchsorted(np.cumsum(np.exp(scores[order])), _LIKELY_SHARE)) + 1
    return [int(place) for place in order[: min(enough, most)]]
