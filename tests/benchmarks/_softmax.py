"""Multinomial logistic regression by Newton's method: weights that make the right candidates probable."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.answers.bm25 import Array
from bot.answers.likely import log_shares

_STEPS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The candidates of one question."""

    features: Array
    """Shape (candidates, features)."""
    right: Array
    """1 for the right candidates, else 0; at least one is right."""


def learned(groups: Sequence[Group], *, penalty: float) -> Array:
    """One weight for each feature.

    Args:
        groups: The questions.
        penalty: The L2 penalty on the weights, for features scaled to unit variance, relative to the sum of
            the questions' losses.
    """
    scale = np.concatenate([group.features for group in groups]).std(axis=0) + 1e-9
    scaled = [Group(features=group.features / scale, right=group.right) for group in groups]
    weights = np.zeros(len(scale))
    for _ in range(_STEPS):
        step: Array = _newton_step(scaled, weights, penalty)
        # A full step may overshoot where a feature separates right from wrong almost perfectly.
        while _loss(scaled, weights + step, penalty) > _loss(scaled, weights, penalty) + 1e-9:
            step = np.asarray(step / 2, np.float64)
        weights = np.asarray(weights + step, np.float64)
    found: Array = weights / scale
    return found


def _newton_step(groups: Sequence[Group], weights: Array, penalty: float) -> Array:
    gradient: Array = penalty * weights
    curvature: Array = penalty * np.eye(len(weights))
    for group in groups:
        shares = np.exp(log_shares(group.features @ weights))
        mean = shares @ group.features
        np.add(gradient, mean - group.right @ group.features / group.right.sum(), out=gradient)
        spread = (group.features * shares[:, None]).T @ group.features - np.outer(mean, mean)
        np.add(curvature, spread, out=curvature)
    step: Array = np.asarray(-np.linalg.solve(curvature, gradient), np.float64)
    return step


def _loss(groups: Sequence[Group], weights: Array, penalty: float) -> float:
    surprise = sum(
        float(group.right @ log_shares(group.features @ weights)) / float(group.right.sum())
        for group in groups
    )
    return penalty * float(weights @ weights) / 2 - surprise
