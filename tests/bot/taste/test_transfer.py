"""Tastes as files."""

import json
import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import InputError
from bot.taste import transfer
from bot.taste.transfer import MOST_BYTES, MOST_PAPERS, MOST_PREFERENCES, MOST_VOTES, exported, imported
from storage.model import Preference, PreferenceKind, Seed, Subject, Vote
from tests.databases import NOW


def vote(person: int, paper_id: str, *, liked: bool = True) -> Vote:
    return Vote(server_id=7, user_id=person, paper_id=paper_id, liked=liked, at=NOW)


VOTES = [vote(11, "2611.00001"), vote(11, "2611.00002", liked=False), vote(12, "2611.00001")]
EXAMPLES = [Seed(server_id=7, paper_id="2611.00003", at=NOW)]
PREFERENCES = [Preference(server_id=7, kind=PreferenceKind.MUTE, subject=Subject.WORD, value="survey")]


def file_of(*taste: Any) -> str:
    return exported(*taste).text


def test_people_are_labels_that_only_tell_them_apart() -> None:
    first, second = (json.loads(file_of(VOTES, EXAMPLES, PREFERENCES, NOW)) for _ in range(2))

    people = [one["person"] for one in first["votes"]]
    assert people[0] == people[1] != people[2]
    assert not {"11", "12"} & set(people)
    assert people != [one["person"] for one in second["votes"]]


def test_what_most_like_is_liked_and_what_most_dislike_is_not() -> None:
    disputed = [vote(1, "2611.00004"), vote(2, "2611.00004", liked=False)]

    given = imported(file_of([*VOTES, *disputed], EXAMPLES, PREFERENCES, NOW))

    assert set(given.liked) == {"2611.00001", "2611.00003"}
    assert given.disliked == ("2611.00002",)
    assert given.preferences == ((PreferenceKind.MUTE, Subject.WORD, "survey"),)


def test_a_seed_counts_where_the_file_has_no_vote_on_it() -> None:
    unvoted, liked, disliked, disputed = (f"2611.0000{number}" for number in range(1, 5))
    seeds = [replace(EXAMPLES[0], paper_id=one) for one in (unvoted, liked, disliked, disputed)]
    votes = [
        vote(1, liked),
        vote(1, disliked, liked=False),
        vote(1, disputed),
        vote(2, disputed, liked=False),
    ]

    given = imported(file_of(votes, seeds, [], NOW))

    assert (set(given.liked), given.disliked) == ({unvoted, liked}, (disliked,))


def test_a_thousand_invented_people_have_the_power_of_one() -> None:
    one = imported(file_of([vote(1, "2611.00001")], [], [], NOW))
    crowd = imported(file_of([vote(person, "2611.00001") for person in range(1000)], [], [], NOW))

    assert crowd == one


def test_a_vote_that_changed_counts_as_it_is_last() -> None:
    data = json.loads(file_of([vote(1, "2611.00001")], [], [], NOW))
    later = data["votes"][0] | {"liked": False, "at": "2026-12-01T00:00:00Z"}

    given = imported(json.dumps(data | {"votes": [later, *data["votes"]]}))

    assert (given.liked, given.disliked) == ((), ("2611.00001",))


FILE_VOTES = st.lists(
    st.fixed_dictionaries(
        {
            "person": st.sampled_from("ab"),
            "paper": st.sampled_from(["2611.00001", "2611.00002v2", "2611.00002"]),
            "liked": st.booleans(),
            "at": st.sampled_from([NOW.isoformat(), "2026-12-01T00:00:00Z"]),
        }
    ),
    max_size=8,
)


@given(FILE_VOTES, st.randoms(use_true_random=False))
def test_the_order_of_votes_in_a_file_does_not_matter(
    votes: list[dict[str, object]], shuffler: random.Random
) -> None:
    def given_by(votes: list[dict[str, object]]) -> tuple[set[str], set[str]]:
        found = imported(json.dumps({"exported_at": NOW.isoformat(), "votes": votes}))
        return set(found.liked), set(found.disliked)

    assert given_by(shuffler.sample(votes, len(votes))) == given_by(votes)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"format": "something else"}, "format: Input should be 'broadsheet taste'"),
        ({"votes": [{"person": "a"}]}, r"votes\.0\.paper: Field required"),
        ({"surprise": 1}, "surprise: Extra inputs are not permitted"),
        (
            {"examples": [{"paper": "no paper", "at": NOW.isoformat()}]},
            "at examples.0.paper: “no paper” is not an arXiv id",
        ),
        (
            {"preferences": [{"kind": "follow", "subject": "category", "value": "cs.XX"}]},
            "at preferences.0.value: “cs.XX” is not an arXiv category",
        ),
        ({"preferences": [{"kind": "follow", "subject": "word", "value": "x"}]}, "cannot be followed"),
        ({"preferences": [{"kind": "mute", "subject": "word", "value": "x" * 101}]}, "100 characters"),
    ],
)
def test_a_wrong_file_is_explained(changes: dict[str, object], words: str) -> None:
    data = json.loads(file_of(VOTES, [], [], NOW))

    with pytest.raises(InputError, match=words):
        imported(json.dumps(data | changes))


