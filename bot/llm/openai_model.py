"""A language model behind any server that speaks the OpenAI API (`/v1/chat/completions`)."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bot.errors import ModelError, ModelRefusedError
from bot.llm.openai_server import OpenAIServer, RejectedRequestError
from bot.llm.port import Prompt, Reply, estimated_tokens
from bot.llm.structured import UnusableJsonError, parsed

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from openai.types.chat import ChatCompletion

log = logging.getLogger(__name__)

_LARGER = 4
"""By how much the second try's limit is larger: reasoning models spend thousands of tokens before they write,
and a limit costs nothing until it is used."""
_TRUNCATED_BELOW = 0.55
"""Of our own estimate of the prompt's tokens. The estimate is one for three characters; English prose has 4
to 5, so an honest count is at least 0.6 of it."""
_TRUNCATION_TOKENS = 1_500
"""No server has a smaller window by default (Ollama: 4,096, formerly 2,048), so shorter prompts fit."""

_Message = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dialect:
    """What this server understands; the first of each is tried, and dropped once it was refused."""

    formats: tuple[str, ...] = ("json_schema", "json_object", "text")
    limits: tuple[str, ...] = ("max_tokens", "max_completion_tokens")

    def without(self, refusal: str, *, structured: bool) -> "_Dialect | None":
        """The dialect to try after this refusal; None where another one would not help."""
        words = refusal.lower()
        if "context length" in words or "context window" in words:
            return None
        if any(limit in words for limit in self.limits) and len(self.limits) > 1:
            return replace(self, limits=self.limits[1:])
        hints = ("response_format", "json_object", "schema", "grammar")
        if structured and any(hint in words for hint in hints) and len(self.formats) > 1:
            return replace(self, formats=self.formats[1:])
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """One completion as it came."""

    text: str
    cut_short: bool
    prompt_tokens: int
    completion_tokens: int
    truncated_prompt: bool


class OpenAIModel:
    """Implements LanguageModel. Time-outs, retries and the breaker belong to the server's connection."""

    def __init__(self, server: OpenAIServer, model: str, *, context_tokens: int) -> None:
        self._server = server
        self._model = model
        self._context_tokens = context_tokens
        # OpenAI's newer models refuse `max_tokens`; most other servers know nothing else
        # (https://developers.openai.com/api/reference/resources/chat/subresources/completions/methods/create).
        newest = ("max_completion_tokens", "max_tokens")
        self._dialect = _Dialect(limits=newest) if server.is_openai else _Dialect()

    @property
    def name(self) -> str:
        """The model's name as its server knows it."""
        return self._model

    @property
    def context_tokens(self) -> int:
        """How much fits into one call, prompt and reply together."""
        return self._context_tokens

    async def complete(self, prompt: Prompt, *, max_tokens: int) -> Reply:
        """As the port says; the tokens of second tries and repairs are counted in.

        A reply that is cut short gets one more try with four times the limit; one that does not follow the
        schema is sent back once with what is wrong with it.
        """
        messages = [_message("system", prompt.system), _message("user", prompt.user)]
        answers = await self._complete_answer(prompt, messages, max_tokens)
        if prompt.schema is None:
            return _reply(answers, None)
        try:
            return _reply(answers, parsed(answers[-1].text, prompt.schema))
        except UnusableJsonError as problem:
            log.info("%s wrote JSON that cannot be used; asking once more", self._model)
            messages += [
                _message("assistant", answers[-1].text),
                _message("user", _repair_request(problem, prompt.schema)),
            ]
        answers += await self._complete_answer(prompt, messages, max_tokens)
        try:
            return _reply(answers, parsed(answers[-1].text, prompt.schema))
        except UnusableJsonError as error:
            raise ModelError("The language model did not write what it was asked for, twice.") from error

    async def _complete_answer(
        self, prompt: Prompt, messages: list[_Message], max_tokens: int
    ) -> list[_Answer]:
        """One answer that is not cut short, after the one that was, if there was one."""
        first = await self._answer(prompt, messages, max_tokens)
        if not first.cut_short:
            return [first]
        larger = min(_LARGER * max_tokens, self._context_tokens - first.prompt_tokens)
        if larger <= max_tokens:
            raise ModelError("The language model's context is too small for its reply.", retryable=False)
        second = await self._answer(prompt, messages, larger)
        if second.cut_short:
            raise ModelError(f"The language model's reply did not fit into {larger} tokens.")
        return [first, second]

    async def _answer(self, prompt: Prompt, messages: list[_Message], max_tokens: int) -> _Answer:
        dialect = self._dialect
        while True:
            request = _Request(body=_body(self._model, dialect, prompt, messages, max_tokens))
            try:
                completion = await self._server.call(request)
            except RejectedRequestError as refusal:
                simpler = dialect.without(refusal.words, structured=prompt.schema is not None)
                if simpler is None:
                    raise
                log.info("%s: trying %s and %s", self._model, simpler.formats[0], simpler.limits[0])
                dialect = simpler
            else:
                # What worked is remembered, what was merely tried is not.
                self._dialect = dialect
                return _answer_of(completion, messages)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    body: dict[str, Any]

    async def __call__(self, client: "AsyncOpenAI") -> "ChatCompletion":
        completion: ChatCompletion = await client.chat.completions.create(**self.body)
        return completion


