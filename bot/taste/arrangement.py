"""Which papers take the places of a digest, from the order of the week (pure)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

PLACES = 20
"""What a community has time for: highlights, and papers mentioned in one line."""
MOST_MOVED = 60
"""Papers that may still change places when a language model orders the best."""
_SAME_COSINE = 0.95
"""Two abstracts this near say the same: parts one and two, or a paper and its workshop version."""
_EXPLORED = 100
"""Exploration looks at this many papers behind the places: doubtful, but not hopeless."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """The rows of all papers, those with a place first."""

    rows: list[int]
    explores: int | None
    """The row that was chosen to find out; it has the last place."""
    repeats: Mapping[int, int] = field(default_factory=dict)
    """Those of the first 60 rows that say the same as one before them, and as which."""


def arranged(
    order: Sequence[int],
    *,
    places: int,
    followed: Mapping[int, str],
    vectors: Sequence[npt.NDArray[np.float32] | None],
    doubt: Callable[[Sequence[int]], npt.NDArray[np.float64]] | None,
) -> Arrangement:
    """Give out the places.

    What is followed is shown, in as many places as there are (the most wanted first, and each where its score
    puts it); the others go to the best, of near-duplicates only to the better one; and the last place, if
    nothing followed needs it, goes to the paper behind them that the votes say least about.

    Args:
        order: All rows, best first.
        places: How many the digest has.
        followed: Rows that have to be shown, the most wanted first.
        vectors: By row.
        doubt: How unsure the votes are of rows; None where nobody has voted: then nothing is explored.
    """
    must = list(followed)[:places]
    exploring = doubt is not None and len(must) < places < len(order) and places > 1
    free = places - len(must) - exploring
    chosen = set(must)
    for row in order:
        if free <= 0:
            break
        if row not in chosen and not _repeats(row, chosen, vectors):
            chosen.add(row)
            free -= 1
    shown = [row for row in order if row in chosen]
    rest = [row for row in order if row not in chosen]
    explored = None
    if doubt is not None and exploring:
        near = [row for row in rest[:_EXPLORED] if not _repeats(row, chosen, vectors)]
        explored = near[int(np.argmax(doubt(near)))] if near else None
    if explored is not None:
        rest.remove(explored)
        shown.append(explored)
    rows = [*shown, *rest]
    return Arrangement(rows=rows, explores=explored, repeats=_repeating(rows[:MOST_MOVED], vectors))


def _repeating(rows: Sequence[int], vectors: Sequence[npt.NDArray[np.float32] | None]) -> dict[int, int]:
    twins = ((row, _twin(row, rows[:place], vectors)) for place, row in enumerate(rows))
    return {row: twin for row, twin in twins if twin is not None}


def _repeats(row: int, chosen: Collection[int], vectors: Sequence[npt.NDArray[np.float32] | None]) -> bool:
    return _twin(row, chosen, vectors) is not None


def _twin(row: int, chosen: Collection[int], vectors: Sequence[npt.NDArray[np.float32] | None]) -> int | None:
    """The one of the chosen that a row is nearest to, where it is so near that it says the same."""
    own = vectors[row]
    others = {at: other for at in chosen if (other := vectors[at]) is not None}
    if own is None or not others:
        return None
    likeness = np.stack(list(others.values())) @ own
    nearest = int(likeness.argmax())
    return list(others)[nearest] if likeness[nearest] >= _SAME_COSINE else None
