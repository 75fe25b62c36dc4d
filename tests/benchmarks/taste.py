"""How well a reader's choices are predicted: by ours and by three known systems, on the same papers.

Everything learns from one reader's choices up to 2024-08-31 and scores each whole week after it; the figures
are averages over the weeks and, for the known systems, the standard error of the difference in average
precision to ours. All learn from what he downloaded (picked by title), and to predict what he kept, also from
that alone.
Then the learning curve from 0 to 600 liked papers (means over `SEEDS` draws, with the standard error), and
the time and memory of ranking 5,000 papers by 500 votes.

Our settings were chosen inside the learning period, as `taste_ablation` measures.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from tests.benchmarks._taste_curve import curve
from tests.benchmarks._taste_data import Seen, labelled, seen_papers, split
from tests.benchmarks._taste_speed import speed
from tests.benchmarks._taste_systems import LABELS, LEARNERS, PREDICTED, Scores, case_name, judged, read
from tests.benchmarks.table import Row


def run() -> list[Row]:
    """Six cases, the learning curve, and the speed."""
    papers = seen_papers()
    rows = [row for with_abstract in (False, True) for row in _quality(papers, with_abstract)]
    return [*rows, *curve(papers), *speed()]


def _quality(papers: list[Seen], with_abstract: bool) -> Iterator[Row]:
    past, weeks = split(papers)
    known = read(past, with_abstract=with_abstract)
    shown = [(week, read(week, with_abstract=with_abstract)) for week in weeks.values()]
    scores: dict[str, dict[str, list[Scores]]] = {}
    for label in LABELS:
        liked = labelled(past, label)
        scorers = {system: learner(known, liked) for system, learner in LEARNERS.items()}
        scores[label] = {system: [scorer(texts) for _, texts in shown] for system, scorer in scorers.items()}
    for label, learned_from in PREDICTED:
        wanted = [labelled(week, label) for week, _ in shown]
        weekly = {system: list(map(judged, wanted, own)) for system, own in scores[learned_from].items()}
        for system, own in weekly.items():
            figures = {metric: float(np.mean([week[metric] for week in own])) for metric in own[0]}
            if system != "ours":
                figures["± beside ours"] = _error_of_difference(weekly["ours"], own)
            for metric, value in figures.items():
                yield Row(
                    benchmark="taste",
                    case=case_name(label, learned_from, with_abstract=with_abstract),
                    system=system,
                    metric=metric,
                    value=value,
                )


def _error_of_difference(ours: Sequence[dict[str, float]], others: Sequence[dict[str, float]]) -> float:
    metric = "average precision"
    differences = [own[metric] - other[metric] for own, other in zip(ours, others, strict=True)]
    return float(np.std(differences, ddof=1) / np.sqrt(len(differences)))
