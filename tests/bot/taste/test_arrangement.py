"""Who gets a place in the digest."""

import numpy as np
import numpy.typing as npt
import pytest

from bot.taste.arrangement import Arrangement, arranged

Vector = npt.NDArray[np.float32]


def apart(count: int) -> list[Vector | None]:
    return list(np.eye(count, dtype=np.float32))


def places(
    *,
    count: int = 10,
    shown: int = 4,
    followed: dict[int, str] | None = None,
    vectors: list[Vector | None] | None = None,
    variances: dict[int, float] | None = None,
) -> Arrangement:
    return arranged(
        range(count),
        places=shown,
        followed=followed or {},
        vectors=vectors or apart(count),
        variance=None
        if variances is None
        else lambda rows: np.array([variances.get(row, 0.0) for row in rows]),
    )


def test_without_votes_the_best_have_the_places() -> None:
    assert places() == Arrangement(rows=list(range(10)), explores=None)


def test_the_last_place_explores_what_the_votes_say_least_about() -> None:
    found = places(variances={0: 9, 6: 2, 8: 1})

    assert found.rows == [0, 1, 2, 6, 3, 4, 5, 7, 8, 9]
    assert found.explores == 6


@pytest.mark.parametrize("vectors", [apart(10), [None] * 10], ids=["vectors", "no vectors"])
def test_what_is_followed_is_shown_where_its_score_puts_it(vectors: list[Vector | None]) -> None:
    found = places(followed={9: "by her", 1: "by him"}, vectors=vectors)

    assert found.rows[:4] == [0, 1, 2, 9]


def test_what_is_followed_takes_the_place_of_exploration_at_last() -> None:
    found = places(followed=dict.fromkeys((9, 8, 7, 6, 5), "on it"), variances={4: 9})

    assert found.rows[:4] == [6, 7, 8, 9]
    assert found.explores is None


def test_of_near_duplicates_only_the_better_has_a_place() -> None:
    vectors = apart(10)
    vectors[1] = vectors[0]

    found = places(vectors=vectors)

    assert found.rows == [0, 2, 3, 4, 1, 5, 6, 7, 8, 9]
    assert found.repeats == {1: 0}


def test_behind_the_places_too_the_second_of_two_near_duplicates_is_known() -> None:
    vectors = apart(10)
    vectors[8] = vectors[6]

    assert places(vectors=vectors).repeats == {8: 6}


def test_near_duplicates_are_looked_for_among_the_first_sixty_papers_only() -> None:
    vectors = apart(62)
    vectors[59] = vectors[60] = vectors[61] = vectors[6]

    assert places(count=62, vectors=vectors).repeats == {59: 6}


def test_a_near_duplicate_is_not_explored() -> None:
    vectors = apart(10)
    vectors[6] = vectors[0]

    assert places(vectors=vectors, variances={6: 9, 7: 1}).explores == 7


@pytest.mark.parametrize(("cosine", "repeats"), [(0.94, {}), (0.96, {1: 0})])
def test_only_what_says_the_same_is_a_near_duplicate(cosine: float, repeats: dict[int, int]) -> None:
    vectors = apart(10)
    near = np.zeros(10, np.float32)
    near[:2] = cosine, np.sqrt(1 - cosine**2)
    vectors[1] = near

    assert places(vectors=vectors).repeats == repeats


def test_where_only_near_duplicates_are_left_nothing_is_explored() -> None:
    vectors = apart(10)
    vectors[3:] = [vectors[0]] * 7

    found = places(vectors=vectors, variances={6: 9})

    assert found.rows == list(range(10))
    assert found.explores is None


def test_what_is_hopeless_is_not_explored() -> None:
    assert places(count=200, variances={150: 9, 50: 1}).explores == 50


def test_papers_without_vectors_are_no_duplicates() -> None:
    assert places(vectors=[None] * 10).rows == list(range(10))
    assert places(vectors=[*apart(10)[:9], None], shown=10).rows == list(range(10))


def test_a_short_week_needs_no_exploration() -> None:
    assert places(count=3, variances={2: 1}).explores is None
    assert places(count=4, variances={3: 1}).explores is None
    assert places(count=3, shown=2, variances={2: 1}).explores == 2


def test_the_only_place_is_the_best_papers() -> None:
    found = places(shown=1, variances={6: 9})

    assert found.rows[0] == 0
    assert found.explores is None
