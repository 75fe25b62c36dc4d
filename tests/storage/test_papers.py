"""Papers, their versions, texts and summaries."""

import asyncio
import random
from dataclasses import replace
from datetime import timedelta

import pytest

from storage.database import Database
from storage.model import Announcement, Paper, SubmissionWindow
from tests.databases import NOW
from tests.storage.query_plans import plans, scanned
from tests.storage.records import MONDAY, TUESDAY, announcement, paper, paper_text, summary

WEEK = SubmissionWindow(start=MONDAY, end=MONDAY + timedelta(days=7))


async def test_a_paper_comes_back_as_it_was_saved(database: Database) -> None:
    saved = paper(comment="12 pages", doi="10.1/x")

    async with database.begin() as tx:
        await tx.papers.save([saved])

    async with database.begin() as tx:
        assert await tx.papers.get(saved.id) == saved
        assert await tx.papers.version(saved.id, 1) == saved


async def test_an_unknown_paper_is_none(database: Database) -> None:
    async with database.begin() as tx:
        assert await tx.papers.get("2611.00099") is None
        assert await tx.papers.version("2611.00099", 1) is None


async def test_all_versions_are_kept_and_the_newest_is_the_paper(database: Database) -> None:
    first, second = paper(title="First"), paper(version=2, title="Second")

    async with database.begin() as tx:
        await tx.papers.save([second])
        await tx.papers.save([first])

    async with database.begin() as tx:
        assert await tx.papers.get(first.id) == second
        assert await tx.papers.version(first.id, 1) == first
        assert await tx.papers.find_titles("first", 5) == []
        assert await tx.papers.find_titles("SECOND", 5) == [second]


async def test_two_versions_may_be_saved_at_once(database: Database) -> None:
    async with database.begin() as tx:
        await tx.papers.save([paper(version=2), paper(), paper()])

    async with database.begin() as tx:
        assert await tx.papers.get("2611.00001") == paper(version=2)


async def test_papers_are_saved_without_reading_all_that_are_stored(fresh_sqlite_url: str) -> None:
    database = await Database.open(fresh_sqlite_url, clock_now=lambda: NOW)

    async with plans(database) as steps, database.begin() as tx:
        await tx.papers.save([paper("2611.00001"), paper("2611.00002")])
    await database.close()

    assert not scanned(steps)


async def test_titles_are_looked_through_in_the_order_they_are_shown_in(fresh_sqlite_url: str) -> None:
    database = await Database.open(fresh_sqlite_url, clock_now=lambda: NOW)

    async with plans(database) as steps, database.begin() as tx:
        await tx.papers.find_titles("attention", 5)
    await database.close()

    assert "SCAN papers USING COVERING INDEX ix_papers_published" in steps
    assert not any("ORDER BY" in step for step in steps)


async def test_titles_are_looked_through_once_for_words_that_stand_in_another_order(
    fresh_sqlite_url: str,
) -> None:
    database = await Database.open(fresh_sqlite_url, clock_now=lambda: NOW)
    async with database.begin() as tx:
        await tx.papers.save([paper(title="Folding old keys")])

    async with plans(database) as steps, database.begin() as tx:
        assert len(await tx.papers.find_titles("keys folding", 5)) == 1
    await database.close()

    assert sum(step.startswith("SCAN papers") for step in steps) == 1


async def test_a_title_may_be_longer_than_an_index_holds(database: Database) -> None:
    long = paper(title="".join(random.Random(1).choices("abcdefghijklmnopqrstuvwxyzäöüßøåéèçñ", k=9_000)))

    async with database.begin() as tx:
        await tx.papers.save([long])

    async with database.begin() as tx:
        assert await tx.papers.find_titles(long.title[:50], 5) == [long]


async def test_papers_may_be_saved_in_different_orders_at_once(database: Database) -> None:
    papers = [paper(f"2611.{number:05}") for number in range(600)]

    async def save(order: list[Paper]) -> None:
        async with database.begin() as tx:
            await tx.papers.save(order)

    await save(papers)
    await asyncio.gather(save(papers), save(papers[::-1]), save([*papers[300:], *papers[:300]]))