def _body(
    model: str, dialect: _Dialect, prompt: Prompt, messages: list[_Message], max_tokens: int
) -> dict[str, Any]:
    body: dict[str, Any] = {"model": model, "messages": messages, dialect.limits[0]: max_tokens}
    if prompt.schema is None:
        return body
    if dialect.formats[0] == "json_schema":
        body["response_format"] = {
            "type": "json_schema",
            "json_schema": {"name": prompt.schema_name, "schema": prompt.schema, "strict": True},
        }
        return body
    system = _message("system", f"{prompt.system}\n\n{_schema_request(prompt.schema)}")
    body["messages"] = [system, *messages[1:]]
    if dialect.formats[0] == "json_object":
        body["response_format"] = {"type": "json_object"}
    return body


def _answer_of(completion: object, messages: list[_Message]) -> _Answer:
    """Read what came. The SDK builds its objects from any JSON, so nothing in them need be of its type.

    Raises:
        ModelRefusedError: the content filter or the model itself declined.
        ModelError: nothing in it, or nothing that can be read.
    """
    choices = getattr(completion, "choices", None)
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = getattr(choice, "message", None)
    finish_reason = getattr(choice, "finish_reason", None)
    if finish_reason == "content_filter" or getattr(message, "refusal", None):
        raise ModelRefusedError("The language model's content filter declined this paper.", retryable=False)
    text = _text_of(message)
    if text is None:
        raise ModelError("The language model's server sent an empty or garbled answer.")
    cut_short = finish_reason == "length"
    if not text.strip() and not cut_short:
        raise ModelError("The language model answered with nothing.")
    estimate = sum(estimated_tokens(message["content"]) for message in messages)
    usage = getattr(completion, "usage", None)
    counted = _count(usage, "prompt_tokens")
    return _Answer(
        text=text,
        cut_short=cut_short,
        prompt_tokens=counted or estimate,
        completion_tokens=_count(usage, "completion_tokens") or estimated_tokens(text),
        truncated_prompt=counted is not None
        and estimate > _TRUNCATION_TOKENS
        and counted < _TRUNCATED_BELOW * estimate,
    )


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
    if content is None:
        return ""
    return content if isinstance(content, str) else None


def _count(usage: object, name: str) -> int | None:
    """A number of tokens as the server counted them; None where it did not, or counted none."""
    count = getattr(usage, name, None)
    return count if isinstance(count, int) and count > 0 else None


def _reply(answers: list[_Answer], data: dict[str, Any] | None) -> Reply:
    return Reply(
        text=answers[-1].text,
        data=data,
        prompt_tokens=sum(answer.prompt_tokens for answer in answers),
        completion_tokens=sum(answer.completion_tokens for answer in answers),
        truncated_prompt=any(answer.truncated_prompt for answer in answers),
    )


def _message(role: str, content: str) -> _Message:
    return {"role": role, "content": content}


def _schema_request(schema: Mapping[str, Any]) -> str:
    return (
        f"Reply with one JSON object that follows this JSON schema, and nothing else:\n{json.dumps(schema)}"
    )


def _repair_request(problem: UnusableJsonError, schema: Mapping[str, Any]) -> str:
    return f"That reply cannot be used: {problem}\n{_schema_request(schema)}"
