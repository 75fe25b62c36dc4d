"""Reads what a server that speaks the OpenAI API answered to a chat (pure)."""

from dataclasses import dataclass

from bot.errors import ModelError, ModelRefusedError
from bot.llm.dialect import Message
from bot.llm.openai_server import DECLINED_TEXT
from bot.llm.port import estimated_tokens

_CHARACTERS_PER_TOKEN = 3
_TRUNCATED_BELOW = 0.55
"""The share of one token per three characters below which a prompt was cut. English prose has 4 to 5
characters per token, other languages have fewer, so an honest count is a share of at least 0.6."""
_TRUNCATION_TOKENS = 1_500
"""No server has a smaller window by default (Ollama: 4,096, formerly 2,048), so shorter prompts fit."""
MOST_TOKENS = 100_000_000
"""No call uses more: a larger count is nonsense, and would not fit into the database either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One completion as it came; used or not, its tokens are paid for."""

    text: str
    cut_short: bool
    prompt_tokens: int
    completion_tokens: int
    truncated_prompt: bool
    problem: ModelError | None
    """Why it is no reply; None if it is one."""


def answer_of(completion: object, messages: list[Message]) -> Answer:
    """Read what came. The SDK builds its objects from any JSON, so no field need have its declared type."""
    choices = getattr(completion, "choices", None)
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = getattr(choice, "message", None)
    finish_reason = getattr(choice, "finish_reason", None)
    text = _text_of(message)
    characters = sum(len(sent["content"]) for sent in messages)
    usage = getattr(completion, "usage", None)
    counted = _count(usage, "prompt_tokens")
    # Without a message, probably no model has read the prompt, so nothing is guessed.
    guesses = (estimated_in(messages), estimated_tokens(text)) if text is not None else (0, 0)
    return Answer(
        text=text or "",
        cut_short=finish_reason == "length",
        prompt_tokens=counted or guesses[0],
        completion_tokens=_written(usage) or guesses[1],
        truncated_prompt=counted is not None
        and characters > _CHARACTERS_PER_TOKEN * _TRUNCATION_TOKENS
        and counted < _TRUNCATED_BELOW * characters / _CHARACTERS_PER_TOKEN,
        problem=_problem(finish_reason, getattr(message, "refusal", None), text),
    )


def _problem(finish_reason: object, refusal: object, text: str | None) -> ModelError | None:
    """Why an answer is no reply; None if it is one, or the start of one."""
    if finish_reason == "content_filter" or refusal:
        return ModelRefusedError(DECLINED_TEXT)
    if text is None:
        return ModelError("The model server sent an empty or garbled answer.")
    if not text.strip() and finish_reason != "length":
        return ModelError("The language model gave an empty reply.")
    return None


def _text_of(message: object) -> str | None:
    """A message's text, empty if it has none; None if it is no message, or its content is not text.

    Some servers send a list of parts, in which the model's thoughts have another type than `text`
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
    """What a model with an empty reply wrote as its thoughts, if they end like JSON; else empty.

    vLLM takes everything before an end-of-thought mark for thoughts, even if a model was told not to think
    (https://github.com/vllm-project/vllm/issues/50948).
    """
    thoughts = (getattr(message, name, None) for name in ("reasoning_content", "reasoning"))
    written = next((one for one in thoughts if isinstance(one, str)), "")
    return written if written.rstrip(" \n`").endswith("}") else ""


def estimated_in(messages: list[Message]) -> int:
    """The tokens of all messages, by our estimate."""
    return sum(estimated_tokens(sent["content"]) for sent in messages)


def _count(usage: object, name: str) -> int | None:
    """The server's count of tokens; None if there is none, or it is zero or nonsense."""
    count = getattr(usage, name, None)
    return count if isinstance(count, int) and 0 < count <= MOST_TOKENS else None


def _written(usage: object) -> int | None:
    """The server's count of a completion's tokens; None if there is none.

    xAI and Gemini count the model's thoughts only in the total, and bill them like the rest
    (https://github.com/UKGovernmentBEIS/inspect_ai/issues/5528).
    """
    names = ("prompt_tokens", "completion_tokens", "total_tokens")
    prompt, completion, total = (_count(usage, name) for name in names)
    if prompt is None or total is None:
        return completion
    return max(completion or 0, total - prompt) or None


def tokens_of(answers: list[Answer]) -> tuple[int, int]:
    """The tokens of all prompts, and of all completions."""
    return sum(one.prompt_tokens for one in answers), sum(one.completion_tokens for one in answers)
