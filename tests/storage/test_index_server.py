"""The passage index on a real Chroma server, and one whose process is killed."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from storage.chroma import ChromaStore, collection_name
from storage.database import Database
from storage.index import PassageIndex
from tests.databases import NOW
from tests.storage.passage_vectors import EMBEDDER, VECTORS, count_in, store, unit_vectors


@pytest.fixture
async def stocked(database: Database) -> Database:
    await store(database, "2611.00001", VECTORS)
    return database


@asynccontextmanager
async def running(
    location: str | Path, database: Database, embedder: str = EMBEDDER
) -> AsyncIterator[PassageIndex]:
    index = await PassageIndex.open(location, database, embedder=embedder, pause_seconds=0.1)
    yield index
    await index.close()


@asynccontextmanager
async def opened_database(url: str) -> AsyncIterator[Database]:
    database = await Database.open(url, clock_now=lambda: NOW)
    yield database
    await database.close()


@pytest.fixture
def embedder(request: pytest.FixtureRequest) -> str:
    """A name of the test's own: all tests share the server."""
    return f"embedder of {request.node.name}"


async def collection_of(database: Database, embedder: str) -> str:
    """The name of a database's collection on the server."""
    async with database.begin() as tx:
        return collection_name(embedder, await tx.state.database_id())


async def test_processes_that_build_at_once_end_with_one_whole_index(
    chroma_url: str, stocked: Database, embedder: str
) -> None:
    vectors = unit_vectors(60, seed=5)
    async with stocked.begin() as tx:
        ids = [f"2611.00001v1#{number}" for number in range(40)]
        await tx.vectors.save(embedder, ids, VECTORS)

    async with AsyncExitStack() as stack:
        indexes = [await stack.enter_async_context(running(chroma_url, stocked, embedder)) for _ in range(3)]
        # While they build and swap, each stores papers.
        for number in range(60):
            one = vectors[number : number + 1]
            added = await store(stocked, f"2612.{number:05}", one, embedder=embedder)
            await indexes[number % 3].add(added, one)
        for index in indexes:
            assert (await index.settled()).complete
        for index in indexes:
            assert await index.count() == 100
            assert (await index.query(VECTORS[7], 1))[0][0] == "2611.00001v1#7"
            assert (await index.query(vectors[59], 1))[0][0] == "2612.00059v1#0"

    counts = count_in(chroma_url)
    name = await collection_of(stocked, embedder)
    assert {each: count for each, count in counts.items() if each.startswith(name)} == {name: 100}


async def test_what_one_process_adds_another_finds(chroma_url: str, stocked: Database, embedder: str) -> None:
    vectors = unit_vectors(2, seed=5)
    async with (
        running(chroma_url, stocked, embedder) as first,
        running(chroma_url, stocked, embedder) as second,
    ):
        await first.settled()
        await second.settled()
        await first.add(await store(stocked, "2612.00001", vectors, embedder=embedder), vectors)

        assert (await second.query(vectors[1], 1))[0][0] == "2612.00001v1#1"


@pytest.mark.parametrize("is_built", [False, True])
async def test_half_built_collections_are_deleted_after_a_day(
    chroma_url: str, stocked: Database, embedder: str, *, is_built: bool
) -> None:
    if is_built:
        async with running(chroma_url, stocked, embedder) as index:
            await index.settled()
    names = [await collection_of(stocked, name) for name in (embedder, f"{embedder}, another")]
    ours, another = (ChromaStore(chroma_url, collection=name) for name in names)
    begun_yesterday = ours.start_build(NOW - timedelta(hours=25))
    kept = {ours.start_build(NOW - timedelta(hours=23)), another.start_build(NOW - timedelta(days=9))}
    ours.close()
    another.close()

    async with running(chroma_url, stocked, embedder) as index:
        assert (await index.settled()).complete

    left = set(count_in(chroma_url))
    assert kept <= left
    assert begun_yesterday not in left


async def test_processes_of_different_embedders_share_a_server(
    chroma_url: str, stocked: Database, embedder: str
) -> None:
    embedders = {embedder, f"{embedder}, changed"}

    for name in embedders:
        async with running(chroma_url, stocked, name) as index:
            assert (await index.settled()).complete

    assert {await collection_of(stocked, name) for name in embedders} <= set(count_in(chroma_url))


async def test_databases_share_a_server_but_no_collection(
    chroma_url: str, fresh_sqlite_url: str, tmp_path: Path, embedder: str
) -> None:
    async with AsyncExitStack() as stack:
        urls = fresh_sqlite_url, f"sqlite:///{tmp_path / 'staging.sqlite3'}"
        production, staging = [await stack.enter_async_context(opened_database(url)) for url in urls]
        await store(production, "2611.00001", VECTORS, embedder=embedder)
        await store(staging, "2612.00009", unit_vectors(5, seed=2), embedder=embedder)
        index = await stack.enter_async_context(running(chroma_url, production, embedder))
        assert (await index.settled()).complete

        async with running(chroma_url, staging, embedder) as other:
            assert (await other.settled()).complete
            assert await other.count() == 5

        assert await index.count() == 40
        assert (await index.query(VECTORS[7], 1))[0][0] == "2611.00001v1#7"


_BUILDING = """
import asyncio, sys
from pathlib import Path
from storage.database import Database
from storage.index import PassageIndex
from tests.databases import NOW
from tests.storage.passage_vectors import EMBEDDER

async def build() -> None:
    database = await Database.open(sys.argv[1], clock_now=lambda: NOW)
    index = await PassageIndex.open(Path(sys.argv[2]), database, embedder=EMBEDDER)
    while not index.status.built:
        await asyncio.sleep(0.001)
    print("building", flush=True)
    await index.settled()
    print("built", flush=True)

asyncio.run(build())
"""


async def test_a_rebuild_that_was_killed_is_repeated(
    tmp_path: Path, database: Database, database_url: str
) -> None:
    vectors = unit_vectors(3_000, seed=2)
    await store(database, "2611.00001", vectors)
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _BUILDING, database_url, str(tmp_path / "index"), stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout is not None
    assert await child.stdout.readline() == b"building\n"
    child.kill()
    assert await child.stdout.read() == b""
    await child.wait()

    async with running(tmp_path / "index", database) as index:
        assert (await index.query(vectors[2_999], 1))[0][0] == "2611.00001v1#2999"
        assert (await index.settled()).complete
        assert (await index.query(vectors[2_999], 1))[0][0] == "2611.00001v1#2999"

    assert count_in(tmp_path / "index") == {collection_name(EMBEDDER): 3_000}
