"""Time and memory of ranking 5,000 papers: real titles and abstracts, in a process of its own."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from bot.taste.examples import Example
from bot.taste.ranking import rank
from storage.model import Paper
from tests.benchmarks._taste_data import Seen, seen_papers
from tests.benchmarks.table import Row

CANDIDATES, VOTES = 5000, 500
PASSED_OVER = (0, 6000)


def speed() -> Iterator[Row]:
    """Of 500 votes, alone and with papers that were passed over."""
    for passed in PASSED_OVER:
        # A process of its own, so that its peak memory is that of one ranking.
        done = subprocess.run(
            [sys.executable, "-m", __name__, str(passed)], check=True, capture_output=True, text=True
        )
        for metric, value in json.loads(done.stdout).items():
            yield Row(
                benchmark="taste",
                case=f"{CANDIDATES} candidates, {VOTES} votes, {passed} passed over",
                system="ours",
                metric=metric,
                value=value,
            )


def measured(passed: int) -> dict[str, float]:
    """Seconds of the second ranking (the first imports scikit-learn), and what both add to memory.

    Processor time tells more than the clock on a machine with other work.
    """
    papers = seen_papers()
    draw = np.random.default_rng(0)
    vectors = draw.normal(size=(len(papers), 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    candidates = [_paper(paper) for paper in papers[-CANDIDATES:]]
    by_id = {paper.id: vector for paper, vector in zip(papers, vectors, strict=True)}
    votes = [_example(papers[row], by_id, (-1.0, 1.0)[row % 2]) for row in range(VOTES)]
    votes += [_example(papers[VOTES + row], by_id, 0.0) for row in range(passed)]
    figures: dict[str, float] = {}
    before = _peak_mb()
    for name in ("first ranking (s)", "ranking (s)"):
        began, processor = time.perf_counter(), time.process_time()
        rank(
            candidates,
            interests="mixture of experts; tokenization; scaling laws",
            vectors=by_id,
            title_vectors=by_id,
            interest_vectors=vectors[:3],
            examples=votes,
        )
        figures[name] = time.perf_counter() - began
        figures["processor (s)"] = time.process_time() - processor
    return figures | {"extra memory (MB)": _peak_mb() - before}


def _paper(seen: Seen) -> Paper:
    moment = datetime.combine(seen.day, datetime.min.time(), UTC)
    return Paper(
        id=seen.id,
        version=1,
        title=seen.title,
        abstract=seen.abstract,
        authors=("A. Author",),
        categories=("cs.LG",),
        published=moment,
        updated=moment,
    )


def _example(
    seen: Seen, vectors: dict[str, np.ndarray[tuple[int], np.dtype[np.float32]]], liking: float
) -> Example:
    return Example(
        paper_id=seen.id,
        title=seen.title,
        vector=vectors[seen.id],
        title_vector=vectors[seen.id],
        liking=liking,
    )


def _peak_mb() -> float:
    # Not getrusage: a child begins with its parent's peak there.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]))))
