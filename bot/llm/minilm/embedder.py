"""The embedder that needs no configuration: all-MiniLM-L6-v2 in a thread of its own."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self

import numpy as np

from bot.llm.minilm.network import Network, minilm_file
from bot.llm.port import TitleEmbedder, Vectors

_BATCH = 4
"""Texts per run. Measured on 2 cores: 4 are as fast as 1 or 8 (10-15 abstracts/s); 8 take 80 MB more, 32 take
1.2 GB."""


class MiniLmEmbedder:
    """all-MiniLM-L6-v2 with int8 weights on onnxruntime, in a thread of its own.

    The model is loaded by the first call and then takes about 150 MB. A text is cut at 256 tokens, about 160
    words of a paper's prose. Close it, or use it as an async context.
    """

    name = "all-MiniLM-L6-v2/int8"
    dimensions = 384

    def __init__(self, threads: int, *, model_file: Path | None = None) -> None:
        """Prepare; nothing is loaded yet.

        Args:
            threads: Processor threads of one run.
            model_file: Used instead of the installed model; must have the same checksum.
        """
        self._threads = threads
        self._model_file = model_file or minilm_file()
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="minilm")
        self._network: Network | None = None
        self.titles = TitleEmbedder(name=f"{self.name}, halves and end of layer 5", embed=self._embed_titles)

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """As the port says. Runs batch by batch, so that a question does not wait behind a whole digest."""
        return await self._by_batches(texts, self.dimensions, Network.vectors)

    async def _embed_titles(self, titles: Sequence[str]) -> Vectors:
        return await self._by_batches(titles, 3 * self.dimensions, Network.title_vectors)

    async def _by_batches(
        self, texts: Sequence[str], dimensions: int, embed: Callable[[Network, Sequence[str]], Vectors]
    ) -> Vectors:
        vectors: Vectors = np.empty((len(texts), dimensions), np.float32)
        # Texts of similar length need the least padding; the length in characters is close enough.
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        loop = asyncio.get_running_loop()
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            vectors[batch] = await loop.run_in_executor(
                self._executor, self._embed_batch, [texts[index] for index in batch], embed
            )
        return vectors

    def _embed_batch(
        self, texts: Sequence[str], embed: Callable[[Network, Sequence[str]], Vectors]
    ) -> Vectors:
        if self._network is None:
            self._network = Network(self._model_file, self._threads)
        return embed(self._network, texts)

    def close(self) -> None:
        """Stop after the batch under way."""
        self._executor.shutdown(wait=False, cancel_futures=True)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()
