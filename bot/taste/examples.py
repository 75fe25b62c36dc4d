"""Papers that a community has judged, or passed over: what its taste is learned from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

MOST_EXAMPLES = 20_000
"""Time and memory grow with it, and from some number on hardly what is learned: of the papers passed over
6,000 gave the average precision of all there were, .388 and .389, and 2,000 gave .360."""
_PASSED_OVER = 1000
_PASSED_OVER_A_LIKE = 18
"""So many papers that were passed over, and so many more for each liked one, weigh in full. Of 7,449 the best
weights were .07 for 20 liked papers, .15 for 40, .3 for 100, .5 for 200 and 1 for all 464."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One earlier paper and what became of it."""

    paper_id: str
    """Versionless."""
    title: str
    vector: npt.NDArray[np.float32] | None
    """As the candidates' vectors; None where there is none."""
    title_vector: npt.NDArray[np.float32] | None = None
    """As the vectors of the candidates' titles."""
    liking: float
    """1 liked, -1 disliked, 0 passed over: it was a candidate and nobody voted for it."""
    weight: float = 1.0
    """How much it counts, above 0; see `bot.taste.votes`."""
    age_days: float = 0.0
    """Since the vote, or since the paper was passed over. The oldest are forgotten first."""


def remembered(examples: Iterable[Example]) -> list[Example]:
    """The examples to learn from: those voted for come before those passed over, and the newest first.

    At most 20,000, one for each paper, and in the same order however they came.
    """
    by_importance = sorted(
        examples, key=lambda one: (one.liking == 0, one.age_days, one.paper_id, one.liking, one.weight)
    )
    first = {example.paper_id: example for example in reversed(by_importance)}
    kept = [example for example in by_importance if first[example.paper_id] is example]
    return kept[:MOST_EXAMPLES]


def balanced(examples: Sequence[Example]) -> list[Example]:
    """Let the papers passed over weigh less in all where they are too many for the likes.

    A server passes over thousands before it has voted twenty times: most of those nobody looked at.
    """
    likes = sum(example.weight for example in examples if example.liking > 0)
    passed_over = sum(example.weight for example in examples if not example.liking)
    if passed_over <= (most := _PASSED_OVER + _PASSED_OVER_A_LIKE * likes):
        return list(examples)
    share = most / passed_over
    return [one if one.liking else replace(one, weight=one.weight * share) for one in examples]
