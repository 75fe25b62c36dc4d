"""`broadsheet index check`, `rebuild` and `forget`: the passage index, looked after by hand."""

import contextlib
import shlex
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.app import open_services
from bot.clock import Clock
from bot.command_line.watched import Watched
from bot.errors import EmbeddingError, InputError, ServiceError
from bot.llm.port import Embedder
from bot.locations import data_folder, index_location
from bot.logs import to_data_folder
from bot.papers.embedding_backlog import EmbeddingBacklog
from bot.settings import Settings
from storage.batches import BATCH_SIZE
from storage.chroma import StoreFailure, place
from storage.chroma_process import ChromaProcess
from storage.database import Database
from storage.index_upkeep import Condition, IndexUpkeep
from storage.lock import DataFolderInUse, DataFolderLock

_REBUILD = "start the bot, which does it in the background, or run `broadsheet index rebuild`"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """What a look at Chroma showed."""

    state: str
    """In words."""
    condition: Condition | None
    """None where Chroma failed. What need not, or must not, be looked at counts as sound."""
    indexed: int | None = None
    """Vectors; None where nobody looked."""
    others: Sequence[str] = ()
    """Broadsheet's other collections on the server."""


async def check(settings: Settings, *, console: Console, clock: Clock) -> bool:
    """Print what the database and the index hold; whether nothing is amiss.

    Raises:
        StorageFailure: the database cannot be opened.
    """
    _log_to_file(settings)
    async with open_services(settings, clock=clock, opens_index=False) as services:
        embedder = services.embedder
        if embedder is None:
            console.print("There is no embedder: passages are found by their words alone.")
            return True
        waiting = sum((await _backlog(services.database, embedder, clock).missing()).values())
        async with services.database.begin() as tx:
            passages = sum((await tx.vectors.passage_counts()).values())
        async with services.database.begin() as tx:
            made = await tx.vectors.embedders()
        look = await _looked_at(settings, services.database, embedder)
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_row("embedder", embedder.name)
    table.add_row("passages in SQL", f"{passages:,}")
    table.add_row("with vectors", f"{passages - waiting:,}")
    table.add_row("in Chroma", "-" if look.indexed is None else f"{look.indexed:,}")
    is_sound = look.condition is Condition.SOUND
    wait = f"; {waiting:,} wait for vectors" if waiting and not is_sound else ""
    table.add_row("state", f"{look.state}{wait}")
    # An index is built once there is something to hold.
    is_undue = look.condition is Condition.ABSENT and not passages
    is_in_step = not waiting and (is_sound or is_undue)
    table.add_row("what to do", "nothing" if is_in_step else _REBUILD)
    console.print(table)
    for name in look.others:
        # In one line, to be copied.
        console.print(f"Also on the server, another embedder's or half built: {name}", soft_wrap=True)
    for name, count in sorted(made.items()):
        if name != embedder.name:
            forget_them = f"`broadsheet index forget {shlex.quote(name)}` deletes them"
            words = f"{count:,} vectors of {name}, which is not used: {forget_them}"
            console.print(words, markup=False, soft_wrap=True)
    return is_in_step


async def rebuild(settings: Settings, *, console: Console, clock: Clock) -> None:
    """Embed what has no vector, and build the index anew.

    Raises:
        InputError: there is no embedder, or no Chroma.
        DataFolderInUse: a bot has the data folder.
        ServiceError: Chroma failed.
        StorageFailure: the database failed.
    """
    _log_to_file(settings)
    with _owned(settings) as location:
        async with open_services(settings, clock=clock, opens_index=False) as services:
            embedder, database = services.embedder, services.database
            if embedder is None:
                raise InputError("There is no embedder, so there is nothing to index.")
            if location is None:
                raise InputError("With DATABASE_URL alone SQL is searched: set CHROMA_URL for an index.")
            with Watched(console) as progress:
                await _embed_missing(_backlog(database, embedder, clock), progress, console)
                async with database.begin() as tx:
                    total = sum((await tx.vectors.counts(embedder.name)).values())
                progress.begin("Building the index", total)
                async with _upkeep(location, database, embedder) as upkeep:
                    await upkeep.clear_up()
                    await upkeep.rebuild(advance=progress.advance)
    console.print(f"The index holds {total:,} passages.", highlight=False)


