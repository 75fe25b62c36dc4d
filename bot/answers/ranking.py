"""How likely each passage of a paper is to answer a question (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.answers.bm25 import Array
from bot.answers.features import COVERAGE, MEANING_FEATURES, WORD_FEATURES, meanings
from bot.answers.likely import PAPER_FEATURES, log_shares
from bot.answers.weights import MEANING_WEIGHTS, PAPER_WEIGHTS, PAPER_WEIGHTS_WITHOUT_VECTORS, WORD_WEIGHTS

_WORD_WEIGHTS = np.asarray([WORD_WEIGHTS[name] for name in WORD_FEATURES])
_MEANING_WEIGHTS = np.asarray([MEANING_WEIGHTS[name] for name in ("words", *MEANING_FEATURES)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """One paper that may hold the answer."""

    prior: float
    """The logarithm of how likely the question is about it."""
    words: Array
    """`word_features` of each passage."""
    cosines: Array | None
    """The likeness of each passage to the question; None without vectors."""


def passage_scores(contender: Contender) -> Array:
    """The logarithm of how likely each passage of a paper holds the answer, including the paper's prior."""
    words = contender.words @ _WORD_WEIGHTS
    if contender.cosines is None:
        return contender.prior + log_shares(words)
    judged = np.column_stack([words, meanings(contender.cosines)])
    return contender.prior + log_shares(judged @ _MEANING_WEIGHTS)


def paper_scores(features: Array, *, has_vectors: bool) -> Array:
    """The logarithm of how likely the question is about each paper; they sum to one."""
    weights: Mapping[str, float] = PAPER_WEIGHTS if has_vectors else PAPER_WEIGHTS_WITHOUT_VECTORS
    return log_shares(features @ np.asarray([weights.get(name, 0.0) for name in PAPER_FEATURES]))


def confidence(contenders: Sequence[Contender]) -> float:
    """How well the passages match the question, from 0 to 1.5, or to 1 without vectors.

    It is the best likeness plus half the best share of the question's words in one passage: on the
    development papers this puts an answerable question above an unanswerable one with probability .68,
    likeness alone with .61, words alone with .62.
    """
    shares = max(float(contender.words[:, COVERAGE].max()) for contender in contenders)
    cosines = [contender.cosines for contender in contenders if contender.cosines is not None]
    if len(cosines) < len(contenders):
        return shares
    return float(np.concatenate(cosines).max()) + shares / 2
