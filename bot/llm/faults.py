"""What a server that speaks the OpenAI API says went wrong, as HTTP statuses (pure).

Servers answer a wrong key, an unknown model or a declined text with statuses of their own choice, often 400.
"""

import re
from dataclasses import dataclass
from http import HTTPStatus

QUOTA_SPENT = HTTPStatus.PAYMENT_REQUIRED
DECLINED = HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS
"""By a content filter."""
_BUSY, _WRONG = HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.BAD_REQUEST
_FAILED = HTTPStatus.INTERNAL_SERVER_ERROR
_QUOTA_CODES = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"})
_DECLINED_CODES = frozenset({"content_filter", "content_policy_violation", "invalid_prompt"})
"""Azure's (https://learn.microsoft.com/azure/ai-foundry/openai/concepts/content-filter), then OpenAI's."""
_WRONG_KEY = re.compile(r"\bAPI key not valid|\b(?:incorrect|invalid) API key", re.IGNORECASE)
"""Gemini and xAI say so with a 400."""
_UNKNOWN_MODEL = re.compile(
    r"\bnot a valid model\b|\bmodel not exist|\binvalid model\b"
    r"|\bmodel [`'\"\\]+[^`'\"\\]{1,100}[`'\"\\]+ (?:does not exist|not found)",
    re.IGNORECASE,
)
"""OpenRouter, DeepSeek, Mistral and LiteLLM say so with a 400."""
_UNKNOWN_ADDRESS = re.compile(r"\bunexpected endpoint\b", re.IGNORECASE)
"""LM Studio answers with a 200 (https://github.com/lmstudio-ai/lmstudio-bug-tracker/issues/618)."""
_NEVER_FITS = re.compile(r"\brequest too large\b", re.IGNORECASE)
"""OpenAI's 429 for a single request of more tokens than it takes in a minute: waiting does not help."""
_TOO_LARGE = re.compile(r"\btoo large to process\b", re.IGNORECASE)
"""llama.cpp's 500 for a text of more tokens than an embedding model takes."""
_SECONDS = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_WAIT = re.compile(rf"\b(?:retry|try again) in (?P<seconds>{_SECONDS.pattern})s\b", re.IGNORECASE)
"""Gemini and Groq: "Please retry in 34.07s"."""
_READ_CHARACTERS = 500
"""Anything after that may be the request itself, echoed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What a server says went wrong."""

    status: int
    """The HTTP status."""
    code: str
    """The server's own name for it; empty if it has none."""
    words: str
    retry_after: str | None = None
    """The header of that name."""

    @property
    def meaning(self) -> int:
        """The HTTP status for what the server's words mean."""
        words = self.words[:_READ_CHARACTERS]
        meanings = (
            (self.code in _QUOTA_CODES, QUOTA_SPENT),
            (self.code in _DECLINED_CODES, DECLINED),
            (_UNKNOWN_ADDRESS.search(words), HTTPStatus.NOT_FOUND),
            (self.status == _BUSY and _NEVER_FITS.search(words), HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
            (self.status == _FAILED and _TOO_LARGE.search(words), HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
            (self.status == _WRONG and _WRONG_KEY.search(words), HTTPStatus.UNAUTHORIZED),
            (self.status == _WRONG and _UNKNOWN_MODEL.search(words), HTTPStatus.NOT_FOUND),
        )
        return next((meaning for is_meant, meaning in meanings if is_meant), self.status)

    @property
    def wait_seconds(self) -> float | None:
        """How long the server asks to wait, in a header or, like Gemini, only in words; None if it does not.

        A header with a date, which no model server sends, is not read.
        """
        told = _WAIT.search(self.words)
        asked = self.retry_after or (told["seconds"] if told is not None else "")
        return float(asked) if _SECONDS.fullmatch(asked) else None


def fault_inside(answer: object) -> Fault | None:
    """What failed after a server had started to answer with a 200; None if nothing did.

    OpenRouter does so when the model's own server fails: in place of choices, or in one that is broken off
    (https://openrouter.ai/docs/api/reference/errors-and-debugging).
    """
    choices = getattr(answer, "choices", None)
    choice = choices[0] if isinstance(choices, list) and choices else None
    if choice is not None and getattr(choice, "finish_reason", None) != "error":
        return None
    told = getattr(answer if choice is None else choice, "error", None)
    if not told:
        return None
    more = told if isinstance(told, dict) else {"message": told}
    code = more.get("code")
    return Fault(
        status=code if isinstance(code, int) and code >= HTTPStatus.BAD_REQUEST else HTTPStatus.BAD_GATEWAY,
        code=code if isinstance(code, str) else "",
        words=str(more.get("message")),
    )
