"""The features that votes are learned from: a paper's subject, and the style of its title (pure).

Features are used through their kernel, the dot product of two papers' features. The subject adds 1 for the
same words in the title, 1 for the same letters and 1 for the same embedding of title and abstract. Style adds
2.5 for the same embedding of the title alone, and from .3 for titles of the same length to -.3 for the
shortest and the longest. Words keep "is", "you" and "all", because style tells as much as topics do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, TypeVar

import numpy as np
import numpy.typing as npt

from bot.texts.folding import spelled_out

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Vector = npt.NDArray[np.float32]
Rows = npt.NDArray[np.intp]
ScalarT = TypeVar("ScalarT", bound=np.generic)
_ROWS_AT_A_TIME = 250
_MANY_TITLES = 100
_TITLE_WEIGHT = 2.5
"""The kernel of two equal title embeddings: 3 did as well with many votes, but not with few."""
_LENGTH_WEIGHT = 0.3
"""The kernel of two titles of the same length: .1 and 1 did as well."""
_MAX_DEVIATION = 3.0
"""Lengths are clipped at so many standard deviations of their logarithm from the mean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """The features of some papers, by row."""

    text: "csr_matrix"
    """TF-IDF of the title's words, then of its letters."""
    meaning: Vector
    """Embeddings of title and abstract, centred and of length 1; 0 where a paper has none."""
    style: Vector
    """The same of titles alone, scaled by their weight, and the lengths of titles."""
    vocabulary: list[str]
    """What the first columns of `text` stand for: single words, and pairs of adjacent words."""

    @classmethod
    def of(
        cls,
        titles: Sequence[str],
        vectors: Sequence[Vector | None],
        title_vectors: Sequence[Vector | None],
    ) -> Self:
        """Compute the features. How rare a word is, and the means, are taken over all of these papers."""
        # Imported late: it takes a second and 100 MB, which a bot without votes need not pay.
        from scipy.sparse import hstack  # noqa: PLC0415

        spelled = [spelled_out(title) for title in titles]
        words, vocabulary = _tf_idf(spelled, ngram_range=(1, 2))
        letters, _ = _tf_idf(spelled, analyzer="char_wb", ngram_range=(3, 4))
        return cls(
            text=hstack([words, letters], format="csr"),
            meaning=_centred(vectors),
            style=_style(titles, title_vectors),
            vocabulary=vocabulary,
        )

    def __len__(self) -> int:
        return len(self.meaning)

    def subset(self, rows: slice | Rows) -> "Features":
        """The features of some of the papers."""
        return Features(
            text=self.text[rows],
            meaning=self.meaning[rows],
            style=self.style[rows],
            vocabulary=self.vocabulary,
        )

    def kernel(self, others: "Features") -> npt.NDArray[np.float32]:
        """How similar each paper is to each of the others; shape (papers, others)."""
        similarity = self.subject_kernel(others)
        similarity += self.style @ others.style.T
        return similarity

    def subject_kernel(self, others: "Features") -> npt.NDArray[np.float32]:
        """The same by text and meaning alone."""
        similarity = self.meaning @ others.meaning.T
        similarity += (self.text @ others.text.T).toarray()
        return similarity

    def kernel_product(self, others: "Features", coefficients: Vector) -> Vector:
        """`kernel(others) @ coefficients`, in time that grows with the papers and not with their pairs."""
        text = self.text @ (others.text.T @ coefficients)
        meaning = self.meaning @ (others.meaning.T @ coefficients)
        return np.asarray(text + meaning + self.style @ (others.style.T @ coefficients), np.float32)


def in_parts(rows: npt.NDArray[ScalarT]) -> list[npt.NDArray[ScalarT]]:
    """Views of a few rows each: what is computed of one after the other takes little memory at a time."""
    return np.split(rows, range(_ROWS_AT_A_TIME, len(rows), _ROWS_AT_A_TIME))


def _style(titles: Sequence[str], vectors: Sequence[Vector | None]) -> Vector:
    lengths = _lengths(titles)
    style = _centred(vectors, beside=lengths.shape[1])
    style *= np.float32(_TITLE_WEIGHT**0.5)
    style[:, -lengths.shape[1] :] = lengths
    return style


def _centred(vectors: Sequence[Vector | None], *, beside: int = 0) -> Vector:
    """The vectors minus their mean, scaled to length 1; 0 for a missing one.

    They are made where they stay, because a copy of 25,000 vectors of titles takes 115 MB.

    Args:
        vectors: By row; None for a missing one.
        beside: How many more columns follow, for other features.
    """
    dimensions = max((len(vector) for vector in vectors if vector is not None), default=1)
    centred = np.zeros((len(vectors), dimensions + beside), np.float32)
    directions, missing = centred[:, :dimensions], []
    for row, vector in enumerate(vectors):
        if vector is None:
            missing.append(row)
        else:
            directions[row] = vector
    directions -= directions.sum(axis=0) / np.float32(max(1, len(vectors) - len(missing)))
    for part in in_parts(directions):
        lengths = np.linalg.norm(part, axis=1, keepdims=True)
        np.divide(part, np.maximum(lengths, np.finfo(np.float32).eps), out=part)
    directions[missing] = 0
    return centred


def _lengths(titles: Sequence[str]) -> Vector:
    """Lengths as points on a half circle, from the shortest title to the longest; shape (titles, 2)."""
    lengths = np.log([1 + len(title) for title in titles])
    spread = float(lengths.std()) or 1.0
    deviations = np.clip((lengths - lengths.mean()) / spread, -_MAX_DEVIATION, _MAX_DEVIATION)
    angles = deviations / _MAX_DEVIATION * (np.pi / 2)
    points = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return np.asarray(np.sqrt(_LENGTH_WEIGHT) * points, np.float32)


def _tf_idf(
    titles: Sequence[str],
    **options: Any,  # noqa: ANN401 - scikit-learn's
) -> tuple["csr_matrix", list[str]]:
    """TF-IDF of the titles, rows of length 1 (or 0), and what its columns stand for."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - as in `of`
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415

    # A term that only one paper has tells little, unless there are hardly any papers.
    fewest = 2 if len(titles) >= _MANY_TITLES else 1
    vectorizer = TfidfVectorizer(
        sublinear_tf=True, strip_accents="unicode", dtype=np.float32, min_df=fewest, **options
    )
    try:
        weighted = vectorizer.fit_transform(titles)
    except ValueError:  # no title has a word
        return csr_matrix((len(titles), 1), dtype=np.float32), [""]
    return weighted, list(vectorizer.get_feature_names_out())
