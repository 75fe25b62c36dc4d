"""QASPER: questions by readers of papers, with the paragraphs that contain the evidence.

The production code cuts each paper into passages, as if it were a single page. Systems that cut differently
are compared by the paragraphs that their passages cover within a budget of words.
"""

import gzip
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log2
from typing import Any, TypeAlias

from bot.papers.passages import passages
from storage.model import Page, PaperText, Passage, Section, SectionKind, TextSource
from tests.shared_data import SHARED_DATA

Place: TypeAlias = tuple[str, int]
"""A paper's key and the number of its paragraph, counted through all sections from 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One passage as a system cuts it."""

    passage: Passage
    words: int
    covers: dict[Place, float]
    """The share of each paragraph's words that the passage contains."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QasperPaper:
    """One paper, cut in both ways."""

    key: str
    title: str
    text: PaperText
    paragraphs: tuple[Unit, ...]
    """The baselines' units: one for each paragraph, however short."""
    passages: tuple[Unit, ...]
    """The passages that the production code cuts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question with its evidence."""

    text: str
    paper_key: str
    gold: tuple[Place, ...]
    """The evidence; empty if the text has none."""
    unanswerable: bool


def papers(split: str, start: int = 0, stop: int | None = None) -> list[QasperPaper]:
    """The papers of `train` or `validation`, in the file's order."""
    return [_paper(row) for row in rows("papers", split)[start:stop]]


def questions(split: str, chosen: Iterable[QasperPaper]) -> list[Question]:
    """The questions about these papers, in the file's order."""
    keys = {paper.key for paper in chosen}
    keyed = [(f"{row['paper_id']}v1", row) for row in rows("questions", split)]
    return [
        Question(
            text=row["question"],
            paper_key=key,
            gold=tuple((key, number) for number in row["gold"]),
            unanswerable=row["unanswerable"],
        )
        for key, row in keyed
        if key in keys
    ]


def recall(found: Iterable[Unit], gold: Sequence[Place]) -> float:
    """The share of the gold paragraphs with at least half of their words found."""
    covered = set(_covered(found))
    return sum(place in covered for place in gold) / len(gold)


def ndcg(found: Iterable[Unit], gold: Sequence[Place], *, depth: int = 10) -> float:
    """nDCG of the paragraphs, ranked in the order in which the passages reach half of their words."""
    gains = [1 / log2(rank + 2) for rank in range(depth)]
    hits = (gain for gain, place in zip(gains, _covered(found), strict=False) if place in gold)
    return sum(hits) / sum(gains[: len(gold)])


def _covered(found: Iterable[Unit]) -> list[Place]:
    shares: dict[Place, float] = {}
    covered: dict[Place, None] = {}
    for unit in found:
        for place, share in unit.covers.items():
            shares[place] = shares.get(place, 0.0) + share
            # The tolerance is for rounding errors.
            if shares[place] >= 0.5 - 1e-9:
                covered.setdefault(place)
    return list(covered)


def rows(kind: str, split: str) -> list[dict[str, Any]]:
    """The raw `papers` or `questions` of a split, as JSON objects."""
    with gzip.open(SHARED_DATA / "qa" / f"{kind}.{split}.jsonl.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def _paper(row: dict[str, Any]) -> QasperPaper:
    parts: list[str] = []
    sections: list[Section] = []
    spans: list[tuple[int, int]] = []
    paragraphs: list[Passage] = []
    position = 0
    for raw_heading, texts in row["sections"]:
        heading, start = " ".join((raw_heading or "").split()), position
        kind = _kind(heading)
        for text in (heading, *(" ".join(text.split()) for text in texts)):
            parts.append(text)
            spans.append((position, position + len(text)))
            position += len(text) + 2
        # The heading's span is not a paragraph.
        del spans[-len(texts) - 1]
        for text in parts[len(parts) - len(texts) :]:
            paragraphs.append(_paragraph(row["paper_id"], len(paragraphs), heading, kind, text))
        sections.append(
            Section(heading=heading, kind=kind, first_page=1, last_page=1, start=start, end=position - 2)
        )
    whole = PaperText(
        paper_id=row["paper_id"],
        version=1,
        source=TextSource.PDF,
        reader="QASPER",
        pages=(Page(number=1, text="\n\n".join(parts)),),
        page_count=1,
        sections=tuple(sections),
    )
    key = f"{row['paper_id']}v1"
    return QasperPaper(
        key=key,
        title=row["title"],
        text=whole,
        paragraphs=tuple(
            Unit(passage=passage, words=len(passage.text.split()), covers={(key, number): 1.0})
            for number, passage in enumerate(paragraphs)
        ),
        passages=tuple(_units(key, whole, spans)),
    )


def _paragraph(paper_id: str, ordinal: int, heading: str, kind: SectionKind, text: str) -> Passage:
    return Passage(
        paper_id=paper_id,
        version=1,
        ordinal=ordinal,
        heading=heading,
        kind=kind,
        first_page=1,
        last_page=1,
        text=text,
    )


def _kind(heading: str) -> SectionKind:
    return SectionKind.ABSTRACT if heading == "Abstract" else SectionKind.BODY


def _units(key: str, text: PaperText, spans: Sequence[tuple[int, int]]) -> Iterable[Unit]:
    full = text.full_text
    position = 0
    for passage in passages(text):
        start = full.index(passage.text, position)
        end = position = start + len(passage.text)
        covers = {
            (key, number): len(full[max(start, first) : min(end, last)].split())
            / len(full[first:last].split())
            for number, (first, last) in enumerate(spans)
            if max(start, first) < min(end, last)
        }
        yield Unit(passage=passage, words=len(passage.text.split()), covers=covers)
