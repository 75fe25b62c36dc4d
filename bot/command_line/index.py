"""`broadsheet index check`, `rebuild`, `forget` and `separate`: the passage index, maintained by hand."""

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
from storage.chroma import ChromaFailure, place
from storage.database import Database
from storage.index_upkeep import Condition, IndexUpkeep, chroma_for
from storage.lock import DataFolderInUse, sole_owner

_REBUILD = "start the bot, which does it in the background, or run `broadsheet index rebuild`"
_LOOK_AT_SERVER = "check that the Chroma server is running, and CHROMA_URL"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Inspection:
    """What an inspection of Chroma showed."""

    state: str
    """In words."""
    condition: Condition | None
    """None if Chroma failed. An index that need not or must not be inspected counts as sound."""
    indexed: int | None = None
    """Number of vectors; None if it was not inspected."""
    others: Sequence[str] = ()
    """Broadsheet's other collections on the server."""


async def check(settings: Settings, *, console: Console, clock: Clock) -> bool:
    """Print what the database and the index contain; returns whether all is well.

    Raises:
        StorageFailure: the database cannot be opened.
    """
    _log_to_file(settings)
    async with open_services(settings, clock=clock, opens_index=False) as services:
        embedder = services.embedder
        if embedder is None:
            console.print("There is no embedder: passages are found by their words only.")
            return True
        waiting = sum((await _backlog(services.database, embedder, clock).missing()).values())
        async with services.database.begin() as tx:
            passages = sum((await tx.vectors.passage_counts()).values())
        async with services.database.begin() as tx:
            made = await tx.vectors.embedders()
        inspection = await _inspected(settings, services.database, embedder)
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_row("embedder", embedder.name)
    table.add_row("passages in SQL", f"{passages:,}")
    table.add_row("with vectors", f"{passages - waiting:,}")
    table.add_row("in Chroma", "-" if inspection.indexed is None else f"{inspection.indexed:,}")
    is_sound = inspection.condition is Condition.SOUND
    without_vectors = f"; {waiting:,} wait for vectors" if waiting and not is_sound else ""
    table.add_row("state", f"{inspection.state}{without_vectors}")
    # An index is only built once there are passages.
    is_not_needed = inspection.condition is Condition.ABSENT and not passages
    is_up_to_date = not waiting and (is_sound or is_not_needed)
    is_unreachable = inspection.condition is None and settings.chroma_url is not None
    remedy = _LOOK_AT_SERVER if is_unreachable else _REBUILD
    table.add_row("what to do", "nothing" if is_up_to_date else remedy)
    console.print(table)
    for name in inspection.others:
        # On one line, to be copied.
        console.print(
            f"Also on the server, another database's or embedder's or half built: {name}", soft_wrap=True
        )
    for name, count in sorted(made.items()):
        if name != embedder.name:
            forget_them = f"`broadsheet index forget {shlex.quote(name)}` deletes them"
            words = f"{count:,} vectors of {name}, which is not in use: {forget_them}"
            console.print(words, markup=False, soft_wrap=True)
    return is_up_to_date


async def rebuild(settings: Settings, *, console: Console, clock: Clock) -> None:
    """Embed what has no vector, and rebuild the index.

    Raises:
        InputError: there is no embedder, or no Chroma.
        DataFolderInUse: a bot is using the data folder.
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
                raise InputError("With DATABASE_URL alone there is no index: set CHROMA_URL to have one.")
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
    """Delete all passage vectors of an embedder that is not in use.

    Raises:
        InputError: it has none, is in use, or was not named.
        StorageFailure: the database failed.
    """
    if not name.strip():
        raise InputError("Name the embedder to forget: `broadsheet index check` lists those not in use.")
    _log_to_file(settings)
    async with open_services(settings, clock=clock, opens_index=False) as services:
        embedder, database = services.embedder, services.database
        if embedder is not None and name == embedder.name:
            raise InputError(f"{name} is the embedder in use: its vectors would only be made again.")
        async with database.begin() as tx:
            total = (await tx.vectors.embedders()).get(name, 0)
        if not total:
            raise InputError(
                f"There are no vectors of {name}. `broadsheet index check` lists those of other embedders."
            )
        with Watched(console) as progress:
            progress.begin("Deleting vectors", total)
            await _delete_all(database, name, progress)
    console.print(f"Deleted {total:,} vectors of {name}.", markup=False, highlight=False)


async def separate(settings: Settings, *, console: Console, clock: Clock) -> None:
    """Give a database that was copied an index of its own on the Chroma server.

    Raises:
        InputError: there is no Chroma server.
        StorageFailure: the database failed.
    """
    if settings.chroma_url is None:
        raise InputError("Only on a Chroma server can databases share an index: CHROMA_URL is not set.")
    _log_to_file(settings)
    async with (
        open_services(settings, clock=clock, opens_index=False) as services,
        services.database.begin() as tx,
    ):
        await tx.state.renew_database_id()
    console.print("This database shares no index with its copies any more; the bot's next start builds it.")


async def _delete_all(database: Database, name: str, progress: Watched) -> None:
    after: str | None = None
    while True:
        # A few at a time: a bot may be using the same database.
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
        console.print(f"{error} Passages without a vector are found by their words only.", markup=False)


async def _inspected(settings: Settings, database: Database, embedder: Embedder) -> _Inspection:
    try:
        with _owned(settings) as location:
            if location is None:
                return _Inspection(
                    state="no index: SQL is searched (CHROMA_URL gives one)", condition=Condition.SOUND
                )
            async with _upkeep(location, database, embedder) as upkeep:
                found = await upkeep.inspect()
                others = await upkeep.others_on_the_server()
    except DataFolderInUse as error:
        owner = "another process" if error.pid is None else f"process {error.pid}"
        return _Inspection(state=f"in use by {owner}, which keeps it up to date", condition=Condition.SOUND)
    except ServiceError as error:
        return _Inspection(state=str(error), condition=None)
    return _Inspection(
        state=str(found.condition),
        condition=found.condition,
        indexed=found.indexed,
        others=others,
    )


@contextmanager
def _owned(settings: Settings) -> Iterator[Path | str | None]:
    """Where Chroma is; an index in the data folder is locked for this process."""
    is_embedded = settings.chroma_url is None and settings.database_url is None
    with sole_owner(data_folder(settings)) if is_embedded else contextlib.nullcontext():
        yield index_location(settings, owns_folder=is_embedded)


@asynccontextmanager
async def _upkeep(location: Path | str, database: Database, embedder: Embedder) -> AsyncIterator[IndexUpkeep]:
    chroma = await chroma_for(database, location, embedder=embedder.name)
    try:
        yield IndexUpkeep(database, chroma, embedder=embedder.name)
    except ChromaFailure as failure:
        raise ServiceError(f"Chroma {place(location)} failed ({failure}).") from failure
    finally:
        await chroma.end()


def _backlog(database: Database, embedder: Embedder, clock: Clock) -> EmbeddingBacklog:
    return EmbeddingBacklog(database=database, embedder=embedder, index=None, clock=clock)


def _log_to_file(settings: Settings) -> None:
    to_data_folder(settings.log_level, data_folder(settings))
