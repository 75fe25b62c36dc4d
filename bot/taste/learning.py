"""What votes teach: Bayesian linear regression on the features of papers (pure).

Without votes a paper's expected liking is 0. A liked paper raises those similar to it, a disliked or
passed-over one lowers them, each by its weight. This is a Gaussian process with a linear kernel, so the work
grows with the number of papers and not with its cube. See Rasmussen and Williams, Gaussian Processes for
Machine Learning (2006), chapter 2. The nearest neighbours bring back what regression smooths away.

Tried on one reader's choices up to 2024-08-31 by average precision, learning up to one of four weeks and
judged on those after it (standard errors of differences about .004), by titles alone and with vectors of
abstracts; `tests.benchmarks taste_ablation` measures all but the last again:

- sum of logistic regressions on words and vectors: .322, .281
- this regression: .389, .385; without vectors of titles .365, .361; without any vector .331
- without the length of titles .387, .386; where there is no vector either .310

Nothing else that was tried helped: exponential and polynomial kernels, logistic regression on all features,
sums with these; hundreds of votes weighing three times a paper passed over, or less than one, or more where
the reader kept the paper; the words of abstracts, whitened vectors and other powers of their eigenvalues, a
linear map from titles' vectors to abstracts', latent semantic analysis, static word vectors, word trigrams,
words of each half of the title, punctuation, capitals, how rare words are, how many papers are alike; words
weighted by how much more often liked titles have them (naive Bayes), clusters and second moments of tokens'
vectors; less weight for papers late in a sitting or for old votes, a constant term for each week, a kernel
that fades with the time between two papers. With five liked papers, label propagation and
self-training made it worse, and nearness to the week's mean vector helped in some weeks alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.taste.examples import Example, balanced, remembered
from bot.taste.features import Features, Vector
from bot.taste.nearness import Scores, nearness, neighbourhood, standardised

_NOISE = 10.0
"""The noise variance of one full vote: 7 was worse by .005, .002, and 15 no better (.390, .385)."""
_NEIGHBOURS_WEIGHT = 0.2
"""What the nearest neighbours add, in standard deviations. Judging each week by what all others teach,
they gave .413 and .415 instead of .401 and .409 (standard errors .004 and .003); forward in time they change
less than noise. With only the newest 1,000 passed over, they lost .013 over five weeks and more."""
_FEW_LIKES = 10.0
"""Likes at which the regression weighs as much as plain similarity to the liked papers: with five, similarity
predicts better, with twenty both together, with sixty the regression."""
_MAX_VOTES_PER_PAPER = 3.0
"""That count towards how well a taste is known: thirty votes on one paper say little about all others."""
_MAX_VOTES_FOR_VARIANCE = 1000
"""Only the newest count there, as the time grows with their cube."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TasteModel:
    """What the examples say of the candidates."""

    examples: tuple[Example, ...]
    liking: Scores
    """The posterior mean of each candidate: about 0 for "nobody cares", and more the surer it is liked."""
    scores: Scores
    """For each candidate, in standard deviations of the week: its liking, its neighbourhood and, while votes
    are few, its plain similarity to the liked papers."""
    _candidates: Features
    _known: Features
    """Of the examples."""
    _coefficients: Vector
    """One for each example: times its kernel with a candidate, what it adds to the candidate's liking."""
    _text_weights: Vector
    """One for each column of the text: what it adds to the liking."""

    @property
    def likes(self) -> float:
        """How many full votes the liked papers have, of each paper at most three."""
        return _votes(self.examples, 1.0)

    @property
    def dislikes(self) -> float:
        """The same of the disliked ones."""
        return _votes(self.examples, -1.0)

    def contributions(self, rows: Sequence[int]) -> Scores:
        """What each example adds to (or takes from) the liking of candidates by their subject.

        They add up to the liking, but for the constant term and the style of titles: a paper should not be
        called like another because both ask a question. Ask for all rows at once: with 20,000 examples 61
        rows take 0.1 s, and one by one 2.3 s.

        Returns:
            Shape (rows, examples).
        """
        own = self._candidates.subset(np.asarray(rows, np.intp))
        return np.asarray(own.subject_kernel(self._known) * self._coefficients, np.float64)

    def words(self, row: int) -> list[tuple[str, float]]:
        """The words of a candidate's title with what each adds to its liking, the most first."""
        vocabulary = self._candidates.vocabulary
        title = self._candidates.text[row, : len(vocabulary)]
        shares = title.data * self._text_weights[title.indices]
        order = np.argsort(-shares, kind="stable")
        return [(vocabulary[title.indices[at]], float(shares[at])) for at in order]

    def variance(self, rows: Sequence[int]) -> Scores:
        """How little the votes say of each candidate: the posterior variance, without votes up to 5.8."""
        from scipy.linalg import cho_factor, cho_solve  # noqa: PLC0415 - as in `features`

        voted = np.array([at for at, one in enumerate(self.examples) if one.liking][:_MAX_VOTES_FOR_VARIANCE])
        known, own = self._known.subset(voted), self._candidates.subset(np.asarray(rows, np.intp))
        covariance = known.kernel(known).astype(np.float64)
        covariance[np.diag_indices_from(covariance)] += [_NOISE / self.examples[at].weight for at in voted]
        shared = own.kernel(known).astype(np.float64)
        explained = (shared * cho_solve(cho_factor(covariance), shared.T).T).sum(axis=1)
        return np.asarray(np.diag(own.kernel(own)) - explained)


