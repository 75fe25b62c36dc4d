"""Vectors of the local model, cached on disk between runs: computing them takes far longer than the rest.

QASPER's passages and one reader's choices take ten minutes to half an hour each the first time.
"""

import hashlib
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import platformdirs

from bot.llm.minilm.embedder import MiniLmEmbedder
from bot.llm.port import Embedder, TitleEmbedder, Vectors
from storage.batches import batched

FOLDER = platformdirs.user_cache_path("broadsheet-benchmarks")
"""A folder for each embedder with a small file for each text, named by the text's hash."""
_AT_A_TIME = 64


async def vectors_of(texts: Sequence[str]) -> Vectors:
    """One vector for each text, in order; shape (len(texts), 384)."""
    return await _vectors_of(texts, lambda embedder: embedder)


async def title_vectors_of(titles: Sequence[str]) -> Vectors:
    """One vector for each title by the embedder for titles, in order; shape (len(titles), 1152)."""
    return await _vectors_of(titles, lambda embedder: embedder.titles)


async def _vectors_of(
    texts: Sequence[str], chosen: Callable[[MiniLmEmbedder], Embedder | TitleEmbedder]
) -> Vectors:
    async with MiniLmEmbedder(os.cpu_count() or 1) as minilm:
        embedder = chosen(minilm)
        folder = FOLDER / re.sub(r"\W+", "-", embedder.name)
        folder.mkdir(parents=True, exist_ok=True)
        files = [_file(folder, text) for text in texts]
        missing = {file: text for file, text in zip(files, texts, strict=True) if not file.exists()}
        for batch in batched(list(missing), _AT_A_TIME):
            for file, vector in zip(
                batch, await embedder.embed([missing[file] for file in batch]), strict=True
            ):
                np.save(file, vector)
    return np.stack([np.load(file) for file in files])


def _file(folder: Path, text: str) -> Path:
    return folder / f"{hashlib.sha256(text.encode()).hexdigest()[:32]}.npy"
