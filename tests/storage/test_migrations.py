"""The revisions and the tables say the same."""

import logging
from importlib import import_module
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Connection, Integer, inspect

from storage.connections import engine_for, with_driver
from storage.database import Database, _heads
from storage.model import Reader, Vote
from storage.tables import Base
from tests.databases import NOW, empty_postgres_url
from tests.storage.records import paper, paper_text

VOTE = Vote(server_id=7, user_id=1, paper_id=paper().id, liked=True, at=NOW)


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, Base.metadata))


async def test_the_revisions_make_exactly_the_tables(database: Database) -> None:
    async with database._engine.begin() as connection:
        found = await connection.run_sync(differences)

    assert found == []


async def down_and_up(database: Database, *names: str) -> None:
    """Downgrade revisions and upgrade again, over what is stored; the tables are the same afterwards.

    The revisions are named in the order in which they apply.
    """
    revisions = [import_module(f"storage.migrations.versions.{name}") for name in names]

    def run(connection: Connection) -> None:
        with Operations.context(MigrationContext.configure(connection)):
            for revision in reversed(revisions):
                revision.downgrade()
            for revision in revisions:
                revision.upgrade()

    async with database._engine.begin() as connection:
        await connection.run_sync(run)
        assert await connection.run_sync(differences) == []


def copy_the_papers_table(connection: Connection) -> None:
    operations = Operations(MigrationContext.configure(connection))
    with operations.batch_alter_table("papers", recreate="always") as table:
        table.add_column(Column("extra", Integer))


async def test_a_revision_may_copy_a_table_that_others_refer_to(fresh_sqlite_url: str) -> None:
    database = await Database.open(fresh_sqlite_url, clock_now=lambda: NOW)
    async with database.begin() as tx:
        await tx.papers.save([paper()])
        await tx.papers.save_text(paper_text())
    migrating = engine_for(with_driver(fresh_sqlite_url), migrates=True)

    async with migrating.begin() as connection:
        await connection.run_sync(copy_the_papers_table)
    await migrating.dispose()

    async with database.begin() as tx:
        assert await tx.papers.text(paper().id, 1) == paper_text()
    await database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'old.sqlite3'}"
    return empty_postgres_url(request.getfixturevalue("postgres_url"))


async def test_an_interrupted_upgrade_changes_nothing_and_starts_again(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("alembic.op.create_index", fail)
        with pytest.raises(RuntimeError):
            await Database.open(empty_url, clock_now=lambda: NOW)
    engine = engine_for(with_driver(empty_url))
    async with engine.begin() as connection:
        assert await connection.run_sync(lambda one: inspect(one).get_table_names()) == []
    await engine.dispose()

    database = await Database.open(empty_url, clock_now=lambda: NOW)
    async with database._engine.begin() as connection:
        assert await connection.run_sync(differences) == []
    await database.close()


async def test_the_log_tells_from_and_to_which_revision_a_database_was_migrated(
    empty_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "storage")

    for _ in range(2):
        database = await Database.open(empty_url, clock_now=lambda: NOW)
        await database.close()

    assert caplog.messages == [f"migrated the database from nothing to {' '.join(_heads())}"]


async def test_only_empty_problems_of_recordings_are_deleted(database: Database) -> None:
    told = {"no recording of b": "The voice failed.", "when no recording of b": "later", "unknown": ""}
    async with database.begin() as tx:
        for name, value in (told | {"no recording of a": "", "when no recording of a": "now"}).items():
            await tx.state.set(name, value)

    await down_and_up(database, "0016_recording_problems")
    async with database.begin() as tx:
        assert await tx.state.named("") == told


async def test_indexes_are_made_over_what_is_stored(database: Database) -> None:
    async with database.begin() as tx:
        await tx.papers.save([paper()])
        await tx.tastes.save_votes([VOTE])

    await down_and_up(database, "0017_newest_votes")
    async with database.begin() as tx:
        assert await tx.tastes.votes(VOTE.server_id) == [VOTE]


async def test_what_was_seen_stays_when_the_times_go(database: Database) -> None:
    async with database.begin() as tx:
        await tx.papers.save([paper()])
        await tx.seen.note(Reader(server_id=7), paper().id, NOW)

    await down_and_up(database, "0018_seen_without_times")
    async with database.begin() as tx:
        assert await tx.seen.paper_ids(Reader(server_id=7)) == [paper().id]


NEVER_MANY_OR_NEVER_DELETED = {"papers", "processes"}


def test_cascading_deletes_use_an_index() -> None:
    searched = [
        f"{table.name}: {key.column_keys}"
        for table in Base.metadata.tables.values()
        for key in table.foreign_key_constraints
        if key.referred_table.name not in NEVER_MANY_OR_NEVER_DELETED
        and not any(
            [column.name for column in columns][: len(key.column_keys)] == list(key.column_keys)
            for columns in (table.primary_key.columns, *(index.columns for index in table.indexes))
        )
    ]

    assert searched == []


def test_every_constraint_has_a_name() -> None:
    unnamed = [
        f"{table.name}: {constraint}"
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if constraint.name is None
    ]

    assert unnamed == []
