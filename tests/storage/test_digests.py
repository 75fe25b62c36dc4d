"""Digests and plans."""

from dataclasses import replace
from datetime import timedelta

from storage.database import Database
from storage.model import DigestListing, Reader
from tests.databases import NOW
from tests.storage.query_plans import plans, scanned
from tests.storage.records import MONDAY, digest


async def test_a_digest_comes_back_as_it_was(database: Database) -> None:
    saved = digest(highlights=("2611.00001", "2611.00002"), noted=("2611.00003",))

    async with database.begin() as tx:
        await tx.digests.save(saved)
        await tx.digests.save(saved)

    async with database.begin() as tx:
        assert await tx.digests.get(saved.id) == saved
        assert await tx.digests.for_week(7, "2026-W47") == saved
        assert await tx.digests.for_week(7, "2026-W46") is None
        assert await tx.digests.for_week(8, "2026-W47") is None
        assert await tx.digests.get("digest:8:2026-W47") is None


async def test_the_latest_is_the_published_one_of_the_newest_week(database: Database) -> None:
    newest = digest(week="2027-W01")
    preview = digest(week="2027-W02", id="preview:1", published=False)

    async with database.begin() as tx:
        for item in (digest(week="2026-W52"), newest, digest(week="2026-W51"), preview):
            await tx.digests.save(item)

    async with database.begin() as tx:
        assert await tx.digests.latest(7) == newest
        assert await tx.digests.latest(8) is None


async def test_a_week_made_twice_shows_the_later_one(database: Database) -> None:
    first = digest()
    again = digest(id="digest:7:2026-W47:now", created_at=MONDAY + timedelta(hours=1))

    async with database.begin() as tx:
        for item in (first, again, digest(8, created_at=MONDAY + timedelta(hours=2))):
            await tx.digests.save(item)

    async with database.begin() as tx:
        assert await tx.digests.for_week(7, "2026-W47") == again


async def test_the_categories_of_a_week_are_those_of_its_published_digest(database: Database) -> None:
    later = MONDAY + timedelta(hours=1)
    preview = digest(id="preview:1", published=False, categories=("cs.IR",), created_at=later)

    async with database.begin() as tx:
        for item in (digest(categories=("cs.CL", "cs.LG")), digest(8, categories=("cs.CV",)), preview):
            await tx.digests.save(item)

    async with database.begin() as tx:
        assert await tx.digests.categories(7, "2026-W47") == ("cs.CL", "cs.LG")
        assert await tx.digests.categories(7, "2026-W46") == ()


async def test_published_digests_are_listed_once_a_week_with_what_they_showed(database: Database) -> None:
    older = digest(week="2026-W46", highlights=("2611.00001",))
    first = digest(highlights=("2611.00002",))
    again = digest(id="digest:7:again", created_at=MONDAY + timedelta(hours=1), noted=("2611.00003",))
    later = MONDAY + timedelta(hours=2)
    others = digest(8, highlights=("2611.00004",), created_at=later)
    preview = digest(id="preview:1", published=False, highlights=("2611.00005",), created_at=later)

    async with database.begin() as tx:
        for item in (again, first, older, others, preview):
            await tx.digests.save(item)

    async with database.begin() as tx:
        listed, shown = await tx.digests.listed(7), await tx.digests.papers_shown(7)
    assert listed == [
        DigestListing(id=item.id, week=item.week, created_at=item.created_at) for item in (again, older)
    ]
    assert shown.keys() == {older.id, first.id, again.id}
    assert shown[older.id] == ["2611.00001"]
    assert "2611.00003" in shown[again.id]


async def test_already_shown_are_highlights_and_notes_of_other_weeks(database: Database) -> None:
    async with database.begin() as tx:
        await tx.digests.save(digest(week="2026-W45", highlights=("2611.00001",), noted=("2611.00002",)))
        await tx.digests.save(digest(week="2026-W46", highlights=("2611.00001", "2611.00003")))
        await tx.digests.save(digest(week="2026-W47", highlights=("2611.00004",)))
        await tx.digests.save(digest(week="2026-W48", highlights=("2611.00005",)))
        await tx.digests.save(digest(8, "2026-W46", highlights=("2611.00006",)))
        await tx.digests.save(digest(id="preview:1", published=False, highlights=("2611.00007",)))

    async with database.begin() as tx:
        shown = await tx.digests.already_shown(7, except_week="2026-W47")
        assert shown == {"2611.00001", "2611.00002", "2611.00003", "2611.00005"}


async def test_saving_again_forgets_papers_that_are_no_longer_shown(database: Database) -> None:
    saved = digest(highlights=("2611.00001",), noted=("2611.00001",))

    async with database.begin() as tx:
        await tx.digests.save(saved)
        await tx.digests.save(digest(highlights=("2611.00002",)))
        assert await tx.digests.already_shown(7, except_week="2026-W48") == {"2611.00002"}
        await tx.digests.save(replace(saved, published=False))
        assert await tx.digests.already_shown(7, except_week="2026-W48") == set()


async def test_a_plan_is_kept_without_its_digest(database: Database) -> None:
    plan = {"picks": [{"key": "2611.00001v2", "score": 0.25}], "remarks": []}

    async with database.begin() as tx:
        await tx.digests.save_plan("digest:7:2026-W47", {"picks": []})
        await tx.digests.save_plan("digest:7:2026-W47", plan)

    async with database.begin() as tx:
        assert await tx.digests.plan("digest:7:2026-W47") == plan
        assert await tx.digests.plan("digest:7:2026-W48") is None


