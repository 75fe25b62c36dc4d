"""The passage index: Chroma, as a cache of the vectors in SQL.

Chroma's embedded store does not survive every crash, so nothing lives there alone: a folder that is broken is
put aside and filled again, and what Chroma fails to answer is answered from SQL, only slower. Passages' texts
stay in SQL: with them the index would be many times as large.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np

from storage.batches import BATCH_SIZE
from storage.chroma import ChromaStore, StoreFailure, is_sound, put_aside
from storage.database import Database
from storage.types import FloatVector

log = logging.getLogger(__name__)

ResultT = TypeVar("ResultT")

_CALL_SECONDS = 30.0
"""For one call of Chroma: a query takes milliseconds, a batch under a second, the import two."""


class PassageIndex:
    """Finds the passages nearest to a vector, for one embedder. Open it with `PassageIndex.open`."""

    def __init__(self, location: Path | str, database: Database, *, embedder: str) -> None:
        self._database = database
        self._embedder = embedder
        self._store = ChromaStore(location, embedder=embedder)
        # One thread: Chroma's client is synchronous, and two writers have damaged folders.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="passage-index")
        self._is_complete = False

    @classmethod
    async def open(cls, location: Path | str, database: Database, *, embedder: str) -> "PassageIndex":
        """Open the index, and fill it from SQL where it is missing, broken or not what SQL has.

        Never fails because of Chroma: without it, queries are answered from SQL.

        Args:
            location: A folder that this process owns, or the URL of a Chroma server.
            database: Where the truth is.
            embedder: The name of the embedder whose vectors are indexed.
        """
        if isinstance(location, Path):
            await _be_rid_of_damage(location)
        index = cls(location, database, embedder=embedder)
        async with database.begin() as tx:
            expected = await tx.passages.vector_count(embedder)
        if await index.count() == expected:
            index._is_complete = True
        else:
            await index.rebuild()
        return index

    async def close(self) -> None:
        """Let go of the folder. Call it once."""
        try:
            await self._call(self._store.close)
        except StoreFailure as failure:
            log.warning("the passage index did not close: %s", failure)
        self._thread.shutdown(wait=False)

    async def count(self) -> int | None:
        """How many passages Chroma holds; None when it has no index, or fails."""
        try:
            return await self._call(self._store.count)
        except StoreFailure as failure:
            log.info("the passage index is not there: %s", failure)
            return None

    async def add(self, ids: Sequence[str], vectors: FloatVector) -> None:
        """Index passages that are in SQL already, in place of those with the same ids.

        Args:
            ids: The passages' ids, each once.
            vectors: Shape (len(ids), dimensions), rows of length 1.
        """
        try:
            await self._add(ids, vectors)
        except StoreFailure as failure:
            log.warning("the passage index took no passages, SQL answers from now on: %s", failure)
            self._is_complete = False

    async def query(self, vector: FloatVector, limit: int) -> list[tuple[str, float]]:
        """The passages nearest to `vector` (of length 1), the nearest first, with their cosine similarity."""
        if self._is_complete:
            try:
                return await self._call(partial(self._store.query, vector, limit))
            except StoreFailure as failure:
                log.warning("the passage index does not answer, SQL does: %s", failure)
        return await self._from_sql(vector, limit)

    async def rebuild(self) -> None:
        """Fill a new collection from SQL, check it, and put it in the old one's place."""
        async with self._database.begin() as tx:
            ids, vectors = await tx.passages.vectors(self._embedder)
        try:
            name = await self._call(self._store.start_over)
            await self._add(ids, vectors, to=name)
            await self._call(partial(self._store.replace_by, name, expected=len(ids)))
        except StoreFailure as failure:
            log.warning("the passage index could not be built, SQL answers: %s", failure)
            self._is_complete = False
        else:
            self._is_complete = True

    async def _add(self, ids: Sequence[str], vectors: FloatVector, to: str | None = None) -> None:
        for start in range(0, len(ids), BATCH_SIZE):
            batch = slice(start, start + BATCH_SIZE)
            await self._call(partial(self._store.add, ids[batch], vectors[batch], to=to))

    async def _from_sql(self, vector: FloatVector, limit: int) -> list[tuple[str, float]]:
        async with self._database.begin() as tx:
            ids, vectors = await tx.passages.vectors(self._embedder)
        if not ids:
            return []
        similarities = vectors @ vector
        nearest = np.argsort(-similarities)[:limit]
        return [(ids[place], float(similarities[place])) for place in nearest]

    async def _call(self, work: Callable[[], ResultT]) -> ResultT:
        try:
            running = asyncio.get_running_loop().run_in_executor(self._thread, work)
            return await asyncio.wait_for(running, _CALL_SECONDS)
        except TimeoutError as error:
            raise StoreFailure(f"no answer within {_CALL_SECONDS:.0f} s") from error


async def _be_rid_of_damage(folder: Path) -> None:
    if folder.exists() and not await is_sound(folder):  # noqa: ASYNC240 - once, at the start
        log.warning("the passage index is damaged: it is put aside and built again")
        put_aside(folder)
