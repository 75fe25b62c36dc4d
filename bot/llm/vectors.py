"""Vectors in the form that every embedder gives them."""

import numpy as np

from bot.errors import EmbeddingError
from bot.llm.port import Vectors


def normalised(vectors: Vectors) -> Vectors:
    """The vectors with their rows scaled to length 1.

    Raises:
        EmbeddingError: something in them is not a number.
    """
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    if not np.isfinite(lengths).all():
        raise EmbeddingError("The embedding model answered with something that is not a number.")
    unit: Vectors = (vectors / np.maximum(lengths, np.finfo(np.float32).tiny)).astype(np.float32)
    return unit
