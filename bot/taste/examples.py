"""Papers that a community voted on or passed over: what its taste is learned from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

MOST_EXAMPLES = 20_000
"""Time and memory grow with it, while in the end hardly more is learned: 6,000 papers passed over gave the
average precision of all there were, .388 and .389, and 2,000 gave .360."""
_PASSED_OVER = 1000
_PASSED_OVER_A_LIKE = 18
"""How many papers passed over weigh in full, and how many more for each like. Of 7,449 the best weights were
.07 for 20 liked papers, .15 for 40, .3 for 100, .5 for 200 and 1 for all 464."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One earlier paper and what became of it."""

    paper_id: str
    """Versionless."""
    title: str
    vector: npt.NDArray[np.float32] | None
    """By the embedder of the candidates' vectors; None where there is none."""
    title_vector: npt.NDArray[np.float32] | None = None
    """By the embedder of the candidates' titles."""
    liking: float
    """From 1 liked to -1 disliked; 0 passed over: it was a candidate and nobody voted on it."""
    weight: float = 1.0
    """How much it counts, above 0; see `bot.taste.votes`."""
    age_days: float = 0.0
    """Since the vote; if it was passed over, since it was submitted. The oldest are forgotten first."""


def remembered(examples: Iterable[Example]) -> list[Example]:
    """The examples to learn from: those voted on before those passed over, and the newest first.

    At most 20,000, one for each paper; their order does not depend on the order given.
    """
    by_importance = sorted(
        examples, key=lambda one: (one.liking == 0, one.age_days, one.paper_id, one.liking, one.weight)
    )
    first = {example.paper_id: example for example in reversed(by_importance)}
    kept = [example for example in by_importance if first[example.paper_id] is example]
    return kept[:MOST_EXAMPLES]


def balanced(examples: Sequence[Example]) -> list[Example]:
    """Lower the weight of the papers passed over where they are too many for the likes.

    A server passes over thousands before it has voted twenty times, and nobody looked at most of them.
    """
    likes = sum(example.weight for example in examples if example.liking > 0)
    passed_over = sum(example.weight for example in examples if not example.liking)
    if passed_over <= (most := _PASSED_OVER + _PASSED_OVER_A_LIKE * likes):
        return list(examples)
    share = most / passed_over
    return [one if one.liking else replace(one, weight=one.weight * share) for one in examples]
