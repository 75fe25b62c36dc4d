"""How near candidates are to what was liked."""

import tracemalloc

import numpy as np
import pytest

from bot.taste.examples import Example
from bot.taste.features import Vector
from bot.taste.nearness import nearness, neighbourhood, standardised

ONE, OTHER, THIRD = np.eye(3, dtype=np.float32)
BETWEEN = np.array([0.6, 0.8, 0], np.float32)


def example(vector: Vector | None, liking: float = 1.0, weight: float = 1.0) -> Example:
    return Example(paper_id="a", title="x", vector=vector, liking=liking, weight=weight)


def test_nearness_is_to_liked_papers_alone_and_zero_without_a_vector() -> None:
    known = [example(ONE), example(OTHER, -1.0), example(THIRD, 0.0), example(None)]

    near = nearness([ONE, OTHER, THIRD, None], known)

    assert near[0] > near[3] == 0 > near[1] == near[2]
    assert not nearness([ONE, OTHER], known[1:]).any()
    assert not nearness([None, None], known).any()


def test_a_heavier_vote_is_nearer() -> None:
    near = nearness([ONE, OTHER, THIRD], [example(ONE, weight=3.0), example(OTHER)])

    assert near[0] > near[1] > near[2]


def test_the_nearest_liked_paper_counts_a_third_as_much_as_the_mean() -> None:
    near = nearness([ONE, BETWEEN, THIRD], [example(ONE), example(OTHER)])

    mean, nearest = standardised(np.array([0.5, 0.7, 0.0])), standardised(np.array([1.0, 0.8, 0.0]))
    assert near == pytest.approx(standardised(mean + 0.3 * nearest), abs=1e-6)


def test_nearness_is_found_in_little_memory_for_papers_in_any_number() -> None:
    draw = np.random.default_rng(0)
    papers, liked = (list(draw.standard_normal((2000, 3), np.float32)) for _ in range(2))
    tracemalloc.start()

    near = nearness([*papers, None], [example(vector) for vector in liked])

    _, most_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    cosines = np.stack(papers) @ np.stack(liked).T
    assert most_bytes < cosines.nbytes / 2
    mean, nearest = standardised(cosines.mean(axis=1)), standardised(cosines.max(axis=1))
    assert near == pytest.approx([*standardised(mean + 0.3 * nearest), 0], abs=1e-5)


def test_neighbours_that_were_liked_are_weighed_against_all_others() -> None:
    behind = np.stack([ONE, OTHER, THIRD])
    known = [example(None, weight=2.0), example(None, -1.0), example(None, 0.0)]

    found = neighbourhood(np.stack([ONE, OTHER, BETWEEN]), behind, known)

    near, far, least = 0.8, 0.6, 0.0
    liked, others = (np.exp(16 * np.array(cosines)) for cosines in ([1, 0, far], [least, 1, near]))
    expected = np.log(2 * liked) - np.log(others + np.exp(16 * least))
    assert found == pytest.approx(standardised(expected), abs=1e-4)


def test_a_paper_without_a_vector_is_nobodys_neighbour() -> None:
    behind, known = np.stack([ONE, OTHER]), [example(None), example(None, 0.0)]
    nowhere = np.zeros((1, 3), np.float32)
    papers = np.stack([ONE, OTHER, BETWEEN])

    found = neighbourhood(papers, behind, known)

    for liking in (1.0, 0.0):
        beside = neighbourhood(papers, np.vstack([behind, nowhere]), [*known, example(None, liking)])
        assert beside.tolist() == found.tolist()
    assert neighbourhood(nowhere, behind, known).tolist() == [0]
