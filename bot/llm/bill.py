"""What a piece of work uses of language models, for whoever asked for it."""

from dataclasses import dataclass, field

from bot.errors import ModelError
from bot.llm.port import LanguageModel, Prompt, Reply
from bot.llm.usage import UsageTally


@dataclass(slots=True)
class Bill:
    """What one piece of work used so far."""

    usage: UsageTally = field(default_factory=UsageTally)

    def add(self, usage: UsageTally) -> None:
        """Note the model calls that were made."""
        self.usage += usage


async def complete_on(bill: Bill, model: LanguageModel, prompt: Prompt, *, max_tokens: int) -> Reply:
    """Ask the model once, and put what that used on the bill, also where no usable reply came of it.

    Failures count because they are paid for, and because a model that often fails would never reach a limit.

    Raises:
        ModelError: as the model's.
    """
    try:
        reply = await model.complete(prompt, max_tokens=max_tokens)
    except ModelError as error:
        bill.add(UsageTally.of(error))
        raise
    bill.add(UsageTally.of(reply))
    return reply
