"""A language model behind any server that speaks the OpenAI API (`/v1/chat/completions`)."""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.errors import ModelError, ModelRefusedError
from bot.llm.dialect import Dialect, Message, longest_reply, message, schema_request
from bot.llm.openai_server import DECLINED_PAPER, OpenAIServer, RejectedRequestError
from bot.llm.port import Prompt, Reply, estimated_tokens
from bot.llm.structured import UnusableJsonError, parsed

if TYPE_CHECKING:
    from openai import AsyncOpenAI

log = logging.getLogger(__name__)

_LARGER = 4
"""By how much the second try's limit is larger: reasoning models spend thousands of tokens before they write,
and a limit costs nothing until it is used."""
_CHARACTERS_PER_TOKEN = 3
_TRUNCATED_BELOW = 0.55
"""Of one token for three characters. English prose has 4 to 5 to a token, other languages have fewer, so an
honest count is at least 0.6 of it."""
_TRUNCATION_TOKENS = 1_500
"""No server has a smaller window by default (Ollama: 4,096, formerly 2,048), so shorter prompts fit."""
_MOST_TOKENS = 100_000_000
"""No call uses more: a larger count is no count, and would not fit into the database either."""

_TOO_LONG = re.compile(
    r"context (?:length|window|size)|maximum (?:\w+ )?length|input token count|too many tokens"
    r"|(?:prompt|input|request) (?:is )?too (?:long|large)",
    re.IGNORECASE,
)
"""How OpenAI, vLLM, llama.cpp, Anthropic and Gemini say that a prompt does not fit."""
_TOO_LONG_FOR_IT = (
    "The text is longer than the language model's server takes: OPENAI_CONTEXT_TOKENS has to be its context "
    "window, or what it takes in a minute where that is less."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """One completion as it came; used or not, its tokens are paid for."""

    text: str
    cut_short: bool
    prompt_tokens: int
    completion_tokens: int
    truncated_prompt: bool
    problem: ModelError | None
    """Why it is no reply."""


class OpenAIModel:
    """Implements LanguageModel. Time-outs, retries and the breaker belong to the server's connection."""

    def __init__(self, server: OpenAIServer, model: str, *, context_tokens: int) -> None:
        self._server = server
        self._model = model
        self._context_tokens = context_tokens
        # OpenAI's newer models refuse `max_tokens`; most other servers know nothing else
        # (https://developers.openai.com/api/reference/resources/chat/subresources/completions/methods/create).
        newest = ("max_completion_tokens", "max_tokens")
        self._dialect = Dialect(limits=newest) if server.is_openai else Dialect()
        self._needs_larger = False
        self._longest_reply = _MOST_TOKENS
        """What the server said; asked for more, it refuses."""

    @property
    def name(self) -> str:
        """The model's name as its server knows it."""
        return self._model

    @property
    def context_tokens(self) -> int:
        """How much fits into one call, prompt and reply together."""
        return self._context_tokens

    async def complete(self, prompt: Prompt, *, max_tokens: int) -> Reply:
        """As the port says; the tokens of second tries and repairs are counted in, also where it fails.

        A reply that is cut short gets one more try with four times the limit, and where that helped, later
        ones get it at once. One that does not follow the schema is sent back once with what is wrong with it.
        """
        answers: list[_Answer] = []
        try:
            data = await self._asked(prompt, max_tokens, answers)
        except ModelError as error:
            error.prompt_tokens, error.completion_tokens = _tokens(answers)
            raise
        return _reply(answers, data)

    async def _asked(self, prompt: Prompt, max_tokens: int, answers: list[_Answer]) -> dict[str, Any]:
        """The reply's data. `answers` gets every answer, as all are paid for."""
        messages = [message("system", prompt.system), message("user", prompt.user)]
        text = await self._whole_text(prompt, messages, max_tokens, answers)
        try:
            return parsed(text, prompt.schema)
        except UnusableJsonError as problem:
            log.info("%s wrote JSON that cannot be used; asking once more", self._model)
            messages += [
                message("assistant", text),
                message("user", _repair_request(problem, prompt.schema)),
            ]
        text = await self._whole_text(prompt, messages, max_tokens, answers)
        try:
            return parsed(text, prompt.schema)
        except UnusableJsonError as error:
            raise ModelError("The language model did not write what it was asked for, twice.") from error

    async def _whole_text(
        self, prompt: Prompt, messages: list[Message], max_tokens: int, answers: list[_Answer]
    ) -> str:
        """The text of an answer that is not cut short; one that is gets a second try."""
        limit = max_tokens
        if self._needs_larger:
            room = self._context_tokens - sum(estimated_tokens(sent["content"]) for sent in messages)
            limit = max(max_tokens, min(_LARGER * max_tokens, room))
        first = await self._answer(prompt, messages, limit, answers)
        if not first.cut_short:
            return first.text
        room = self._context_tokens - first.prompt_tokens
        if room <= max_tokens:
            raise ModelError("The language model's context is too small for its reply.", retryable=False)
        limit = min(limit, self._longest_reply)
        larger = min(_LARGER * max_tokens, room, self._longest_reply)
        if larger <= limit:
            raise ModelError(f"The language model's reply did not fit into {limit} tokens.")
        second = await self._answer(prompt, messages, larger, answers)
        if second.cut_short:
            raise ModelError(f"The language model's reply did not fit into {larger} tokens.")
        # It thinks before it writes: else each of its replies would be paid for twice.
        self._needs_larger = True
        return second.text

    async def _answer(
        self, prompt: Prompt, messages: list[Message], max_tokens: int, answers: list[_Answer]
    ) -> _Answer:
        answer = _answer_of(await self._completion(prompt, messages, max_tokens), messages)
        answers.append(answer)
        if answer.problem is not None:
            raise answer.problem
        return answer

    async def _completion(self, prompt: Prompt, messages: list[Message], max_tokens: int) -> object:
        """What the server sent, asked in the dialect that it understands."""
        dialect = self._dialect
        while True:
            limit = min(max_tokens, self._longest_reply)
            body = dialect.body(self._model, prompt, messages, limit)
            try:
                completion = await self._server.call(partial(_completed, body))
            except RejectedRequestError as refusal:
                if _TOO_LONG.search(refusal.words):
                    raise ModelError(_TOO_LONG_FOR_IT, retryable=False) from refusal
                longest = longest_reply(refusal.words, limit)
                if longest is not None:
                    log.info("%s replies with %d tokens at most", self._model, longest)
                    self._longest_reply = longest
                    continue
                simpler = dialect.without(refusal.words)
                if simpler is None:
                    raise
                told = (simpler.formats[0], simpler.limits[0], simpler.roles[0])
                log.info("%s: trying %s and %s, with a %s message first", self._model, *told)
                dialect = simpler
            else:
                # What worked is remembered, what was merely tried is not.
                self._dialect = dialect
                return completion


async def _completed(body: Mapping[str, Any], client: "AsyncOpenAI") -> object:
    return await client.chat.completions.create(**body)


def _answer_of(completion: object, messages: list[Message]) -> _Answer:
    """Read what came. The SDK builds its objects from any JSON, so nothing in them need be of its type."""
    choices = getattr(completion, "choices", None)
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = getattr(choice, "message", None)
    finish_reason = getattr(choice, "finish_reason", None)
    text = _text_of(message)
    estimate = sum(estimated_tokens(sent["content"]) for sent in messages)
    characters = sum(len(sent["content"]) for sent in messages)
    usage = getattr(completion, "usage", None)
    counted = _count(usage, "prompt_tokens")
    # Without a message probably no model has read the prompt, so nothing is guessed then.
    guesses = (estimate, estimated_tokens(text)) if text is not None else (0, 0)
    return _Answer(
        text=text or "",
        cut_short=finish_reason == "length",
        prompt_tokens=counted or guesses[0],
        completion_tokens=_count(usage, "completion_tokens") or guesses[1],
        truncated_prompt=counted is not None
        and characters > _CHARACTERS_PER_TOKEN * _TRUNCATION_TOKENS
        and counted < _TRUNCATED_BELOW * characters / _CHARACTERS_PER_TOKEN,
        problem=_problem(finish_reason, getattr(message, "refusal", None), text),
    )


def _problem(finish_reason: object, refusal: object, text: str | None) -> ModelError | None:
    """Why an answer is no reply; None where it is one, or the beginning of one."""
    if finish_reason == "content_filter" or refusal:
        return ModelRefusedError(DECLINED_PAPER, retryable=False)
    if text is None:
        return ModelError("The language model's server sent an empty or garbled answer.")
    if not text.strip() and finish_reason != "length":
        return ModelError("The language model answered with nothing.")
    return None


def _text_of(message: object) -> str | None:
    """A message's words, empty where it has none; None where it is no message, or its content no text.

    Some servers send a list of parts, in which what the model thought before is of another type than `text`
    (https://github.com/spring-projects/spring-ai/pull/5020).
    """
    if not hasattr(message, "content"):
        return None
    content = message.content
    if isinstance(content, list):
        parts = [part for part in content if isinstance(part, dict) and part.get("type") == "text"]
        return "".join(str(part.get("text") or "") for part in parts)
    if content is None or (isinstance(content, str) and not content.strip()):
        return _written_as_thought(message)
    return content if isinstance(content, str) else None


def _written_as_thought(message: object) -> str:
    """What a model without a word in its reply wrote as a thought, if that ends as JSON does; else empty.

    vLLM takes for thought all that stands before an end of thought, where a model was told not to think too
    (https://github.com/vllm-project/vllm/issues/50948).
    """
    thoughts = (getattr(message, name, None) for name in ("reasoning_content", "reasoning"))
    written = next((one for one in thoughts if isinstance(one, str)), "")
    return written if written.rstrip(" \n`").endswith("}") else ""


def _count(usage: object, name: str) -> int | None:
    """A number of tokens as the server counted them; None where it did not, counted none, or cannot count."""
    count = getattr(usage, name, None)
    return count if isinstance(count, int) and 0 < count <= _MOST_TOKENS else None


def _tokens(answers: list[_Answer]) -> tuple[int, int]:
    """Those of all prompts, and of all completions."""
    return sum(one.prompt_tokens for one in answers), sum(one.completion_tokens for one in answers)


def _reply(answers: list[_Answer], data: dict[str, Any]) -> Reply:
    prompt_tokens, completion_tokens = _tokens(answers)
    return Reply(
        data=data,
        prompt_tokens=prompt_tokens,
        completion_tokens=completion_tokens,
        truncated_prompt=any(answer.truncated_prompt for answer in answers),
    )


def _repair_request(problem: UnusableJsonError, schema: Mapping[str, Any]) -> str:
    return f"That reply cannot be used: {problem}\n{schema_request(schema)}"
