"""The passage index: Chroma, as a cache of the vectors in SQL.

Nothing is stored in Chroma alone. At the start and whenever Chroma fails, passages are found by exact search
over SQL, while a background task checks, tops up or rebuilds what Chroma holds. Passages' texts stay in SQL:
with them the index would be many times as large.
"""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from storage.batches import BATCH_SIZE
from storage.chroma import ChromaFailure, ChromaStore
from storage.chroma_process import ChromaProcess
from storage.database import Database
from storage.exact import ExactSearch
from storage.failures import StorageFailure
from storage.index_upkeep import Condition, IndexUpkeep, chroma_for
from storage.types import FloatVector

log = logging.getLogger(__name__)

_FIRST_PAUSE_SECONDS = 30.0
_LONGEST_PAUSE_SECONDS = 3600.0
_USABLE = {Condition.SOUND, Condition.BEHIND}
"""Behind even when just topped up: a passage may be in SQL and still on its way to Chroma."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexStatus:
    """Whether Chroma or SQL answers queries, and why; `str` puts it in words."""

    complete: bool = False
    """Whether Chroma answers; otherwise SQL does."""
    built: int = 0
    total: int = 0
    """Vectors in a rebuild under way; 0 if there is none."""
    reason: str = ""
    """Why SQL answers."""

    def __str__(self) -> str:
        if self.complete:
            return "complete"
        if self.total:
            return f"rebuilding, {self.built:,} of {self.total:,}; SQL is searched meanwhile"
        return f"SQL is searched: {self.reason}"


class PassageIndex:
    """Finds the passages nearest to a vector, for one embedder; updates Chroma in the background.

    Never fails because of Chroma: without it, queries are answered from SQL. Close it when done.
    """

    @classmethod
    async def open(
        cls,
        location: Path | str | None,
        database: Database,
        *,
        embedder: str,
        pause_seconds: float = _FIRST_PAUSE_SECONDS,
    ) -> Self:
        """An index whose background task has started.

        Args:
            location: A folder that this process owns, the URL of a Chroma server, or None for SQL alone.
            database: The source of truth.
            embedder: The name of the embedder whose vectors are indexed.
            pause_seconds: From a failure to the next attempt; it doubles with each, up to an hour.

        Raises:
            StorageFailure: the database failed.
        """
        chroma = None if location is None else await chroma_for(database, location, embedder=embedder)
        return cls(chroma, database, embedder=embedder, pause_seconds=pause_seconds)

    def __init__(
        self, chroma: ChromaProcess | None, database: Database, *, embedder: str, pause_seconds: float
    ) -> None:
        self._exact = ExactSearch(database, embedder)
        self._chroma = chroma
        self._keeping: asyncio.Task[None] | None = None
        self._pause_seconds = pause_seconds
        self._status = IndexStatus(reason="this process has no index")
        self._accepts_passages = False
        self._needs_check, self._settled = asyncio.Event(), asyncio.Event()
        if chroma is None:
            self._settled.set()
            return
        self._upkeep = IndexUpkeep(database, chroma, embedder=embedder)
        self._keeping = asyncio.create_task(self._keep())

    @property
    def status(self) -> IndexStatus:
        """Whether Chroma or SQL answers at this moment."""
        return self._status

    async def settled(self) -> IndexStatus:
        """The status once the background work under way has succeeded or failed."""
        await self._settled.wait()
        return self._status

    async def close(self) -> None:
        """Stop the background task and Chroma's process. Call it once."""
        if self._chroma is None or self._keeping is None:
            return
        self._keeping.cancel()
        with suppress(asyncio.CancelledError):
            await self._keeping
        # Later queries are answered from SQL: another call would start Chroma again.
        self._status = IndexStatus(reason="the index is closed")
        self._accepts_passages = False
        await self._chroma.end()

    async def count(self) -> int | None:
        """How many passages Chroma holds; None if it has no index, or fails."""
        if self._chroma is None:
            return None
        try:
            return await self._chroma.call(ChromaStore.count)
        except ChromaFailure as failure:
            log.info("the passage index is not available: %s", failure)
            return None

    async def add(self, ids: Sequence[str], vectors: FloatVector) -> None:
        """Index passages whose vectors are committed to SQL, replacing those with the same ids.

        Args:
            ids: The passages' ids, each once.
            vectors: Shape (len(ids), dimensions), rows of length 1.
        """
        # While Chroma accepts none, they are found in SQL and topped up from there later.
        if self._chroma is None or not self._accepts_passages:
            return
        try:
            for start in range(0, len(ids), BATCH_SIZE):
                batch = slice(start, start + BATCH_SIZE)
                await self._chroma.call(ChromaStore.add, ids[batch], vectors[batch])
        except ChromaFailure as failure:
            log.warning("the passage index did not accept passages, SQL is searched from now on: %s", failure)
            self._distrust(f"the index did not accept passages ({failure})")

    async def query(self, vector: FloatVector, limit: int) -> list[tuple[str, float]]:
        """The passages nearest to `vector` (of length 1), the nearest first, with their cosine similarity."""
        if self._chroma is not None and self._status.complete:
            try:
                return await self._chroma.call(ChromaStore.query, vector, limit)
            except ChromaFailure as failure:
                log.warning("the passage index does not answer, SQL is searched: %s", failure)
                self._distrust(f"the index does not answer ({failure})")
        return await self._exact.query(vector, limit)

    def _distrust(self, reason: str) -> None:
        self._status = IndexStatus(reason=reason)
        self._settled.clear()
        self._needs_check.set()

    async def _keep(self) -> None:
        pause = self._pause_seconds
        while True:
            self._needs_check.clear()
            self._settled.clear()
            try:
                await self._bring_up_to_date()
            except Exception as error:
                # The edge of a loop that must go on: SQL answers in any case.
                is_expected = isinstance(error, (ChromaFailure, StorageFailure))
                trace = None if is_expected else error
                log.warning("no passage index, SQL is searched: %s", error, exc_info=trace)
                self._status = IndexStatus(reason=f"the index could not be built ({error})")
                self._accepts_passages = False
                self._settled.set()
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
                continue
            if not self._needs_check.is_set():
                self._status = IndexStatus(complete=True)
                self._exact.forget()
                self._settled.set()
                pause = self._pause_seconds
            await self._needs_check.wait()
            await asyncio.sleep(pause)

    async def _bring_up_to_date(self) -> None:
        self._accepts_passages = False
        self._status = IndexStatus(reason="the index is being checked")
        await self._upkeep.clear_up()
        findings = await self._upkeep.examine()
        if findings.condition in _USABLE:
            # From here on new passages go straight to Chroma; earlier ones are in SQL and topped up.
            self._accept_passages()
            if await self._upkeep.top_up():
                findings = await self._upkeep.examine()
        if findings.condition not in _USABLE:
            self._accepts_passages = False
            self._status = IndexStatus(built=0, total=findings.stored, reason="the index is being built")
            await self._upkeep.rebuild(swapped=self._accept_passages, advance=self._note_built)

    def _accept_passages(self) -> None:
        self._accepts_passages = True

    def _note_built(self, more: int) -> None:
        self._status = IndexStatus(built=self._status.built + more, total=self._status.total)
