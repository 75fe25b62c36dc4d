"""What votes teach."""

import random
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.taste import examples as examples_module
from bot.taste import learning
from bot.taste.examples import Example, balanced, remembered
from bot.taste.learning import TasteModel, learn
from bot.taste.nearness import neighbourhood, standardised
from tests.bot.taste.learners import learned_scores

SUBJECTS = ("speech recognition", "graph networks", "protein folding", "mixture of experts", "robot hands")
CANDIDATES = [f"{opening} {subject}" for subject in SUBJECTS for opening in ("On", "Better", "Faster")]


def vector(title: str) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Near to those of the same subject; each title a little apart."""
    rows = np.full(len(SUBJECTS) + len(CANDIDATES), 0.01, np.float32)
    rows[next(at for at, subject in enumerate(SUBJECTS) if subject in title)] = 1
    if title in CANDIDATES:
        rows[len(SUBJECTS) + CANDIDATES.index(title)] = 0.3
    unit: np.ndarray[tuple[int], np.dtype[np.float32]] = rows / np.linalg.norm(rows)
    return unit


def example(subject: str, liking: float, *, number: int = 0, weight: float = 1.0) -> Example:
    title = f"Notes on {subject}"
    return Example(
        paper_id=f"{subject}-{number}", title=title, vector=vector(title), liking=liking, weight=weight
    )


def scores(*known: Example) -> dict[str, float]:
    vectors = [vector(title) for title in CANDIDATES]
    return dict(zip(CANDIDATES, learned_scores(CANDIDATES, vectors, known), strict=True))


def taste(*known: Example) -> TasteModel:
    found = learn(CANDIDATES, [vector(title) for title in CANDIDATES], known)
    assert found is not None
    return found


examples = st.lists(
    st.builds(
        example,
        st.sampled_from(SUBJECTS),
        st.sampled_from([-1.0, 0.0, 1.0]),
        number=st.integers(0, 5),
        weight=st.sampled_from([0.1, 1.0, 3.0]),
    ),
    max_size=12,
    unique_by=lambda one: one.paper_id,
)


@settings(deadline=None, max_examples=40)
@given(examples, st.sampled_from(SUBJECTS))
def test_a_vote_moves_its_neighbours_in_its_direction(known: list[Example], subject: str) -> None:
    vote = example(subject, 1.0, number=99)
    other = replace(example(next(one for one in SUBJECTS if one != subject), 1.0), paper_id="other")

    up = taste(*known, other, vote).liking
    flat = taste(*known, other, replace(vote, liking=0.0)).liking
    down = taste(*known, other, replace(vote, liking=-1.0)).liking

    for row in (row for row, title in enumerate(CANDIDATES) if subject in title):
        assert up[row] > flat[row] > down[row]


@settings(deadline=None, max_examples=40)
@given(examples, st.randoms(use_true_random=False))
def test_the_order_of_votes_does_not_matter(known: list[Example], shuffler: random.Random) -> None:
    assert scores(*shuffler.sample(known, len(known))) == scores(*known)


@settings(deadline=None, max_examples=20)
@given(examples, examples)
def test_two_communities_do_not_influence_each_other(own: list[Example], others: list[Example]) -> None:
    before = scores(*own)

    scores(*others)

    assert scores(*own) == before


def test_the_vectors_of_titles_are_copied_once() -> None:
    titles = [f"{opening} {subject}" for opening in range(100) for subject in SUBJECTS]
    vectors = np.random.default_rng(0).standard_normal((len(titles), 3000), np.float32)
    learn(titles, [None] * len(titles), [example("robot hands", 1.0)], list(vectors))  # imports scikit-learn
    tracemalloc.start()

    learn(titles, [None] * len(titles), [example("robot hands", 1.0)], list(vectors))

    _, most_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most_bytes < 2 * vectors.nbytes


def test_few_votes_and_many_put_liked_subjects_first() -> None:
    passed = [example(subject, 0.0, number=number) for subject in SUBJECTS for number in range(8)]

    for likes in (1, 5, 50):
        liked = [example("graph networks", 1.0, number=1000 + number) for number in range(likes)]
        found = scores(*passed, *liked)
        assert {title for title in CANDIDATES if "graph networks" in title} == set(
            sorted(found, key=lambda title: -found[title])[:3]
        )


def test_a_heavier_vote_moves_more() -> None:
    row = CANDIDATES.index("On robot hands")

    light, heavy = (taste(example("robot hands", 1.0, weight=weight)).liking[row] for weight in (0.1, 3.0))

    assert heavy > light > 0


def test_what_was_voted_for_has_a_lower_variance() -> None:
    known = taste(*(example("robot hands", 1.0, number=number) for number in range(5)))

    near, far = known.variance([CANDIDATES.index("On robot hands"), CANDIDATES.index("On graph networks")])

    assert 0 < near < far <= 5.8


def test_a_heavier_vote_lowers_the_variance_more_and_a_paper_passed_over_does_not() -> None:
    rows = [CANDIDATES.index("On robot hands")]
    vote = example("robot hands", 1.0)
    passed = [example("robot hands", 0.0, number=number) for number in range(1, 9)]

    light, heavy, beside = (
        taste(*known).variance(rows)[0] for known in ([vote], [replace(vote, weight=9.0)], [vote, *passed])
    )

    assert heavy < 0.9 * light
    assert beside == pytest.approx(light, rel=0.1)


def test_while_votes_are_few_plain_similarity_counts_beside_the_regression(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    near, around = (np.linspace(-1, 1, len(CANDIDATES)) ** power for power in (3, 2))
    monkeypatch.setattr(learning, "nearness", lambda *_: near)
    monkeypatch.setattr(learning, "neighbourhood", lambda *_: around)

    few = taste(*(example("robot hands", 1.0, number=number) for number in range(5)))

    regression = standardised(standardised(few.liking) + 0.2 * around)
    assert few.scores == pytest.approx(regression / 3 + near * 2 / 3)


def test_the_contributions_of_the_examples_add_up_to_the_liking_but_for_the_style() -> None:
    titles = [title for title in CANDIDATES if title.startswith("Better")]
    widest = max(map(len, titles))
    titles = [title.ljust(widest, ".") for title in titles]
    known = learn(
        titles,
        [vector(title) for title in titles],
        [example("robot hands", 1.0), example("graph networks", -1.0), example("speech recognition", 0.0)],
    )
    assert known is not None

    of_the_style = [known.liking[row] - known.contributions([row]).sum() for row in range(len(titles))]

    assert of_the_style == pytest.approx([of_the_style[0]] * len(titles), abs=1e-5)
    raised = titles.index("Better robot hands".ljust(widest, "."))
    liked = [one.liking for one in known.examples].index(1.0)
    assert known.contributions([raised])[0, liked] > 0


def test_words_that_votes_made_count_come_first() -> None:
    known = taste(example("robot hands", 1.0), example("graph networks", -1.0))

    words = known.words(CANDIDATES.index("On robot hands"))

    assert {"robot", "hands", "robot hands"} <= {word for word, share in words if share > 0}


def test_words_teach_where_there_are_no_vectors() -> None:
    known = replace(example("robot hands", 1.0), vector=None)

    found = learned_scores(CANDIDATES, [None] * len(CANDIDATES), [known])

    assert "robot hands" in CANDIDATES[int(found.argmax())]


def test_the_length_of_titles_teaches_where_they_share_no_word() -> None:
    short, long = "Ants", "Bricks and mortar of dwellings along seven northern rivers"
    passed = [
        Example(paper_id=f"passed {number}", title=f"{word} seen from far away {word}", vector=None, liking=0)
        for number, word in enumerate(("ferns", "mosses", "lichens", "algae"))
    ]

    for liked, first in (("Owl", short), ("Untold stories of whales under polar ice and snow", long)):
        vote = Example(paper_id="liked", title=liked, vector=None, liking=1.0)
        scores = learned_scores([short, long], [None, None], [*passed, vote])
        assert (short, long)[int(scores.argmax())] == first


def test_the_vectors_of_titles_teach_beside_those_of_abstracts() -> None:
    alike, other = np.array([1, 0], np.float32), np.array([0, 1], np.float32)
    votes = [
        Example(paper_id="a", title="x", vector=None, title_vector=alike, liking=1.0),
        Example(paper_id="b", title="y", vector=None, title_vector=other, liking=0.0),
    ]

    scores = learned_scores(["v", "w", "z"], [None] * 3, votes, [other, alike, None])

    assert scores[1] > scores[2] > scores[0]


@pytest.mark.parametrize("titles", [[], [""], ["。"], ["!", "?"]])
def test_titles_without_words_are_no_error(titles: list[str]) -> None:
    known = Example(paper_id="a", title="!", vector=None, liking=1.0)

    assert np.isfinite(learned_scores(titles, [None] * len(titles), [known])).all()


def test_a_dislike_alone_holds_down_papers_like_it() -> None:
    passed = [example(subject, 0.0, number=number) for subject in SUBJECTS for number in range(8)]

    found = scores(*passed, example("robot hands", -1.0, number=99))

    assert all("robot hands" in title for title in sorted(found, key=lambda title: found[title])[:3])


def test_neighbours_decide_between_papers_that_are_equal_on_the_whole() -> None:
    around = neighbourhood(
        np.array([[1, 0], [0.8, 0.6], [0, 1], [0, 0]], np.float32),
        np.array([[1, 0], [0, 1], [0, 1]], np.float32),
        [example("robot hands", liking) for liking in (1.0, -1.0, 0.0)],
    )

    assert around[0] > around[1] > around[3] == 0 > around[2]


def test_without_votes_nothing_is_learned() -> None:
    vectors = [vector(title) for title in CANDIDATES]

    assert learn(CANDIDATES, vectors, []) is None
    assert learn(CANDIDATES, vectors, [example("robot hands", 0.0)]) is None


def test_votes_are_remembered_before_papers_passed_over_and_new_before_old(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(examples_module, "MOST_EXAMPLES", 3)
    passed = replace(example("robot hands", 0.0), paper_id="passed")
    old, new = (replace(passed, paper_id=f"{age}", liking=1.0, age_days=age) for age in (90.0, 1.0))
    older = replace(old, paper_id="older", liking=-1.0, age_days=91.0)

    assert [one.paper_id for one in remembered([passed, older, old, new])] == ["1.0", "90.0", "older"]


def test_of_one_paper_the_vote_is_remembered() -> None:
    vote = example("robot hands", 1.0)

    assert remembered([replace(vote, liking=0.0), vote]) == [vote]


def test_examples_of_one_day_are_remembered_alike_however_they_came() -> None:
    first = example("robot hands", 1.0)
    alike = [first, replace(first, paper_id="z"), replace(first, weight=2.0), replace(first, liking=-1.0)]

    assert [remembered(order) for order in (alike, alike[::-1])] == [[alike[3], alike[1]]] * 2


def test_weights_count_for_how_much_the_papers_passed_over_weigh() -> None:
    liked = replace(example("robot hands", 1.0), weight=0.5)
    one = example("protein folding", 0.0)
    passed = [replace(one, weight=0.5, paper_id=f"{number}") for number in range(4036)]

    found = balanced([liked, *passed])

    assert found[0] == liked
    assert {each.weight for each in found[1:]} == {
        0.25
    }  # all of them 1,009: a thousand, and 18 for half a like


def test_papers_passed_over_weigh_less_where_they_are_too_many_for_the_likes() -> None:
    liked, disliked = example("robot hands", 1.0), example("robot hands", -1.0, number=1)
    passed = [example("protein folding", 0.0, number=number) for number in range(4072)]

    found = balanced([liked, disliked, *passed])

    assert found[:2] == [liked, disliked]
    assert {one.weight for one in found[2:]} == {0.25}
    assert [one.paper_id for one in found[2:]] == [one.paper_id for one in passed]


def test_a_thousand_papers_passed_over_weigh_in_full() -> None:
    passed = [example("protein folding", 0.0, number=number) for number in range(1000)]

    assert balanced(passed) == passed
