"""The papers of a wide scope by their words: which of them a question is likely about (pure, in memory).

Neither database ranks well enough by itself: PostgreSQL's `ts_rank` does not know which words are rare, and
both would answer for passages, of which there are seventy times as many as papers.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from bot.answers.bm25 import Array, WordIndex
from bot.answers.terms import stems


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the catalogue keeps of one paper."""

    title: str
    front_counts: Mapping[str, int]
    """Of the title, twice, and the abstract."""
    body_counts: Mapping[str, int]

    @classmethod
    def of(cls, *, title: str, abstract: str, body: Iterable[str]) -> Self:
        """Read a paper; `body` are the texts of its passages."""
        title_stems = stems(title)
        return cls(
            title=title,
            front_counts=Counter([*title_stems, *title_stems, *stems(abstract)]),
            body_counts=Counter(stem for text in body for stem in stems(text)),
        )


class Catalogue:
    """Papers by their words. It only grows: a paper version's text does not change."""

    def __init__(self) -> None:
        self._titles: dict[str, str] = {}
        self._numbers: dict[str, int] = {}
        self._front = WordIndex()
        self._body = WordIndex()

    def __contains__(self, key: str) -> bool:
        return key in self._numbers

    def add(self, key: str, entry: Entry) -> None:
        """Take in a paper that is not in it."""
        self._numbers[key] = len(self._numbers)
        self._titles[key] = entry.title
        self._front.add(entry.front_counts)
        self._body.add(entry.body_counts)

    def title(self, key: str) -> str:
        """The title of a paper that is in it."""
        return self._titles[key]

    def titles_of(self, keys: Iterable[str]) -> dict[str, str]:
        """The titles of these papers, which are all in it."""
        return {key: self._titles[key] for key in keys}

    def scores(self, question: str, keys: Sequence[str]) -> Array:
        """BM25 of each paper's title with abstract, and of its text; shape (papers, 2).

        Which words are rare is judged among `keys`, which are all in the catalogue.
        """
        numbers = np.asarray([self._numbers[key] for key in keys], np.intp)
        asked = list(dict.fromkeys(stems(question)))
        return np.stack([part.scores(asked, numbers) for part in (self._front, self._body)], axis=1)
