"""Lets a language model order the best papers, where the owner of the bot has turned that on."""

import logging
from collections.abc import Collection, Sequence

from bot.errors import ModelError
from bot.llm.bill import Bill, complete_on
from bot.llm.context import in_context
from bot.llm.port import LanguageModel, Reply
from bot.taste.rerank_prompt import movable, named_picks, reply_tokens, rerank_prompt, reranked
from storage.model import Pick

log = logging.getLogger(__name__)

REMARK = "Their last order, by their abstracts: "
"""How a receipt's remark on it begins; `/why` finds stored ones by it."""
_FEWEST = 2
"""Papers that can be put into an order."""


class Reranker:
    """Asks the model once for each digest. If that fails, the order stays, and the digest goes on."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model

    async def reordered(
        self,
        picks: Sequence[Pick],
        interests: str,
        *,
        pinned: Collection[str] = (),
        bill: Bill | None = None,
    ) -> tuple[tuple[Pick, ...], tuple[str, ...]]:
        """The picks in the model's order, and remarks on it for the receipt.

        Args:
            picks: Best first; only the first 60 may be reordered.
            interests: In plain words; without any the model is not asked.
            pinned: Versionless ids of papers that keep their place.
            bill: Gets what the call used, even if it failed.
        """
        moving = movable(picks, pinned)
        if not interests.strip() or len(moving) < _FEWEST:
            return tuple(picks), ()
        try:
            reply = await in_context(lambda: self._asked(picks, interests, bill or Bill()))
        except ModelError as error:
            return tuple(picks), (_kept(error.prompt_tokens + error.completion_tokens, str(error)),)
        used = reply.prompt_tokens + reply.completion_tokens
        named = named_picks(moving, reply.data.get("order"))
        if len(named) < _FEWEST:
            return tuple(picks), (_kept(used, "Its reply named no two of these papers."),)
        return reranked(picks, named), (f"{REMARK}{self._model.name} ({used:,} tokens).",)

    async def _asked(self, picks: Sequence[Pick], interests: str, bill: Bill) -> Reply:
        context = self._model.context_tokens
        prompt = rerank_prompt(picks, interests, context_tokens=context)
        return await complete_on(bill, self._model, prompt, max_tokens=reply_tokens(context))


def _kept(used: int, why: str) -> str:
    """The remark where the model gave no order."""
    log.warning("the model did not rerank, so the order stays: %s", why)
    failed = f"failed ({used:,} tokens)" if used else "failed"
    return f"{REMARK}by votes and interests only, as the model {failed}: {why}"
