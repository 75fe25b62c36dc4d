"""Time and memory of ranking 5,000 papers: real titles and abstracts, in a process of its own."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from bot.llm.port import Vectors
from bot.taste.examples import Example
from bot.taste.ranking import rank
from storage.model import Paper
from tests.benchmarks._taste_data import Seen, seen_papers
from tests.benchmarks.table import Row

CANDIDATES, VOTES = 5000, 500
PASSED_OVER = (0, 6000)


def speed() -> Iterator[Row]:
    """With 500 votes, alone and with papers that were passed over."""
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
    """Seconds of the first ranking, which imports scikit-learn, and of the second, and the memory both add.

    On a machine with other work, processor time tells more than the clock.
    """
    papers = seen_papers()
    draw = np.random.default_rng(0)
    vectors, title_vectors = (_unit_vectors(draw, len(papers), dimensions) for dimensions in (384, 1152))
    candidates = [_paper(paper) for paper in papers[-CANDIDATES:]]
    ids = [paper.id for paper in papers]
    by_id = dict(zip(ids, vectors, strict=True))
    titles_by_id = dict(zip(ids, title_vectors, strict=True))
    votes = [
        Example(
            paper_id=paper.id,
            title=paper.title,
            vector=by_id[paper.id],
            title_vector=titles_by_id[paper.id],
            liking=(-1.0, 1.0)[row % 2] if row < VOTES else 0.0,
        )
        for row, paper in enumerate(papers[: VOTES + passed])
    ]
    figures: dict[str, float] = {}
    before = _peak_mb()
    for name in ("first ranking (s)", "ranking (s)"):
        began, processor = time.perf_counter(), time.process_time()
        rank(
            candidates,
            interests="mixture of experts; tokenization; scaling laws",
            vectors=by_id,
            title_vectors=titles_by_id,
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


def _unit_vectors(draw: np.random.Generator, count: int, dimensions: int) -> Vectors:
    """Random ones, made without larger temporary arrays, which would hide what a ranking adds to the peak."""
    vectors = draw.standard_normal((count, dimensions), dtype=np.float32)
    vectors /= np.sqrt(np.einsum("ij,ij->i", vectors, vectors))[:, None]
    return vectors


def _peak_mb() -> float:
    # Not getrusage, where a child starts with its parent's peak.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]))))
