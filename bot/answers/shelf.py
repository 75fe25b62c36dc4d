"""The words of the stored papers, in memory: which a question is likely about, and where in them (pure).

Neither database would do: PostgreSQL's `ts_rank` does not know which words are rare, and both would block
others while ranking passages that have a common word. Here the papers of 100,000 passages are ranked in 2 ms.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from bot.answers.bm25 import Array, WordIndex
from bot.answers.features import PaperWords, Terms
from bot.answers.terms import stems
from storage.model import Passage


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """One paper as words, to be put on the shelf."""

    title: str
    front: Mapping[str, int]
    """The stems of the title, counted twice, and of the abstract."""
    passages: Sequence[Terms]

    @classmethod
    def of(cls, *, title: str, abstract: str, passages: Iterable[Passage]) -> Self:
        """Read a paper: all its passages, in order."""
        title_stems = stems(title)
        return cls(
            title=title,
            front=Counter([*title_stems, *title_stems, *stems(abstract)]),
            passages=[Terms.of(passage) for passage in passages],
        )


class Shelf:
    """Papers by their words. It only grows: a paper version's text does not change."""

    def __init__(self) -> None:
        self._titles: dict[str, str] = {}
        self._numbers: dict[str, int] = {}
        self._papers: dict[str, PaperWords] = {}
        self._fronts = WordIndex()
        self._passages = WordIndex()

    def __contains__(self, key: str) -> bool:
        return key in self._numbers

    def add(self, key: str, volume: Volume) -> None:
        """Add a paper that is not on the shelf yet."""
        first = len(self._passages)
        for terms in volume.passages:
            self._passages.add(terms.counts)
        self._papers[key] = PaperWords(
            index=self._passages,
            numbers=range(first, len(self._passages)),
            words=[terms.words for terms in volume.passages],
            sections=[terms.sections for terms in volume.passages],
        )
        self._titles[key] = volume.title
        self._fronts.add(volume.front)
        self._numbers[key] = len(self._numbers)

    def paper(self, key: str) -> PaperWords:
        """The passages of a paper on the shelf."""
        return self._papers[key]

    def title(self, key: str) -> str:
        """The title of a paper on the shelf."""
        return self._titles[key]

    def titles_of(self, keys: Iterable[str]) -> dict[str, str]:
        """The titles of these papers, which are all on the shelf."""
        return {key: self._titles[key] for key in keys}

    def scores(self, question: str, keys: Sequence[str]) -> Array:
        """BM25 of each paper's title with abstract, and of its text; shape (papers, 2).

        Which words are rare is judged among `keys`, which are all on the shelf.
        """
        numbers = np.asarray([self._numbers[key] for key in keys], np.intp)
        asked = list(dict.fromkeys(stems(question)))
        # A paper's text is its passages together: an index of its own would take half as much memory again.
        sizes = np.asarray([len(paper) for paper in self._papers.values()], np.intp)
        texts = self._passages.scores_of_groups(asked, numbers, sizes)
        return np.stack([self._fronts.scores(asked, numbers), texts], axis=1)
