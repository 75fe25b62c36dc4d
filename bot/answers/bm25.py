"""How well texts match a question's words: BM25 (pure).

Robertson and Zaragoza, https://doi.org/10.1561/1500000019.
"""

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float64]
_Postings: TypeAlias = tuple[npt.NDArray[Any], npt.NDArray[Any]]
"""The numbers of the texts that have a stem, and how often each has it."""

_K1, _B = 1.5, 0.75
_MOST_COUNTED = 65_535


def rarity(having: npt.ArrayLike, texts: int) -> Array:
    """The weight of a word that `having` of `texts` texts contain: the rarer, the higher."""
    counts = np.asarray(having, float)
    weights: Array = np.log1p((texts - counts + 0.5) / (counts + 0.5))
    return weights


def saturated(frequencies: npt.ArrayLike, lengths: npt.ArrayLike, mean_length: float) -> Array:
    """The worth of a word's occurrences in texts of these lengths: each adds less, and all at most 2.5."""
    counts = np.asarray(frequencies, float)
    damping = _K1 * (1 - _B + _B * np.asarray(lengths, float) / max(1.0, mean_length))
    worth: Array = counts * (_K1 + 1) / (counts + damping)
    return worth


class WordIndex:
    """An inverted index of stems, in compact arrays. Texts are numbered from 0 as they are added."""

    def __init__(self) -> None:
        self._postings: defaultdict[str, tuple[array[int], array[int]]] = defaultdict(
            lambda: (array("I"), array("H"))
        )
        self._lengths = array("I")

    def __len__(self) -> int:
        return len(self._lengths)

    def add(self, counts: Mapping[str, int]) -> None:
        """Add a text by how often it has each stem."""
        number = len(self._lengths)
        self._lengths.append(sum(counts.values()))
        for stem, count in counts.items():
            numbers, frequencies = self._postings[stem]
            numbers.append(number)
            frequencies.append(min(count, _MOST_COUNTED))

    def counts(self, stems: Sequence[str], texts: range) -> Array:
        """How often each of these texts has each stem, shape (texts, stems)."""
        found = np.zeros((len(texts), len(stems)))
        for column, stem in enumerate(stems):
            if stem in self._postings:
                numbers, frequencies = self._postings[stem]
                start = bisect_left(numbers, texts.start)
                stop = bisect_left(numbers, texts.stop, lo=start)
                found[np.array(numbers[start:stop], np.intp) - texts.start, column] = frequencies[start:stop]
        return found

    def lengths(self, texts: range) -> Array:
        """How many stems each of these texts has."""
        return np.array(self._lengths[texts.start : texts.stop], float)

    def scores(self, asked: Sequence[str], chosen: npt.NDArray[np.intp]) -> Array:
        """The scores of the texts with these numbers; rarity is judged among these alone."""
        return _scores(self._found(asked), np.array(self._lengths, float), chosen)

    def scores_of_groups(
        self, asked: Sequence[str], chosen: npt.NDArray[np.intp], sizes: npt.NDArray[np.intp]
    ) -> Array:
        """The same of groups, each scored as one text.

        Args:
            asked: Stems.
            chosen: The groups' numbers.
            sizes: How many texts each group has, in the order in which they were added; none is left over.
        """
        group = np.repeat(np.arange(len(sizes)), sizes)
        totals = [np.bincount(group[numbers], counts, len(sizes)) for numbers, counts in self._found(asked)]
        postings = [(having, total[having]) for total in totals for having in total.nonzero()]
        lengths = np.asarray(np.bincount(group, self._lengths, len(sizes)), float)
        return _scores(postings, lengths, chosen)

    def _found(self, asked: Iterable[str]) -> Iterator[_Postings]:
        """The postings of those of these stems that any text has."""
        for stem in asked:
            if stem in self._postings:
                # Copies: while numpy has a view of an array it cannot grow.
                numbers, frequencies = (np.array(part) for part in self._postings[stem])
                yield numbers, frequencies


def _scores(postings: Iterable[_Postings], lengths: Array, chosen: npt.NDArray[np.intp]) -> Array:
    is_chosen = np.zeros(len(lengths), bool)
    is_chosen[chosen] = True
    mean_length = float(lengths[chosen].mean()) if len(chosen) else 0.0
    total = np.zeros(len(lengths))
    for numbers, frequencies in postings:
        worth = saturated(frequencies, lengths[numbers], mean_length)
        total[numbers] += worth * rarity(np.count_nonzero(is_chosen[numbers]), len(chosen))
    found: Array = total[chosen]
    return found
