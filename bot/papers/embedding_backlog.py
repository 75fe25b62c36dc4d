"""Makes the missing vectors of passages, after the embedder was changed or failed.

Until then these passages are found by their words alone.
"""

import asyncio
import logging
import random
from collections.abc import Callable, Sequence
from typing import Self

from bot.background import end
from bot.clock import Clock
from bot.errors import EmbeddingError
from bot.llm.port import Embedder
from bot.logs import incident
from bot.papers.passages import embedded_text
from storage.batches import batched
from storage.database import Database
from storage.failures import StorageFailure
from storage.index import PassageIndex
from storage.model import Passage
from storage.model.keys import split_key
from storage.pagination import Place

log = logging.getLogger(__name__)

_PASSAGES_AT_A_TIME = 16
_MOST_REFUSED = 10
"""An embedder that refuses as many passages refuses all: its key or its model may be wrong."""
_LOOK_SECONDS = 600.0
_LONGEST_PAUSE_SECONDS = 3600.0


class EmbeddingBacklog:
    """Makes missing vectors, paper by paper, in the background for as long as its context lasts."""

    def __init__(
        self, *, database: Database, embedder: Embedder, index: PassageIndex | None, clock: Clock
    ) -> None:
        """Wire it.

        Args:
            database: Where passages and their vectors are stored.
            embedder: Makes the vectors.
            index: Is told of new vectors.
            clock: Paces the work.
        """
        self._database = database
        self._embedder = embedder
        self._index = index
        self._clock = clock
        self._working: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._working = asyncio.create_task(self._keep_looking())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._working is not None:
            await end(self._working)

    async def missing(self) -> dict[str, int]:
        """How many passages have no vector, by the key of each paper version that lacks any."""
        found: dict[str, int] = {}
        after: Place | None = None
        while True:
            async with self._database.begin() as tx:
                lacking, after = await tx.vectors.lacking(self._embedder.name, after=after)
            found |= lacking
            if after is None:
                return found

    async def work_off(
        self, *, advance: Callable[[int], None] = lambda _: None, is_patient: bool = False
    ) -> None:
        """Embed and store everything that is missing; each batch is kept, even if the next one fails.

        Args:
            advance: Is told how many more passages are done.
            is_patient: Rests after each batch for as long as it took: questions and digests come first.

        Raises:
            EmbeddingError: the embedder failed, or refused some passages; then the others are embedded.
        """
        refused: list[EmbeddingError] = []
        keys = list(await self.missing())
        # Several processes may share the work: each looks up what a paper still lacks when it gets to it.
        random.shuffle(keys)
        for key in keys:
            title, lacking = await self._lacking(key)
            for batch in batched(lacking, _PASSAGES_AT_A_TIME):
                began = self._clock.now()
                await self._embed_accepted(title, batch, refused)
                advance(len(batch))
                if is_patient:
                    await self._clock.sleep((self._clock.now() - began).total_seconds())
        if refused:
            raise refused[0]

    async def _lacking(self, key: str) -> tuple[str, list[Passage]]:
        """A paper version's title and those of its passages that have no vector."""
        paper_id, version = split_key(key)
        async with self._database.begin() as tx:
            paper = await tx.papers.version(paper_id, version)
            passages = await tx.passages.of(paper_id, version)
            embedded, _ = await tx.vectors.of(self._embedder.name, [passage.id for passage in passages])
        done = set(embedded)
        lacking = [passage for passage in passages if passage.id not in done]
        return paper.title if paper is not None else "", lacking

    async def _embed_accepted(
        self, title: str, batch: Sequence[Passage], refused: list[EmbeddingError]
    ) -> None:
        """Embed a batch without the passages that the embedder refuses; each adds its error to `refused`.

        Raises:
            EmbeddingError: the embedder failed, or refused too many.
        """
        try:
            await self._embed(title, batch)
        except EmbeddingError as error:
            if error.retryable:
                raise
            if len(batch) == 1:
                refused.append(error)
                if len(refused) >= _MOST_REFUSED:
                    raise
                return
            for passage in batch:
                await self._embed_accepted(title, [passage], refused)

    async def _embed(self, title: str, batch: Sequence[Passage]) -> None:
        ids = [passage.id for passage in batch]
        vectors = await self._embedder.embed([embedded_text(title, passage) for passage in batch])
        async with self._database.begin() as tx:
            saved = await tx.vectors.save(self._embedder.name, ids, vectors)
        if self._index is not None and saved:
            await self._index.add(saved, vectors[[ids.index(id_) for id_ in saved]])

    async def _keep_looking(self) -> None:
        pause = _LOOK_SECONDS
        while True:
            try:
                if missing := await self.missing():
                    log.info("embedding %d passages in the background", sum(missing.values()))
                    await self.work_off(is_patient=True)
                pause = _LOOK_SECONDS
            except (EmbeddingError, StorageFailure) as error:
                log.warning("passages could not be embedded yet: %s", error)
                pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
            except Exception as error:  # noqa: BLE001 - the edge of a loop that must go on
                incident(log, "embedding stored passages", error)
                pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
            await self._clock.sleep(pause)
