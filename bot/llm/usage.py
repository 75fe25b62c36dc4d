"""What model calls used, and what they cost (pure)."""

from dataclasses import dataclass
from typing import Self

from bot.errors import ModelError
from bot.llm.port import Reply

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """US dollars per million tokens; None if not known."""

    prompt_usd: float | None = None
    completion_usd: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageTally:
    """Tokens of any number of calls."""

    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0

    @classmethod
    def of(cls, outcome: Reply | ModelError) -> Self:
        """The tally of one reply, or of the failure instead; repairs and second tries are included."""
        return cls(calls=1, prompt_tokens=outcome.prompt_tokens, completion_tokens=outcome.completion_tokens)

    def __add__(self, other: Self) -> "UsageTally":
        return UsageTally(
            calls=self.calls + other.calls,
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
        )

    def cost_usd(self, prices: Prices) -> float | None:
        """What it cost; None unless both prices are known, because half a cost would mislead."""
        if prices.prompt_usd is None or prices.completion_usd is None:
            return None
        return (
            self.prompt_tokens * prices.prompt_usd + self.completion_tokens * prices.completion_usd
        ) / _MILLION
