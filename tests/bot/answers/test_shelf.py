"""Papers as words: read once, and kept as far as there is room."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from bot.answers.features import PaperWords
from bot.answers.shelf import Shelf
from storage.database import Database
from tests.storage.records import MONDAY, paper, paper_text, passage

FIRST, SECOND, THIRD, FOURTH = (f"2611.0000{number}v1" for number in range(1, 5))


@pytest.fixture
async def stocked(database: Database) -> Database:
    """Four papers, each submitted a day after the one before, and one without passages."""
    async with database.begin() as tx:
        for number in range(1, 6):
            paper_id = f"2611.0000{number}"
            await tx.papers.save(
                [paper(paper_id, title=f"Title {number}", published=MONDAY + timedelta(days=number))]
            )
            await tx.papers.save_text(paper_text(paper_id))
            if number < 5:
                await tx.passages.save([passage(0, paper_id)], embedder="", vectors=None)
    return database


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The titles of the papers read since this was last cleared."""
    titles, reading = list[str](), PaperWords.of

    def noted(**known: Any) -> PaperWords:
        titles.append(known["title"])
        return reading(**known)

    monkeypatch.setattr(PaperWords, "of", noted)
    return titles


@pytest.fixture
def room_for_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.answers.shelf._KEPT_PAPERS", 2)


async def read_again(shelf: Shelf, read: list[str], *keys: str) -> list[str]:
    """The titles of those of these papers that have to be read, though each was asked before."""
    read.clear()
    await shelf.papers(keys)
    return read


async def test_papers_come_in_the_order_asked_and_are_read_once(stocked: Database, read: list[str]) -> None:
    shelf = Shelf(stocked)

    found = await shelf.papers([THIRD, "2611.00005v1", FIRST, "2611.00099v1"])

    assert list(found) == [THIRD, FIRST]
    assert await read_again(shelf, read, FIRST, THIRD) == []


@pytest.mark.usefixtures("room_for_two")
async def test_of_too_many_papers_those_asked_last_are_kept(stocked: Database, read: list[str]) -> None:
    shelf = Shelf(stocked)
    for keys in ([FIRST, SECOND], [FIRST], [THIRD]):
        await shelf.papers(keys)

    assert await read_again(shelf, read, FIRST, THIRD) == []
    assert await read_again(shelf, read, SECOND) == ["Title 2"]


@pytest.mark.usefixtures("room_for_two")
async def test_a_question_about_more_papers_than_are_kept_does_not_read_them_each_time(
    stocked: Database, read: list[str]
) -> None:
    shelf, keys = Shelf(stocked), (FIRST, SECOND, THIRD, FOURTH)

    assert list(await shelf.papers(keys)) == list(keys)
    assert await read_again(shelf, read, FIRST) == []
    assert await read_again(shelf, read, *keys) == []


@pytest.mark.usefixtures("room_for_two")
async def test_the_start_reads_no_more_papers_than_are_kept_and_the_latest(
    stocked: Database, read: list[str]
) -> None:
    shelf = Shelf(stocked)

    await shelf.fill()

    assert read == ["Title 4"]  # the fifth paper, which has no passages, counts too
    assert await read_again(shelf, read, FOURTH) == []


async def test_titles_need_no_words(stocked: Database, read: list[str]) -> None:
    shelf = Shelf(stocked)
    titles = {FIRST: "Title 1", SECOND: "Title 2", THIRD: "Title 3", FOURTH: "Title 4"}
    some: Sequence[str] = (SECOND, "2611.00005v1", FIRST)

    assert list((await shelf.titles(some)).items()) == [(SECOND, "Title 2"), (FIRST, "Title 1")]
    assert await shelf.titles(None) == titles
    assert read == []
