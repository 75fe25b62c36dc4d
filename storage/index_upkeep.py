"""How the passage index in Chroma is compared with SQL, topped up and built anew."""

import asyncio
import logging
import random
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from storage.batches import BATCH_SIZE
from storage.chroma import ChromaStore, StoreFailure
from storage.chroma_process import ChromaProcess
from storage.database import Database
from storage.failures import StorageFailure
from storage.model.keys import passage_id

log = logging.getLogger(__name__)

_KNOWN = 16
"""Vectors of SQL that are looked for in Chroma: a damaged collection's count may well be right."""
_LONGEST_BUILD = timedelta(days=1)
"""One that began earlier was broken off: 100,000 vectors take minutes."""


class Condition(StrEnum):
    """What an index is like beside SQL."""

    SOUND = "complete"
    ABSENT = "not built yet"
    BEHIND = "behind: passages are missing"
    WRONG = "wrong: it does not hold what SQL holds"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """Chroma beside SQL."""

    condition: Condition
    stored: int
    """Vectors in SQL."""
    indexed: int
    """Vectors in Chroma."""


def ignore(_: int) -> None:
    """Nobody watches."""


class IndexUpkeep:
    """Keeps one embedder's index in step with SQL. Its methods raise StoreFailure and StorageFailure."""

    def __init__(self, database: Database, chroma: ChromaProcess, *, embedder: str) -> None:
        self._database = database
        self._chroma = chroma
        self._embedder = embedder

    async def lives(self) -> bool:
        """Whether the folder can be opened, by a process of its own. A server is left to its owner."""
        folder = self._chroma.location
        if not isinstance(folder, Path) or not folder.exists():
            return True
        await self._chroma.end()
        try:
            return await self._chroma.call(ChromaStore.lives)
        except StoreFailure as failure:
            log.info("the passage index does not open: %s", failure)
            return False

    async def clear_up(self) -> None:
        """Put a folder aside that cannot be opened, and delete collections that nobody will use any more."""
        if not await self.lives():
            assert isinstance(self._chroma.location, Path), "a server counts as living"
            log.warning("the passage index is damaged: it is put aside and built again")
            await self._chroma.kill()
            _put_aside(self._chroma.location)
        earliest = self._database.now() - _LONGEST_BUILD
        await self._chroma.call(ChromaStore.drop_leftovers, started_before=earliest)

    async def others_on_the_server(self) -> list[str]:
        """The names of collections that stay beside ours, as another process may use them."""
        if isinstance(self._chroma.location, Path):
            return []
        return await self._chroma.call(ChromaStore.others)

    async def inspect(self) -> Findings:
        """Look without touching anything: damage first, then as `examine` does."""
        if await self.lives():
            return await self.examine()
        async with self._database.begin() as tx:
            stored = sum((await tx.vectors.counts(self._embedder)).values())
        return Findings(condition=Condition.DAMAGED, stored=stored, indexed=0)

    async def examine(self) -> Findings:
        """Compare counts, and look for some vectors of SQL in Chroma."""
        # Chroma's first: what is added in between is in SQL first, and must not look like too much in Chroma.
        indexed = await self._chroma.call(ChromaStore.count)
        async with self._database.begin() as tx:
            counts = await tx.vectors.counts(self._embedder)
        stored = sum(counts.values())
        if indexed is None:
            return Findings(condition=Condition.ABSENT, stored=stored, indexed=0)
        if indexed > stored:
            condition = Condition.WRONG
        elif indexed < stored:
            condition = Condition.BEHIND
        else:
            known = _some_ids(counts)
            async with self._database.begin() as tx:
                ids, vectors = await tx.vectors.of(self._embedder, known)
            given_back = await self._chroma.call(ChromaStore.gives_back, ids, vectors)
            condition = Condition.SOUND if given_back else Condition.WRONG
        return Findings(condition=condition, stored=stored, indexed=indexed)

    async def top_up(self, *, to: str | None = None, advance: Callable[[int], None] = ignore) -> int:
        """Add what SQL has and Chroma lacks, in small steps; returns how many vectors that were.

        Whatever SQL held when this began is there when it ends.

        Args:
            to: A collection started over, instead of the one in use.
            advance: Is told how many more were looked at.
        """
        added = 0
        after: str | None = None
        while True:
            async with self._database.begin() as tx:
                page = await tx.vectors.ids(self._embedder, after=after, limit=BATCH_SIZE)
            if not page:
                return added
            after = page[-1]
            missing = await self._chroma.call(ChromaStore.missing, page, of=to)
            if missing:
                async with self._database.begin() as tx:
                    ids, vectors = await tx.vectors.of(self._embedder, missing)
                if ids:  # else they were deleted since
                    await self._chroma.call(ChromaStore.add, ids, vectors, to=to)
                added += len(ids)
            advance(len(page))

    async def rebuild(
        self,
        *,
        swapped: Callable[[], None] = lambda: None,
        advance: Callable[[int], None] = ignore,
    ) -> None:
        """Fill a new collection from SQL, check it, put it in the old one's place; add what came meanwhile.

        Args:
            swapped: Is called once passages may be added to the new collection by others; what is in SQL
                before that is indexed when this ends.
            advance: Is told how many more are in the new collection.
        """
        name = await self._chroma.call(ChromaStore.start_over, self._database.now())
        try:
            built = await self.top_up(to=name, advance=advance)
            await self._chroma.call(ChromaStore.replace_by, name, expected=built)
        except (StoreFailure, StorageFailure, asyncio.CancelledError):
            with suppress(StoreFailure):
                await self._chroma.call(ChromaStore.abandon, name)
            raise
        swapped()
        await self.top_up()


def _put_aside(folder: Path) -> None:
    """Move a folder out of the way, in place of the one put aside before."""
    aside = folder.with_name(f"{folder.name}.broken")
    try:
        shutil.rmtree(aside, ignore_errors=True)
        folder.rename(aside)
    except OSError as error:
        raise StorageFailure("The damaged passage index in the data folder cannot be moved.") from error


def _some_ids(counts: dict[str, int]) -> list[str]:
    """Ids of passages of some papers; one whose passage has no vector is found missing in SQL, harmlessly."""
    chosen = random.sample(sorted(counts), min(_KNOWN, len(counts)))
    return [passage_id(key, random.randrange(counts[key])) for key in chosen]  # noqa: S311 - a sample, no secret