def test_what_is_no_file_at_all_is_explained() -> None:
    with pytest.raises(InputError, match="`/taste export`: Input should be an object"):
        imported("[]")


def test_a_file_of_too_many_papers_is_refused() -> None:
    data = json.loads(file_of([vote(1, "2611.00001")], [], [], NOW))
    votes = [data["votes"][0] | {"paper": f"2611.{number:05}"} for number in range(1, MOST_PAPERS + 2)]

    with pytest.raises(InputError, match="more than 5,000 papers"):
        imported(json.dumps(data | {"votes": votes}))


def test_a_large_taste_comes_back_whole() -> None:
    votes = [
        replace(vote(person, f"2611.{number:05}"), at=NOW + timedelta(minutes=number))
        for number in range(1, 701)
        for person in range(1, 31)
    ]
    seeds = [Seed(server_id=7, paper_id=f"2610.{number:05}", at=NOW) for number in range(1, 701)]
    follows = [replace(PREFERENCES[0], value=f"word {number}") for number in range(300)]

    file = exported(votes, seeds, follows, NOW)
    given = imported(file.text)

    assert set(given.liked) == {one.paper_id for one in votes} | {one.paper_id for one in seeds}
    assert [value for _, _, value in given.preferences] == [one.value for one in follows]
    assert file.left_out == 0


OLD_SEED, NEW_SEED, *VOTED = "2610.00001", "2610.00002", *(f"2611.0000{day}" for day in range(1, 5))


@pytest.mark.parametrize(
    ("limit", "most", "liked", "followed", "left_out"),
    [
        ("MOST_PAPERS", 3, {NEW_SEED, *VOTED[2:]}, ["a", "b"], 3),
        ("MOST_VOTES", 2, {OLD_SEED, NEW_SEED, *VOTED[2:]}, ["a", "b"], 3),
        ("MOST_PREFERENCES", 1, {OLD_SEED, NEW_SEED, *VOTED}, ["a"], 1),
    ],
)
def test_of_more_than_a_file_may_hold_the_newest_is_kept(
    monkeypatch: pytest.MonkeyPatch,
    *,
    limit: str,
    most: int,
    liked: set[str],
    followed: list[str],
    left_out: int,
) -> None:
    monkeypatch.setattr(transfer, limit, most)
    by_day = [
        replace(vote(day % 2, paper_id), at=NOW + timedelta(days=day))
        for day, paper_id in enumerate(VOTED, start=1)
    ]
    votes = [*reversed(by_day), vote(9, VOTED[-1])]
    seeds = [
        Seed(server_id=7, paper_id=paper_id, at=NOW + timedelta(days=day))
        for paper_id, day in ((OLD_SEED, 0), (NEW_SEED, 6))
    ]
    follows = [replace(PREFERENCES[0], value=value) for value in ("a", "b")]

    file = exported(votes, seeds, follows, NOW)

    given = imported(file.text)
    assert set(given.liked) == liked
    assert [value for _, _, value in given.preferences] == followed
    assert file.left_out == left_out


def test_the_largest_file_is_one_that_import_reads() -> None:
    moment = NOW.replace(microsecond=123456)
    longest_vote = Vote(server_id=7, user_id=1, paper_id="cond-mat/9901001", liked=False, at=moment)
    longest_seed = Seed(server_id=7, paper_id="cond-mat/9901001", at=moment)
    longest_follow = replace(PREFERENCES[0], kind=PreferenceKind.FOLLOW, value="\U0001f4f0" * 100)

    def added(*taste: Any) -> int:
        return len(file_of(*taste, NOW).encode()) - len(file_of([], [], [], NOW).encode()) + len(",")

    largest = (
        MOST_VOTES * added([longest_vote], [], [])
        + MOST_PAPERS * added([], [longest_seed], [])
        + MOST_PREFERENCES * added([], [], [longest_follow])
    )
    assert largest < MOST_BYTES
