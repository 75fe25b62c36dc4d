"""Two thousand invented papers: a week of a large category, made of the sample's sentences."""

import random
import re
from dataclasses import replace
from itertools import cycle

from bot.sample.week import CATEGORIES, WEEK, sample_papers, sample_pdf
from bot.weeks import parse_week
from storage.model import Paper

ABSTRACT_WORDS = 150
UNREADABLE = frozenset({"2611.90577", "2611.90688"})
"""Ids of the sample's scan and damaged file, which yield no text."""
_SEED = 20261116


def invented_week(count: int) -> tuple[list[Paper], dict[str, bytes]]:
    """`count` papers submitted within the sample week, and their PDFs by key."""
    dice = random.Random(_SEED)
    sample = sample_papers()
    sentences = [
        sentence for paper in sample for sentence in re.split(r"(?<=[.?!])\s+", paper.abstract) if sentence
    ]
    title_words = [word for paper in sample for word in paper.title.split()]
    window = parse_week(WEEK).window
    step = (window.end - window.start) / (count + 1)
    papers = []
    for number in range(count):
        submitted = (window.start + step * (number + 1)).replace(microsecond=0)
        paper = replace(
            sample[0],
            id=f"2611.{10_000 + number}",
            title=" ".join(dice.sample(title_words, 9)),
            abstract=_abstract(dice, sentences),
            categories=(dice.choice(CATEGORIES),),
            published=submitted,
            updated=submitted,
        )
        papers.append(paper)
    return papers, dict(zip((paper.key for paper in papers), cycle(readable_pdfs()), strict=False))


def readable_pdfs() -> list[bytes]:
    """The sample's PDFs that have text."""
    found = [sample_pdf(paper.key) for paper in sample_papers() if paper.id not in UNREADABLE]
    return [pdf for pdf in found if pdf is not None]


def _abstract(dice: random.Random, sentences: list[str]) -> str:
    chosen: list[str] = []
    while sum(len(sentence.split()) for sentence in chosen) < ABSTRACT_WORDS:
        chosen.append(dice.choice(sentences))
    return " ".join(chosen)
