"""What each part of taste adds, within the learning period, in which our choices were made.

Everything learns up to one of four weeks and is judged on each week after it: ours, the three known systems,
ours without some part, and ours with fewer papers that were passed over. Then it learns from few liked papers
among all that were passed over, as on a server that has just started to vote.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from typing import TypeAlias
from unittest.mock import patch
from zlib import crc32

import numpy as np
import numpy.typing as npt

from tests.benchmarks._taste_data import Seen, labelled, seen_papers, split
from tests.benchmarks._taste_systems import (
    LABELS,
    LEARNERS,
    PREDICTED,
    Learner,
    Read,
    Scorer,
    Scores,
    case_name,
    judged,
    ours,
    read,
    tfidf_and_minilm,
)
from tests.benchmarks.table import Row

CUTS = ("2024-W28", "2024-W30", "2024-W32", "2024-W34")
"""The last week that is learned from."""
FEW_UNTIL = "2024-W32"
LIKED_PAPERS = (10, 20, 40, 100)
DRAWS = 6
"""Of the liked papers, for each number of them."""
_HALVES = 2 * 384
_Rows: TypeAlias = npt.NDArray[np.intp]


def run() -> list[Row]:
    """Titles alone, and with abstracts."""
    papers, _ = split(seen_papers())
    rows = [row for with_abstract in (False, True) for row in _case(papers, with_abstract)]
    return rows + [row for with_abstract in (False, True) for row in _few_liked(papers, with_abstract)]


def _case(papers: list[Seen], with_abstract: bool) -> Iterator[Row]:
    seen = read(papers, with_abstract=with_abstract)
    labels = {label: labelled(papers, label) for label in LABELS}
    weeks = np.array([paper.week for paper in papers])
    for (system, learner), learned_from in product(_systems().items(), LABELS):
        if learned_from == "kept" and system not in LEARNERS:
            continue
        predicted = [label for label, source in PREDICTED if source == learned_from]
        figures = defaultdict[tuple[str, str], list[float]](list)
        for cut in CUTS:
            known = np.flatnonzero(weeks <= cut)
            scorer = learner(seen.chosen(known), labels[learned_from][known])
            for week in np.unique(weeks[weeks > cut]):
                rows = np.flatnonzero(weeks == week)
                scores = scorer(seen.chosen(rows))
                for label in predicted:
                    for metric, value in judged(labels[label][rows], scores).items():
                        figures[label, metric].append(value)
        for (label, metric), values in figures.items():
            yield Row(
                benchmark="taste_ablation",
                case=case_name(label, learned_from, with_abstract=with_abstract),
                system=system,
                metric=metric,
                value=float(np.mean(values)),
            )


def _few_liked(papers: list[Seen], with_abstract: bool) -> Iterator[Row]:
    seen = read(papers, with_abstract=with_abstract)
    weeks, picked = np.array([paper.week for paper in papers]), labelled(papers, "downloaded")
    known = weeks <= FEW_UNTIL
    later, weeks_later = seen.chosen(np.flatnonzero(~known)), weeks[~known]
    systems = {"ours": ours, "ours, all passed over in full": _in_full, "tfidf+minilm": tfidf_and_minilm}
    for number in LIKED_PAPERS:
        figures = defaultdict[str, list[float]](list)
        for seed in range(DRAWS):
            liked = np.random.default_rng(seed).permutation(np.flatnonzero(known & picked))[:number]
            rows = np.union1d(liked, np.flatnonzero(known & ~picked))
            for system, learner in systems.items():
                scores = learner(seen.chosen(rows), np.isin(rows, liked))(later)
                weekly = [
                    judged(picked[~known][week], scores[week])["average precision"]
                    for week in (weeks_later == one for one in np.unique(weeks_later))
                ]
                figures[system].append(float(np.mean(weekly)))
        for system, values in figures.items():
            differences = np.array(values) - np.array(figures["ours"])
            for metric, value in (
                ("average precision", np.mean(values)),
                ("± beside ours", np.std(differences, ddof=1) / np.sqrt(DRAWS)),
            ):
                yield Row(
                    benchmark="taste_ablation",
                    case=case_name(f"{number} liked among all", "downloaded", with_abstract=with_abstract),
                    system=system,
                    metric=metric,
                    value=float(value),
                )


def _in_full(past: Read, liked: npt.NDArray[np.bool_]) -> Scorer:
    scorer = ours(past, liked)

    def score(week: Read) -> Scores:
        with patch("bot.taste.learning.balanced", list):
            return scorer(week)

    return score


def _systems() -> dict[str, Learner]:
    return LEARNERS | {
        "ours, titles by halves alone": _seeing(_without_ends),
        "ours, without vectors of titles": _seeing(_without_titles),
        "ours, without meaning": _seeing(_without_meaning),
        "ours, without any vector": _seeing(lambda papers: _without_titles(_without_meaning(papers))),
        "ours, 6,000 passed over by lot": _with(_by_lot, 6000),
        "ours, 2,000 passed over by lot": _with(_by_lot, 2000),
        "ours, the newest 2,000 passed over": _with(_newest, 2000),
    }


def _seeing(view: Callable[[Read], Read]) -> Learner:
    def learner(past: Read, liked: npt.NDArray[np.bool_]) -> Scorer:
        scorer = ours(view(past), liked)
        return lambda week: scorer(view(week))

    return learner


def _without_ends(papers: Read) -> Read:
    return replace(papers, title_vectors=papers.title_vectors[:, :_HALVES])


def _without_titles(papers: Read) -> Read:
    return replace(papers, title_vectors=np.zeros((len(papers.ids), 1), np.float32))


def _without_meaning(papers: Read) -> Read:
    return replace(papers, vectors=np.zeros((len(papers.ids), 1), np.float32))


def _with(chosen: Callable[[Read, _Rows, int], _Rows], most: int) -> Learner:
    def learner(past: Read, liked: npt.NDArray[np.bool_]) -> Scorer:
        passed = chosen(past, np.flatnonzero(~liked), most)
        rows = np.sort(np.concatenate([np.flatnonzero(liked), passed]))
        return ours(past.chosen(rows), liked[rows])

    return learner


def _by_lot(past: Read, passed: _Rows, most: int) -> _Rows:
    lots = [crc32(past.ids[row].encode()) for row in passed]
    return passed[np.argsort(lots, kind="stable")[:most]]


def _newest(_past: Read, passed: _Rows, most: int) -> _Rows:
    return passed[-most:]
