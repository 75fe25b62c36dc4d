"""Vectors of the local model, kept on disk between runs: embedding QASPER takes far longer than the rest."""

import hashlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.llm.minilm.embedder import MiniLmEmbedder
from bot.llm.port import Vectors

FOLDER = Path(
    os.environ.get("BROADSHEET_BENCHMARK_CACHE", str(Path(tempfile.gettempdir()) / "broadsheet-benchmarks"))
)
"""One small file for each text, named by the text's hash."""
_AT_A_TIME = 64


async def vectors_of(texts: Sequence[str]) -> Vectors:
    """The vectors in the order of `texts`, shape (len(texts), 384)."""
    FOLDER.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240 - nothing else runs meanwhile
    files = [FOLDER / f"{hashlib.sha256(text.encode()).hexdigest()[:32]}.npy" for text in texts]
    missing = [place for place, file in enumerate(files) if not file.exists()]
    async with MiniLmEmbedder(os.cpu_count() or 1) as embedder:
        for start in range(0, len(missing), _AT_A_TIME):
            batch = missing[start : start + _AT_A_TIME]
            for place, vector in zip(
                batch, await embedder.embed([texts[place] for place in batch]), strict=True
            ):
                np.save(files[place], vector)
    return np.stack([np.load(file) for file in files]) if files else np.empty((0, 384), np.float32)
