"""How well papers match interests in plain words: each topic by its words and by its meaning (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from bot.llm.port import Vectors
from bot.taste.words import Matrix, PaperWords, forms, matches
from storage.model import Paper

WORDS_WEIGHT = 3.0
"""A title that names a topic counts like two standard deviations of meaning. On six weeks of one reader's
choices by title, 0 to 5 did about equally well (average precision .14 to .15, random .04) and 8 worse."""
_BREADTH_WEIGHT = 1.0
"""Of the mean over the topics, beside the best one. On the weeks that one reader's topics were written from,
average precision was .229 with 0.5, .237 with 1 and .247 with 2. But his topics are one field; with 2, papers
that are a little of everything would push aside one that is all about one topic."""
_CLOSE = 1.5
_SOMEWHAT_CLOSE = 0.75
"""Standard deviations above the week's average; only the wording of a reason depends on them."""
_SHOWN_CHARACTERS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Papers matched with the topics of the interests; both matrices have the shape (papers, topics)."""

    topics: Sequence[str]
    read: Sequence[PaperWords]
    words: Matrix
    """How much each paper is about each topic by its words, from 0 to 1."""
    meaning: Matrix | None
    """Similarity in standard deviations above the week's average; None without vectors."""

    @classmethod
    def of(
        cls,
        papers: Sequence[Paper],
        topics: Sequence[str],
        vectors: Mapping[str, npt.NDArray[np.float32]] | None,
        interest_vectors: Vectors | None,
    ) -> Self:
        """Match papers with topics; arguments as in `bot.taste.ranking.rank`."""
        read = [PaperWords.of(paper) for paper in papers]
        meaning = _meaning(papers, len(topics), vectors, interest_vectors)
        return cls(topics=topics, read=read, words=matches(read, topics), meaning=meaning)

    def scores(self) -> npt.NDArray[np.float64]:
        """A score for each paper, comparable within the week."""
        fused = self.words if self.meaning is None else self.meaning + WORDS_WEIGHT * self.words
        total: npt.NDArray[np.float64] = fused.max(axis=1) + _BREADTH_WEIGHT * fused.mean(axis=1)
        return total

    def reasons(self, row: int) -> list[str]:
        """The topic that a paper names most, and the one it is closest to in meaning, for a person."""
        paper, parts = self.read[row], []
        named = int(self.words[row].argmax())
        written = dict(forms(self.topics[named]))
        own = list(written)
        found = [word for word in own if word in paper.title or word in paper.abstract]
        if own and found == own:
            place = " in its title" if set(own) <= set(paper.title) else ""
            parts.append(f"matches {quoted(self.topics[named])}{place}")
        elif found:
            parts.append(f"mentions {quoted(' '.join(written[word] for word in found))}")
        if self.meaning is not None:
            nearest = int(self.meaning[row].argmax())
            nearness = self.meaning[row, nearest]
            if nearness >= _SOMEWHAT_CLOSE:
                close = "close" if nearness >= _CLOSE else "somewhat close"
                parts.append(f"{close} in meaning to {quoted(self.topics[nearest])}")
        return parts


def quoted(text: str) -> str:
    """In quotation marks, cut at 60 characters."""
    short = text if len(text) <= _SHOWN_CHARACTERS else f"{text[: _SHOWN_CHARACTERS - 1].rstrip()}…"
    return f'"{short}"'


def _meaning(
    papers: Sequence[Paper],
    topic_count: int,
    vectors: Mapping[str, npt.NDArray[np.float32]] | None,
    interest_vectors: Vectors | None,
) -> Matrix | None:
    """Similarity, standardised for each topic within the week, as some topics are similar to everything."""
    if not vectors or interest_vectors is None:
        return None
    if len(interest_vectors) != topic_count:
        raise ValueError("interest_vectors have to be those of topics(interests)")
    known = [row for row, paper in enumerate(papers) if paper.id in vectors]
    standardised = np.zeros((len(papers), topic_count))
    if known:
        similarity = (
            np.stack([vectors[papers[row].id] for row in known]).astype(np.float64) @ interest_vectors.T
        )
        spread = similarity.std(axis=0)
        standardised[known] = (similarity - similarity.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    return standardised
