"""A language model's say in the order of the best papers, where the owner of the bot wishes for it."""

import logging
from collections.abc import Collection, Sequence

from bot.errors import ModelError
from bot.llm.bill import Bill, complete_on
from bot.llm.port import LanguageModel
from bot.taste.rerank import rerank_prompt, reranked
from storage.model import Pick

log = logging.getLogger(__name__)

REMARK = "Their last order, by their abstracts: "
"""Begins what a receipt says of it."""
_REPLY_TOKENS = 4_000
"""Sixty ids, and what some models think before."""


class Reranker:
    """Asks the model once for a digest. Its failure never stops a digest: the order stays then."""

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
        """The picks in the model's order, and what a reader should know of that.

        Args:
            picks: Best first; the first 60 may change places.
            interests: In plain words; without any there is nothing to judge by.
            pinned: Versionless ids of papers that keep their place.
            bill: Gets what the call used, a failed one too.
        """
        if not interests.strip() or not picks:
            return tuple(picks), ()
        try:
            reply = await complete_on(
                bill or Bill(), self._model, rerank_prompt(picks, interests), max_tokens=_REPLY_TOKENS
            )
        except ModelError as error:
            log.warning("the order stays as it was: %s", error)
            used = error.prompt_tokens + error.completion_tokens
            failed = f"failed ({used:,} tokens)" if used else "failed"
            return tuple(picks), (f"{REMARK}as votes and interests have it, for the model {failed}: {error}",)
        order = reply.data.get("order", ())
        moved = reranked(picks, order if isinstance(order, list) else [], pinned=pinned)
        tokens = reply.prompt_tokens + reply.completion_tokens
        return moved, (f"{REMARK}{self._model.name} ({tokens:,} tokens).",)
