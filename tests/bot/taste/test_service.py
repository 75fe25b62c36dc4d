"""What storage knows of a taste, and what it does to the order of a week."""

import asyncio
import time
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import AsyncMock

import pytest

from bot.errors import EmbeddingError
from bot.papers.sized_embedder import SizedEmbedder
from bot.taste import service
from bot.taste.ranking import Ranking, rank
from bot.taste.taste import Taste
from storage.database import Database
from storage.model import Paper, Preference, PreferenceKind, Seed, Subject, Subscription, Vote
from tests.bot.digest.press import SUBSCRIPTION, BrokenEmbedder, Press
from tests.bot.examples import paper
from tests.databases import NOW, reads_of_papers
from tests.fakes.clock import StillClock
from tests.fakes.model import FakeEmbedder

WEEK = [paper(f"2611.000{number}", title=f"Cats in gardens, part {number}") for number in range(11, 20)]
ALIKE = paper("2611.00020", title="Folding keys of long contexts, again")
LIKED = paper("2610.00001", title="Folding keys of long contexts", published=NOW - timedelta(days=40))
PEOPLE = range(1, 6)


def votes(server_id: int = SUBSCRIPTION.server_id, **changes: object) -> list[Vote]:
    """One vote of each of five people for the same paper."""
    first = Vote(server_id=server_id, user_id=0, paper_id=LIKED.id, liked=True, at=NOW - timedelta(days=1))
    return [replace(first, user_id=person, **changes) for person in PEOPLE]  # type: ignore[arg-type]


@pytest.fixture
async def press(database: Database) -> Press:
    async with database.begin() as tx:
        await tx.papers.save([LIKED, *WEEK, ALIKE])
    return Press(database, clock=StillClock(NOW))


async def order(press: Press, subscription: Subscription = SUBSCRIPTION, **options: object) -> list[Paper]:
    """The week's papers, the best first."""
    choice = await press.tastes().choose([*WEEK, ALIKE], subscription, places=3, **options)  # type: ignore[arg-type]
    return [pick.paper for pick in choice.ranking.picks]


async def vote(press: Press, cast: list[Vote]) -> None:
    async with press.database.begin() as tx:
        await tx.tastes.save_votes(cast)


async def test_a_liked_paper_lifts_what_is_like_it(press: Press) -> None:
    before = await order(press)
    await vote(press, votes())

    after = await order(press)

    assert before[0] != ALIKE
    assert after[0] == ALIKE


async def test_a_disliked_paper_holds_down_what_is_like_it(press: Press) -> None:
    gardens = paper("2610.00002", title="Cats in gardens", published=LIKED.published)
    async with press.database.begin() as tx:
        await tx.papers.save([gardens])
    await vote(press, [*votes(liked=False), *votes(paper_id=gardens.id)])

    choice = await press.tastes().choose([*WEEK, ALIKE], SUBSCRIPTION, places=3)

    assert min(choice.ranking.picks, key=lambda pick: pick.score).paper == ALIKE


async def test_another_servers_votes_change_nothing(press: Press) -> None:
    before = await order(press)

    await vote(press, votes(server_id=8))

    assert await order(press) == before


async def test_a_person_is_served_by_their_votes_everywhere(press: Press) -> None:
    await vote(press, votes(server_id=0)[:1])
    own = replace(SUBSCRIPTION, server_id=1, admin_id=1)
    other = replace(SUBSCRIPTION, server_id=2, admin_id=2)

    assert (await order(press, own))[0] == ALIKE
    assert (await order(press, other))[0] != ALIKE


async def test_votes_in_direct_messages_change_nothing_on_the_command_line(press: Press) -> None:
    no_server = replace(SUBSCRIPTION, server_id=0)
    before = await order(press, no_server)
    await vote(press, votes(server_id=0))

    assert await order(press, no_server) == before


async def test_votes_from_the_given_moment_on_do_not_count(press: Press) -> None:
    before = await order(press)
    await vote(press, votes())

    assert await order(press, before=NOW - timedelta(days=1)) == before


async def test_papers_that_admins_named_are_liked(press: Press) -> None:
    async with press.database.begin() as tx:
        await tx.tastes.save_seeds(
            [Seed(server_id=SUBSCRIPTION.server_id, paper_id=LIKED.id, at=NOW - timedelta(days=1))]
        )

    assert (await order(press))[0] == ALIKE


async def test_without_the_embedding_model_words_are_learned_from_and_a_remark_says_so(press: Press) -> None:
    press.embedder = BrokenEmbedder()
    await vote(press, votes())

    choice = await press.tastes().choose([*WEEK, ALIKE], SUBSCRIPTION, places=3)

    assert choice.ranking.picks[0].paper == ALIKE
    assert choice.remarks == ("Chosen by words only: The embedding model is missing.",)


@pytest.mark.parametrize("interests", ["", "folding keys; cats"])
async def test_another_model_behind_the_same_name_costs_no_choice(
    press: Press, monkeypatch: pytest.MonkeyPatch, interests: str
) -> None:
    await vote(press, votes())
    subscription = replace(SUBSCRIPTION, interests=interests)
    press.embedder = SizedEmbedder(FakeEmbedder(), press.database)
    await press.tastes().choose(WEEK[:5], subscription, places=3)
    monkeypatch.setattr(FakeEmbedder, "dimensions", 96)

    again = await press.tastes().choose(WEEK[:5], subscription, places=3)
    grown = await press.tastes().choose([*WEEK, ALIKE], subscription, places=3)

    assert (again.remarks, grown.remarks) == ((), ())
    assert grown.ranking.picks[0].paper == ALIKE


