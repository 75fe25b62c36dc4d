"""QASPER papers with everything retrieval keeps of a paper: words and vectors."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from bot.answers.bm25 import Array
from bot.answers.features import PaperWords
from bot.answers.likely import paper_features, word_scores
from bot.llm.port import Vectors
from bot.papers.passages import embedded_text
from storage.model import SectionKind
from tests.benchmarks._cached_vectors import vectors_of
from tests.benchmarks._qasper import QasperPaper, Question, questions

NEAREST = 200
"""How many passages the index would be asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Papers as the production code keeps them, in memory."""

    papers: tuple[QasperPaper, ...]
    keys: tuple[str, ...]
    by_key: dict[str, QasperPaper]
    vectors: dict[str, Vectors]
    words: dict[str, PaperWords]
    asked: dict[str, Vectors]
    """The vectors of the questions by their text."""

    @classmethod
    async def of(cls, papers: Sequence[QasperPaper], split: str = "train") -> Self:
        """The corpus of these papers; embeds what is not cached yet."""
        words = dict[str, PaperWords]()
        for paper in papers:
            abstract = " ".join(
                unit.passage.text for unit in paper.passages if unit.passage.kind is SectionKind.ABSTRACT
            )
            parts = [unit.passage for unit in paper.passages]
            words[paper.key] = PaperWords.of(title=paper.title, abstract=abstract, passages=parts)
        texts = [question.text for question in questions(split, papers)]
        return cls(
            papers=tuple(papers),
            keys=tuple(paper.key for paper in papers),
            by_key={paper.key: paper for paper in papers},
            vectors={
                paper.key: await vectors_of(
                    [embedded_text(paper.title, unit.passage) for unit in paper.passages]
                )
                for paper in papers
            },
            words=words,
            asked=dict(zip(texts, await vectors_of(texts), strict=True)),
        )

    def paper_features(self, question: Question, *, has_vectors: bool) -> Array:
        """As in production, where a paper's meaning is known only from the nearest passages of all papers."""
        words = word_scores(question.text, [self.words[key] for key in self.keys])
        return paper_features(words, self.nearest(question) if has_vectors else None, self.keys)

    def nearest(self, question: Question) -> dict[str, list[float]]:
        """The cosines of the nearest passages of all papers, grouped by paper."""
        found = [(float(cosine), key) for key in self.keys for cosine in cosines_of(question, self, key)]
        nearest: dict[str, list[float]] = {}
        for cosine, key in sorted(found, reverse=True)[:NEAREST]:
            nearest.setdefault(key, []).append(cosine)
        return nearest


def cosines_of(question: Question, corpus: Corpus, key: str) -> Array:
    """The cosine of the question to each passage of a paper."""
    cosines: Array = np.asarray(corpus.vectors[key] @ corpus.asked[question.text], float)
    return cosines
