"""How a chat is sent to servers that speak the OpenAI API, each understanding other parts of it (pure)."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from bot.llm.port import Prompt
from bot.llm.schemas import without_bounds

Message: TypeAlias = dict[str, str]

_NO_SYSTEM = re.compile(
    r"system role|system messages? (?:is|are) not|only user and assistant roles|roles must alternate",
    re.IGNORECASE,
)
"""How the chat templates of Gemma 2, Mistral 7B and others say that they accept no system message
(https://huggingface.co/google/gemma-2-9b-it/blob/main/tokenizer_config.json)."""
_MOST_TOKENS = re.compile(
    r"(?:\bat most|\bless than or equal to|\blimit(?: of| is)|[<≤]=?|>|\[\d+,)[\s`]*(?P<most>\d{2,7})(?!\d)",
    re.IGNORECASE,
)
"""How OpenAI, Groq, DeepSeek, Anthropic and others state their longest reply: "[1, 8192]"."""
_TOO_LONG = re.compile(
    r"context[ _](?:length|window|size|limit)|maximum (?:\w+ )?length|input token count|too many tokens"
    r"|(?:prompt|input|request) (?:is )?too (?:long|large)|input tokens exceed|\binputs`? tokens \+"
    r"|\binputs`? must have less than|\bn_ctx\b|\bmax_model_len\b",
    re.IGNORECASE,
)
"""How OpenAI, vLLM, llama.cpp, LM Studio, TGI, Anthropic and Gemini say that a prompt does not fit."""
_CONTEXT = re.compile(
    r"(?:context (?:length|window|size)|context limit: [\d +]+>|maximum (?:\w+ )?length"
    r"|maximum number of tokens allowed|configured limit|\bmax_new_tokens`? must be|\bmust have less than"
    r"|\bn_ctx|\bmax_model_len)[^\d_]{0,20}(?P<after>\d{3,8})|(?P<before>\d{3,8}) maximum",
    re.IGNORECASE,
)
"""How they state their context, and how Anthropic and Mistral do. A name with `_` in between, such as
LM Studio's `n_keep`, is followed by the size of something else."""
SMALLEST_CONTEXT = 1_000
"""No server's context is smaller: a smaller number means something else."""
_SHORTEST_LIMIT = 256
"""No server's longest reply is shorter: a smaller number means something else."""
_JSON_SCHEMA = "json_schema"
_BOUNDED_SCHEMA = "json_schema with bounds"
"""With limits on the length of lists and texts, which not all servers that know schemas accept."""
_UNUSABLE_REPLY = "failed_generation"
"""Where Groq says that the reply is which it did not pass on, as it is not the JSON that was asked for
(https://console.groq.com/docs/structured-outputs)."""
_FORMAT_HINTS = ("response_format", "json_object", "schema", "grammar", _UNUSABLE_REPLY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """What this server understands; the first of each is tried, and dropped once it is refused."""

    formats: tuple[str, ...] = (_BOUNDED_SCHEMA, _JSON_SCHEMA, "json_object", "text")
    limits: tuple[str, ...] = ("max_tokens", "max_completion_tokens")
    roles: tuple[str, ...] = ("system", "user")
    """Whose message carries our own words."""

    def without(self, refusal: str) -> "Dialect | None":
        """The dialect to try after this refusal; None if another one would not help."""
        words = refusal.lower()
        if any(limit in words for limit in self.limits) and len(self.limits) > 1:
            return replace(self, limits=self.limits[1:])
        if _NO_SYSTEM.search(words) and len(self.roles) > 1:
            return replace(self, roles=self.roles[1:])
        if any(hint in words for hint in _FORMAT_HINTS) and len(self.formats) > 1:
            return replace(self, formats=self.formats[1:])
        return None

    def body(
        self, model: str, prompt: Prompt, messages: Sequence[Message], max_tokens: int
    ) -> dict[str, Any]:
        """The request. `messages` starts with the prompt's own two: the system's, then the user's."""
        body: dict[str, Any] = {"model": model, self.limits[0]: max_tokens}
        system, user, *more = messages
        if self.formats[0] in {_BOUNDED_SCHEMA, _JSON_SCHEMA}:
            schema = prompt.schema if self.formats[0] == _BOUNDED_SCHEMA else without_bounds(prompt.schema)
            body["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": prompt.schema_name, "schema": schema, "strict": True},
            }
        else:
            system = message("system", f"{system['content']}\n\n{schema_request(prompt.schema)}")
        if self.formats[0] == "json_object":
            body["response_format"] = {"type": "json_object"}
        if self.roles[0] == "system":
            body["messages"] = [system, user, *more]
        else:
            body["messages"] = [message("user", f"{system['content']}\n\n{user['content']}"), *more]
        return body


OPENAI_DIALECT = Dialect(
    formats=(_JSON_SCHEMA, "json_object", "text"), limits=("max_completion_tokens", "max_tokens")
)
"""OpenAI's newer models refuse `max_tokens`, while most other servers know only that, and its schemas have no
longest text (https://developers.openai.com/api/reference/resources/chat/subresources/completions/methods/create,
https://platform.openai.com/docs/guides/structured-outputs#supported-schemas)."""


def longest_reply(refusal: str, asked_tokens: int) -> int | None:
    """The tokens of a server's longest reply, if it refused a longer one; None if it did not."""
    if "max_" not in refusal:
        return None
    told = [int(found["most"]) for found in _MOST_TOKENS.finditer(refusal)]
    return max((tokens for tokens in told if _SHORTEST_LIMIT <= tokens < asked_tokens), default=None)


def own_words(refusal: str) -> str:
    """What the server itself says, without the reply it quotes, which may be about context windows."""
    before, mark, _ = refusal.partition(_UNUSABLE_REPLY)
    return before + mark


def is_about_reply(refusal: str) -> bool:
    """Whether a server refused what the model wrote, and not the request: the next reply may be better."""
    return _UNUSABLE_REPLY in refusal


def is_too_long(refusal: str) -> bool:
    """Whether a server refused a prompt because it does not fit into one call."""
    return _TOO_LONG.search(refusal) is not None


def context_of(refusal: str) -> int | None:
    """The tokens that fit into one call, if a server said so when it refused a longer one."""
    told = _CONTEXT.search(refusal)
    tokens = int(told["after"] or told["before"]) if told is not None else 0
    return tokens if tokens >= SMALLEST_CONTEXT else None


def message(role: str, content: str) -> Message:
    """One message of a chat."""
    return {"role": role, "content": content}


def schema_request(schema: Mapping[str, Any]) -> str:
    """A request in words for JSON that follows a schema."""
    return (
        f"Reply with one JSON object that follows this JSON schema, and nothing else:\n{json.dumps(schema)}"
    )
