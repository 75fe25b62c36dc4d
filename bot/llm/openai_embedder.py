"""The embedder of any server that speaks the OpenAI API."""

import logging
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Self

import numpy as np

from bot.errors import EmbeddingError, ModelError
from bot.llm.openai_server import OpenAIServer, RejectedRequestError
from bot.llm.port import TitleEmbedder, Vectors, estimated_tokens
from bot.llm.vectors import normalised

if TYPE_CHECKING:
    from openai.types import CreateEmbeddingResponse

log = logging.getLogger(__name__)

_BATCH_TEXTS = 256
_BATCH_TOKENS = 100_000
"""By our estimate; OpenAI takes 2,048 texts and 300,000 tokens in all
(https://developers.openai.com/api/reference/resources/embeddings/methods/create)."""
_TEXT_CHARACTERS = 24_000
"""Longer texts are cut: OpenAI takes 8,192 tokens per text."""
_SHORTEST_CHARACTERS = 200
"""Shorter texts are not refused for their length: the smallest models take 256 tokens."""
_NO_VECTORS = "The embedding server answered with something other than vectors of one size."


class OpenAIEmbedder:
    """Embeddings from a server that speaks the OpenAI API."""

    def __init__(self, server: OpenAIServer, model: str) -> None:
        self._server = server
        self._model = model
        self._batch_texts = _BATCH_TEXTS
        self._shortened = 0
        """How many texts were too long for the server so far."""

    @property
    def name(self) -> str:
        """`openai:<model>`."""
        return f"openai:{self._model}"

    @property
    def titles(self) -> TitleEmbedder:
        """The same model, as a server gives no access to inner layers."""
        return TitleEmbedder(name=f"{self.name}, title", embed=self.embed)

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """As the port says; texts beyond 24,000 characters, or too long for the server, are cut."""
        if not texts:
            return np.empty((0, 0), np.float32)
        return normalised(await self._in_batches(texts, self._batch_texts))

    async def _in_batches(self, texts: Sequence[str], most_texts: int) -> Vectors:
        parts = [await self._embed(batch) for batch in _batches(texts, most_texts)]
        if len({part.shape[1] for part in parts}) > 1:
            raise EmbeddingError(_NO_VECTORS)
        return np.concatenate(parts)

    async def _embed(self, batch: list[str]) -> Vectors:
        """The vectors of a batch, halved until the server takes it; the size is remembered.

        Some take fewer texts than OpenAI: 32 (https://github.com/huggingface/text-embeddings-inference).
        If one of the texts was the reason, it is refused even alone, and shortened.
        """
        if len(batch) > self._batch_texts:
            return await self._in_batches(batch, self._batch_texts)
        try:
            return await self._asked(batch)
        except RejectedRequestError as error:
            if len(batch) == 1:
                return await self._embed_start(batch[0], error)
        half, shortened = (len(batch) + 1) // 2, self._shortened
        vectors = await self._in_batches(batch, half)
        if self._shortened == shortened:
            self._batch_texts = min(self._batch_texts, half)
        return vectors

    async def _embed_start(self, text: str, refusal: RejectedRequestError) -> Vectors:
        """The vector of a refused text's first half, or of a shorter start if that is refused too.

        Servers word it differently that a model takes 512 tokens, so any refusal is tried.
        """
        if len(text) < 2 * _SHORTEST_CHARACTERS:
            raise EmbeddingError(f"No embeddings: {refusal}", retryable=False) from refusal
        start = text[: len(text) // 2]
        try:
            vectors = await self._asked([start])
        except RejectedRequestError as error:
            return await self._embed_start(start, error)
        log.info("%s: embedded %d characters of a text that may be too long", self.name, len(start))
        self._shortened += 1
        return vectors

    async def _asked(self, batch: list[str]) -> Vectors:
        try:
            # Floats are asked for because not every server has base64, the SDK's default, and the SDK decodes
            # it without checking that it is base64.
            answer = await self._server.call(
                lambda client: client.embeddings.create(
                    model=self._model, input=batch, encoding_format="float"
                )
            )
        except RejectedRequestError:
            raise
        except ModelError as error:
            raise EmbeddingError(f"No embeddings: {error}", retryable=error.retryable) from error
        vectors = _in_order(answer)
        if len(vectors) != len(batch):
            raise EmbeddingError("The embedding server answered with more or fewer vectors than texts.")
        return vectors

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Nothing to close: the connection belongs to the server."""


def _batches(texts: Sequence[str], most_texts: int) -> Iterator[list[str]]:
    batch: list[str] = []
    tokens = 0
    for text in texts:
        # The API refuses empty texts.
        cut = text[:_TEXT_CHARACTERS] or " "
        size = estimated_tokens(cut)
        if batch and (len(batch) == most_texts or tokens + size > _BATCH_TOKENS):
            yield batch
            batch, tokens = [], 0
        batch.append(cut)
        tokens += size
    if batch:
        yield batch


def _in_order(answer: "CreateEmbeddingResponse") -> Vectors:
    """The vectors of one answer.

    Raises:
        EmbeddingError: they are not rows of numbers, all of one size.
    """
    try:
        rows = sorted(answer.data, key=lambda row: row.index)
        vectors = np.asarray([row.embedding for row in rows], np.float32)
    except (AttributeError, TypeError, ValueError) as error:
        raise EmbeddingError(_NO_VECTORS) from error
    if vectors.ndim != 2 or not vectors.size:  # noqa: PLR2004 - rows and their numbers
        raise EmbeddingError(_NO_VECTORS)
    return vectors
