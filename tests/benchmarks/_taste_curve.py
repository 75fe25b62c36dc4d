"""The learning curve: how well each system predicts from few liked papers, and ours from interests alone."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from bot.taste.interests import topics
from tests.benchmarks._cached_vectors import vectors_of
from tests.benchmarks._taste_data import Seen, split
from tests.benchmarks._taste_systems import INTERESTS, LEARNERS, judged, ours_by_interests, read
from tests.benchmarks.table import Row

LIKED_PAPERS = (5, 10, 20, 50, 100, 200, 400, 600)
"""If he liked fewer in the learning period, all of them are taken."""
SEEDS = 8
PASSED_OVER = 1000
"""Papers that were not picked, sampled again for each seed and the same for all systems."""


def curve(papers: list[Seen]) -> Iterator[Row]:
    """Average precision of `downloaded`, title only: the mean over draws and its standard error."""
    past, weeks = split(papers)
    known = read(past, with_abstract=False)
    shown = [
        (np.array([paper.downloaded for paper in week]), read(week, with_abstract=False))
        for week in weeks.values()
    ]
    topic_vectors = asyncio.run(vectors_of(topics(INTERESTS)))
    by_interests = np.mean(
        [
            judged(wanted, ours_by_interests(week, topic_vectors))["average precision"]
            for wanted, week in shown
        ]
    )
    yield _row("interests, no vote", "ours", "average precision", float(by_interests))
    picked = np.flatnonzero([paper.downloaded for paper in past])
    passed = np.flatnonzero([not paper.downloaded for paper in past])
    for number in LIKED_PAPERS:
        precisions = defaultdict[str, list[float]](list)
        for seed in range(SEEDS):
            draw = np.random.default_rng(seed)
            liked = draw.permutation(picked)[:number]
            rows = np.sort(np.concatenate([liked, draw.permutation(passed)[:PASSED_OVER]]))
            for system, learner in LEARNERS.items():
                scorer = learner(known.chosen(rows), np.isin(rows, liked))
                precisions[system].append(
                    float(
                        np.mean([judged(wanted, scorer(week))["average precision"] for wanted, week in shown])
                    )
                )
        for system, own in precisions.items():
            yield _row(f"{number} liked", system, "average precision", float(np.mean(own)))
            error = float(np.std(own, ddof=1) / np.sqrt(len(own)))
            yield _row(f"{number} liked", system, "standard error", error)


def _row(case: str, system: str, metric: str, value: float) -> Row:
    return Row(benchmark="taste", case=case, system=system, metric=metric, value=value)