async def test_old_previews_and_the_plans_of_old_digests_are_forgotten(database: Database) -> None:
    published = digest(highlights=("2611.00001",))
    preview = digest(id="preview:1", published=False)
    fresh = digest(id="preview:2", published=False, created_at=MONDAY + timedelta(days=3))
    async with database.begin() as tx:
        for item in (published, preview, fresh):
            await tx.digests.save(item)
            await tx.digests.save_plan(item.id, {"of": item.id})
        await tx.digests.save_plan("digest:7:2026-W48", {"under": "way"})

    async with database.begin() as tx:
        await tx.digests.forget(made_before=MONDAY + timedelta(days=1))

    async with database.begin() as tx:
        assert [await tx.digests.get(item.id) for item in (published, preview, fresh)] == [
            published,
            None,
            fresh,
        ]
        assert await tx.digests.already_shown(7, except_week="2026-W48") == {"2611.00001"}
        plans = [
            await tx.digests.plan(digest_id)
            for digest_id in (published.id, preview.id, fresh.id, "digest:7:2026-W48")
        ]
    assert plans == [None, None, {"of": fresh.id}, {"under": "way"}]


async def test_the_weeks_of_a_server_and_those_that_showed_a_paper(database: Database) -> None:
    async with database.begin() as tx:
        await tx.digests.save(digest(week="2026-W46", highlights=("2611.00000", "2611.00001")))
        await tx.digests.save(digest(week="2026-W47", noted=("2611.00001", "2611.00002")))
        await tx.digests.save(digest(8, week="2026-W48", highlights=("2611.00003",)))
        preview = digest(id="preview:1", week="2026-W49", published=False, highlights=("2611.00001",))
        await tx.digests.save(preview)

    async with database.begin() as tx:
        assert await tx.digests.weeks(7) == ["2026-W47", "2026-W46"]
        assert await tx.digests.weeks_showing(7, "2611.00001") == ["2026-W47", "2026-W46"]
        assert await tx.digests.weeks_showing(7, "2611.00003") == []
        assert await tx.digests.shown_lately(7, 10) == ["2611.00001", "2611.00002", "2611.00000"]
        assert await tx.digests.shown_lately(7, 2) == ["2611.00001", "2611.00002"]
        assert await tx.digests.count(7) == 3


async def test_what_was_shown_by_digests_made_later_can_be_left_out(database: Database) -> None:
    later = MONDAY + timedelta(days=7)
    async with database.begin() as tx:
        await tx.digests.save(digest(week="2026-W46", highlights=("2611.00001",)))
        await tx.digests.save(digest(week="2026-W48", highlights=("2611.00002",), created_at=later))

    async with database.begin() as tx:
        shown = await tx.digests.already_shown(7, except_week="2026-W47", made_before=later)
    assert shown == {"2611.00001"}


async def test_all_digests_of_a_server_can_be_forgotten(database: Database) -> None:
    async with database.begin() as tx:
        for server_id in (7, 8):
            made = digest(server_id, highlights=("2611.00001",))
            await tx.digests.save(made)
            await tx.digests.save_plan(made.id, {"a": 1})
        await tx.digests.forget_owner(7)

    async with database.begin() as tx:
        assert await tx.digests.latest(7) is None
        assert await tx.digests.plan("digest:7:2026-W47") is None
        assert await tx.digests.already_shown(7, except_week="2026-W50") == set()
        assert await tx.digests.latest(8) is not None
        assert await tx.digests.plan("digest:8:2026-W47") == {"a": 1}


async def test_the_plans_of_digests_that_were_not_made_can_be_forgotten(database: Database) -> None:
    async with database.begin() as tx:
        for server_id in (7, 77):
            await tx.digests.save_plan(f"digest:{server_id}:2026-W47", {"a": server_id})
        await tx.digests.forget_owner(7)

    async with database.begin() as tx:
        assert await tx.digests.plan("digest:7:2026-W47") is None
        assert await tx.digests.plan("digest:77:2026-W47") == {"a": 77}


async def test_previews_are_forgotten_without_reading_all_digests(fresh_sqlite_url: str) -> None:
    database = await Database.open(fresh_sqlite_url, clock_now=lambda: NOW)

    async with plans(database) as steps, database.begin() as tx:
        await tx.digests.forget(made_before=NOW)
    await database.close()

    assert scanned(steps) <= {"digest_plans"}


async def test_a_servers_digests_are_found_without_reading_those_of_others(fresh_sqlite_url: str) -> None:
    database = await Database.open(fresh_sqlite_url, clock_now=lambda: NOW)

    async with plans(database) as steps, database.begin() as tx:
        await tx.digests.latest(7)
        await tx.digests.for_week(7, "2026-W47")
        await tx.digests.listed(7)
        await tx.digests.papers_shown(7)
        await tx.digests.already_shown(7, except_week="2026-W47")
        await tx.digests.already_shown(7, except_week="2026-W47", made_before=NOW)
        await tx.digests.weeks(7)
        await tx.digests.weeks_showing(7, "2611.00001")
        await tx.digests.shown_lately(7, 5)
        await tx.seen.paper_ids(Reader(server_id=7))
    await database.close()

    searches = [step for step in steps if step.startswith("SEARCH digests ")]
    assert len(searches) == 10
    assert all("(server_id=?" in step for step in searches)
