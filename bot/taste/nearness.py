"""How near candidates are in meaning to the papers that were liked (pure)."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bot.taste.examples import Example
from bot.taste.traits import Vector

Scores = npt.NDArray[np.float64]
_NEAREST = 0.3
"""What the likeness to the nearest liked paper adds to the mean: .130 instead of .125 from five."""


def standard(scores: Scores) -> Scores:
    """In standard deviations from the mean; all 0 where all are equal."""
    spread = float(scores.std())
    return np.asarray((scores - scores.mean()) / (spread if spread > 0 else 1.0))


def nearness(vectors: Sequence[Vector | None], known: Sequence[Example]) -> Scores:
    """How near each candidate is to the liked papers, in standard deviations; 0 without a vector."""
    near = np.zeros(len(vectors))
    liked = [one.weight * one.vector for one in known if one.liking > 0 and one.vector is not None]
    rows = [row for row, vector in enumerate(vectors) if vector is not None]
    if liked and rows:
        cosines = np.stack([vector for vector in vectors if vector is not None]) @ np.stack(liked).T
        near[rows] = standard(standard(cosines.mean(axis=1)) + _NEAREST * standard(cosines.max(axis=1)))
    return near