async def test_an_embedder_that_fails_is_asked_once_for_a_choice(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    press.embedder = BrokenEmbedder()
    embed = AsyncMock(side_effect=EmbeddingError("The embedding server does not answer."))
    monkeypatch.setattr(press.embedder, "embed", embed)

    choice = await press.tastes().choose(WEEK, replace(SUBSCRIPTION, interests="retrieval"), places=3)

    assert choice.remarks == ("Chosen by words only: The embedding server does not answer.",)
    embed.assert_awaited_once()


async def test_what_is_muted_has_no_place_and_what_is_followed_has_one(press: Press) -> None:
    followed = replace(WEEK[-1], authors=("Zed Followed",))
    async with press.database.begin() as tx:
        for kind, subject, value in (
            (PreferenceKind.MUTE, Subject.WORD, "folding"),
            (PreferenceKind.FOLLOW, Subject.AUTHOR, "Zed Followed"),
        ):
            await tx.tastes.save_preferences(
                [Preference(server_id=SUBSCRIPTION.server_id, kind=kind, subject=subject, value=value)]
            )

    choice = await press.tastes().choose([*WEEK[:-1], followed, ALIKE], SUBSCRIPTION, places=3)

    assert followed in [pick.paper for pick in choice.ranking.picks[:3]]
    assert [dropped.paper for dropped in choice.ranking.dropped] == [ALIKE]


async def test_titles_are_embedded_where_there_are_votes_to_learn_from(press: Press) -> None:
    embedder = FakeEmbedder()
    press.embedder = embedder
    await order(press)
    assert ALIKE.title not in embedder.texts

    await vote(press, votes())
    await order(press)

    assert {ALIKE.title, LIKED.title} <= set(embedder.texts)


async def test_what_nobody_voted_for_before_the_week_was_passed_over(press: Press) -> None:
    earlier = paper("2611.00001", published=WEEK[0].published - timedelta(days=3))
    async with press.database.begin() as tx:
        await tx.papers.save([earlier])
    await vote(press, votes())

    taste = await press.tastes().of(SUBSCRIPTION, week_begins=WEEK[0].published)

    assert taste.passed_over == (earlier,)
    assert set(taste.opinions) == {LIKED.id}
    assert taste.people == len(PEOPLE)


async def test_the_sample_of_papers_passed_over_is_from_all_weeks_and_stays_mostly_the_same(
    press: Press,
) -> None:
    begins = WEEK[0].published
    earlier = [
        paper(f"2609.{number:05}", published=begins - timedelta(days=number)) for number in range(1, 61)
    ]
    async with press.database.begin() as tx:
        await tx.papers.save(earlier)
    await vote(press, votes())

    async def sampled(before: datetime) -> tuple[Paper, ...]:
        taste = await press.tastes().of(SUBSCRIPTION, week_begins=before, most_passed_over=10)
        return taste.passed_over

    drawn, later = await sampled(begins), await sampled(begins - timedelta(days=20))

    assert len(drawn) == 10
    assert list(drawn) == sorted(drawn, key=lambda one: one.published, reverse=True)
    assert drawn[-1].published < begins - timedelta(days=20)
    assert set(later) >= {one for one in drawn if one.published < begins - timedelta(days=20)}


async def test_only_one_ranking_is_made_at_a_time(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    running, most_at_once = 0, 0

    def slow_rank(*args: Any, **options: Any) -> Ranking:
        nonlocal running, most_at_once
        running += 1
        most_at_once = max(most_at_once, running)
        time.sleep(0.05)
        running -= 1
        return rank(*args, **options)

    monkeypatch.setattr(service, "rank", slow_rank)
    tastes = press.tastes()

    await asyncio.gather(*(tastes.choose(WEEK, SUBSCRIPTION, places=3) for _ in range(3)))

    assert most_at_once == 1


async def test_only_a_few_hold_the_papers_of_a_taste_at_a_time(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "_AT_ONCE", 2)
    tastes, held, most_held = press.tastes(), 0, 0
    known = tastes.of

    async def held_of(*args: Any, **options: Any) -> Taste:
        nonlocal held, most_held
        held += 1
        most_held = max(most_held, held)
        return await known(*args, **options)

    def ranked(*args: Any, **options: Any) -> Ranking:
        nonlocal held
        held -= 1
        return rank(*args, **options)

    monkeypatch.setattr(tastes, "of", held_of)
    monkeypatch.setattr(service, "rank", ranked)

    chosen = await asyncio.gather(*(tastes.choose(WEEK, SUBSCRIPTION, places=3) for _ in range(5)))

    assert len(chosen) == 5
    assert most_held == 2


async def test_the_papers_of_a_taste_are_read_in_small_transactions(
    fresh_sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.batches.BATCH_SIZE", 2)
    database = await Database.open(fresh_sqlite_url, clock_now=lambda: NOW)
    press = Press(database, clock=StillClock(NOW))
    async with database.begin() as tx:
        await tx.papers.save([*WEEK, ALIKE])
    await vote(press, [replace(votes()[0], paper_id=one.id) for one in WEEK])
    reads = reads_of_papers(database)

    taste = await press.tastes().of(SUBSCRIPTION, week_begins=NOW)
    await database.close()

    assert taste.papers.keys() == {one.id for one in WEEK}
    assert sum(reads) >= len(WEEK) / 2
    assert max(reads) == 1
