"""How well a reader's choices are foretold: ours beside three known ways, on the same papers.

Everything learns from one reader's choices up to 2024-08-31 and scores each whole week after it; the figures
are averages over the weeks. All learn from what he downloaded (picked by title), which foretells what he kept
better than what he kept does. Then the learning curve from 0 to 600 liked papers (means over `SEEDS` draws,
with the standard error), and the time and memory of ranking 5,000 papers by 500 votes.

Our settings were chosen inside the learning period: learning up to four of its weeks and judged on those
after them, and each of its weeks judged by what the others teach.
"""

from collections.abc import Iterator

import numpy as np

from tests.benchmarks._taste_curve import curve
from tests.benchmarks._taste_data import KeptVectors, Seen, seen_papers, split
from tests.benchmarks._taste_speed import speed
from tests.benchmarks._taste_systems import LEARNERS, judged, read
from tests.benchmarks.table import Row


def run() -> list[Row]:
    """Four cases, the learning curve, and the speed."""
    papers = seen_papers()
    vectors = KeptVectors()
    rows = [row for with_abstract in (False, True) for row in _quality(papers, vectors, with_abstract)]
    return [*rows, *curve(papers, vectors), *speed()]


def _quality(papers: list[Seen], vectors: KeptVectors, with_abstract: bool) -> Iterator[Row]:
    past, weeks = split(papers)
    known = read(past, vectors, with_abstract=with_abstract)
    liked = np.array([paper.downloaded for paper in past])
    shown = [(week, read(week, vectors, with_abstract=with_abstract)) for week in weeks.values()]
    for system, learner in LEARNERS.items():
        scorer = learner(known, liked)
        scores = [(week, scorer(texts)) for week, texts in shown]
        for label in ("downloaded", "kept"):
            judged_weeks = [
                judged(np.array([getattr(paper, label) for paper in week]), own) for week, own in scores
            ]
            for metric in judged_weeks[0]:
                yield Row(
                    benchmark="taste",
                    case=f"{label}, {'title + abstract' if with_abstract else 'title only'}",
                    system=system,
                    metric=metric,
                    value=float(np.mean([week[metric] for week in judged_weeks])),
                )
