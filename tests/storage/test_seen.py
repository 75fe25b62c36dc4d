"""Papers that a server or a person has seen."""

from datetime import timedelta

from storage.database import Database
from storage.model import Reader
from tests.databases import NOW
from tests.storage.query_plans import plans, scanned
from tests.storage.records import MONDAY, digest, paper, passage

SERVER, OTHER_SERVER, PERSON = Reader(server_id=7), Reader(server_id=8), Reader(user_id=9)
ONE, TWO, THREE = "2611.00001", "2611.00002", "2611.00003"


async def save_papers(database: Database, *ids: str, version: int = 1, read: bool = True) -> None:
    async with database.begin() as tx:
        await tx.papers.save([paper(paper_id, version=version) for paper_id in ids])
        if read:
            passages = [passage(0, paper_id, version=version) for paper_id in ids]
            await tx.passages.save(passages, embedder="", vectors=None)


async def keys(database: Database, reader: Reader) -> list[str]:
    async with database.begin() as tx:
        return await tx.passages.newest_keys(await tx.seen.paper_ids(reader))


async def test_what_was_asked_for_is_seen_there_alone(database: Database) -> None:
    await save_papers(database, ONE, TWO, THREE)

    async with database.begin() as tx:
        await tx.seen.note(SERVER, ONE, MONDAY)
        await tx.seen.note(SERVER, ONE, MONDAY + timedelta(days=1))
        await tx.seen.note(OTHER_SERVER, TWO, MONDAY)
        await tx.seen.note(PERSON, THREE, MONDAY)

    assert await keys(database, SERVER) == [f"{ONE}v1"]
    assert await keys(database, OTHER_SERVER) == [f"{TWO}v1"]
    assert await keys(database, PERSON) == [f"{THREE}v1"]
    assert await keys(database, Reader(user_id=10)) == []


async def test_nothing_is_recorded_of_a_person_forgotten_since_they_asked(database: Database) -> None:
    await save_papers(database, ONE, TWO)

    async with database.begin() as tx:
        await tx.deletions.note(PERSON.user_id, MONDAY)
        await tx.seen.note(PERSON, ONE, MONDAY - timedelta(minutes=1))
        await tx.seen.note(PERSON, TWO, MONDAY + timedelta(minutes=1))

    assert await keys(database, PERSON) == [f"{TWO}v1"]


async def test_what_published_digests_showed_is_seen_by_their_server(database: Database) -> None:
    await save_papers(database, ONE, TWO, THREE)

    async with database.begin() as tx:
        await tx.digests.save(digest(highlights=(TWO,), noted=(ONE,)))
        await tx.digests.save(digest(id="preview:1", published=False, highlights=(THREE,)))
        await tx.digests.save(digest(0, id="command line", highlights=(THREE,)))
        await tx.seen.note(SERVER, TWO, MONDAY)

    assert await keys(database, SERVER) == [f"{ONE}v1", f"{TWO}v1"]
    assert await keys(database, OTHER_SERVER) == []
    assert await keys(database, PERSON) == []
    assert await keys(database, Reader()) == []


async def test_what_a_personal_digest_showed_is_seen_by_that_person_alone(database: Database) -> None:
    await save_papers(database, ONE, TWO)

    async with database.begin() as tx:
        await tx.digests.save(digest(PERSON.user_id, highlights=(TWO,), noted=(ONE,)))

    assert await keys(database, PERSON) == [f"{ONE}v1", f"{TWO}v1"]
    for other in (SERVER, OTHER_SERVER, Reader(user_id=10), Reader()):
        assert await keys(database, other) == []
        async with database.begin() as tx:
            assert await tx.seen.digest(other) is None


async def test_a_paper_counts_as_its_newest_version_with_passages(database: Database) -> None:
    await save_papers(database, ONE)
    await save_papers(database, ONE, version=2)
    await save_papers(database, ONE, version=3, read=False)
    await save_papers(database, TWO, read=False)

    async with database.begin() as tx:
        await tx.seen.note(SERVER, ONE, MONDAY)
        await tx.seen.note(SERVER, TWO, MONDAY)

    assert await keys(database, SERVER) == [f"{ONE}v2"]


async def test_a_person_can_be_forgotten(database: Database) -> None:
    await save_papers(database, ONE)
    async with database.begin() as tx:
        await tx.seen.note(PERSON, ONE, MONDAY)
        await tx.seen.note(SERVER, ONE, MONDAY)
        assert await tx.seen.count_of_user(PERSON.user_id) == 1

    async with database.begin() as tx:
        await tx.seen.forget_user(PERSON.user_id)
        assert await tx.seen.count_of_user(PERSON.user_id) == 0

    assert await keys(database, PERSON) == []
    assert await keys(database, SERVER) == [f"{ONE}v1"]


async def test_the_digest_of_a_server_is_its_latest_or_that_of_a_week(database: Database) -> None:
    before, latest = digest(week="2026-W46", highlights=(THREE,)), digest(highlights=(TWO, ONE))
    async with database.begin() as tx:
        assert await tx.seen.digest(SERVER) is None
        await tx.digests.save(before)
        await tx.digests.save(latest)
        await tx.digests.save(digest(id="preview:1", week="2026-W48", published=False))

    async with database.begin() as tx:
        assert await tx.seen.digest(SERVER) == latest
        assert await tx.seen.digest(SERVER, "2026-W46") == before
        assert await tx.seen.digest(SERVER, "2026-W48") is None
        assert await tx.seen.digest(OTHER_SERVER, "2026-W46") is None


async def test_the_digest_of_a_person_is_their_own_and_the_command_lines_is_nobodys(
    database: Database,
) -> None:
    own = digest(PERSON.user_id, highlights=(TWO,))
    async with database.begin() as tx:
        await tx.digests.save(own)
        await tx.digests.save(digest(0, highlights=(THREE,)))

    async with database.begin() as tx:
        assert await tx.seen.digest(PERSON) == own
        assert await tx.seen.digest(Reader()) is None


async def test_a_weeks_papers_are_those_of_all_its_digests(database: Database) -> None:
    async with database.begin() as tx:
        await tx.digests.save(digest(server_id=7, highlights=(ONE, TWO)))
        await tx.digests.save(digest(server_id=0, highlights=(TWO, THREE), published=False))
        await tx.digests.save(digest(server_id=8, week="2026-W48", highlights=("2611.00004",)))

    async with database.begin() as tx:
        assert set(await tx.seen.highlights_of_week("2026-W47")) == {f"{ONE}v1", f"{TWO}v1", f"{THREE}v1"}
        assert await tx.seen.highlights_of_week("2026-W46") == []


async def test_what_a_person_has_seen_is_found_without_reading_what_all_have(fresh_sqlite_url: str) -> None:
    database = await Database.open(fresh_sqlite_url, clock_now=lambda: NOW)

    async with plans(database) as steps, database.begin() as tx:
        await tx.seen.count_of_user(7)
        await tx.seen.forget_user(7)
    await database.close()

    assert not scanned(steps)
