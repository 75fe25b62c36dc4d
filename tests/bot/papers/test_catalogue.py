import asyncio
from datetime import timedelta

import pytest

from bot.errors import ArxivError, PaperNotFoundError
from bot.papers.catalogue import Catalogue
from bot.papers.ids import Reference, parse
from storage.database import Database
from storage.model import Paper
from tests.bot.examples import paper
from tests.databases import NOW
from tests.fakes.clock import StillClock
from tests.fakes.papers import ListedPapers
from tests.fakes.progress import HeardProgress
from tests.waiting import until

V1, V2, V3 = (paper(version=version) for version in (1, 2, 3))


class Desk:
    """A catalogue with the arXiv and the clock behind it."""

    def __init__(self, database: Database, *listed: Paper) -> None:
        self.arxiv = ListedPapers(*listed)
        self.clock = StillClock(NOW)
        self.database = database
        self.catalogue = Catalogue(database=database, source=self.arxiv, clock=self.clock)

    async def save(self, *papers: Paper) -> None:
        async with self.database.begin() as tx:
            await tx.papers.save(papers)


async def test_a_stored_paper_is_found_without_asking_arxiv(database: Database) -> None:
    desk, heard = Desk(database, V1, V2, V3), HeardProgress()
    await desk.save(V1, V2)

    assert await desk.catalogue.paper(parse(V1.id), progress=heard) == V2
    assert await desk.catalogue.paper(parse(V1.key), progress=heard) == V1
    assert (desk.arxiv.named, heard.stages) == ([], [])


async def test_a_new_paper_comes_from_arxiv_and_is_stored(database: Database) -> None:
    desk, heard = Desk(database, V1, V2), HeardProgress()

    found = await desk.catalogue.paper(parse("https://arxiv.org/abs/2611.00001"), progress=heard)

    assert found == V2
    assert heard.stages == ["asking arXiv"]
    assert await desk.catalogue.stored(parse(V2.key)) == V2


async def test_a_named_version_is_kept(database: Database) -> None:
    desk = Desk(database, V1, V2, V3)
    await desk.save(V3)

    assert await desk.catalogue.paper(parse("2611.00001v2")) == V2
    assert desk.arxiv.named == ["2611.00001v2"]


async def test_a_paper_that_arxiv_does_not_know_is_a_clear_error(database: Database) -> None:
    desk = Desk(database, V1)

    with pytest.raises(PaperNotFoundError, match=r"no paper 2611\.00009v2"):
        await desk.catalogue.paper(parse("2611.00009v2"))


async def test_a_paper_that_arxiv_does_not_know_is_asked_for_once(database: Database) -> None:
    desk = Desk(database, V1)

    with pytest.raises(PaperNotFoundError):
        await desk.catalogue.paper(parse("2611.00009"))

    assert desk.arxiv.named == ["2611.00009"]


async def test_a_version_that_arxiv_does_not_know_is_told_with_the_newest(database: Database) -> None:
    desk = Desk(database, V1, V2)
    await desk.save(V1)

    with pytest.raises(PaperNotFoundError, match=r"no version 7 of 2611\.00001: the newest is 2611\.00001v2"):
        await desk.catalogue.paper(parse("2611.00001v7"))

    assert await desk.catalogue.stored(parse(V1.id)) == V2


async def test_newer_versions_are_looked_for_once_a_day(database: Database) -> None:
    desk = Desk(database, V2)
    await desk.save(V1)

    first = await desk.catalogue.newest(V1)
    desk.arxiv.listed.append(V3)
    same_day = await desk.catalogue.newest(V1)
    desk.clock.move_to(NOW + timedelta(days=1))
    next_day = await desk.catalogue.newest(V1)

    assert [found.version for found in (first, same_day, next_day)] == [2, 2, 3]
    assert desk.arxiv.named == [V1.id, V1.id]


async def test_asking_for_the_newest_paper_counts_as_looking(database: Database) -> None:
    desk = Desk(database, V2)

    found = await desk.catalogue.paper(parse(V2.id))
    await desk.catalogue.newest(found)

    assert desk.arxiv.named == [V2.id]


async def test_when_arxiv_does_not_answer_the_newest_stored_version_is_what_is_known(
    database: Database,
) -> None:
    desk = Desk(database)
    await desk.save(V1, V2)
    desk.arxiv.failure = ArxivError("arXiv does not answer.")

    assert await desk.catalogue.newest(V1) == V2


async def test_while_arxiv_is_slow_few_look_for_newer_versions_and_nobody_else_waits(
    database: Database,
) -> None:
    papers = [paper(f"2611.0000{number}") for number in range(1, 5)]
    desk = Desk(database, *papers)
    await desk.save(*papers)
    desk.arxiv.gate.clear()

    async with asyncio.timeout(30):
        waiting = [asyncio.create_task(desk.catalogue.newest(one)) for one in papers[:2]]
        await until(lambda: len(desk.arxiv.named) == 2)
        assert await desk.catalogue.newest(papers[2]) == papers[2]
        desk.arxiv.gate.set()
        assert await asyncio.gather(*waiting) == papers[:2]
        assert await desk.catalogue.newest(papers[3]) == papers[3]

    assert sorted(desk.arxiv.named) == [papers[0].id, papers[1].id, papers[3].id]


async def test_looking_for_newer_versions_is_given_up_after_a_while(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.papers.catalogue._LONGEST_LOOK_SECONDS", 0.01)
    desk = Desk(database, V2)
    await desk.save(V1)
    desk.arxiv.gate.clear()

    async with asyncio.timeout(30):
        assert await desk.catalogue.newest(V1) == V1

    desk.arxiv.gate.set()
    monkeypatch.undo()
    assert await desk.catalogue.newest(V1) == V2


async def test_what_arxiv_told_before_it_failed_is_kept(database: Database) -> None:
    listed = [paper(f"2611.{number:05}") for number in range(1, 251)]
    desk = Desk(database, *listed)
    names = [Reference(paper_id=one.id) for one in listed]

    desk.arxiv.failure_after = 200
    with pytest.raises(ArxivError):
        await desk.catalogue.papers(names)
    desk.arxiv.named, desk.arxiv.failure_after = [], None
    found = await desk.catalogue.papers(names)

    assert len(found) == 250
    assert desk.arxiv.named == [one.id for one in listed[200:]]


async def test_several_papers_are_asked_for_at_once_and_only_those_that_are_missing(
    database: Database,
) -> None:
    desk = Desk(database, paper("2611.00001"), paper("2611.00002"))
    await desk.save(paper("2611.00001"))
    names = [Reference(paper_id=f"2611.0000{number}") for number in (3, 2, 1)]

    found = await desk.catalogue.papers(names)

    assert [one.id for one in found] == ["2611.00002", "2611.00001"]
    assert desk.arxiv.named == ["2611.00003", "2611.00002"]
    assert await desk.catalogue.stored(names[1]) == paper("2611.00002")
