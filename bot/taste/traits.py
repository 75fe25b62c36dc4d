"""What learning sees of a paper: its subject, and how its title is put (pure).

Two papers are as alike as the products of their traits add up to. Of the subject: 1 for the same words of the
title, 1 for the same letters, 1 for the same meaning. Of the manner: 2.5 for the same vector of the title,
and from .3 for titles of the same length to -.3 for the shortest and the longest. Words keep "is", "you" and
"all", because style tells as much as topics do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from bot.texts.folding import spelled_out

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Vector = npt.NDArray[np.float32]
Rows = npt.NDArray[np.intp]
_MANY_TITLES = 100
_TITLE = 2.5
"""What the same vector of the title adds to the likeness: 3 did as well from many votes, but not from few."""
_LENGTH = 0.3
"""What the same length of the title adds to the likeness: .1 and 1 did as well."""
_FARTHEST = 3.0
"""From the usual length, in standard deviations of its logarithm: longer titles are no longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """The traits of some papers, by row."""

    text: "csr_matrix"
    """TF-IDF, first of words and then of letters."""
    meaning: Vector
    """Directions away from the middle, of length 1; without a vector there is none."""
    manner: Vector
    """The same of the titles' vectors, but longer, as they count for more; and the length."""
    vocabulary: list[str]
    """What the first columns of `text` stand for: single words, and two that follow each other."""

    @classmethod
    def of(
        cls,
        titles: Sequence[str],
        vectors: Sequence[Vector | None],
        title_vectors: Sequence[Vector | None],
    ) -> Self:
        """See the papers. How rare a word is, and where the middle lies, comes from all of them."""
        # Late: it takes a second and 100 MB that a bot without votes need not pay.
        from scipy.sparse import hstack  # noqa: PLC0415

        spelled = [spelled_out(title) for title in titles]
        words, vocabulary = _weighted(spelled, ngram_range=(1, 2))
        letters, _ = _weighted(spelled, analyzer="char_wb", ngram_range=(3, 4))
        return cls(
            text=hstack([words, letters], format="csr"),
            meaning=_centred(vectors),
            manner=np.hstack([np.float32(_TITLE**0.5) * _centred(title_vectors), _lengths(titles)]),
            vocabulary=vocabulary,
        )

    def __len__(self) -> int:
        return len(self.meaning)

    def chosen(self, rows: slice | Rows) -> "Traits":
        """Some of them."""
        return Traits(
            text=self.text[rows],
            meaning=self.meaning[rows],
            manner=self.manner[rows],
            vocabulary=self.vocabulary,
        )

    def alike(self, others: "Traits") -> npt.NDArray[np.float32]:
        """How alike each paper is to each of the others; shape (papers, others)."""
        likeness = self.alike_by_subject(others)
        likeness += self.manner @ others.manner.T
        return likeness

    def alike_by_subject(self, others: "Traits") -> npt.NDArray[np.float32]:
        """The same by text and meaning alone."""
        likeness = self.meaning @ others.meaning.T
        likeness += (self.text @ others.text.T).toarray()
        return likeness

    def pulled(self, others: "Traits", pull: Vector) -> Vector:
        """`alike(others) @ pull`, in a time that grows with the papers and not with the pairs of them."""
        text = self.text @ (others.text.T @ pull)
        meaning = self.meaning @ (others.meaning.T @ pull)
        return np.asarray(text + meaning + self.manner @ (others.manner.T @ pull), np.float32)


def _centred(vectors: Sequence[Vector | None]) -> Vector:
    """Directions away from the middle; a missing vector has none."""
    known = [row for row, vector in enumerate(vectors) if vector is not None]
    if not known:
        return np.zeros((len(vectors), 1), np.float32)
    away = np.stack([vector for vector in vectors if vector is not None]).astype(np.float32)
    away -= away.mean(axis=0)
    away /= np.maximum(np.linalg.norm(away, axis=1, keepdims=True), np.finfo(np.float32).eps)
    centred = np.zeros((len(vectors), away.shape[1]), np.float32)
    centred[known] = away
    return centred


def _lengths(titles: Sequence[str]) -> Vector:
    """Directions on half a circle, from the shortest title to the longest; shape (titles, 2)."""
    lengths = np.log([1 + len(title) for title in titles])
    spread = float(lengths.std()) or 1.0
    away = np.clip((lengths - lengths.mean()) / spread, -_FARTHEST, _FARTHEST)
    angles = away / _FARTHEST * (np.pi / 2)
    return np.asarray(np.sqrt(_LENGTH) * np.stack([np.cos(angles), np.sin(angles)], axis=1), np.float32)


def _weighted(
    titles: Sequence[str],
    **options: Any,  # noqa: ANN401 - theirs
) -> tuple["csr_matrix", list[str]]:
    """TF-IDF of the titles, rows of length 1 (or 0), and what its columns stand for."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - as in `of`
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415

    # What one paper alone says tells little, unless there are hardly any papers.
    fewest = 2 if len(titles) >= _MANY_TITLES else 1
    vectorizer = TfidfVectorizer(
        sublinear_tf=True, strip_accents="unicode", dtype=np.float32, min_df=fewest, **options
    )
    try:
        weighted = vectorizer.fit_transform(titles)
    except ValueError:  # no title has a word
        return csr_matrix((len(titles), 1), dtype=np.float32), [""]
    return weighted, list(vectorizer.get_feature_names_out())
