"""A language model behind any server that speaks the OpenAI API (`/v1/chat/completions`)."""

import logging
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

from bot.errors import ModelError, SmallerContextError
from bot.llm.completion import MOST_TOKENS, Answer, answer_of, estimated_in, tokens_of
from bot.llm.dialect import (
    OPENAI_DIALECT,
    SMALLEST_CONTEXT,
    Dialect,
    Message,
    context_of,
    is_about_reply,
    is_too_long,
    longest_reply,
    message,
    own_words,
    schema_request,
)
from bot.llm.openai_server import OpenAIServer, RejectedRequestError
from bot.llm.port import Prompt, Reply
from bot.llm.schemas import without_bounds
from bot.llm.structured import UnusableJsonError, parsed

if TYPE_CHECKING:
    from openai import AsyncOpenAI

log = logging.getLogger(__name__)

_LIMIT_FACTOR = 4
"""How many times as high the second try's limit is: reasoning models spend thousands of tokens before they
write, and an unused limit costs nothing."""

_PROMPT_TOO_LONG = "The text is longer than the model server accepts"
_SET_CONTEXT = f"{_PROMPT_TOO_LONG}: set OPENAI_CONTEXT_TOKENS to "
_UNKNOWN_CONTEXT = "its context window, or to what it takes in a minute if that is less."