async def test_a_later_entry_of_the_same_version_replaces_it(database: Database) -> None:
    async with database.begin() as tx:
        await tx.papers.save([paper(categories=("cs.CL", "cs.LG"))])
        await tx.papers.save([paper(title="Corrected", categories=("cs.CL", "cs.AI"))])

    async with database.begin() as tx:
        assert [item.title for item in await tx.papers.many(["2611.00001"])] == ["Corrected"]
        assert [item.title for item in await tx.papers.find_titles("corrected", 5)] == ["Corrected"]
        assert await tx.papers.ids_submitted(["cs.AI"], WEEK) == ["2611.00001"]
        assert await tx.papers.ids_submitted(["cs.LG"], WEEK) == []


async def told(database: Database, *announcements: Announcement) -> Paper | None:
    """The paper as stored after these feeds were read one after another."""
    for one in announcements:
        async with database.begin() as tx:
            await tx.papers.announce([one])
    async with database.begin() as tx:
        await tx.papers.save([paper()])
        return await tx.papers.get("2611.00001")


async def test_a_paper_has_what_feeds_said_before_it_was_stored(database: Database) -> None:
    found = await told(database, announcement())

    assert found == paper(licence="http://cc/by", announced=TUESDAY)
    async with database.begin() as tx:
        assert await tx.papers.many(["2611.00001"]) == [found]
        assert await tx.papers.version("2611.00001", 1) == found
        assert await tx.papers.get("2611.00001") == found


async def test_a_stored_paper_gets_what_feeds_say_of_it(database: Database) -> None:
    await told(database)

    assert await told(database, announcement()) == paper(licence="http://cc/by", announced=TUESDAY)


async def test_the_first_announcement_gives_the_day_and_the_last_the_licence(database: Database) -> None:
    found = await told(
        database,
        announcement(),
        announcement(day=TUESDAY + timedelta(days=1), kind="cross", licence=None),
        announcement(day=TUESDAY + timedelta(days=2), kind="replace", licence="http://cc/by-nc"),
    )

    assert found == paper(licence="http://cc/by-nc", announced=TUESDAY)


@pytest.mark.parametrize("kind", ["replace", "replace-cross"])
async def test_a_replacement_is_no_first_announcement(database: Database, kind: str) -> None:
    assert await told(database, announcement(kind=kind)) == paper(licence="http://cc/by")


async def test_announcements_are_kept_of_stored_papers_and_for_a_time_of_others(database: Database) -> None:
    late = "2611.00002"
    await told(database, announcement(), announcement(late), announcement(late, day=TUESDAY, kind="replace"))

    async with database.begin() as tx:
        await tx.papers.prune_announcements(last_before=TUESDAY)
        await tx.papers.save([paper(late)])
        assert await tx.papers.get(late) == paper(late, licence="http://cc/by", announced=TUESDAY)


async def test_announcements_of_papers_never_stored_are_deleted(database: Database) -> None:
    await told(database, announcement(), announcement("2611.00002"))

    async with database.begin() as tx:
        await tx.papers.prune_announcements(last_before=TUESDAY + timedelta(days=1))
        await tx.papers.save([paper("2611.00002")])
        assert await tx.papers.get("2611.00002") == paper("2611.00002")
        assert await tx.papers.get("2611.00001") == paper(licence="http://cc/by", announced=TUESDAY)


async def test_a_days_feed_is_kept_at_once(database: Database) -> None:
    ids = [f"2611.{number:05}" for number in range(1, 2001)]
    feed = [announcement(one) for one in ids]

    async def read(entries: list[Announcement]) -> None:
        async with database.begin() as tx:
            await tx.papers.announce(entries)

    await asyncio.gather(read(feed), read(feed[::-1]))

    async with database.begin() as tx:
        await tx.papers.save([paper(one) for one in ids])
        assert {one.announced for one in await tx.papers.many(ids)} == {TUESDAY}


