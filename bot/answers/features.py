"""What speaks for a passage as the answer to a question, as numbers (pure)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import numpy as np

from bot.answers.bm25 import Array, rarity, saturated
from bot.answers.cues import SECTIONS, TOPIC_STEMS, TOPICS, sections_of, topics_of
from bot.answers.terms import stems
from storage.model import Passage

WORD_FEATURES = (
    "bm25",
    "coverage",
    "pairs",
    "log words",
    "position",
    "position squared",
    "first",
    *(f"in {section}" for section in SECTIONS),
    *(f"asks {topic}" for topic in TOPICS),
)
COVERAGE = WORD_FEATURES.index("coverage")
MEANING_FEATURES = ("likeness", "likeness of neighbours")
_MOST_PAIRS = 3
_MOST_CUES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """One passage as words, made once for all questions."""

    counts: Mapping[str, int]
    stems: Sequence[str]
    words: int
    """As a budget of words counts them."""
    sections: tuple[bool, ...]

    @classmethod
    def of(cls, passage: Passage) -> Self:
        """Read a passage; its heading counts as its text."""
        heading = "" if passage.text.startswith(passage.heading) else passage.heading
        found = stems(f"{heading} {passage.text}")
        return cls(
            counts=Counter(found),
            stems=found,
            words=len(passage.text.split()),
            sections=sections_of(passage.heading),
        )


def word_features(question: str, paper: Sequence[Terms]) -> Array:
    """What words, place and section say of each passage of one paper, shape (passages, len(WORD_FEATURES)).

    Args:
        question: In the user's words.
        paper: All passages of the paper in their order.
    """
    count = len(paper)
    asked = list(dict.fromkeys(stems(question)))
    places = np.arange(count) / count
    topics = topics_of(question)
    scores, shares = _matches(asked, paper)
    columns = [
        _standardised(scores),
        shares,
        np.asarray([_shared(asked, terms) for terms in paper], float),
        np.log([terms.words + 1.0 for terms in paper]),
        places,
        places**2,
        (np.arange(count) == 0).astype(float),
        *np.asarray([terms.sections for terms in paper], float).T,
        *(_cues(TOPIC_STEMS[topic], paper) if topic in topics else np.zeros(count) for topic in TOPICS),
    ]
    return np.stack(columns, axis=1)


def meanings(cosines: Array) -> Array:
    """What meaning says of each passage of one paper, shape (passages, len(MEANING_FEATURES)).

    Args:
        cosines: Of the question's vector with each passage's, in the passages' order.
    """
    ends = np.pad(cosines, 1, mode="edge")
    return np.stack([_standardised(cosines), _standardised((ends[:-2] + ends[2:]) / 2)], axis=1)


def _matches(asked: Sequence[str], paper: Sequence[Terms]) -> tuple[Array, Array]:
    """BM25 of each passage, and its share of the question's words, the rare ones counting more."""
    counts = [[terms.counts.get(stem, 0) for stem in asked] for terms in paper]
    frequencies = np.asarray(counts, float).reshape(len(paper), len(asked))
    lengths = np.asarray([[len(terms.stems)] for terms in paper], float)
    weights = rarity((frequencies > 0).sum(axis=0), len(paper))
    scores: Array = saturated(frequencies, lengths, float(lengths.mean())) @ weights
    shares: Array = (frequencies > 0) @ weights / max(1e-6, float(weights.sum()))
    return scores, shares


def _shared(asked: Sequence[str], terms: Terms) -> int:
    wanted = [
        pair for pair in pairwise(asked) if terms.counts.get(pair[0], 0) and terms.counts.get(pair[1], 0)
    ]
    if not wanted:
        return 0
    there = set(pairwise(terms.stems))
    return min(_MOST_PAIRS, sum(pair in there for pair in wanted))


def _cues(cues: frozenset[str], paper: Sequence[Terms]) -> Array:
    counts = [min(_MOST_CUES, sum(terms.counts.get(stem, 0) for stem in cues)) for terms in paper]
    return np.asarray(counts, float)


def _standardised(values: Array) -> Array:
    scaled: Array = (values - values.mean()) / (values.std() + 1e-6)
    return scaled
