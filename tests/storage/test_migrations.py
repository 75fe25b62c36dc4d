"""The revisions and the tables say the same."""

import logging
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Connection, Integer, text

from bot.rendering.discord import digest_views, payload
from storage.connections import engine_for, with_driver
from storage.database import Database, _alembic, _heads
from storage.model import DigestStyle, Page, TextSource
from storage.tables import Base
from tests.bot.rendering.examples import example_digest
from tests.databases import NOW, empty_postgres_url
from tests.storage.passage_vectors import VECTORS
from tests.storage.records import announcement, delivery, paper, paper_text, passage


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, Base.metadata))


async def test_the_revisions_make_exactly_the_tables(database: Database) -> None:
    async with database._engine.begin() as connection:
        found = await connection.run_sync(differences)

    assert found == []


async def down_and_up(
    database: Database, *names: str, between: Callable[[Connection], None] = lambda _: None
) -> None:
    """Downgrade revisions and upgrade again, over what is stored; the tables are the same afterwards.

    The revisions are named in the order in which they apply.
    """
    revisions = [import_module(f"storage.migrations.versions.{name}") for name in names]

    def run(connection: Connection) -> None:
        with Operations.context(MigrationContext.configure(connection)):
            for revision in reversed(revisions):
                revision.downgrade()
            between(connection)
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


async def test_papers_vectors_move_to_the_new_table(fresh_sqlite_url: str) -> None:
    database = await Database.open(fresh_sqlite_url, clock_now=lambda: NOW)
    async with database.begin() as tx:
        await tx.papers.save([paper()])
        await tx.paper_vectors.save("minilm", [paper().id], VECTORS[:1])

    def look(connection: Connection) -> None:
        assert connection.scalar(text("SELECT count(*) FROM abstract_vectors")) == 1

    await down_and_up(database, "0008_paper_vectors", between=look)
    async with database.begin() as tx:
        found = await tx.paper_vectors.of("minilm", [paper().id])
    np.testing.assert_array_equal(found[paper().id], VECTORS[0])
    await database.close()


async def test_papers_outlive_the_change_to_lists_of_weeks(fresh_sqlite_url: str) -> None:
    database = await Database.open(fresh_sqlite_url, clock_now=lambda: NOW)
    async with database.begin() as tx:
        await tx.papers.save([paper()])
        await tx.papers.save_text(paper_text())

    await down_and_up(database, "0009_arxiv_lists")
    async with database.begin() as tx:
        assert await tx.papers.get(paper().id) == paper()
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
    def make_old(connection: Connection) -> None:
        command.upgrade(_alembic(connection), "0007")
        columns = "id, version, title, published, first_seen_week"
        values = "'2611.00001', 1, 'Keys', '2026-11-17 00:00:00', '2026-W47'"
        connection.execute(text(f"INSERT INTO papers ({columns}) VALUES ({values})"))

    def fail(_: str) -> str:
        raise RuntimeError

    old = engine_for(with_driver(empty_url), migrates=True)
    async with old.begin() as connection:
        await connection.run_sync(make_old)

    with monkeypatch.context() as patch:
        patch.setattr("storage.title_search.compared", fail)  # what 0014 calls
        with pytest.raises(RuntimeError):
            await Database.open(empty_url, clock_now=lambda: NOW)
    async with old.begin() as connection:
        assert await connection.scalar(text("SELECT version_num FROM alembic_version")) == "0007"
        assert await connection.scalar(text("SELECT first_seen_week FROM papers")) == "2026-W47"
    await old.dispose()
    database = await Database.open(empty_url, clock_now=lambda: NOW)
    async with database._engine.begin() as connection:
        assert await connection.run_sync(differences) == []
        assert await connection.scalar(text("SELECT compared_title FROM papers")) == "keys"
    await database.close()


async def test_the_log_tells_from_and_to_which_revision_a_database_was_migrated(
    empty_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "storage")

    for _ in range(2):
        database = await Database.open(empty_url, clock_now=lambda: NOW)
        await database.close()

    assert caplog.messages == [f"migrated the database from nothing to {' '.join(_heads())}"]


PASSING = (
    "The PDF of 2611.00001v1 did not arrive. arXiv has refused us (HTTP 403): no request until 14:00 UTC",
    "arXiv did not give the PDF of 2611.00001v1 (HTTP 408)",
    "The PDF could not be read within 30 s",
    "The PDF is broken: it could not be read",
)
LASTING = (
    "The PDF of 2611.00001v1 did not arrive. arXiv's answer is larger than 50 MB",
    "arXiv has no PDF of 2611.00001v1; perhaps it was withdrawn",
    "the paper was withdrawn",
    "The PDF needs a password",
    "The PDF is a scan without text",
)


