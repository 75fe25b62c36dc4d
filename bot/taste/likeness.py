"""How alike two papers are, as one number that learning can use (pure).

Three views are added up, each 0 to 1: meaning (the vectors), the title's words, and its letters. A title's
words keep "is", "you" and "all", because style tells as much as topics do.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Kernel = npt.NDArray[np.float32]
"""Shape (some papers, other papers)."""
_MEANING_SHARPNESS, _LETTERS_SHARPNESS = 1.0, 2.0
"""Likeness falls with exp(-sharpness (1 - cosine)). With 2 for meaning, average precision in the weeks of
development was .323 instead of .331."""
_MANY_EXAMPLES = 100
_ROWS_AT_A_TIME = 500
"""Compared at once, to keep memory low: letters have something in common with nearly every title."""


class Likeness:
    """The papers of one ranking, comparable with each other: candidates first, then examples.

    Which words count, and how rare they are, comes from the examples alone; the middle of the vectors from
    all.
    """

    def __init__(
        self,
        titles: Sequence[str],
        vectors: Sequence[npt.NDArray[np.float32] | None],
        *,
        candidates: int,
    ) -> None:
        """Prepare; of `titles` and `vectors` the first `candidates` are candidates."""
        self._meaning = _centred(vectors)
        self.words, self.vocabulary = _weighted(titles, candidates, ngram_range=(1, 2))
        self._letters, _ = _weighted(titles, candidates, analyzer="char_wb", ngram_range=(3, 5))
        # Turned once: it takes as long as a comparison.
        self._examples_meaning = self._meaning[candidates:].T
        self._examples_words = self.words[candidates:].T.tocsr()
        self._examples_letters = self._letters[candidates:].T.tocsr()

    def to_examples(self, rows: npt.NDArray[np.intp]) -> Kernel:
        """The likeness of each of `rows` to each example, 0 to 3; shape (rows, examples)."""
        total: Kernel = np.empty((len(rows), self._examples_meaning.shape[1]), np.float32)
        for start in range(0, len(rows), _ROWS_AT_A_TIME):
            part = slice(start, start + _ROWS_AT_A_TIME)
            own = rows[part]
            total[part] = _bent((self._letters[own] @ self._examples_letters).toarray(), _LETTERS_SHARPNESS)
            total[part] += (self.words[own] @ self._examples_words).toarray()
            total[part] += _bent(self._meaning[own] @ self._examples_meaning, _MEANING_SHARPNESS)
        return total

    def to_itself(self, rows: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
        """What `to_examples` gives for a paper and itself."""
        squares = np.square(self._meaning[rows]).sum(axis=1)
        total = _bent(squares, _MEANING_SHARPNESS).astype(np.float64)
        total += _bent(_squares(self._letters[rows]), _LETTERS_SHARPNESS)
        total += _squares(self.words[rows])
        return total


def _squares(rows: "csr_matrix") -> Kernel:
    return np.asarray(rows.power(2).sum(axis=1), np.float32).ravel()


def _bent(cosines: Kernel, sharpness: float) -> Kernel:
    cosines -= 1
    cosines *= sharpness
    return np.exp(cosines, out=cosines)


def _centred(vectors: Sequence[npt.NDArray[np.float32] | None]) -> Kernel:
    """Directions away from the middle; a missing vector has none, so it is a little like every other."""
    known = [row for row, vector in enumerate(vectors) if vector is not None]
    if not known:
        return np.zeros((len(vectors), 1), np.float32)
    away = np.stack([vector for vector in vectors if vector is not None]).astype(np.float32)
    away -= away.mean(axis=0)
    away /= np.maximum(np.linalg.norm(away, axis=1, keepdims=True), np.finfo(np.float32).eps)
    centred = np.zeros((len(vectors), away.shape[1]), np.float32)
    centred[known] = away
    return centred


def _weighted(
    titles: Sequence[str],
    candidates: int,
    **options: Any,  # noqa: ANN401 - theirs
) -> tuple["csr_matrix", list[str]]:
    """TF-IDF of the titles, rows of length 1 (or 0), and what its columns stand for."""
    # Late: it takes a second and 100 MB that a bot without votes need not pay.
    from scipy.sparse import csr_matrix  # noqa: PLC0415
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415

    examples = titles[candidates:]
    # What one paper alone says tells little, unless there are hardly any papers.
    fewest = 2 if len(examples) >= _MANY_EXAMPLES else 1
    vectorizer = TfidfVectorizer(
        sublinear_tf=True, strip_accents="unicode", dtype=np.float32, min_df=fewest, **options
    )
    try:
        vectorizer.fit(examples)
    except ValueError:  # no title has a word
        return csr_matrix((len(titles), 1), dtype=np.float32), [""]
    return vectorizer.transform(titles), list(vectorizer.get_feature_names_out())
