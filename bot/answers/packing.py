"""Which of the ranked passages fit into a budget of words (pure)."""

from collections.abc import Sequence

import numpy as np

from bot.answers.bm25 import Array

_LENGTH_WEIGHT = 0.4
"""How much a passage's length counts against it. A budget is best spent on what is likely for its words: on
QASPER's training papers 0 (the likeliest first) finds less, and 1 (the likeliest word first) fills the budget
with scraps."""
_SHORT_WORDS = 5
"""Keeps passages of a few words from coming first by their shortness alone."""


def packed(scores: Array, words: Sequence[int], max_words: int) -> list[int]:
    """The places of the passages to take, the likeliest first; those that do not fit are passed over.

    Args:
        scores: Logarithms of how likely each passage is to hold the answer, up to a constant.
        words: How long each is.
        max_words: For all together.
    """
    lengths = np.asarray(words, float)
    values = scores - _LENGTH_WEIGHT * np.log(lengths + _SHORT_WORDS)
    taken: list[int] = []
    left = max_words
    for place in np.argsort(-values, kind="stable"):
        if words[place] <= left:
            taken.append(int(place))
            left -= words[place]
    return sorted(taken, key=lambda place: -scores[place])
