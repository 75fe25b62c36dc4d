"""The order of a week's papers for a community, and a reason for each that a person understands (pure).

Meaning (the likeness of vectors) and words (BM25) are judged for each topic of the interests and added up;
what votes teach can become a third judgement.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np
import numpy.typing as npt

from bot.llm.port import Vectors
from bot.taste.eligibility import Dropped, sifted
from bot.taste.interests import topics
from bot.taste.words import Matrix, PaperWords, matches, words
from storage.model import Paper, Pick

__all__ = ["Dropped", "Ranking", "rank", "topics"]

_WORDS_WEIGHT = 3.0
"""A title that names a topic counts like two standard deviations of meaning. On six weeks of one reader's
choices by title, 0 to 5 did about equally well (average precision .14 to .15, random .04) and 8 worse."""
_BREADTH_WEIGHT = 0.5
"""The best topic decides; being near to the others too helps a little (.152 instead of .145 there)."""
_CLOSE = 1.5
_SOMEWHAT_CLOSE = 0.75
"""Standard deviations above the week's papers, for the words of a reason only."""
_SHOWN_TOPIC_CHARACTERS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Every paper of the week, in its place or with the reason why it has none."""

    picks: tuple[Pick, ...]
    """Best first."""
    dropped: tuple[Dropped, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judgement:
    """What speaks for papers, each of shape (papers, topics)."""

    words: Matrix
    """0 to 1: how much of the topic is named."""
    meaning: Matrix | None
    """Standard deviations above the week's average likeness; None without vectors."""

    def scores(self) -> npt.NDArray[np.float64]:
        """One score for each paper, comparable within the week."""
        fused = self.words if self.meaning is None else self.meaning + _WORDS_WEIGHT * self.words
        total: npt.NDArray[np.float64] = fused.max(axis=1) + _BREADTH_WEIGHT * fused.mean(axis=1)
        return total


def rank(
    candidates: Sequence[Paper],
    *,
    interests: str,
    excluded_words: Sequence[str] = (),
    already_shown: Collection[str] = (),
    vectors: Mapping[str, npt.NDArray[np.float32]] | None = None,
    interest_vectors: Vectors | None = None,
) -> Ranking:
    """Put a week's papers into order; the same input gives the same order, however it is shuffled.

    Takes about 0.4 s of processor time for 2,000 papers: keep it off the event loop.

    Args:
        candidates: The week's papers, cross-lists and versions as they come.
        interests: In plain words; empty means a broad choice.
        excluded_words: Words and phrases that rule a paper out, whole and in any case.
        already_shown: Versionless ids of papers in earlier digests.
        vectors: By versionless id, title and abstract of each paper; a missing one counts as average.
        interest_vectors: Of `topics(interests)`, in that order; None means words only.
    """
    papers, dropped = sifted(candidates, excluded_words=excluded_words, already_shown=already_shown)
    wished = topics(interests)
    if not papers or not wished:
        return Ranking(picks=_broad(papers), dropped=tuple(dropped))
    read = [PaperWords.of(paper) for paper in papers]
    judgement = _Judgement(
        words=matches(read, wished), meaning=_meaning(papers, len(wished), vectors, interest_vectors)
    )
    scores = judgement.scores()
    # Papers come newest first, and a stable sort keeps that among equals.
    order = np.argsort(-scores.round(9), kind="stable")
    picks = tuple(
        Pick(paper=papers[row], score=float(scores[row]), reason=_reason(read[row], row, wished, judgement))
        for row in order
    )
    return Ranking(picks=picks, dropped=tuple(dropped))


def _meaning(
    papers: Sequence[Paper],
    topic_count: int,
    vectors: Mapping[str, npt.NDArray[np.float32]] | None,
    interest_vectors: Vectors | None,
) -> Matrix | None:
    """Likeness standardised for each topic, within the week: some topics are near to everything."""
    if not vectors or interest_vectors is None:
        return None
    if len(interest_vectors) != topic_count:
        raise ValueError("interest_vectors have to be those of topics(interests)")
    known = [row for row, paper in enumerate(papers) if paper.id in vectors]
    standardised = np.zeros((len(papers), topic_count))
    if known:
        likeness = (
            np.stack([vectors[papers[row].id] for row in known]).astype(np.float64) @ interest_vectors.T
        )
        spread = likeness.std(axis=0)
        standardised[known] = (likeness - likeness.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    return standardised


def _reason(paper: PaperWords, row: int, wished: Sequence[str], judgement: _Judgement) -> str:
    """One line: the topic the paper names, and the one it is close to in meaning."""
    parts = []
    named = int(judgement.words[row].argmax())
    own = list(dict.fromkeys(words(wished[named])))
    found = [word for word in own if word in paper.title or word in paper.abstract]
    if own and found == own:
        place = " in its title" if set(own) <= set(paper.title) else ""
        parts.append(f"matches {_quoted(wished[named])}{place}")
    elif found:
        parts.append(f"mentions {_quoted(' '.join(found))}")
    if judgement.meaning is not None:
        nearest = int(judgement.meaning[row].argmax())
        nearness = judgement.meaning[row, nearest]
        if nearness >= _SOMEWHAT_CLOSE:
            close = "close" if nearness >= _CLOSE else "somewhat close"
            parts.append(f"{close} in meaning to {_quoted(wished[nearest])}")
    return "; ".join(parts) or "nothing nearer to the interests was left"


def _quoted(topic: str) -> str:
    short = (
        topic
        if len(topic) <= _SHOWN_TOPIC_CHARACTERS
        else f"{topic[: _SHOWN_TOPIC_CHARACTERS - 1].rstrip()}…"
    )
    return f'"{short}"'


def _broad(papers: Sequence[Paper]) -> tuple[Pick, ...]:
    """Without interests, primary categories take turns; in each, the most widely cross-listed come first."""
    by_category: defaultdict[str, list[Paper]] = defaultdict(list)
    for paper in sorted(papers, key=lambda paper: -len(paper.categories)):
        by_category[paper.primary_category].append(paper)
    largest_first = sorted(by_category.values(), key=lambda own: (-len(own), own[0].primary_category))
    turns = [paper for turn in zip_longest(*largest_first) for paper in turn if paper is not None]
    return tuple(
        Pick(
            paper=paper,
            score=1 - place / len(turns),
            reason=f"no interests are set: a broad choice, listed in {', '.join(paper.categories)}",
        )
        for place, paper in enumerate(turns)
    )
