"""How well texts match a question's words: BM25 (pure).

Robertson and Zaragoza, https://doi.org/10.1561/1500000019.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float64]
Integers: TypeAlias = npt.NDArray[np.integer[Any]]

_K1, _B = 1.5, 0.75


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


def bm25(counts: Array, lengths: Array) -> Array:
    """The score of each text for a question's stems; which are rare is judged among these texts.

    Args:
        counts: How often each text has each stem, shape (texts, stems); there is at least one text.
        lengths: How many stems each text has in all.
    """
    worth = saturated(counts, lengths[:, None], float(lengths.mean()))
    # Not a product of matrices, which may give texts that have the same counts different last digits.
    total: Array = (worth * rarity((counts > 0).sum(axis=0), len(counts))).sum(axis=1)
    return total


def stem_ids(stems: Iterable[str]) -> Integers:
    """Stems as numbers, as arrays hold them: their hashes, whose 64 bits are the same for no two of them."""
    return np.fromiter(map(hash, stems), np.int64)


class WordIndex:
    """An inverted index of the stems of some texts, in compact arrays. Texts are numbered from 0."""

    def __init__(self, texts: Sequence[Mapping[str, int]]) -> None:
        """Index texts, each given by how often it has each stem."""
        ids = stem_ids(stem for text in texts for stem in text)
        numbers = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
        frequencies = np.fromiter((count for text in texts for count in text.values()), np.intp)
        order = np.argsort(ids, kind="stable")
        self._ids, starts = np.unique(ids[order], return_index=True)
        self._numbers, self._frequencies = _compact(numbers[order]), _compact(frequencies[order])
        # Where each stem's texts begin, and how often all stems before it occur; and the same for an end.
        self._starts = _compact(np.append(starts, len(ids)))
        self._sums = _compact(np.append(0, np.cumsum(frequencies[order]))[self._starts])
        self.lengths = np.asarray([sum(text.values()) for text in texts], float)
        """How many stems each text has."""
        self.length = float(self.lengths.sum())

    def __len__(self) -> int:
        return len(self.lengths)

    def counts(self, asked: Integers) -> Array:
        """How often each text has each of these stems, given by their ids; shape (texts, stems)."""
        found = np.zeros((len(self), len(asked)))
        firsts, ends = self._places(asked)
        for column, (start, end) in enumerate(zip(self._starts[firsts], self._starts[ends], strict=True)):
            found[self._numbers[start:end], column] = self._frequencies[start:end]
        return found

    def totals(self, asked: Integers) -> Integers:
        """How often all texts together have each of these stems, shape (stems,)."""
        firsts, ends = self._places(asked)
        totals: Integers = self._sums[ends] - self._sums[firsts]
        return totals

    def _places(self, asked: Integers) -> tuple[Integers, Integers]:
        """Where each stem is, and the next one: the same place if no text has it."""
        return self._ids.searchsorted(asked), self._ids.searchsorted(asked, side="right")


def _compact(numbers: Integers) -> Integers:
    """The same numbers, none negative, in as few bytes as the largest needs."""
    return numbers.astype(np.min_scalar_type(numbers.max(initial=0)))
