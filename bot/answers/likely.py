"""Which papers of a wide scope a question is likely about (pure)."""

from collections.abc import Mapping, Sequence

import numpy as np

from bot.answers.bm25 import Array

PAPER_FEATURES = ("front words", "body words", "best likeness")


def paper_features(words: Array, cosines: Mapping[str, Sequence[float]] | None, keys: Sequence[str]) -> Array:
    """What speaks for each paper, shape (papers, len(PAPER_FEATURES)), in standard deviations.

    Args:
        words: `Catalogue.scores` of the same papers.
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
