"""The learner's scores for a week, as tests and benchmarks need them."""

from collections.abc import Sequence

import numpy as np

from bot.taste.examples import Example
from bot.taste.features import Vector
from bot.taste.learning import learn
from bot.taste.nearness import Scores


def learned_scores(
    titles: Sequence[str],
    vectors: Sequence[Vector | None],
    examples: Sequence[Example],
    title_vectors: Sequence[Vector | None] | None = None,
) -> Scores:
    """The score of each candidate; all 0 if there are no votes."""
    taste = learn(titles, vectors, examples, title_vectors)
    return np.zeros(len(titles)) if taste is None else taste.scores
