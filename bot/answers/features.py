"""What suggests that a passage answers a question, as numbers (pure)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from bot.answers.bm25 import Array, WordIndex, rarity, saturated
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
class Terms:
    """One passage as words."""

    counts: Mapping[str, int]
    words: int
    """Its length, as a budget of words counts it."""
    sections: tuple[bool, ...]

    @classmethod
    def of(cls, passage: Passage) -> Self:
        """Read a passage; its heading counts as part of the text."""
        heading = "" if passage.text.startswith(passage.heading) else passage.heading
        return cls(
            counts=Counter(stems(f"{heading} {passage.text}")),
            words=len(passage.text.split()),
            sections=sections_of(passage.heading),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperWords:
    """The passages of one paper, in order, as words."""

    index: WordIndex
    """Contains the passages, perhaps among others."""
    numbers: range
    """The passages' numbers in the index."""
    words: Sequence[int]
    sections: Sequence[tuple[bool, ...]]

    def __len__(self) -> int:
        return len(self.numbers)


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
    frequencies = paper.index.counts(asked, paper.numbers)
    lengths = paper.index.lengths(paper.numbers)
    weights = rarity((frequencies > 0).sum(axis=0), len(paper))
    scores: Array = saturated(frequencies, lengths[:, None], float(lengths.mean())) @ weights
    shares: Array = (frequencies > 0) @ weights / max(1e-6, float(weights.sum()))
    return scores, shares


def _topic_words(topic: str, paper: PaperWords) -> Array:
    counts = paper.index.counts(TOPIC_STEMS[topic], paper.numbers).sum(axis=1)
    capped: Array = np.minimum(counts, _MOST_TOPIC_WORDS)
    return capped


def _standardised(values: Array) -> Array:
    scaled: Array = (values - values.mean()) / (values.std() + 1e-6)
    return scaled
