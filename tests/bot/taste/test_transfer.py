"""Tastes as files."""

import json

import pytest

from bot.errors import InputError
from bot.taste.transfer import exported, imported
from storage.model import Example, Preference, PreferenceKind, Subject, Vote
from tests.databases import NOW


def vote(person: int, paper_id: str, *, liked: bool = True) -> Vote:
    return Vote(server_id=7, user_id=person, paper_id=paper_id, liked=liked, at=NOW)


VOTES = [vote(11, "2611.00001"), vote(11, "2611.00002", liked=False), vote(12, "2611.00001")]
EXAMPLES = [Example(server_id=7, paper_id="2611.00003", at=NOW)]
PREFERENCES = [Preference(server_id=7, kind=PreferenceKind.MUTE, subject=Subject.WORD, value="survey")]


def test_people_are_labels_that_only_tell_them_apart() -> None:
    first, second = (json.loads(exported(VOTES, EXAMPLES, PREFERENCES, NOW)) for _ in range(2))

    people = [one["person"] for one in first["votes"]]
    assert people[0] == people[1] != people[2]
    assert not {"11", "12"} & set(people)
    assert people != [one["person"] for one in second["votes"]]


def test_what_most_like_is_liked_and_what_most_dislike_is_not() -> None:
    disputed = [vote(1, "2611.00004"), vote(2, "2611.00004", liked=False)]

    given = imported(exported([*VOTES, *disputed], EXAMPLES, PREFERENCES, NOW))

    assert set(given.liked) == {"2611.00001", "2611.00003"}
    assert given.disliked == ("2611.00002",)
    assert given.preferences == ((PreferenceKind.MUTE, Subject.WORD, "survey"),)


def test_a_thousand_invented_people_have_the_power_of_one() -> None:
    one = imported(exported([vote(1, "2611.00001")], [], [], NOW))
    crowd = imported(exported([vote(person, "2611.00001") for person in range(1000)], [], [], NOW))

    assert crowd == one


def test_a_vote_that_changed_counts_as_it_is_last() -> None:
    data = json.loads(exported([vote(1, "2611.00001")], [], [], NOW))
    later = data["votes"][0] | {"liked": False, "at": "2026-12-01T00:00:00Z"}

    given = imported(json.dumps(data | {"votes": [later, *data["votes"]]}))

    assert (given.liked, given.disliked) == ((), ("2611.00001",))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"format": "something else"}, "format: Input should be 'broadsheet taste'"),
        ({"votes": [{"person": "a"}]}, r"votes\.0\.paper: Field required"),
        ({"surprise": 1}, "surprise: Extra inputs are not permitted"),
        ({"examples": [{"paper": "no paper", "at": NOW.isoformat()}]}, "“no paper” is not an arXiv id"),
        (
            {"preferences": [{"kind": "follow", "subject": "category", "value": "cs.XX"}]},
            "“cs.XX” is not an arXiv category",
        ),
        ({"preferences": [{"kind": "follow", "subject": "word", "value": "x"}]}, "cannot be followed"),
    ],
)
def test_a_wrong_file_is_explained(changes: dict[str, object], words: str) -> None:
    data = json.loads(exported(VOTES, [], [], NOW))

    with pytest.raises(InputError, match=words):
        imported(json.dumps(data | changes))


def test_a_file_of_too_many_papers_is_refused() -> None:
    many = [vote(1, f"2611.{number:05}") for number in range(1, 502)]

    with pytest.raises(InputError, match="more than 500 papers"):
        imported(exported(many, [], [], NOW))
