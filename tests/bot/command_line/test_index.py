"""`broadsheet index check`, `rebuild`, `forget` and `separate`, as a user runs them."""

import asyncio
from pathlib import Path

from bot.cli import INPUT_PROBLEM, SERVICE_PROBLEM
from bot.llm.minilm.embedder import MiniLmEmbedder
from storage.chroma import ChromaStore, collection_name
from storage.database import Database
from storage.lock import sole_owner
from tests.bot.command import Command
from tests.databases import NOW
from tests.storage.passage_vectors import unit_vectors
from tests.storage.records import paper, passage


def store_passages(folder: Path, *, embedder: str = "", dimensions: int = 16) -> None:
    async def store() -> None:
        (folder / "data").mkdir()
        url = f"sqlite:///{folder / 'data' / 'broadsheet.sqlite'}"
        database = await Database.open(url, clock_now=lambda: NOW)
        async with database.begin() as tx:
            await tx.papers.save([paper()])
            vectors = unit_vectors(5, dimensions=dimensions) if embedder else None
            await tx.passages.save([passage(n) for n in range(5)], embedder=embedder, vectors=vectors)
        await database.close()

    asyncio.run(store())


def test_a_rebuild_embeds_and_indexes_what_the_check_found_missing(
    tmp_path: Path, in_this_process: Command
) -> None:
    store_passages(tmp_path)

    before = in_this_process(["index", "check"], {})
    rebuilt = in_this_process(["index", "rebuild"], {})
    after = in_this_process(["index", "check"], {})

    assert (before.returncode, rebuilt.returncode, after.returncode) == (SERVICE_PROBLEM, 0, 0)
    assert "not built yet; 5 wait for vectors" in before.stdout
    assert "broadsheet index rebuild" in before.stdout
    assert "The index holds 5 passages." in rebuilt.stdout
    assert "complete" in after.stdout
    assert (before.stderr, rebuilt.stderr, after.stderr) == ("", "", "")


def test_nothing_is_amiss_where_nothing_is_stored(in_this_process: Command) -> None:
    check = in_this_process(["index", "check"], {})

    assert (check.returncode, check.stderr) == (0, "")
    assert "not built yet" in check.stdout


def test_a_running_bots_index_is_left_alone(tmp_path: Path, in_this_process: Command) -> None:
    (tmp_path / "data").mkdir()
    with sole_owner(tmp_path / "data"):
        check = in_this_process(["index", "check"], {})
        rebuild = in_this_process(["index", "rebuild"], {})

    assert check.returncode == 0
    assert "in use by process" in check.stdout
    assert (rebuild.returncode, rebuild.stdout) == (SERVICE_PROBLEM, "")
    assert rebuild.stderr.startswith("broadsheet: The data folder is in use by process ")
    assert len(rebuild.stderr.splitlines()) == 1


def test_a_server_that_is_not_there_is_said(tmp_path: Path, in_this_process: Command) -> None:
    store_passages(tmp_path)

    check = in_this_process(["index", "check"], {"CHROMA_URL": "http://127.0.0.1:9"})
    rebuild = in_this_process(["index", "rebuild"], {"CHROMA_URL": "http://127.0.0.1:9"})

    assert (check.returncode, check.stderr) == (SERVICE_PROBLEM, "")
    assert "Chroma at 127.0.0.1:9 failed" in check.stdout
    assert "check that the Chroma server is running" in check.stdout
    assert rebuild.returncode == SERVICE_PROBLEM
    assert rebuild.stderr.startswith("broadsheet: Chroma at 127.0.0.1:9 failed")


def test_other_collections_on_a_server_are_named(in_this_process: Command, chroma_url: str) -> None:
    another = ChromaStore(chroma_url, collection=collection_name("another"))
    name = another.start_build(NOW)
    another.close()

    check = in_this_process(["index", "check"], {"CHROMA_URL": chroma_url})

    assert f"Also on the server, another database's or embedder's or half built: {name}" in check.stdout


def test_vectors_of_an_embedder_of_before_are_named_and_deleted_when_asked(
    tmp_path: Path, in_this_process: Command
) -> None:
    store_passages(tmp_path, embedder="of before")
    without_model = {"BROADSHEET_EMBEDDER": "none"}

    check = in_this_process(["index", "check"], {})
    forgotten = in_this_process(["index", "forget", "of before"], without_model)
    again = in_this_process(["index", "forget", "of before"], without_model)

    assert (
        "5 vectors of of before, which is not in use: `broadsheet index forget 'of before'`" in check.stdout
    )
    assert (forgotten.returncode, forgotten.stderr) == (0, "")
    assert "Deleted 5 vectors of of before." in forgotten.stdout
    assert again.returncode == INPUT_PROBLEM
    assert again.stderr.startswith("broadsheet: There are no vectors of of before.")


def test_vectors_of_the_embedder_in_use_are_not_deleted(in_this_process: Command) -> None:
    ended = in_this_process(["index", "forget", MiniLmEmbedder.name], {})

    assert ended.returncode == INPUT_PROBLEM
    assert "is the embedder in use" in ended.stderr


def test_a_copied_database_gets_an_index_of_its_own(
    tmp_path: Path, in_this_process: Command, chroma_url: str
) -> None:
    store_passages(tmp_path, embedder=MiniLmEmbedder.name, dimensions=MiniLmEmbedder.dimensions)
    on_server = {"CHROMA_URL": chroma_url}

    rebuilt = in_this_process(["index", "rebuild"], on_server)
    before = in_this_process(["index", "check"], on_server)
    separated = in_this_process(["index", "separate"], on_server)
    after = in_this_process(["index", "check"], on_server)

    assert (rebuilt.returncode, before.returncode, separated.returncode) == (0, 0, 0)
    assert separated.stdout.startswith("This database shares no index with its copies")
    assert "not built yet" in after.stdout


def test_without_a_server_no_index_can_be_shared(in_this_process: Command) -> None:
    ended = in_this_process(["index", "separate"], {})

    assert (ended.returncode, ended.stdout) == (INPUT_PROBLEM, "")
    assert "CHROMA_URL is not set" in ended.stderr


def test_the_embedder_to_forget_has_to_be_named(in_this_process: Command) -> None:
    ended = in_this_process(["index", "forget", ""], {})

    assert (ended.returncode, ended.stdout) == (INPUT_PROBLEM, "")
    assert "Name the embedder to forget" in ended.stderr
    assert "broadsheet index check" in ended.stderr


def test_without_an_embedder_there_is_nothing_to_index(in_this_process: Command) -> None:
    check = in_this_process(["index", "check"], {"BROADSHEET_EMBEDDER": "none"})
    rebuild = in_this_process(["index", "rebuild"], {"BROADSHEET_EMBEDDER": "none"})

    assert check.returncode == 0
    assert "words only" in check.stdout
    assert rebuild.returncode == INPUT_PROBLEM


def test_a_database_without_a_chroma_server_is_searched_in_sql(
    in_this_process: Command, fresh_postgres_url: str
) -> None:
    check = in_this_process(["index", "check"], {"DATABASE_URL": fresh_postgres_url})
    rebuild = in_this_process(["index", "rebuild"], {"DATABASE_URL": fresh_postgres_url})

    assert check.returncode == 0
    assert "SQL is searched" in check.stdout
    assert rebuild.returncode == INPUT_PROBLEM
    assert "set CHROMA_URL" in rebuild.stderr
