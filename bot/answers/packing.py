"""Which of the ranked passages fit into a budget of words (pure)."""

from collections.abc import Sequence

import numpy as np

from bot.answers.bm25 import Array

LENGTH_WEIGHT = 0.4
"""How much a passage's length counts against it: a budget is best spent on what is likely for its length.
With 1 it would be filled with scraps; see the benchmark `ablation`."""
_SHORT_WORDS = 5
"""Keeps passages of a few words from coming first merely for being short."""


def packed(
    scores: Array, words: Sequence[int], max_words: int, *, length_weight: float = LENGTH_WEIGHT
) -> list[int]:
    """The positions of the passages to take, the likeliest first; those that do not fit are skipped.

    Args:
        scores: Logarithms of how likely each passage is to hold the answer, up to a constant.
        words: The length of each.
        max_words: The budget for all together.
        length_weight: 0 takes the likeliest first, however long.
    """
    lengths = np.asarray(words, float)
    values = scores - length_weight * np.log(lengths + _SHORT_WORDS)
    taken: list[int] = []
    left = max_words
    for place in np.argsort(-values, kind="stable"):
        if words[place] <= left:
            taken.append(int(place))
            left -= words[place]
    return sorted(taken, key=lambda place: -scores[place])
