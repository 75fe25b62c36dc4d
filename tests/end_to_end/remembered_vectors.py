"""A cache of the embedder's vectors for all bots of a test run: most tests embed the same few papers.

The first bot that needs a text computes its vector with the network; later ones read it from a file.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.llm.minilm.embedder import MiniLmEmbedder
from bot.llm.minilm.network import Network
from bot.llm.port import Vectors

_PATIENCE_SECONDS = 60.0


def remember_in(file: Path, patch: pytest.MonkeyPatch) -> None:
    """Let every `MiniLmEmbedder` of this process look in the file before it computes."""
    compute = MiniLmEmbedder._embed_batch

    def embed_batch(
        embedder: MiniLmEmbedder, texts: Sequence[str], embed: Callable[[Network, Sequence[str]], Vectors]
    ) -> Vectors:
        keys = [hashlib.sha256(f"{embed.__name__} {text}".encode()).digest() for text in texts]
        connection = sqlite3.connect(file, timeout=_PATIENCE_SECONDS)
        try:
            with connection:
                connection.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB)")
                known = [
                    connection.execute("SELECT vector FROM vectors WHERE key = ?", (key,)).fetchone()
                    for key in keys
                ]
            if all(known):
                return np.stack([np.frombuffer(vector, np.float32) for (vector,) in known])
            vectors = compute(embedder, texts, embed)
            rows = [(key, vector.tobytes()) for key, vector in zip(keys, vectors, strict=True)]
            with connection:
                connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
        finally:
            connection.close()
        return vectors

    patch.setattr(MiniLmEmbedder, "_embed_batch", embed_batch)
