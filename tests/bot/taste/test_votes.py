"""Many people's votes as one opinion."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.taste.votes import COMPANY, FREE_WEIGHT, MOST_VOTES_AN_HOUR, opinions, without_floods
from storage.model import IMPORTED, Vote

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def vote(person: int, paper: str, *, liked: bool = True, minutes: float = 0) -> Vote:
    at = NOON + timedelta(minutes=minutes)
    return Vote(server_id=7, user_id=person, paper_id=paper, liked=liked, at=at)


def calm(person: int, count: int, *, liked: bool = True, prefix: str = "") -> list[Vote]:
    return [vote(person, f"{prefix}{number}", liked=liked, minutes=number * 10) for number in range(count)]


def test_a_changed_vote_counts_as_it_is_now() -> None:
    found = opinions([vote(1, "a", minutes=5, liked=False), vote(1, "a")])

    assert (found["a"].liking, found["a"].weight) == (-1, 1)
    assert found["a"].last_cast_at == NOON + timedelta(minutes=5)


def test_people_who_disagree_cancel_each_other() -> None:
    found = opinions([vote(1, "a", minutes=3), vote(2, "a", liked=False), vote(3, "b"), vote(4, "b")])

    assert found["a"].liking == 0
    assert found["a"].last_cast_at == NOON + timedelta(minutes=3)
    assert (found["b"].liking, found["b"].weight) == (1, 2)


def test_one_person_weighs_no_more_than_all_others_together() -> None:
    others = [each for person in range(2, 8) for each in calm(person, 5, prefix=f"{person}-")]

    found = opinions([*calm(1, 300, prefix="mine-"), *others])

    mine = sum(opinion.weight for paper, opinion in found.items() if paper.startswith("mine-"))
    assert mine == pytest.approx(30)


def test_among_few_votes_a_person_still_has_twenty() -> None:
    found = opinions([*calm(1, 300, prefix="mine-"), *calm(2, COMPANY, prefix="theirs-")])

    assert sum(opinion.weight for opinion in found.values()) == pytest.approx(FREE_WEIGHT + COMPANY)


def test_the_first_votes_of_others_hold_a_person_back_gradually() -> None:
    mine = [
        sum(
            opinion.weight
            for paper, opinion in opinions(
                [*calm(1, 300, prefix="mine-"), *calm(2, others, prefix="theirs-")]
            ).items()
            if paper.startswith("mine-")
        )
        for others in range(COMPANY + 2)
    ]

    assert mine == pytest.approx([300, 260, 200, 140, 80, 20, 20])


def test_who_is_held_back_weighs_less_on_each_paper_too() -> None:
    mine, theirs = calm(1, 99, prefix="mine-"), calm(2, 9, prefix="theirs-")

    found = opinions([*mine, vote(1, "a"), *theirs, vote(2, "a", liked=False)])

    assert found["a"].weight == pytest.approx(0.2 + 1)
    assert found["a"].liking == pytest.approx((0.2 - 1) / (0.2 + 1))


def test_of_two_votes_of_one_moment_the_like_counts_whichever_came_first() -> None:
    votes = [vote(1, "a"), vote(1, "b"), vote(1, "a", liked=False)]

    assert opinions(votes)["a"].liking == opinions(votes[::-1])["a"].liking == 1


def test_a_file_is_nobodys_company() -> None:
    found = opinions([*calm(1, 300, prefix="mine-"), *calm(IMPORTED, 30, prefix="file-")])

    assert all(found[f"mine-{number}"].weight == 1 for number in range(300))


def test_who_votes_alone_is_not_held_back() -> None:
    assert all(opinion.weight == 1 for opinion in opinions(calm(1, 300)).values())


def test_a_flood_is_ignored_and_calm_votes_of_the_same_person_are_not() -> None:
    flood = [vote(1, f"f{number}", minutes=number / 10) for number in range(MOST_VOTES_AN_HOUR + 1)]
    later = vote(1, "later", minutes=600)

    assert set(opinions([*flood, later])) == {"later"}


def test_a_flood_is_of_more_than_sixty_votes_an_hour() -> None:
    votes = [vote(1, f"f{number}", minutes=number / 2) for number in range(61)]

    assert (len(opinions(votes)), len(opinions(votes[:60]))) == (0, 60)


def test_as_many_votes_as_an_hour_allows_are_no_flood() -> None:
    votes = [vote(1, f"f{number}", minutes=number / 10) for number in range(MOST_VOTES_AN_HOUR)]

    assert len(opinions(votes)) == MOST_VOTES_AN_HOUR


def test_a_flood_is_of_votes_in_one_server_and_the_latest_vote_of_all_counts() -> None:
    votes = [vote(1, f"f{number}", minutes=number / 2) for number in range(60)]
    elsewhere = [
        replace(vote(1, f"f{number}", minutes=number / 2 + 0.1, liked=False), server_id=3)
        for number in range(60)
    ]

    found = opinions([*elsewhere, *votes])

    assert [found[f"f{number}"].liking for number in range(60)] == [-1] * 60


@given(st.lists(st.integers(0, 300), max_size=20))
def test_a_flood_is_all_of_each_hour_with_too_many_votes(minutes: list[int]) -> None:
    votes = [vote(1, f"{number}", minutes=minute) for number, minute in enumerate(minutes)]
    hours = ([minute for minute in minutes if begin <= minute < begin + 60] for begin in minutes)
    flooded = {minute for hour in hours if len(hour) > 3 for minute in hour}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.taste.votes.MOST_VOTES_AN_HOUR", 3)
        calm = opinions(votes)

    assert set(calm) == {f"{number}" for number, minute in enumerate(minutes) if minute not in flooded}


def test_the_votes_of_a_file_come_at_once_and_are_no_flood() -> None:
    votes = [vote(IMPORTED, f"f{number}", liked=False) for number in range(MOST_VOTES_AN_HOUR + 1)]

    assert len(opinions(votes)) == len(votes)
    assert len(without_floods(votes[:3])) == 3


def test_the_votes_of_a_file_weigh_no_more_than_one_persons() -> None:
    votes = [vote(IMPORTED, f"f{number}", liked=False) for number in range(300)]

    found = opinions([*votes, *calm(1, COMPANY, prefix="theirs-")])

    assert sum(opinion.weight for opinion in found.values()) == pytest.approx(FREE_WEIGHT + COMPANY)


VOTES = st.lists(
    st.builds(
        vote,
        st.integers(1, 4),
        st.sampled_from("abcdef"),
        liked=st.booleans(),
        minutes=st.integers(0, 10_000),
    ),
    max_size=60,
)


@given(VOTES, st.randoms(use_true_random=False))
def test_the_order_of_votes_does_not_matter(votes: list[Vote], shuffler: random.Random) -> None:
    shuffled = shuffler.sample(votes, len(votes))

    assert opinions(shuffled) == opinions(votes)


@given(VOTES)
def test_opinions_stay_within_their_bounds(votes: list[Vote]) -> None:
    found = opinions(votes)

    assert set(found) == {vote.paper_id for vote in votes}
    assert all(-1 <= opinion.liking <= 1 and opinion.weight > 0 for opinion in found.values())


def test_no_votes_are_no_opinions() -> None:
    assert opinions([]) == {}
