"""How near candidates are in meaning to the papers that were liked (pure).

Both measures are in standard deviations of the week, and 0 for candidates without a vector.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bot.taste.examples import Example
from bot.taste.traits import Vector

Scores = npt.NDArray[np.float64]
_NEAREST = 0.3
"""What the likeness to the nearest liked paper adds to the mean: .130 instead of .125 from five."""
_SHARPNESS = 16.0
"""A neighbour counts exp(16 cosine): one at .9 as much as eleven at .75. 12 to 24 did equally well."""
_ROWS_AT_A_TIME = 250
"""Candidates compared at once, to keep memory low."""


def standard(scores: Scores) -> Scores:
    """In standard deviations from the mean; all 0 where all are equal."""
    spread = float(scores.std())
    return np.asarray((scores - scores.mean()) / (spread if spread > 0 else 1.0))


def nearness(vectors: Sequence[Vector | None], known: Sequence[Example]) -> Scores:
    """How near each candidate is to the liked papers as a whole."""
    near = np.zeros(len(vectors))
    liked = [one.weight * one.vector for one in known if one.liking > 0 and one.vector is not None]
    rows = [row for row, vector in enumerate(vectors) if vector is not None]
    if liked and rows:
        cosines = np.stack([vector for vector in vectors if vector is not None]) @ np.stack(liked).T
        near[rows] = standard(standard(cosines.mean(axis=1)) + _NEAREST * standard(cosines.max(axis=1)))
    return near


def neighbourhood(directions: Vector, behind: Vector, known: Sequence[Example]) -> Scores:
    """Whether the nearest of all known papers were liked, or not.

    Args:
        directions: Of the candidates, away from the middle and of length 1; 0 for a missing vector.
        behind: The same of `known`.
        known: What became of these papers.
    """
    seen = np.linalg.norm(behind, axis=1) > 0
    liked = [at for at, one in enumerate(known) if seen[at] and one.liking > 0]
    others = [at for at, one in enumerate(known) if seen[at] and one.liking <= 0]
    rows = np.flatnonzero(np.linalg.norm(directions, axis=1))
    odds = np.zeros(len(directions))
    if liked and others and len(rows):
        weights = np.array([one.weight for one in known], np.float32)
        for start in range(0, len(rows), _ROWS_AT_A_TIME):
            part = rows[start : start + _ROWS_AT_A_TIME]
            around_liked = _density(directions[part], behind[liked], weights[liked])
            around_others = _density(directions[part], behind[others], weights[others])
            odds[part] = around_liked - around_others
        odds[rows] = standard(odds[rows])
    return odds


def _density(own: Vector, others: Vector, weights: Vector) -> Vector:
    """The logarithm of how close together `others` lie around each of `own`."""
    cosines = own @ others.T
    cosines -= 1
    cosines *= _SHARPNESS
    return np.asarray(np.log(np.exp(cosines, out=cosines) @ weights))