async def test_abstracts_kept_for_a_passing_reason_are_deleted(database: Database) -> None:
    revision = import_module("storage.migrations.versions.0010_unread_pdfs")
    words = Page(number=1, text=f'"source":"abstract","problem":"{PASSING[0]}" is larger than this')
    texts = [paper_text(pages=(words,), problem="1 of 2 pages")]
    texts += [
        paper_text(f"2611.{number:05}", source=TextSource.ABSTRACT, pages=(words,), problem=problem)
        for number, problem in enumerate([*LASTING, *PASSING], start=2)
    ]
    async with database.begin() as tx:
        await tx.papers.save([paper(one.paper_id) for one in texts])
        for one in texts:
            await tx.papers.save_text(one)
        await tx.passages.save(
            [passage(paper_id=one.paper_id) for one in texts],
            embedder="minilm",
            vectors=VECTORS[: len(texts)],
        )

    def upgrade(connection: Connection) -> None:
        with Operations.context(MigrationContext.configure(connection)):
            revision.upgrade()

    async with database._engine.begin() as connection:
        await connection.run_sync(upgrade)

    kept = [f"{one.paper_id}v1" for one in texts[: 1 + len(LASTING)]]
    async with database.begin() as tx:
        assert await tx.papers.read_keys() == kept
        assert sorted(await tx.vectors.passage_counts()) == kept
        assert sorted(await tx.vectors.counts("minilm")) == kept


async def test_earlier_deliveries_record_which_paper_they_are_about(database: Database) -> None:
    made = example_digest()
    planned = [
        delivery(part, channel_id=channel_id, payload=payload(message.view), paper_key=message.paper_key)
        for channel_id, style in enumerate(DigestStyle, start=1)
        for part, message in enumerate(digest_views(made, style=style))
    ]
    async with database.begin() as tx:
        await tx.deliveries.plan(planned)

    await down_and_up(database, "0011_delivered_papers")
    async with database.begin() as tx:
        assert await tx.deliveries.of(7, "2026-W47") == planned
    assert {one.paper_key for one in planned} > {each.pick.paper.key for each in made.highlights}


async def test_earlier_licences_stay_with_their_papers(fresh_sqlite_url: str) -> None:
    database = await Database.open(fresh_sqlite_url, clock_now=lambda: NOW)
    async with database.begin() as tx:
        await tx.papers.announce([announcement(), announcement("2611.00003")])
        await tx.papers.save([paper(), paper("2611.00002")])
        await tx.papers.save_text(paper_text())

    def look(connection: Connection) -> None:
        told = connection.execute(text("SELECT licence, announced FROM papers ORDER BY id")).all()
        assert [tuple(row) for row in told] == [("http://cc/by", "2026-11-17"), (None, None)]

    await down_and_up(database, "0012_announcements", between=look)
    async with database.begin() as tx:
        assert await tx.papers.get(paper().id) == paper(licence="http://cc/by")
        assert await tx.papers.get("2611.00002") == paper("2611.00002")
        assert await tx.papers.text(paper().id, 1) == paper_text()
    await database.close()


async def test_indexes_are_made_over_what_is_stored(fresh_sqlite_url: str) -> None:
    database = await Database.open(fresh_sqlite_url, clock_now=lambda: NOW)
    async with database.begin() as tx:
        await tx.papers.save([paper()])
        await tx.passages.save([passage()], embedder="minilm", vectors=VECTORS[:1])
        await tx.deliveries.plan([delivery()])

    await down_and_up(database, "0013_indexes")
    async with database.begin() as tx:
        assert await tx.deliveries.of(7, "2026-W47") == [delivery()]
        assert sum((await tx.vectors.counts("minilm")).values()) == 1
    await database.close()


async def test_earlier_titles_fit_into_their_index(database: Database) -> None:
    async with database.begin() as tx:
        await tx.papers.save([paper(title="long")])

    def lengthen(connection: Connection) -> None:
        connection.execute(text("UPDATE papers SET compared_title = :title"), {"title": "long title " * 100})

    await down_and_up(database, "0015_growth", between=lengthen)
    async with database.begin() as tx:
        assert await tx.papers.find_titles("title long", 5) == [paper(title="long")]
    async with database._engine.begin() as connection:
        assert await connection.scalar(text("SELECT length(compared_title) FROM papers")) == 500


async def test_only_empty_problems_of_recordings_are_deleted(database: Database) -> None:
    told = {"no recording of b": "The voice failed.", "when no recording of b": "later", "unknown": ""}
    async with database.begin() as tx:
        for name, value in (told | {"no recording of a": "", "when no recording of a": "now"}).items():
            await tx.state.set(name, value)

    await down_and_up(database, "0016_recording_problems")
    async with database.begin() as tx:
        assert await tx.state.named("") == told


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


async def test_earlier_titles_are_compared_too(database: Database) -> None:
    papers = [paper(f"2611.{number:05}", title=f"{number} k-NN Poincaré") for number in range(1, 1_203)]
    async with database.begin() as tx:
        await tx.papers.save(papers)

    await down_and_up(database, "0014_compared_titles", "0015_growth")

    async with database.begin() as tx:
        assert len(await tx.papers.find_titles("knn poincare", 2_000)) == len(papers)
