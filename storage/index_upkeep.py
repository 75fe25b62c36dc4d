"""Compares the passage index in Chroma with SQL, tops it up and rebuilds it."""

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
from storage.chroma import ChromaFailure, ChromaStore, collection_name
from storage.chroma_process import ChromaProcess
from storage.database import Database
from storage.failures import StorageFailure
from storage.model.keys import passage_id

log = logging.getLogger(__name__)

_SAMPLE = 16
"""Papers of which a vector is searched for in Chroma: a damaged collection's count may well be right."""
_LONGEST_BUILD = timedelta(days=1)
"""A build that started longer ago was interrupted: 100,000 vectors take minutes."""


class Condition(StrEnum):
    """How an index compares with SQL."""

    SOUND = "complete"
    ABSENT = "not built yet"
    BEHIND = "behind: passages are missing"
    WRONG = "wrong: its vectors are not those in SQL"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """Chroma compared with SQL."""

    condition: Condition
    stored: int
    """Vectors in SQL."""
    indexed: int
    """Vectors in Chroma."""


def _ignore(_: int) -> None:
    """Report progress to nobody."""


async def chroma_for(database: Database, location: Path | str, *, embedder: str) -> ChromaProcess:
    """Chroma with the collection of an embedder's vectors in this database; raises StorageFailure."""
    if isinstance(location, Path):
        return ChromaProcess(location, collection=collection_name(embedder))
    # Several databases may share a server, and a collection that differs from SQL is replaced.
    async with database.begin() as tx:
        database_id = await tx.state.database_id()
    return ChromaProcess(location, collection=collection_name(embedder, database_id))


class IndexUpkeep:
    """Keeps one embedder's index up to date with SQL. Its methods raise ChromaFailure and StorageFailure."""

    def __init__(self, database: Database, chroma: ChromaProcess, *, embedder: str) -> None:
        self._database = database
        self._chroma = chroma
        self._embedder = embedder

    async def is_intact(self) -> bool:
        """Whether a new process can open the folder. A server is left to its owner, and counts as intact."""
        folder = self._chroma.location
        if not isinstance(folder, Path) or not folder.exists():
            return True
        await self._chroma.end()
        try:
            return await self._chroma.call(ChromaStore.is_intact)
        except ChromaFailure as failure:
            log.info("the passage index cannot be opened: %s", failure)
            return False

    async def clear_up(self) -> None:
        """Move aside a folder that is damaged, and delete collections that nobody will use any more."""
        if not await self.is_intact():
            assert isinstance(self._chroma.location, Path), "a server counts as intact"
            log.warning("the passage index is damaged: it is moved aside and rebuilt")
            await self._chroma.kill()
            _move_aside(self._chroma.location)
        earliest = self._database.now() - _LONGEST_BUILD
        await self._chroma.call(ChromaStore.drop_leftovers, started_before=earliest)

    async def others_on_the_server(self) -> list[str]:
        """The names of the collections beside ours, which are kept as another process may use them."""
        if isinstance(self._chroma.location, Path):
            return []
        return await self._chroma.call(ChromaStore.others)

    async def inspect(self) -> Findings:
        """Check for damage, then as `examine` does, changing nothing."""
        if await self.is_intact():
            return await self.examine()
        async with self._database.begin() as tx:
            stored = sum((await tx.vectors.counts(self._embedder)).values())
        return Findings(condition=Condition.DAMAGED, stored=stored, indexed=0)

    async def examine(self) -> Findings:
        """Compare counts, and search Chroma for some vectors of SQL."""
        # Chroma's count first: vectors reach SQL first, so those added in between are no surplus in Chroma.
        indexed = await self._chroma.call(ChromaStore.count)
        async with self._database.begin() as tx:
            counts = await tx.vectors.counts(self._embedder)
        stored = sum(counts.values())
        if indexed is None:
            return Findings(condition=Condition.ABSENT, stored=stored, indexed=0)
        async with self._database.begin() as tx:
            ids, vectors = await tx.vectors.of(self._embedder, _some_ids(counts))
        if indexed > stored or not await self._chroma.call(ChromaStore.fits, vectors):
            condition = Condition.WRONG
        elif indexed < stored:
            condition = Condition.BEHIND
        else:
            holds_them = await self._chroma.call(ChromaStore.holds, ids, vectors)
            condition = Condition.SOUND if holds_them else Condition.WRONG
        return Findings(condition=condition, stored=stored, indexed=indexed)

    async def top_up(self, *, to: str | None = None, advance: Callable[[int], None] = _ignore) -> int:
        """Add what SQL has and Chroma lacks, in small steps; returns the number of vectors added.

        Everything that was in SQL at the start is in Chroma at the end.

        Args:
            to: A collection being built, instead of the one in use.
            advance: Called with the number of vectors checked since the last call.
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
                if ids:  # otherwise they have been deleted since
                    await self._chroma.call(ChromaStore.add, ids, vectors, to=to)
                added += len(ids)
            advance(len(page))

    async def rebuild(
        self,
        *,
        swapped: Callable[[], None] = lambda: None,
        advance: Callable[[int], None] = _ignore,
    ) -> None:
        """Fill a new collection from SQL, check it, swap it in, and add what arrived meanwhile.

        Args:
            swapped: Called once others may add passages to the new collection; what is in SQL before that is
                indexed when this ends.
            advance: Called with the number of vectors added to the new collection since the last call.
        """
        name = await self._chroma.call(ChromaStore.start_build, self._database.now())
        try:
            built = await self.top_up(to=name, advance=advance)
            await self._chroma.call(ChromaStore.finish_build, name, expected=built)
        except (ChromaFailure, StorageFailure, asyncio.CancelledError):
            with suppress(ChromaFailure):
                await self._chroma.call(ChromaStore.abandon_build, name)
            raise
        swapped()
        await self.top_up()


def _move_aside(folder: Path) -> None:
    """Move a folder out of the way, replacing the one moved aside before."""
    aside = folder.with_name(f"{folder.name}.broken")
    try:
        shutil.rmtree(aside, ignore_errors=True)
        folder.rename(aside)
    except OSError as error:
        raise StorageFailure(
            "The damaged passage index in the data folder cannot be moved. Check that you can write there."
        ) from error


def _some_ids(counts: dict[str, int]) -> list[str]:
    """The id of one passage of each of some papers; one without a vector is not found in SQL, harmlessly."""
    chosen = random.sample(sorted(counts), min(_SAMPLE, len(counts)))
    return [passage_id(key, random.randrange(counts[key])) for key in chosen]  # noqa: S311 - a sample, no secret
