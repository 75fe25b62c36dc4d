"""Whole tastes, taken from files and given back."""

import asyncio
import threading
from collections.abc import Awaitable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.errors import InputError
from bot.papers.catalogue import Catalogue
from bot.papers.ids import Reference, find_all
from bot.taste.portrait import Portrait, portrait
from bot.taste.service import Tastes
from bot.taste.teaching import MOST_UNKNOWN, Teaching
from bot.taste.transfer import exported
from storage.database import Database
from storage.model import Preference, PreferenceKind, Seed, Subject, Vote
from storage.tastes import Tastes as StoredTastes
from tests.bot.digest.press import SUBSCRIPTION, Press
from tests.bot.examples import paper
from tests.databases import NOW
from tests.fakes.clock import StillClock
from tests.fakes.papers import ListedPapers

SERVER = SUBSCRIPTION.server_id
PAPERS = [
    paper(f"2610.{number:05}", title=f"Subject {number}", published=NOW - timedelta(days=40))
    for number in range(1, 701)
]


def teaching(database: Database) -> tuple[Teaching, Tastes, ListedPapers]:
    """What teaches, what it teaches, and the arXiv behind it."""
    clock, source = StillClock(NOW), ListedPapers(*PAPERS)
    tastes = Press(database, clock=clock).tastes()
    catalogue = Catalogue(database=database, source=source, clock=clock)
    return Teaching(database=database, catalogue=catalogue, tastes=tastes, clock=clock), tastes, source


async def test_a_large_taste_survives_a_reset_by_its_file(database: Database) -> None:
    teach, _, source = teaching(database)
    half, at = len(PAPERS) // 2, NOW - timedelta(days=1)
    async with database.begin() as tx:
        await tx.papers.save(PAPERS)
        await tx.tastes.save_seeds([Seed(server_id=SERVER, paper_id=one.id, at=at) for one in PAPERS[:half]])
        await tx.tastes.save_votes(
            [
                Vote(server_id=SERVER, user_id=number % 9 + 1, paper_id=one.id, liked=False, at=at)
                for number, one in enumerate(PAPERS[half:])
            ]
        )
        await tx.tastes.save_preferences(
            [
                Preference(
                    server_id=SERVER,
                    kind=PreferenceKind.MUTE,
                    subject=Subject.WORD,
                    value=f"word {number}",
                )
                for number in range(300)
            ]
        )
    preferences = await teach.preferences(SERVER)

    file = await teach.export(SERVER)
    await teach.reset(SERVER)
    forgotten = await teach.portrait(SERVER)
    taught = await teach.take(SERVER, file.text)

    portrait = await teach.portrait(SERVER)
    assert (forgotten.likes, forgotten.dislikes) == (0, 0)
    assert (portrait.likes, portrait.dislikes) == (half, len(PAPERS) - half)
    assert await teach.preferences(SERVER) == preferences
    assert (len(taught.found), taught.missing, source.named) == (len(PAPERS), (), [])


async def test_a_flood_does_not_count_after_a_reset_either(database: Database) -> None:
    teach, _, _ = teaching(database)
    flood = [Vote(server_id=SERVER, user_id=1, paper_id=one.id, liked=True, at=NOW) for one in PAPERS[:61]]
    calm = replace(flood[0], paper_id=PAPERS[61].id, at=NOW - timedelta(days=1))
    async with database.begin() as tx:
        await tx.papers.save(PAPERS)
        await tx.tastes.save_votes([calm, *flood])

    file = await teach.export(SERVER)
    await teach.reset(SERVER)
    taught = await teach.take(SERVER, file.text)

    assert [one.id for one in taught.found] == [calm.paper_id]
    assert file.left_out == 0


async def test_papers_that_are_not_stored_come_from_arxiv(database: Database) -> None:
    teach, tastes, source = teaching(database)
    ids = [*(one.id for one in PAPERS[:250]), "2610.99999", "2610.99998"]
    votes = [
        Vote(server_id=9, user_id=person, paper_id=paper_id, liked=paper_id != ids[-1], at=NOW)
        for person, paper_id in enumerate(ids)
    ]

    taught = await teach.take(SERVER, exported(votes, [], [], NOW).text)

    assert taught.missing == ("2610.99999", "2610.99998")
    assert source.named == ids
    assert len((await tastes.of(SUBSCRIPTION)).opinions) == 250


