"""Which papers get the places of a digest, given the order of the week (pure)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

PLACES = 20
"""What a community has time for: highlights, and papers noted in one line."""
MOST_MOVED = 60
"""How many of the best papers a language model may reorder."""
_SAME_COSINE = 0.95
"""Abstracts at least this similar say the same: parts one and two, or a paper and its workshop version."""
_EXPLORED = 100
"""Exploration chooses among this many papers after those shown: uncertain, but not hopeless."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """The order of all papers, those with a place first."""

    rows: list[int]
    explores: int | None
    """The row that was picked for exploration; it has the last place."""
    repeats: Mapping[int, int] = field(default_factory=dict)
    """Near-duplicates among the first 60 rows, each with the earlier row that it repeats."""


def arranged(
    order: Sequence[int],
    *,
    places: int,
    followed: Mapping[int, str],
    vectors: Sequence[npt.NDArray[np.float32] | None],
    variance: Callable[[Sequence[int]], npt.NDArray[np.float64]] | None,
) -> Arrangement:
    """Assign the places.

    Followed papers get places first (the most wanted first, while there are any), and are shown where their
    scores put them. The other places go to the best papers, of near-duplicates only to the better one. The
    last place, if no followed paper needs it, goes to exploration: of the papers behind, to the one that the
    votes say least about.

    Args:
        order: All rows, best first.
        places: How many the digest has.
        followed: Rows that have to be shown, the most wanted first.
        vectors: By row.
        variance: How uncertain the given rows are. None where nobody has voted: then there is no exploration.
    """
    must = list(followed)[:places]
    exploring = variance is not None and len(must) < places < len(order) and places > 1
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
    if variance is not None and exploring:
        near = [row for row in rest[:_EXPLORED] if not _repeats(row, chosen, vectors)]
        explored = near[np.argmax(variance(near))] if near else None
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
    """The chosen row that is nearest to a row, if it is a near-duplicate."""
    own = vectors[row]
    others = {at: other for at in chosen if (other := vectors[at]) is not None}
    if own is None or not others:
        return None
    cosines = np.stack(list(others.values())) @ own
    nearest = int(cosines.argmax())
    return list(others)[nearest] if cosines[nearest] >= _SAME_COSINE else None
