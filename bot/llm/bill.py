"""What a piece of work uses of language models, charged to whoever asked for it."""

from dataclasses import dataclass, field

from bot.errors import ModelError
from bot.llm.port import LanguageModel, Prompt, Reply
from bot.llm.usage import UsageTally


@dataclass(slots=True)
class Bill:
    """What one piece of work used so far."""

    usage: UsageTally = field(default_factory=UsageTally)

    def add(self, usage: UsageTally) -> None:
        """Add model calls that were made."""
        self.usage += usage


async def complete_on(bill: Bill, model: LanguageModel, prompt: Prompt, *, max_tokens: int) -> Reply:
    """Ask the model once, and add what that used to the bill, even if it gave no usable reply.

    Failures count too: they are paid for, and a model that keeps failing would otherwise reach no limit.

    Raises:
        ModelError: as raised by `model.complete`.
    """
    try:
        reply = await model.complete(prompt, max_tokens=max_tokens)
    except ModelError as error:
        bill.add(UsageTally.of(error))
        raise
    bill.add(UsageTally.of(reply))
    return reply