async def test_an_admins_latest_word_on_a_paper_counts(database: Database) -> None:
    teach, _, _ = teaching(database)
    one = PAPERS[0]
    against = Vote(server_id=9, user_id=1, paper_id=one.id, liked=False, at=NOW)
    file_against = exported([against], [], [], NOW).text
    file_for = exported([replace(against, liked=True)], [], [], NOW).text

    async def opinion() -> tuple[int, int]:
        drawn = await teach.portrait(SERVER)
        return drawn.likes, drawn.dislikes

    await teach.take(SERVER, file_against)
    assert await opinion() == (0, 1)
    await teach.seed(SERVER, one.id)
    assert await opinion() == (1, 0)
    await teach.take(SERVER, file_against)
    assert await opinion() == (0, 1)
    await teach.take(SERVER, file_for)
    assert await opinion() == (1, 0)
    await teach.take(SERVER, file_against)
    await teach.seed(SERVER, one.id)
    assert await opinion() == (1, 0)


async def test_a_long_list_that_is_given_again_goes_on_where_it_was(database: Database) -> None:
    teach, tastes, _ = teaching(database)
    papers = PAPERS[:450]
    text = " ".join(one.id for one in papers)

    taught = [await teach.seed(SERVER, text) for _ in range(4)]

    taken = [(len(each.found), each.known, each.too_many) for each in taught]
    assert taken == [(200, 0, 250), (200, 200, 50), (50, 400, 0), (0, 450, 0)]
    assert len((await tastes.of(SUBSCRIPTION)).opinions) == len(papers)


async def test_unknown_ids_do_not_keep_later_papers_from_being_taken(
    database: Database,
) -> None:
    teach, _, _ = teaching(database)
    unknown = [f"2609.{number:05}" for number in range(1, 251)]
    text = " ".join([*unknown, *(one.id for one in PAPERS[:210])])

    taught = [await teach.seed(SERVER, text) for _ in range(2)]

    taken = [(len(each.found), len(each.missing), each.too_many) for each in taught]
    assert taken == [(200, 250, 10), (10, 250, 0)]


@pytest.mark.parametrize(("ids", "found"), [(f"{PAPERS[0].id}\n2404.1234", 1), ("2404.1234", 0)])
async def test_ids_that_a_spreadsheet_cut_are_told_and_not_guessed(
    database: Database, ids: str, found: int
) -> None:
    teach, _, source = teaching(database)

    taught = await teach.seed(SERVER, ids)

    assert (len(taught.found), taught.cut, taught.missing) == (found, ("2404.1234",), ())
    assert len(source.named) == found


async def test_arxiv_is_asked_about_a_limited_number_of_unknown_ids(database: Database) -> None:
    teach, _, source = teaching(database)
    text = " ".join(f"2609.{number:05}" for number in range(1, 1_301))

    taught = await teach.seed(SERVER, text)

    assert len(source.named) == len(taught.missing) == MOST_UNKNOWN
    assert taught.too_many == 300


async def test_an_admins_word_changes_no_members_vote(database: Database) -> None:
    teach, _, _ = teaching(database)
    against = Vote(server_id=SERVER, user_id=1, paper_id=PAPERS[0].id, liked=False, at=NOW)
    async with database.begin() as tx:
        await tx.papers.save(PAPERS[:1])
        await tx.tastes.save_votes([against])

    await teach.seed(SERVER, against.paper_id)
    await teach.take(SERVER, exported([replace(against, liked=True)], [], [], NOW).text)

    drawn = await teach.portrait(SERVER)
    assert (drawn.likes, drawn.dislikes) == (0, 1)


async def test_a_file_has_the_latest_word_on_a_name_in_any_spelling(database: Database) -> None:
    teach, _, _ = teaching(database)
    await teach.prefer(SERVER, PreferenceKind.FOLLOW, Subject.TOPIC, "naive bayes")
    muted = [
        Preference(server_id=9, kind=PreferenceKind.MUTE, subject=Subject.TOPIC, value=value)
        for value in ("Naive-Bayes", "Naïve-Bayes")
    ]

    await teach.take(SERVER, exported([], [], muted, NOW).text)

    assert await teach.preferences(SERVER) == [replace(muted[1], server_id=SERVER)]


