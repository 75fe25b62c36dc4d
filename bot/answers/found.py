"""What was found for a question, and how it is put together (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest

from bot.answers.terms import stems
from bot.papers.library import abstract_text
from bot.papers.passages import passages
from storage.model import NearPaper, Paper, PaperText, Passage

POINTED = 1.0
"""The confidence in what a question itself points at, and in an abstract that is all its paper has."""
_LONGEST_ABSTRACT = 1_000
"""In words: more than arXiv takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPassage:
    """A passage with its paper's title."""

    passage: Passage
    title: str

    @property
    def paper_key(self) -> str:
        """The paper's key."""
        return self.passage.paper_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found for one question."""

    passages: tuple[FoundPassage, ...] = ()
    """The likeliest first."""
    nearest: tuple[NearPaper, ...] = ()
    """The papers that the question is most likely about, at most three."""
    confidence: float = 0.0
    """How well the passages match the question (`ranking.confidence`); no sufficient reason to refuse, as the
    benchmark `refusal` shows."""
    unread: int = 0
    """How many of the scope's papers could not be searched because none of their passages are stored."""


def interleaved(each: Sequence[Found]) -> Found:
    """What was found in several papers, merged: a passage from each in turn."""
    in_turn = chain.from_iterable(zip_longest(*(found.passages for found in each)))
    return Found(
        passages=tuple(passage for passage in in_turn if passage is not None),
        nearest=tuple(paper for found in each for paper in found.nearest),
        confidence=max(found.confidence for found in each),
    )


def abstract_first(found: Sequence[FoundPassage], abstract: str) -> tuple[FoundPassage, ...]:
    """The passages, starting with the one that has most of the abstract's words."""
    wanted = set(stems(abstract))
    first = max(found, key=lambda one: len(wanted.intersection(stems(one.passage.text))), default=None)
    return tuple(sorted(found, key=lambda one: one is not first))


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


def of_abstracts(papers: Sequence[Paper]) -> Found:
    """The abstracts of papers, each as one passage, in their order."""
    texts = [(paper.title, abstract_text(paper, problem="")) for paper in papers]
    found = tuple(
        FoundPassage(passage=passage, title=title)
        for title, text in texts
        for passage in passages(text, max_words=_LONGEST_ABSTRACT)
    )
    return Found(passages=found, confidence=POINTED)


def with_abstracts(found: Found, abstracts: Sequence[tuple[str, PaperText]]) -> Found:
    """What was found, preceded by the passages of abstracts whose papers have none in it.

    These abstracts are not stored: as long as another attempt may get a PDF, nothing of its paper is stored,
    so that the attempt is made.

    Args:
        found: What was found in stored passages.
        abstracts: Pairs of a paper's title and its text.
    """
    stored = {one.paper_key for one in found.passages}
    added = [
        FoundPassage(passage=passage, title=title)
        for title, text in abstracts
        for passage in passages(text)
        if passage.paper_key not in stored
    ]
    if not added:
        return found
    titles = {one.paper_key: one.title for one in added}
    near = (NearPaper(paper_key=key, title=title) for key, title in titles.items())
    return replace(
        found,
        passages=(*added, *found.passages),
        nearest=(*found.nearest, *near),
        confidence=POINTED,
    )


def _fitting(passages: Sequence[FoundPassage], words: int) -> list[FoundPassage]:
    taken = []
    for one in passages:
        if (count := len(one.passage.text.split())) <= words:
            taken.append(one)
            words -= count
    return taken
