"""One reader's choices, week by week."""

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from tests.shared_data import SHARED_DATA

LEARN_UNTIL = date(2024, 8, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A paper that the reader saw, and what he did with it."""

    id: str
    title: str
    abstract: str
    """Empty for 63 % of the papers, more often for those passed over: whether it is empty must not tell."""
    day: date
    week: str
    downloaded: bool
    """Picked by its title."""
    kept: bool
    """Picked by its abstract, of those downloaded."""

    def text(self, *, with_abstract: bool) -> str:
        """What a system may read of it."""
        return f"{self.title}. {self.abstract}" if with_abstract and self.abstract else self.title


def seen_papers() -> list[Seen]:
    """Every paper of a complete week, oldest first.

    The field `title` has ": " for papers with an abstract and " - " for others. As liked papers have one more
    often, that would leak the label; so each title is the one that he saw, written in one way.
    """
    with gzip.open(SHARED_DATA / "taste" / "dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    papers = [
        Seen(
            id=row["arxiv_id"],
            title=row["title_in_csv"].replace(" - ", ": "),
            abstract=row.get("abstract", ""),
            day=date.fromisoformat(row["paper_date"]),
            week=row["week"],
            downloaded=bool(row["downloaded"]),
            kept=bool(row["kept"]),
        )
        for row in rows
        if row["candidate"]
    ]
    return sorted(papers, key=lambda paper: (paper.day, paper.id))


def split(papers: Sequence[Seen]) -> tuple[list[Seen], dict[str, list[Seen]]]:
    """The papers to learn from, and those of each whole week after them."""
    past = [paper for paper in papers if paper.day <= LEARN_UNTIL]
    known_weeks = {paper.week for paper in past}
    weeks: dict[str, list[Seen]] = {}
    for paper in papers:
        if paper.week not in known_weeks:
            weeks.setdefault(paper.week, []).append(paper)
    return past, weeks


def labelled(papers: Sequence[Seen], label: str) -> npt.NDArray[np.bool_]:
    """For each paper whether he `downloaded` or `kept` it."""
    return np.array([getattr(paper, label) for paper in papers])