async def test_more_follows_and_mutes_than_a_file_holds_are_refused_and_none_is_taken(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.taste.teaching.MOST_PREFERENCES", 2)
    teach, tastes, _ = teaching(database)
    seed = Seed(server_id=9, paper_id=PAPERS[0].id, at=NOW)
    muted = [
        Preference(server_id=9, kind=PreferenceKind.MUTE, subject=Subject.WORD, value=value)
        for value in ("gans", "surveys")
    ]
    await teach.prefer(SERVER, PreferenceKind.FOLLOW, Subject.TOPIC, "naive bayes")

    with pytest.raises(
        InputError, match="can follow and mute up to 2 names and words, and this would make 3"
    ):
        await teach.take(SERVER, exported([], [seed], muted, NOW).text)

    assert [one.value for one in await teach.preferences(SERVER)] == ["naive bayes"]
    assert (await tastes.of(SUBSCRIPTION)).opinions == {}
    await teach.take(SERVER, exported([], [], muted[:1], NOW).text)
    await teach.prefer(SERVER, PreferenceKind.MUTE, Subject.TOPIC, "Naïve Bayes")
    with pytest.raises(InputError, match="Remove some with `/taste forget` first"):
        await teach.prefer(SERVER, PreferenceKind.MUTE, Subject.WORD, "surveys")


async def test_the_latest_word_on_a_topic_counts_in_the_singular_and_in_the_plural(
    database: Database,
) -> None:
    teach, _, _ = teaching(database)
    await teach.prefer(SERVER, PreferenceKind.FOLLOW, Subject.TOPIC, "Diffusion models")
    word = await teach.prefer(SERVER, PreferenceKind.MUTE, Subject.WORD, "Diffusion model")

    muted = await teach.prefer(SERVER, PreferenceKind.MUTE, Subject.TOPIC, "diffusion model")

    assert set(await teach.preferences(SERVER)) == {muted, word}  # what is muted as a word stays


@pytest.mark.parametrize(
    ("subject", "one", "other"),
    [
        (Subject.TOPIC, "multi-modal learning", "multimodal learning"),
        (Subject.WORD, "Multi-modal", "multimodal"),
        (Subject.AUTHOR, "Mei-Ling Example", "Meiling Example"),
        (Subject.AUTHOR, "Geoffrey E. Hinton", "Geoffrey Hinton"),
        (Subject.AUTHOR, "Geoffrey Hinton", "Hinton, Geoffrey E."),
    ],
)
async def test_the_latest_word_on_a_name_counts_in_every_spelling_that_finds_the_same_papers(
    database: Database, subject: Subject, one: str, other: str
) -> None:
    teach, _, _ = teaching(database)
    await teach.prefer(SERVER, PreferenceKind.MUTE, subject, one)

    latest = await teach.prefer(SERVER, PreferenceKind.MUTE, subject, other)
    assert await teach.preferences(SERVER) == [latest]

    await teach.forget(SERVER, subject, one)
    assert await teach.preferences(SERVER) == []


async def test_of_two_people_with_different_initials_one_is_muted_and_one_followed(
    database: Database,
) -> None:
    teach, _, _ = teaching(database)

    muted = await teach.prefer(SERVER, PreferenceKind.MUTE, Subject.AUTHOR, "Geoffrey E. Hinton")
    followed = await teach.prefer(SERVER, PreferenceKind.FOLLOW, Subject.AUTHOR, "Geoffrey F. Hinton")

    assert set(await teach.preferences(SERVER)) == {muted, followed}


async def test_quotation_marks_around_a_topic_are_none_of_it(database: Database) -> None:
    teach, _, _ = teaching(database)

    stored = await teach.prefer(SERVER, PreferenceKind.MUTE, Subject.TOPIC, "“Parkinson's disease”")
    assert stored.value == "Parkinson's disease"

    await teach.forget(SERVER, Subject.TOPIC, '"parkinson\'s disease"')
    assert await teach.preferences(SERVER) == []


@pytest.mark.parametrize("words", ["GANs, diffusion", "强化学习、扩散模型", "强化学习，扩散模型"])
@pytest.mark.parametrize("subject", [Subject.TOPIC, Subject.WORD])
async def test_a_list_of_topics_is_refused_as_it_would_be_found_nowhere(
    database: Database, subject: Subject, words: str
) -> None:
    teach, _, _ = teaching(database)

    with pytest.raises(InputError, match=f"Name one {subject} at a time, without commas"):
        await teach.prefer(SERVER, PreferenceKind.MUTE, subject, words)

    lists = Preference(server_id=9, kind=PreferenceKind.MUTE, subject=subject, value=words)
    assert (await teach.take(SERVER, exported([], [], [lists], NOW).text)).preferences == 1
    await teach.forget(SERVER, subject, words)


async def at_once(
    monkeypatch: pytest.MonkeyPatch, query: str, first: Awaitable[object], second: Awaitable[object]
) -> int:
    """Start the second when the first is about to commit, after its query of this name.

    Returns how many had reached that query by then.
    """
    arrived, may_end, came = asyncio.Event(), asyncio.Event(), 0
    saving = getattr(StoredTastes, query)

    async def saved(self: StoredTastes, rows: object) -> None:
        nonlocal came
        came += 1
        await saving(self, rows)
        if not arrived.is_set():
            arrived.set()
            await may_end.wait()

    monkeypatch.setattr(StoredTastes, query, saved)
    one = asyncio.ensure_future(first)
    await arrived.wait()
    other = asyncio.ensure_future(second)
    await asyncio.wait({other}, timeout=0.3)  # long enough for one that does not wait for the first
    came_meanwhile = came
    may_end.set()
    await asyncio.gather(one, other)
    return came_meanwhile


async def test_of_two_admins_words_at_once_the_latest_counts_in_any_spelling(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    teach, _, _ = teaching(database)

    await at_once(
        monkeypatch,
        "save_preferences",
        teach.prefer(SERVER, PreferenceKind.FOLLOW, Subject.TOPIC, "naive bayes"),
        teach.prefer(SERVER, PreferenceKind.MUTE, Subject.TOPIC, "Naive-Bayes"),
    )

    assert [(one.kind, one.value) for one in await teach.preferences(SERVER)] == [
        (PreferenceKind.MUTE, "Naive-Bayes")
    ]


async def test_two_admins_lists_wait_for_each_other(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    teach, tastes, _ = teaching(database)
    one, other = PAPERS[0].id, PAPERS[1].id

    came = await at_once(
        monkeypatch,
        "save_seeds",
        teach.seed(SERVER, f"{one} {other}"),
        teach.seed(SERVER, f"{other} {one}"),
    )

    assert came == 1, "PostgreSQL would end one of two that save the same papers in two orders"
    assert set((await tastes.of(SUBSCRIPTION)).opinions) == {one, other}


async def test_a_long_list_is_read_off_the_event_loop(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers: list[threading.Thread] = []

    def reading(text: str) -> list[Reference]:
        readers.append(threading.current_thread())
        return find_all(text)

    monkeypatch.setattr("bot.taste.teaching.find_all", reading)
    teach, _, _ = teaching(database)

    taught = await teach.seed(SERVER, PAPERS[0].id)

    assert [one.id for one in taught.found] == [PAPERS[0].id]
    assert readers != [threading.current_thread()]


async def test_a_portrait_is_drawn_off_the_event_loop(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    painters: list[threading.Thread] = []

    def painting(*taste: Any) -> Portrait:
        painters.append(threading.current_thread())
        return portrait(*taste)

    monkeypatch.setattr("bot.taste.teaching.portrait", painting)
    teach, _, _ = teaching(database)

    assert (await teach.portrait(SERVER)).people == 0
    assert painters
    assert painters != [threading.current_thread()]


async def test_a_portrait_that_several_ask_for_is_drawn_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Portrait] = []

    def painting(*taste: Any) -> Portrait:
        drawn.append(portrait(*taste))
        return drawn[-1]

    monkeypatch.setattr("bot.taste.teaching.portrait", painting)
    teach, _, _ = teaching(database)

    await asyncio.gather(teach.portrait(SERVER), teach.portrait(SERVER), teach.portrait(SERVER + 1))

    assert len(drawn) == 2


async def test_a_person_who_only_flooded_is_not_counted(database: Database) -> None:
    teach, _, _ = teaching(database)
    flood = [Vote(server_id=SERVER, user_id=1, paper_id=one.id, liked=True, at=NOW) for one in PAPERS[:61]]
    async with database.begin() as tx:
        await tx.papers.save(PAPERS[:62])
        await tx.tastes.save_votes([*flood, replace(flood[0], user_id=2, paper_id=PAPERS[61].id)])

    assert (await teach.portrait(SERVER)).people == 1


@pytest.mark.parametrize("nameless", [r"\SAT", "$$", "\u200b", r"\textbf{}"])
async def test_what_names_nothing_is_neither_followed_nor_muted(database: Database, nameless: str) -> None:
    teach, _, _ = teaching(database)

    with pytest.raises(InputError, match="Name the topic"):
        await teach.prefer(SERVER, PreferenceKind.MUTE, Subject.TOPIC, nameless)
