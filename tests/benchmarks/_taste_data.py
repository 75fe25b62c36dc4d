"""One reader's choices, week by week, with vectors that are made once and kept."""

import asyncio
import gzip
import hashlib
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import platformdirs

from bot.llm.minilm.embedder import MiniLmEmbedder
from bot.llm.port import Vectors
from tests.shared_data import SHARED_DATA

LEARN_UNTIL = date(2024, 8, 31)
_TEXTS_BETWEEN_SAVES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A paper that the reader saw, and what he did with it."""

    id: str
    title: str
    abstract: str
    """Empty for 63 % of the papers, and more often so for those he passed over: never to be judged by."""
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
    """Every paper of a complete week, oldest first."""
    with gzip.open(SHARED_DATA / "taste" / "dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    papers = [
        Seen(
            id=row["arxiv_id"],
            title=row["title"],
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
    """What may be learned from, and each whole week after it."""
    past = [paper for paper in papers if paper.day <= LEARN_UNTIL]
    known_weeks = {paper.week for paper in past}
    weeks: dict[str, list[Seen]] = {}
    for paper in papers:
        if paper.week not in known_weeks:
            weeks.setdefault(paper.week, []).append(paper)
    return past, weeks


class KeptVectors:
    """MiniLM's vectors of texts and of titles: 22,000 texts take half an hour the first time."""

    def __init__(self) -> None:
        folder = platformdirs.user_cache_path("broadsheet-benchmarks")
        self._of_texts = _Kept(folder / "minilm.npz", lambda embedder: embedder.embed)
        self._of_titles = _Kept(folder / "minilm-titles.npz", lambda embedder: embedder.titles.embed)

    def of(self, texts: Sequence[str]) -> Vectors:
        """The vectors in the order of `texts`, shape (texts, 384)."""
        return self._of_texts.of(texts)

    def of_titles(self, titles: Sequence[str]) -> Vectors:
        """The vectors by the embedder of titles, shape (titles, 768)."""
        return self._of_titles.of(titles)


class _Kept:
    """Vectors on disk, by a hash of what they are of."""

    def __init__(
        self,
        file: Path,
        by: Callable[[MiniLmEmbedder], Callable[[Sequence[str]], Awaitable[Vectors]]],
    ) -> None:
        self._file = file
        self._by = by
        self._known: dict[str, npt.NDArray[np.float32]] = {}
        if file.is_file():
            with np.load(file) as kept:
                self._known = dict(zip(kept["keys"].tolist(), kept["vectors"], strict=True))

    def of(self, texts: Sequence[str]) -> Vectors:
        keys = [hashlib.sha256(text.encode()).hexdigest()[:32] for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        if missing:
            asyncio.run(self._make(missing))
        return np.stack([self._known[key] for key in keys])

    async def _make(self, missing: dict[str, str]) -> None:
        keys = list(missing)
        async with MiniLmEmbedder(1) as embedder:
            for start in range(0, len(keys), _TEXTS_BETWEEN_SAVES):
                batch = keys[start : start + _TEXTS_BETWEEN_SAVES]
                vectors = await self._by(embedder)([missing[key] for key in batch])
                self._known |= dict(zip(batch, vectors, strict=True))
                self._save()

    def _save(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        partial = self._file.with_suffix(".partial.npz")
        np.savez(partial, keys=np.array(list(self._known)), vectors=np.stack(list(self._known.values())))
        partial.replace(self._file)