class OpenAIModel:
    """Implements LanguageModel. Time-outs, retries and the breaker belong to the server's connection.

    Args:
        server: The connection.
        model: The model's name as the server knows it.
        context_tokens: How much fits into one call, unless the server says that less does.
        dialect: How to ask first; what the server refuses is left out. None for what is best there.
    """

    def __init__(
        self, server: OpenAIServer, model: str, *, context_tokens: int, dialect: Dialect | None = None
    ) -> None:
        self._server = server
        self._model = model
        self._context_tokens = context_tokens
        self._dialect = dialect or (OPENAI_DIALECT if server.is_openai else Dialect())
        self._needs_larger = False
        self._longest_reply = MOST_TOKENS
        """The most that the server allows, as it said when it refused more."""

    @property
    def name(self) -> str:
        """The model's name as its server knows it."""
        return self._model

    @property
    def context_tokens(self) -> int:
        """How much fits into one call, prompt and reply together; less once the server has said so."""
        return self._context_tokens

    async def complete(self, prompt: Prompt, *, max_tokens: int) -> Reply:
        """As the port says; the tokens of second tries and repairs are included, even if it fails.

        A reply that is cut short is tried once more with four times the limit; if that helps, later ones get
        it at once. One that does not follow the schema is sent back once with what is wrong with it.
        """
        answers: list[Answer] = []
        try:
            data = await self._asked(prompt, max_tokens, answers)
        except ModelError as error:
            error.prompt_tokens, error.completion_tokens = tokens_of(answers)
            raise
        return _reply(answers, data)

    async def _asked(self, prompt: Prompt, max_tokens: int, answers: list[Answer]) -> dict[str, Any]:
        """The reply's data. `answers` gets every answer, as all are paid for."""
        messages = [message("system", prompt.system), message("user", prompt.user)]
        # A reply that is longer than it should be is no reason to ask again: its readers shorten it.
        schema = without_bounds(prompt.schema)
        text = await self._whole_text(prompt, messages, max_tokens, answers)
        try:
            return parsed(text, schema)
        except UnusableJsonError as problem:
            log.info("%s wrote unusable JSON; asking once more", self._model)
            messages += [
                message("assistant", text),
                message("user", _repair_request(problem, prompt.schema)),
            ]
        text = await self._whole_text(prompt, messages, max_tokens, answers)
        try:
            return parsed(text, schema)
        except UnusableJsonError as error:
            raise ModelError("The language model twice failed to write what it was asked for.") from error

    async def _whole_text(
        self, prompt: Prompt, messages: list[Message], max_tokens: int, answers: list[Answer]
    ) -> str:
        """The text of an answer that is not cut short; one that is cut gets a second try."""
        limit = max_tokens
        if self._needs_larger:
            room = self._context_tokens - estimated_in(messages)
            limit = max(max_tokens, min(_LIMIT_FACTOR * max_tokens, room))
        first = await self._answer(prompt, messages, limit, answers)
        if not first.cut_short:
            return first.text
        room = self._context_tokens - first.prompt_tokens
        if room <= max_tokens:
            raise ModelError("The language model's context is too small for its reply.", retryable=False)
        limit = min(limit, self._longest_reply)
        larger = min(_LIMIT_FACTOR * max_tokens, room, self._longest_reply)
        if larger <= limit:
            raise ModelError(f"The language model's reply did not fit into {limit} tokens.")
        second = await self._answer(prompt, messages, larger, answers)
        if second.cut_short:
            raise ModelError(f"The language model's reply did not fit into {larger} tokens.")
        # It thinks before it writes: without this, each of its replies would be paid for twice.
        self._needs_larger = True
        return second.text

    async def _answer(
        self, prompt: Prompt, messages: list[Message], max_tokens: int, answers: list[Answer]
    ) -> Answer:
        answer = answer_of(await self._completion(prompt, messages, max_tokens), messages)
        answers.append(answer)
        if answer.problem is not None:
            raise answer.problem
        return answer

    async def _completion(self, prompt: Prompt, messages: list[Message], max_tokens: int) -> object:
        """What the server sent when asked in a dialect that it understands."""
        dialect = self._dialect
        is_second_reply = False
        while True:
            limit = min(max_tokens, self._longest_reply)
            body = dialect.body(self._model, prompt, messages, limit)
            try:
                completion = await self._server.call(partial(_completed, body))
            except RejectedRequestError as refusal:
                words = own_words(refusal.words)
                if is_too_long(words):
                    self._raise_too_long(refusal, limit + estimated_in(messages))
                if is_about_reply(words) and not is_second_reply:
                    log.info("%s wrote unusable JSON, says its server; asking once more", self._model)
                    is_second_reply = True
                    continue
                longest = longest_reply(words, limit)
                if longest is not None:
                    log.info("%s replies with at most %d tokens", self._model, longest)
                    self._longest_reply = longest
                    continue
                simpler = dialect.without(words)
                if simpler is None:
                    raise
                told = (simpler.formats[0], simpler.limits[0], simpler.roles[0])
                log.info("%s: now trying %s and %s, with our words in a %s message", self._model, *told)
                dialect = simpler
            else:
                # What worked is remembered; what was merely tried is not.
                self._dialect = dialect
                return completion

    def _raise_too_long(self, refusal: RejectedRequestError, asked_tokens: int) -> NoReturn:
        """`asked_tokens`: the refused prompt and its longest reply, as we estimate them.

        If they should have fit by our estimate, the text has more tokens than that, as tables and formulas
        may, and a quarter less is what fits.
        """
        context, assumed = context_of(refusal.words), self._context_tokens
        if context is None:
            raise ModelError(_SET_CONTEXT + _UNKNOWN_CONTEXT, retryable=False) from refusal
        fits = context if context < assumed or asked_tokens > assumed else asked_tokens * 3 // 4
        if SMALLEST_CONTEXT <= fits < assumed:
            log.warning("%s takes %d tokens: set OPENAI_CONTEXT_TOKENS to that", self._model, fits)
            self._context_tokens = fits
        elif asked_tokens <= assumed:
            raise ModelError(f"{_PROMPT_TOO_LONG}.", retryable=False) from refusal
        raise SmallerContextError(f"{_SET_CONTEXT}{self._context_tokens}.", retryable=False) from refusal


async def _completed(body: Mapping[str, Any], client: "AsyncOpenAI") -> object:
    return await client.chat.completions.create(**body)


def _reply(answers: list[Answer], data: dict[str, Any]) -> Reply:
    prompt_tokens, completion_tokens = tokens_of(answers)
    return Reply(
        data=data,
        prompt_tokens=prompt_tokens,
        completion_tokens=completion_tokens,
        truncated_prompt=any(answer.truncated_prompt for answer in answers),
    )


def _repair_request(problem: UnusableJsonError, schema: Mapping[str, Any]) -> str:
    return f"That reply cannot be used: {problem}\n{schema_request(schema)}"
