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
VIEWS = 3
_SHARPNESS = 2.0
"""Likeness falls with exp(-2 (1 - cosine)), for meaning and letters."""


class Likeness:
    """The papers of one ranking, comparable with each other.

    Rarity of words and the middle of the vectors come from all of them, judged or not.
    """

    def __init__(self, titles: Sequence[str], vectors: Sequence[npt.NDArray[np.float32] | None]) -> None:
        self._meaning = _centred(vectors)
        self.words, self.vocabulary = _weighted(titles, ngram_range=(1, 2), min_df=2)
        self._letters, _ = _weighted(titles, analyzer="char_wb", ngram_range=(3, 5), min_df=2)

    def between(self, rows: npt.NDArray[np.intp], others: npt.NDArray[np.intp]) -> Kernel:
        """The likeness of each of `rows` to each of `others`, 0 to 3."""
        meaning = _bent(self._meaning[rows] @ self._meaning[others].T)
        letters = _bent((self._letters[rows] @ self._letters[others].T).toarray())
        total: Kernel = meaning + letters
        total += (self.words[rows] @ self.words[others].T).toarray()
        return total

    def to_itself(self, rows: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
        """What `between` gives for a paper and itself."""
        parts = [
            _bent(np.square(self._meaning[rows]).sum(axis=1)),
            _bent(np.asarray(self._letters[rows].power(2).sum(axis=1)).ravel()),
            np.asarray(self.words[rows].power(2).sum(axis=1)).ravel(),
        ]
        total: npt.NDArray[np.float64] = np.sum(parts, axis=0, dtype=np.float64)
        return total


def _bent(cosines: Kernel) -> Kernel:
    cosines -= 1
    cosines *= _SHARPNESS
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


def _weighted(titles: Sequence[str], **options: Any) -> tuple["csr_matrix", list[str]]:  # noqa: ANN401 - theirs
    """TF-IDF of the titles, rows of length 1 (or 0), and what its columns stand for."""
    # Late: it takes a second and 100 MB that a bot without votes need not pay.
    from scipy.sparse import csr_matrix  # noqa: PLC0415
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415

    vectorizer = TfidfVectorizer(sublinear_tf=True, strip_accents="unicode", dtype=np.float32, **options)
    try:
        weighted = vectorizer.fit_transform(titles)
    except ValueError:  # no word occurs twice
        return csr_matrix((len(titles), 1), dtype=np.float32), [""]
    return weighted, list(vectorizer.get_feature_names_out())