def learn(
    titles: Sequence[str],
    vectors: Sequence[Vector | None],
    examples: Sequence[Example],
    title_vectors: Sequence[Vector | None] | None = None,
) -> TasteModel | None:
    """Learn from the examples and score the candidates; None where nobody has voted.

    Args:
        titles: Of the candidates.
        vectors: Of the candidates, None where one is missing.
        examples: In any order.
        title_vectors: Of the candidates' titles, by another embedder; None where there are none.
    """
    known = balanced(remembered(examples))
    if not titles or not any(example.liking for example in known):
        return None
    features = Features.of(
        [*titles, *(example.title for example in known)],
        [*vectors, *(example.vector for example in known)],
        [*(title_vectors or [None] * len(titles)), *(example.title_vector for example in known)],
    )
    candidates, behind = features.subset(slice(len(titles))), features.subset(slice(len(titles), None))
    coefficients = _fitted(behind, known)
    liking = candidates.kernel_product(behind, coefficients).astype(np.float64) + float(coefficients.sum())
    around = neighbourhood(candidates.meaning, behind.meaning, known)
    likes = _votes(known, 1.0)
    share = likes / (likes + _FEW_LIKES) if likes else 1.0
    scores = share * standardised(standardised(liking) + _NEIGHBOURS_WEIGHT * around)
    return TasteModel(
        examples=tuple(known),
        liking=liking,
        scores=scores + (1 - share) * nearness(vectors, known),
        _candidates=candidates,
        _known=behind,
        _coefficients=coefficients,
        _text_weights=behind.text.T @ coefficients,
    )


def _fitted(features: Features, known: Sequence[Example]) -> Vector:
    """Solve (kernel + 1 + noise) @ coefficients = liking; the 1 is a constant term that moves all papers."""
    # Imported late, as in `features`.
    from scipy.sparse.linalg import LinearOperator, cg  # noqa: PLC0415

    noise = np.array([_NOISE / example.weight for example in known], np.float32)

    def product(coefficients: Vector) -> Vector:
        similar = features.kernel_product(features, coefficients)
        return np.asarray(similar + coefficients.sum() + noise * coefficients, np.float32)

    size = len(known)
    covariance = LinearOperator((size, size), matvec=product, dtype=np.float32)
    target = np.array([example.liking for example in known], np.float32)
    coefficients, _ = cg(covariance, target, rtol=1e-4, maxiter=500)
    return np.asarray(coefficients, np.float32)


def _votes(examples: Sequence[Example], direction: float) -> float:
    return sum(
        min(example.weight, _MAX_VOTES_PER_PAPER) for example in examples if example.liking * direction > 0
    )