async def test_submitted_papers_are_of_the_categories_and_the_window_latest_first(database: Database) -> None:
    async with database.begin() as tx:
        await tx.papers.save(
            [
                paper("2611.00001", published=WEEK.start, categories=("cs.CL",)),
                paper("2611.00002", published=WEEK.end, categories=("cs.CL",)),
                paper("2611.00003", published=MONDAY + timedelta(hours=2), categories=("math.PR", "cs.LG")),
                paper("2611.00004", published=MONDAY + timedelta(hours=3), categories=("cs.CL", "cs.LG")),
                paper("2611.00005", published=MONDAY + timedelta(hours=4), categories=("hep-th",)),
                paper("2611.00006", published=WEEK.start - timedelta(microseconds=1), categories=("cs.CL",)),
            ]
        )

    async with database.begin() as tx:
        ids = await tx.papers.ids_submitted(["cs.CL", "cs.LG"], WEEK)
        assert ids == ["2611.00004", "2611.00003", "2611.00001"]
        assert await tx.papers.ids_submitted([], WEEK) == []


async def test_many_papers_are_found_at_once(database: Database) -> None:
    ids = [f"2611.{number:05}" for number in range(1, 1203)]

    async with database.begin() as tx:
        await tx.papers.save([paper(paper_id) for paper_id in ids])

    async with database.begin() as tx:
        found = await tx.papers.many([*ids, "2611.99999"])
        assert sorted(item.id for item in found) == ids
        assert len(await tx.papers.ids_submitted(["cs.CL"], WEEK)) == 1202


async def test_titles_are_found_by_a_fragment_taken_literally(database: Database) -> None:
    async with database.begin() as tx:
        await tx.papers.save(
            [
                paper("2611.00001", title="100% recall"),
                paper("2611.00002", title="100 recalls"),
                paper("2611.00003", title="TCP/IP's max_len"),
                paper("2611.00004", title="TCPxIP's maxilen"),
            ]
        )

    async with database.begin() as tx:
        assert [item.id for item in await tx.papers.find_titles("100%", 5)] == ["2611.00001"]
        assert len(await tx.papers.find_titles("RECALL", 1)) == 1
        assert [item.id for item in await tx.papers.find_titles("tcp/ip's MAX_L", 5)] == ["2611.00003"]


async def test_titles_are_found_by_words_in_any_order_where_none_has_them_in_this_one(
    database: Database,
) -> None:
    async with database.begin() as tx:
        titles = ("Folding old keys", "Keys of old", "Folding paper")
        await tx.papers.save([paper(f"2611.0000{n}", title=title) for n, title in enumerate(titles)])

    async with database.begin() as tx:
        assert [found.title for found in await tx.papers.find_titles("keys FOLD", 5)] == ["Folding old keys"]
        assert [found.title for found in await tx.papers.find_titles("keys of", 5)] == ["Keys of old"]
        assert await tx.papers.find_titles("keys paper", 5) == []


async def test_an_old_title_with_a_phrase_comes_before_many_later_ones_with_its_words(
    database: Database,
) -> None:
    old = paper("2611.00001", title="Attention is needed", published=MONDAY - timedelta(days=1))
    later = [paper(f"2611.{number:05}", title="Is attention needed") for number in range(2, 302)]
    async with database.begin() as tx:
        await tx.papers.save([old, *later])

    async with database.begin() as tx:
        assert await tx.papers.find_titles("attention is", 5) == [old]


@pytest.mark.parametrize("typed", ["don't stop", "Don\u2019t Stop"])
async def test_titles_are_found_with_straight_and_curly_apostrophes(database: Database, typed: str) -> None:
    titles = ["Don't stop", "Don\u2019t stop", "Dont stop", "Donut stops"]
    async with database.begin() as tx:
        await tx.papers.save([paper(f"2611.0000{n}", title=title) for n, title in enumerate(titles, 1)])

    async with database.begin() as tx:
        assert sorted(item.title for item in await tx.papers.find_titles(typed, 5)) == titles[:2]


