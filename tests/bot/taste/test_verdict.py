"""What a paper's place went to."""

from dataclasses import replace

import pytest

from bot.taste.explaining import Explanation
from bot.taste.ranking import Ranking
from bot.taste.verdict import told_by, with_order
from storage.model import Digest, Receipt, Shortfall
from tests.storage.records import digest, paper

SHOWN = ("2611.00001", "2611.00002", "2611.00003", "2611.00004")
LEFT_OUT = "2611.00005"
FAILED = Shortfall(paper_key="2611.00009v1", title="Another", why="The disk is full.")


def lost(shown: Digest, places: dict[str, int], *followed: str) -> tuple[int, int]:
    """How many of its places a paper left out lost to what is followed, and to what explores."""
    order = [
        Explanation(paper_id=one, place=place, considered=9, followed="by Ada" if one in followed else None)
        for one, place in places.items()
    ]
    ranking = Ranking(picks=(), dropped=(), explanations={one.paper_id: one for one in order})
    verdict = with_order(told_by(shown, paper(LEFT_OUT)), shown, ranking, showing=[])
    return verdict.lost_to_followed, verdict.lost_to_exploration


def exploring(shown: Digest) -> Digest:
    """The same where the last place explores."""
    *others, last = shown.noted
    return replace(shown, noted=(*others, replace(last, pick=replace(last.pick, exploration=True))))


def ranks(*, left_out: int) -> dict[str, int]:
    """The last two that are shown rank behind all."""
    return dict(zip(SHOWN, (1, 2, 7, 8), strict=True)) | {LEFT_OUT: left_out}


@pytest.mark.parametrize(
    ("followed", "expected"),
    [
        ((), (0, 0)),
        (SHOWN[:1], (0, 0)),  # it ranks before
        (SHOWN[2:3], (1, 0)),
        (SHOWN, (2, 0)),
    ],
)
def test_places_are_lost_to_followed_papers_that_rank_behind(
    followed: tuple[str, ...], expected: tuple[int, int]
) -> None:
    assert lost(digest(noted=SHOWN), ranks(left_out=3), *followed) == expected


def test_a_place_for_exploration_is_lost_to_that_even_if_its_paper_is_followed_since() -> None:
    assert lost(exploring(digest(noted=SHOWN)), ranks(left_out=3), *SHOWN) == (1, 1)


def test_exploration_of_a_paper_that_ranks_before_took_no_place() -> None:
    places = dict(zip(SHOWN, (1, 2, 5, 3), strict=True)) | {LEFT_OUT: 4}

    assert lost(exploring(digest(noted=SHOWN)), places) == (0, 0)


def test_a_paper_that_ranks_behind_all_places_and_failures_lost_none() -> None:
    shown = digest(highlights=SHOWN[:1], noted=SHOWN[1:])
    receipt = Receipt(announced=9, considered=9, read_in_full=1, failed=(FAILED,))

    assert lost(shown, ranks(left_out=4), *SHOWN) == (2, 0)
    assert lost(shown, ranks(left_out=5), *SHOWN) == (0, 0)
    assert lost(replace(shown, receipt=receipt), ranks(left_out=5), *SHOWN) == (2, 0)
    assert lost(replace(shown, receipt=receipt), ranks(left_out=6), *SHOWN) == (0, 0)


def test_unranked_papers_neither_lose_places_nor_take_them() -> None:
    places = ranks(left_out=3)

    assert lost(digest(noted=SHOWN), {one: places[one] for one in SHOWN}, *SHOWN) == (0, 0)
    assert lost(digest(noted=SHOWN), {one: places[one] for one in (*SHOWN[:3], LEFT_OUT)}, *SHOWN) == (1, 0)


@pytest.mark.parametrize(
    ("title", "is_shown"), [(paper().title, True), ("Another title", False), (None, False)]
)
def test_it_is_known_whether_the_digest_shows_a_papers_twin(title: str | None, is_shown: bool) -> None:
    shown = digest(noted=SHOWN)
    own = Explanation(paper_id=LEFT_OUT, place=5, considered=9, repeats=title)
    ranking = Ranking(picks=(), dropped=(), explanations={LEFT_OUT: own})

    verdict = with_order(told_by(shown, paper(LEFT_OUT)), shown, ranking, showing=[])

    assert verdict.twin_is_shown is is_shown
