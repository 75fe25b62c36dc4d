"""What Broadsheet asks of a language model and of an embedder."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

Vectors: TypeAlias = npt.NDArray[np.float32]
"""Shape (n, dimensions), rows of length 1."""
BY_WORDS_ONLY = "Chosen by words only: "
"""How the remark on a choice without an embedder begins; `/why` finds stored ones by it."""
_BYTES_PER_TOKEN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One question to a model: trusted instructions, and data that must not be obeyed.

    `system` holds our own words only. `user` may hold papers' text, wrapped by `bot.llm.untrusted`.
    """

    system: str
    user: str
    schema: Mapping[str, Any]
    """The JSON schema the reply has to follow."""
    schema_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a model answered, complete."""

    data: Mapping[str, Any]
    """A JSON object that follows the prompt's schema."""
    prompt_tokens: int
    """As the server counted them; our own estimate where it did not say."""
    completion_tokens: int
    truncated_prompt: bool = False
    """Whether the server seems to have cut the prompt to its context window without saying so."""


class LanguageModel(Protocol):
    """Answers one prompt. Implementations own time-outs, retries and the breaker."""

    @property
    def name(self) -> str:
        """The model's name as its server knows it."""
        ...

    @property
    def context_tokens(self) -> int:
        """How much fits into one call, prompt and reply together; less once the server has said so."""
        ...

    async def complete(self, prompt: Prompt, *, max_tokens: int) -> Reply:
        """Ask once.

        Raises:
            ModelRefusedError: wrong key, no quota, content filter.
            SmallerContextError: it does not fit; a prompt for what `context_tokens` is now may.
            ModelError: no usable reply once the adapter's own tries are spent; it counts their tokens.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleEmbedder:
    """Turns titles into vectors that tell how they are worded as well as what they say.

    Readers pick by title, and not by its subject alone.
    """

    name: str
    """Like an embedder's: vectors of different names must never be compared."""
    embed: Callable[[Sequence[str]], Awaitable[Vectors]]
    """Like `Embedder.embed`."""


class Embedder(Protocol):
    """Turns texts into vectors whose dot product is their likeness in meaning."""

    @property
    def name(self) -> str:
        """Model and precision; vectors of different names must never be compared."""
        ...

    @property
    def titles(self) -> TitleEmbedder: ...

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors in the order of `texts`, shape (len(texts), dimensions), rows of length 1.

        Raises:
            EmbeddingError: the model is missing or its server failed.
        """
        ...


def estimated_tokens(text: str) -> int:
    """A rough upper estimate of the tokens in `text`.

    One per three bytes of UTF-8: OpenAI's rule of thumb is four characters of English prose; formulas and
    tables need more, a Chinese character or Japanese kana is about one token, a Cyrillic letter half of one.
    """
    return len(text.encode(errors="replace")) // _BYTES_PER_TOKEN + 1


def within_tokens(text: str, max_tokens: int) -> str:
    """The start of `text` that has at most `max_tokens` (1 or more) by `estimated_tokens`."""
    beginning = text.encode(errors="replace")[: _BYTES_PER_TOKEN * max_tokens - 1]
    return text[: len(beginning.decode(errors="ignore"))]
