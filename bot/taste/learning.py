"""What votes teach: Bayesian linear regression over the traits of papers (pure).

An unknown paper is expected to be liked by nobody; a liked one lifts those that are like it, a disliked or
passed-over one holds them down, each by its weight. It is a Gaussian process whose likeness is a plain
product, so the work grows with the number of papers and not with its cube. See Rasmussen and Williams,
Gaussian Processes for Machine Learning (2006), chapter 2. What regression smooths away, the nearest
neighbours bring back.

Tried on one reader's choices up to 2024-08-31 by average precision, learning up to one of four weeks and
judged on those after it (standard errors of differences about .004), by titles alone and beside vectors of
abstracts; `tests.benchmarks taste_ablation` measures all but the last again:

- sum of logistic regressions on words and vectors: .322, .281
- this regression: .389, .385; without vectors of titles .365, .361; without any vector .331
- without the length of titles .387, .386; where there is no vector either .310

Of what was tried beside it nothing helped: exponential kernels, logistic regression on all traits, sums
with these; hundreds of votes weighing three times a paper passed over, or less than one, or more where he
kept the paper; the words of abstracts, whitened vectors, static word vectors, words of three, words by
halves of the title, punctuation, capitals, how rare words are, how many are alike; less weight for papers
late in a sitting or old votes.
From five liked papers, spreading likeness over the unlabelled papers or taking the best as liked lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.taste.examples import Example, balanced, remembered
from bot.taste.nearness import Scores, nearness, neighbourhood, standard
from bot.taste.traits import Traits, Vector

_NOISE = 10.0
"""How little one paper says: 7 was worse by .005, .002, and 15 no better (.390, .385)."""
_NEIGHBOURS = 0.2
"""What the votes on the nearest papers add, in standard deviations. Each week judged by what all others teach
has .413 and .415 with them, .401 and .409 without (standard errors .004 and .003); forward in time they
change less than noise. With the newest 1,000 passed over alone they lost .013 over five weeks and more."""
_FEW_VOTES = 10.0
"""Liked papers at which the regression weighs as much as plain likeness to them: from five liked papers
likeness foretells better, from twenty both together, from sixty the regression."""
_MOST_OF_A_PAPER = 3.0
"""Votes on one paper that tell how well a taste is known: thirty for one say little of all others."""
_MOST_IN_DOUBT = 1000
"""Votes that doubt is measured from, the newest: its time grows with their cube."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What the examples say of the candidates."""

    examples: tuple[Example, ...]
    liking: Scores
    """For each candidate: about 0 for "nobody cares", and more the surer it is liked."""
    scores: Scores
    """For each candidate, in standard deviations of the week: its liking, its neighbourhood and, while votes
    are few, its plain likeness to the liked papers."""
    _candidates: Traits
    _known: Traits
    """Of the examples."""
    _pull: Vector

    @property
    def likes(self) -> float:
        """How many full votes stand behind the liked papers, of each paper three at most."""
        return _votes(self.examples, 1.0)

    @property
    def dislikes(self) -> float:
        """How many stand behind the disliked ones."""
        return _votes(self.examples, -1.0)

    def pulls(self, row: int) -> Scores:
        """What each example adds to (or takes from) the liking of a candidate by its subject.

        They add up to the liking, but for what is common to all and for how the title is put: a paper is
        hardly called like another because both ask a question.
        """
        own = self._candidates.chosen(np.array([row]))
        return np.asarray(own.alike_by_subject(self._known)[0] * self._pull, np.float64)

    def words(self, row: int) -> list[tuple[str, float]]:
        """The words of a candidate's title with what each adds to its liking, the most first."""
        vocabulary = self._candidates.vocabulary
        title = self._candidates.text[row, : len(vocabulary)]
        shares = title.data * (self._known.text[:, title.indices].T @ self._pull)
        order = np.argsort(-shares, kind="stable")
        return [(vocabulary[title.indices[at]], float(shares[at])) for at in order]

    def doubt(self, rows: Sequence[int]) -> Scores:
        """How little the votes say of each candidate: the variance, before any vote 5.3 for a paper."""
        from scipy.linalg import cho_factor, cho_solve  # noqa: PLC0415 - as in `traits`

        voted = np.array([at for at, one in enumerate(self.examples) if one.liking][:_MOST_IN_DOUBT])
        known, own = self._known.chosen(voted), self._candidates.chosen(np.asarray(rows, np.intp))
        covariance = known.alike(known).astype(np.float64)
        covariance[np.diag_indices_from(covariance)] += [_NOISE / self.examples[at].weight for at in voted]
        shared = own.alike(known).astype(np.float64)
        explained = (shared * cho_solve(cho_factor(covariance), shared.T).T).sum(axis=1)
        return np.asarray(np.diag(own.alike(own)) - explained)


def learned(
    titles: Sequence[str],
    vectors: Sequence[Vector | None],
    examples: Sequence[Example],
    title_vectors: Sequence[Vector | None] | None = None,
) -> Learned | None:
    """Learn from the examples and judge the candidates; None where nobody has voted.

    Args:
        titles: Of the candidates.
        vectors: Of the candidates, None where one is missing.
        examples: In any order.
        title_vectors: Of the candidates' titles, by another embedder; None where there are none.
    """
    known = balanced(remembered(examples))
    if not titles or not any(example.liking for example in known):
        return None
    traits = Traits.of(
        [*titles, *(example.title for example in known)],
        [*vectors, *(example.vector for example in known)],
        [*(title_vectors or [None] * len(titles)), *(example.title_vector for example in known)],
    )
    candidates, behind = traits.chosen(slice(len(titles))), traits.chosen(slice(len(titles), None))
    pull = _pulls(behind, known)
    liking = candidates.pulled(behind, pull).astype(np.float64) + float(pull.sum())
    around = neighbourhood(candidates.meaning, behind.meaning, known)
    likes = _votes(known, 1.0)
    share = likes / (likes + _FEW_VOTES) if likes else 1.0
    scores = share * standard(standard(liking) + _NEIGHBOURS * around)
    return Learned(
        examples=tuple(known),
        liking=liking,
        scores=scores + (1 - share) * nearness(vectors, known),
        _candidates=candidates,
        _known=behind,
        _pull=pull,
    )


def _pulls(behind: Traits, known: Sequence[Example]) -> Vector:
    """How strongly each example pulls those like it, and a little all others too."""
    # Late, as in `traits`.
    from scipy.sparse.linalg import LinearOperator, cg  # noqa: PLC0415

    noise = np.array([_NOISE / example.weight for example in known], np.float32)

    def product(pull: Vector) -> Vector:
        return np.asarray(behind.pulled(behind, pull) + pull.sum() + noise * pull, np.float32)

    size = len(known)
    covariance = LinearOperator((size, size), matvec=product, dtype=np.float32)
    target = np.array([example.liking for example in known], np.float32)
    pull, _ = cg(covariance, target, rtol=1e-4, maxiter=500)
    return np.asarray(pull, np.float32)


def _votes(examples: Sequence[Example], direction: float) -> float:
    return sum(
        min(example.weight, _MOST_OF_A_PAPER) for example in examples if example.liking * direction > 0
    )
