"""What was found for a question (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest

from bot.answers.terms import stems
from storage.model import NearPaper, Passage

POINTED = 1.0
"""The confidence in what the question itself points at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPassage:
    """A passage with its paper's title and its score."""

    passage: Passage
    title: str
    score: float
    """The logarithm of how likely it holds the answer, comparable within one question."""

    @property
    def paper_key(self) -> str:
        """The paper's key."""
        return self.passage.paper_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found for one question."""

    question: str
    """As it was searched for: without the paper's name."""
    passages: tuple[FoundPassage, ...] = ()
    """The likeliest first."""
    nearest: tuple[NearPaper, ...] = ()
    """The papers that the question is most likely about, at most three."""
    confidence: float = 0.0
    """How well the passages match the question (`ranking.confidence`); no sufficient reason to refuse, as the
    benchmark `refusal` shows."""
    unread: int = 0
    """How many of the scope's papers could not be searched because none of their passages are stored."""


def interleaved(question: str, each: Sequence[Found]) -> Found:
    """What was found in several papers, merged: a passage from each in turn."""
    passages = chain.from_iterable(zip_longest(*(found.passages for found in each)))
    return Found(
        question=question,
        passages=tuple(passage for passage in passages if passage is not None),
        nearest=tuple(paper for found in each for paper in found.nearest),
        confidence=max(found.confidence for found in each),
    )


def abstract_first(passages: Sequence[FoundPassage], abstract: str) -> tuple[FoundPassage, ...]:
    """The passages, starting with the one that has most of the abstract's words."""
    wanted = set(stems(abstract))
    first = max(passages, key=lambda one: len(wanted.intersection(stems(one.passage.text))), default=None)
    return tuple(sorted(passages, key=lambda one: one is not first))


def pointed_first(found: Found, pointed: Sequence[FoundPassage], max_words: int) -> Found:
    """What a question points at, then what else was found, as many of both as fit into `max_words`.

    The former gets at most two thirds, as it may be a whole section.
    """
    if not pointed:
        return found
    first = _fitting(pointed, max_words * 2 // 3)
    taken = {one.passage.id for one in first}
    others = [one for one in found.passages if one.passage.id not in taken]
    left = max_words - sum(len(one.passage.text.split()) for one in first)
    return replace(found, passages=(*first, *_fitting(others, left)), confidence=POINTED)


def _fitting(passages: Sequence[FoundPassage], words: int) -> list[FoundPassage]:
    taken = []
    for one in passages:
        if (count := len(one.passage.text.split())) <= words:
            taken.append(one)
            words -= count
    return taken
