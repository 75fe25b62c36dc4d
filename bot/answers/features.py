"""What suggests that a passage answers a question, as numbers (pure)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from bot.answers.bm25 import Array, WordIndex, bm25, rarity, stem_ids
from bot.answers.terms import stems
from bot.answers.topics import SECTIONS, TOPIC_STEMS, TOPICS, sections_of, topics_of
from storage.model import Passage

WORD_FEATURES = (
    "bm25",
    "coverage",
    "log words",
    "position",
    "position squared",
    "first",
    *(f"in {section}" for section in SECTIONS),
    *(f"asks {topic}" for topic in TOPICS),
)
COVERAGE = WORD_FEATURES.index("coverage")
MEANING_FEATURES = ("likeness", "likeness of neighbours")
_MOST_TOPIC_WORDS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperWords:
    """One paper as words: 30 to 50 KB for 60 passages."""

    front: WordIndex
    """A single text: the title, counted twice, and the abstract."""
    passages: WordIndex
    """The passages in order; a heading counts as part of the text."""
    words: Sequence[int]
    """The length of each passage, as a budget of words counts it."""
    sections: Sequence[tuple[bool, ...]]

    @classmethod
    def of(cls, *, title: str, abstract: str, passages: Sequence[Passage]) -> Self:
        """Read a paper: all its passages, in order."""
        title_stems = stems(title)
        return cls(
            front=WordIndex([Counter([*title_stems, *title_stems, *stems(abstract)])]),
            passages=WordIndex([Counter(stems(_with_heading(passage))) for passage in passages]),
            words=tuple(len(passage.text.split()) for passage in passages),
            sections=tuple(sections_of(passage.heading) for passage in passages),
        )

    def __len__(self) -> int:
        return len(self.passages)


def word_features(question: str, paper: PaperWords) -> Array:
    """What words, place and section say about each passage of a paper; shape (passages, len(WORD_FEATURES)).

    Args:
        question: In the user's words.
        paper: Has at least one passage.
    """
    count = len(paper)
    places = np.arange(count) / count
    topics = topics_of(question)
    scores, shares = _matches(list(dict.fromkeys(stems(question))), paper)
    columns = [
        _standardised(scores),
        shares,
        np.log(np.asarray(paper.words) + 1.0),
        places,
        places**2,
        (places == 0).astype(float),
        *np.asarray(paper.sections, float).T,
        *(_topic_words(topic, paper) if topic in topics else np.zeros(count) for topic in TOPICS),
    ]
    return np.stack(columns, axis=1)


def meanings(cosines: Array) -> Array:
    """What meaning says about each passage of a paper; shape (passages, len(MEANING_FEATURES)).

    Args:
        cosines: Between the question's vector and each passage's, in the passages' order.
    """
    ends = np.pad(cosines, 1, mode="edge")
    return np.stack([_standardised(cosines), _standardised((ends[:-2] + ends[2:]) / 2)], axis=1)


def _matches(asked: Sequence[str], paper: PaperWords) -> tuple[Array, Array]:
    """Each passage's BM25 score, and its share of the question's words, weighted by rarity."""
    frequencies = paper.passages.counts(stem_ids(asked))
    weights = rarity((frequencies > 0).sum(axis=0), len(paper))
    shares: Array = (frequencies > 0) @ weights / max(1e-6, float(weights.sum()))
    return bm25(frequencies, paper.passages.lengths), shares


def _with_heading(passage: Passage) -> str:
    """The passage's text, preceded by its heading, which may be part of the text already."""
    return passage.text if passage.text.startswith(passage.heading) else f"{passage.heading} {passage.text}"


def _topic_words(topic: str, paper: PaperWords) -> Array:
    counts = paper.passages.counts(stem_ids(TOPIC_STEMS[topic])).sum(axis=1)
    capped: Array = np.minimum(counts, _MOST_TOPIC_WORDS)
    return capped


def _standardised(values: Array) -> Array:
    scaled: Array = (values - values.mean()) / (values.std() + 1e-6)
    return scaled
