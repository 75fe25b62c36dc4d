"""What was found for a question (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest

from bot.answers.terms import stems
from storage.model import NearPaper, Passage

POINTED = 1.0
"""The confidence in what a question names itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPassage:
    """A passage with what is known of its paper."""

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
    """As it was searched for: without the name of a paper."""
    passages: tuple[FoundPassage, ...] = ()
    """The likeliest first."""
    nearest: tuple[NearPaper, ...] = ()
    """The papers that the question is likeliest about, three at most."""
    confidence: float = 0.0
    """How near the passages come to the question (`ranking.confidence`): too little to refuse by alone, as
    the benchmark `refusal` shows."""
    unread: int = 0
    """How many papers of the scope could not be searched, as no passages of them are stored."""


def by_turns(question: str, each: Sequence[Found]) -> Found:
    """What was found in several papers as one, a passage of each by turns."""
    passages = chain.from_iterable(zip_longest(*(found.passages for found in each)))
    return Found(
        question=question,
        passages=tuple(passage for passage in passages if passage is not None),
        nearest=tuple(paper for found in each for paper in found.nearest),
        confidence=max(found.confidence for found in each),
    )


def abstract_first(passages: Sequence[FoundPassage], abstract: str) -> tuple[FoundPassage, ...]:
    """The passages, that which has most of the abstract's words before the others."""
    wanted = set(stems(abstract))
    first = max(passages, key=lambda one: len(wanted.intersection(stems(one.passage.text))), default=None)
    return tuple(sorted(passages, key=lambda one: one is not first))


def pointed_first(found: Found, pointed: Sequence[FoundPassage], max_words: int) -> Found:
    """What a question points at before what else was found, as many of both as fit into `max_words`.

    The former gets two thirds of them at most: there may be a whole section of it.
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