@pytest.mark.parametrize(
    ("title", "typed"),
    [
        ("Prompting with $k$-NN", "with k-nn"),
        ("Prompting with $k$-NN", "K NN"),
        ("Prompting with $k$-NN", "knn"),
        ("Prompting with k-NN", "with knn"),
        ("Large datasets", "data sets"),
        ("Datasets for all", "data-set"),
        ("CIFAR-10 in an hour", "cifar10 in"),
        ("WMT14 again", "wmt 14 again"),
        ("Ice: H$_2$O at home", "H2O at"),
        ("Low-resource speech", "low resource"),
        ("Pre--training\u2014again", "pre-training again"),
        (r"On Poincar\'{e} maps", "On Poincar\u00e9 m"),
        (r"On Poincar\'e maps", "Poincar\u00e9 m"),
        ("On Poincar\u00e9 maps", "Poincar\u00e9 m"),
        ("On Poincar\u00e9 maps", "poincare"),
        (r"On Poincar\'e maps", "POINCAR\u00c9 maps"),
        (r"Schr\"{o}dinger bridges", "schrodinger"),
        (r"Stability by Er\H{o}s", "er\u0151s"),
        ("M\u00f8ller scattering", "moller"),
        ("\u0418\u0433\u0440\u044b", "\u0438\u0413\u0420"),
        ("Low-resource speech", "low\u200bresource\u00a0speech"),
    ],
)
async def test_titles_are_found_however_their_words_are_joined(
    database: Database, title: str, typed: str
) -> None:
    async with database.begin() as tx:
        others = ["Prompting with NN and k", "CIFAR-100", "Love: H and O, 2 in 1", "Lower resources"]
        titles = [title, *others]
        await tx.papers.save([paper(f"2611.0000{n}", title=each) for n, each in enumerate(titles, 1)])

    async with database.begin() as tx:
        assert [item.title for item in await tx.papers.find_titles(typed, 5)] == [title]


async def test_one_word_is_not_found_across_two(database: Database) -> None:
    async with database.begin() as tx:
        await tx.papers.save([paper(title="Learning an order")])

    async with database.begin() as tx:
        assert await tx.papers.find_titles("gan", 5) == []
        assert len(await tx.papers.find_titles("learning an o", 5)) == 1


async def test_text_that_databases_refuse_is_cleaned(database: Database) -> None:
    async with database.begin() as tx:
        await tx.papers.save([paper(title="Lone \ud835", abstract="NUL \x00")])

    async with database.begin() as tx:
        found = await tx.papers.get("2611.00001")
        assert found == paper(title="Lone \ufffd", abstract="NUL \ufffd")


async def test_papers_that_were_read_are_known_at_the_newest_version_read(database: Database) -> None:
    async with database.begin() as tx:
        await tx.papers.save([paper(version=version) for version in (1, 2, 3)])
        await tx.papers.save(
            [paper("hep-th/9901001", published=MONDAY - timedelta(weeks=1)), paper("2611.00002")]
        )
        for text in (paper_text(), paper_text(version=2), paper_text("hep-th/9901001")):
            await tx.papers.save_text(text)

    async with database.begin() as tx:
        assert await tx.papers.read_keys() == ["hep-th/9901001v1", "2611.00001v2"]
        assert await tx.papers.read_keys(limit=1) == ["2611.00001v2"]


async def test_a_text_comes_back_and_is_replaced_by_a_new_reading(database: Database) -> None:
    again = replace(paper_text(), reader="pypdfium2", hidden_characters=12)

    async with database.begin() as tx:
        await tx.papers.save([paper()])
        await tx.papers.save_text(paper_text())
        assert await tx.papers.text("2611.00001", 1) == paper_text()
        await tx.papers.save_text(again)
        assert await tx.papers.text("2611.00001", 1) == again

    async with database.begin() as tx:
        assert await tx.papers.text("2611.00001", 1) == again
        assert await tx.papers.text("2611.00001", 2) is None


async def test_a_summary_is_kept_for_each_recipe_and_language(database: Database) -> None:
    english, german = summary(), summary(language="de")
    other = summary(recipe="extract/7", model="")

    async with database.begin() as tx:
        await tx.papers.save([paper()])
        for item in (english, german, other):
            await tx.papers.save_summary(item)

    async with database.begin() as tx:
        assert await tx.papers.summary("2611.00001", 1, "gpt-5-mini/3") == english
        assert await tx.papers.summary("2611.00001", 1, "gpt-5-mini/3", "de") == german
        assert await tx.papers.summary("2611.00001", 1, "extract/7") == other
        assert await tx.papers.summary("2611.00001", 2, "extract/7") is None
