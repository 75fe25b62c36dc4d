"""Models in memory: one that answers from a script, and an embedder without weights."""

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from bot.errors import ModelError, SmallerContextError
from bot.llm.port import Prompt, Reply, TitleEmbedder, Vectors, estimated_tokens
from tests.fakes.replies import summary_from_prompt

Script: TypeAlias = str | Exception | Callable[[Prompt], str]


class ScriptedModel:
    """Answers from a script and records every prompt.

    An exception in the script is raised, a function is called with the prompt. After the script, `always`
    answers; without it the call fails.
    """

    def __init__(
        self,
        *script: Script,
        always: Callable[[Prompt], str] | None = None,
        name: str = "scripted-1",
        context_tokens: int = 128_000,
        truncates: bool = False,
    ) -> None:
        self._script, self._always = list(script), always
        self.name, self.context_tokens = name, context_tokens
        self._truncates = truncates
        self.prompts = list[Prompt]()

    def then(self, *script: Script) -> None:
        """Append to the script."""
        self._script += script

    async def complete(self, prompt: Prompt, *, max_tokens: int) -> Reply:
        self.prompts.append(prompt)
        step = self._script.pop(0) if self._script else self._always
        if step is None:
            raise ModelError("The script is over.")
        if isinstance(step, Exception):
            raise step
        text = step if isinstance(step, str) else step(prompt)
        prompt_tokens = estimated_tokens(prompt.system + prompt.user)
        completion_tokens = estimated_tokens(text)
        try:
            data = _parsed(text)
        except ModelError as error:
            error.prompt_tokens, error.completion_tokens = prompt_tokens, completion_tokens
            raise
        return Reply(
            data=data,
            prompt_tokens=prompt_tokens,
            completion_tokens=completion_tokens,
            truncated_prompt=self._truncates,
        )


class CrampedModel(ScriptedModel):
    """Says how much fits into one call only when a prompt does not."""

    def __init__(self, *script: Script, always: Callable[[Prompt], str] | None = None, fits: int) -> None:
        super().__init__(*script, always=always)
        self._fits = fits

    async def complete(self, prompt: Prompt, *, max_tokens: int) -> Reply:
        if estimated_tokens(prompt.system + prompt.user) + max_tokens > self._fits:
            self.prompts.append(prompt)
            self.context_tokens = self._fits
            raise SmallerContextError(f"Only {self._fits} tokens fit.")
        return await super().complete(prompt, max_tokens=max_tokens)


def diligent_model() -> ScriptedModel:
    """A model that always answers, following any schema in the document's own words."""
    return ScriptedModel(always=lambda prompt: summary_from_prompt(prompt.user, prompt.schema))


def _parsed(text: str) -> dict[str, object]:
    try:
        data: dict[str, object] = json.loads(text)
    except ValueError as error:
        raise ModelError("The language model twice failed to write what it was asked for.") from error
    return data


class FakeEmbedder:
    """Texts that share words get similar vectors: each word adds a direction derived from its hash."""

    name = "fake-words"
    dimensions = 64

    def __init__(self) -> None:
        self.texts = list[str]()

    @property
    def titles(self) -> TitleEmbedder:
        return TitleEmbedder(name=f"{self.name}, title", embed=self.embed)

    async def embed(self, texts: Sequence[str]) -> Vectors:
        self.texts += texts
        return np.stack([self._vector(text) for text in texts]) if texts else self._nothing()

    def _nothing(self) -> Vectors:
        return np.empty((0, self.dimensions), np.float32)

    def _vector(self, text: str) -> Vectors:
        words = re.findall(r"\w+", text.lower()) or [""]
        total = np.sum([_direction(word, self.dimensions) for word in words], axis=0)
        unit: Vectors = (total / np.linalg.norm(total)).astype(np.float32)
        return unit


def _direction(word: str, dimensions: int) -> Vectors:
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8])
    return np.random.default_rng(seed).standard_normal(dimensions).astype(np.float32)