async def forget(settings: Settings, name: str, *, console: Console, clock: Clock) -> None:
    """Delete all vectors of passages that another embedder made.

    Raises:
        InputError: it made none, or is the one in use.
        StorageFailure: the database failed.
    """
    _log_to_file(settings)
    async with open_services(settings, clock=clock, opens_index=False) as services:
        embedder, database = services.embedder, services.database
        if embedder is not None and name == embedder.name:
            raise InputError(f"{name} is the embedder in use: its vectors would be made again.")
        async with database.begin() as tx:
            total = (await tx.vectors.embedders()).get(name, 0)
        if not total:
            raise InputError(
                f"There are no vectors of {name}. `broadsheet index check` names whose there are."
            )
        with Watched(console) as progress:
            progress.begin("Deleting vectors", total)
            await _delete_all(database, name, progress)
    console.print(f"{total:,} vectors of {name} are deleted.", markup=False, highlight=False)


async def _delete_all(database: Database, name: str, progress: Watched) -> None:
    after: str | None = None
    while True:
        # A few at a time: a bot may be at work on the same database.
        async with database.begin() as tx:
            page = await tx.vectors.ids(name, after=after, limit=BATCH_SIZE)
            await tx.vectors.delete(name, page)
        if not page:
            return
        progress.advance(len(page))
        after = page[-1]


async def _embed_missing(backlog: EmbeddingBacklog, progress: Watched, console: Console) -> None:
    missing = sum((await backlog.missing()).values())
    if not missing:
        return
    progress.begin("Embedding passages", missing)
    try:
        await backlog.work_off(advance=progress.advance)
    except EmbeddingError as error:
        console.print(f"{error} What has no vector yet is found by its words alone.", markup=False)


async def _looked_at(settings: Settings, database: Database, embedder: Embedder) -> _Look:
    try:
        with _owned(settings) as location:
            if location is None:
                return _Look(
                    state="no index: SQL is searched (CHROMA_URL gives one)", condition=Condition.SOUND
                )
            async with _upkeep(location, database, embedder) as upkeep:
                found = await upkeep.inspect()
                others = await upkeep.others_on_the_server()
    except DataFolderInUse as error:
        owner = "another process" if error.pid is None else f"process {error.pid}"
        return _Look(state=f"in use by {owner}, which keeps it in step", condition=Condition.SOUND)
    except ServiceError as error:
        return _Look(state=str(error), condition=None)
    return _Look(
        state=str(found.condition),
        condition=found.condition,
        indexed=found.indexed,
        others=others,
    )


@contextmanager
def _owned(settings: Settings) -> Iterator[Path | str | None]:
    """Where Chroma is, the data folder being ours where that is there."""
    is_embedded = settings.chroma_url is None and settings.database_url is None
    with DataFolderLock(data_folder(settings)) if is_embedded else contextlib.nullcontext():
        yield index_location(settings, owns_folder=is_embedded)


@asynccontextmanager
async def _upkeep(location: Path | str, database: Database, embedder: Embedder) -> AsyncIterator[IndexUpkeep]:
    chroma = ChromaProcess(location, embedder=embedder.name)
    try:
        yield IndexUpkeep(database, chroma, embedder=embedder.name)
    except StoreFailure as failure:
        raise ServiceError(f"Chroma {place(location)} failed ({failure}).") from failure
    finally:
        await chroma.end()


def _backlog(database: Database, embedder: Embedder, clock: Clock) -> EmbeddingBacklog:
    return EmbeddingBacklog(database=database, embedder=embedder, index=None, clock=clock)


def _log_to_file(settings: Settings) -> None:
    to_data_folder(settings.log_level, data_folder(settings))
