"""The order of a week, and its reasons."""

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from bot.taste.examples import Example
from bot.taste.interests import topics
from bot.taste.learning import TasteModel
from bot.taste.preferences import Preferences
from bot.taste.ranking import rank
from storage.model import Paper
from tests.fakes.model import FakeEmbedder

NewPaper = Callable[..., Paper]


@pytest.fixture
def week(paper: NewPaper) -> list[Paper]:
    return [
        paper("Cooking with cats", "Cats cook in kitchens."),
        paper("Better answers", "We study retrieval augmented generation for answers."),
        paper("Retrieval augmented generation, revisited", "We revisit it."),
        paper("A note on gardens", "Gardens and retrieval of seeds."),
        *[paper(f"Filler number {number}", "Nothing to see here.") for number in range(20)],
    ]


def titles(picks: tuple[object, ...]) -> list[str]:
    return [pick.paper.title for pick in picks]  # type: ignore[attr-defined]


def test_words_decide_without_vectors(week: list[Paper]) -> None:
    ranking = rank(week, interests="retrieval augmented generation")

    assert titles(ranking.picks)[:3] == [
        "Retrieval augmented generation, revisited",
        "Better answers",
        "A note on gardens",
    ]
    assert [pick.reason for pick in ranking.picks[:4]] == [
        'matches "retrieval augmented generation" in its title',
        'matches "retrieval augmented generation"',
        'mentions "retrieval"',
        "nothing nearer to the interests was left",
    ]


def test_the_votes_are_compared_with_all_explained_papers_at_once(
    week: list[Paper], monkeypatch: pytest.MonkeyPatch
) -> None:
    contributions, compared = TasteModel.contributions, []

    def counted(taste: TasteModel, rows: Any) -> Any:
        compared.append(rows)
        return contributions(taste, rows)

    monkeypatch.setattr(TasteModel, "contributions", counted)
    liked = Example(paper_id="liked", title="Gardens of seeds", vector=None, liking=1.0)

    ranking = rank(week, interests="", examples=[liked])

    assert ranking.explanations[week[3].id].resembles == ("Gardens of seeds",)
    assert [sorted(rows) for rows in compared] == [list(range(len(week)))]


def test_meaning_finds_what_words_miss(week: list[Paper]) -> None:
    vectors = {paper.id: np.array([0, 1], np.float32) for paper in week}
    vectors[week[0].id] = np.array([1, 0], np.float32)

    ranking = rank(
        week,
        interests="feline cuisine",
        vectors=vectors,
        interest_vectors=np.array([[1, 0]], np.float32),
    )

    assert ranking.picks[0].paper == week[0]
    assert ranking.picks[0].reason == 'close in meaning to "feline cuisine"'


async def test_words_and_meaning_are_told_together(week: list[Paper]) -> None:
    embedder = FakeEmbedder()
    interests = "retrieval augmented generation; cats that cook"
    rows = await embedder.embed([f"{paper.title} {paper.abstract}" for paper in week])

    ranking = rank(
        week,
        interests=interests,
        vectors=dict(zip([paper.id for paper in week], rows, strict=True)),
        interest_vectors=await embedder.embed(topics(interests)),
    )

    assert set(titles(ranking.picks)[:3]) == {paper.title for paper in week[:3]}
    assert ranking.picks[0].reason.startswith("matches ")
    assert "close in meaning to" in ranking.picks[0].reason


def test_a_paper_without_a_vector_counts_as_average(week: list[Paper]) -> None:
    vectors = {paper.id: np.array([0, 1], np.float32) for paper in week[1:]}

    ranking = rank(
        week, interests="cooking", vectors=vectors, interest_vectors=np.array([[1, 0]], np.float32)
    )

    assert ranking.picks[0].paper == week[0]


def test_vectors_of_other_topics_are_refused(week: list[Paper]) -> None:
    with pytest.raises(ValueError, match="topics"):
        rank(
            week,
            interests="one, two",
            vectors={week[0].id: np.array([0, 1], np.float32)},
            interest_vectors=np.array([[1, 0]], np.float32),
        )


def test_without_interests_categories_take_turns(paper: NewPaper) -> None:
    many = [paper(f"Words {number}") for number in range(3)]
    wide = paper("Wide", categories=("cs.CL", "cs.AI", "cs.IR"))
    other = paper("Pictures", categories=("cs.CV",))

    ranking = rank([*many, wide, other], interests="")

    assert titles(ranking.picks) == ["Wide", "Pictures", "Words 0", "Words 1", "Words 2"]
    assert "no interests are set" in ranking.picks[0].reason
    assert "cs.CL, cs.AI, cs.IR" in ranking.picks[0].reason


def test_without_interests_the_largest_categories_begin(paper: NewPaper) -> None:
    wide = paper("Wide", categories=("cs.CV", "cs.AI", "cs.IR"))
    two = [paper(f"Words {number}") for number in range(2)]
    three = [paper(f"Sounds {number}", categories=("eess.AS",)) for number in range(3)]

    ranking = rank([wide, *two, *three], interests="")

    assert titles(ranking.picks) == ["Sounds 0", "Words 0", "Wide", "Sounds 1", "Words 1", "Sounds 2"]


@pytest.mark.parametrize("interests", ["retrieval augmented generation", ""])
def test_the_ranking_does_not_depend_on_the_order_of_the_input(week: list[Paper], interests: str) -> None:
    shuffled = random.Random(7).sample(week, len(week))

    assert rank(shuffled, interests=interests).picks == rank(week, interests=interests).picks


def test_scores_never_rise_down_the_list(week: list[Paper]) -> None:
    scores = [pick.score for pick in rank(week, interests="retrieval, cats").picks]

    assert scores == sorted(scores, reverse=True)


def test_every_paper_is_picked_or_dropped(week: list[Paper]) -> None:
    ranking = rank(week, interests="cats", excluded_words=["gardens"], already_shown={week[0].id})

    assert len(ranking.picks) + len(ranking.dropped) == len(week)
    assert {drop.why for drop in ranking.dropped} == {
        "already in an earlier digest",
        'contains the excluded word "gardens"',
    }


def test_a_week_without_papers_has_no_picks() -> None:
    assert rank([], interests="cats").picks == ()


def liked(title: str, **changes: object) -> Example:
    fields: dict[str, object] = {"paper_id": title, "title": title, "vector": None, "liking": 1.0}
    return Example(**(fields | changes))  # type: ignore[arg-type]


def test_votes_take_over_from_the_interests_as_they_grow(week: list[Paper]) -> None:
    def first_after(votes: int) -> str:
        examples = [liked(f"A note on gardens {number}") for number in range(votes)]
        return rank(week, interests="cooking with cats", examples=examples).picks[0].paper.title

    assert first_after(1) == "Cooking with cats"
    assert first_after(60) == "A note on gardens"


def test_sixty_votes_on_one_paper_do_not_take_over(week: list[Paper]) -> None:
    popular = liked("A note on gardens of another week", weight=60.0)

    assert rank(week, interests="cooking with cats", examples=[popular]).picks[0].paper.title == (
        "Cooking with cats"
    )


def test_twenty_votes_weigh_as_much_as_the_interests(week: list[Paper]) -> None:
    votes = [liked(f"A note on gardens {number}", liking=1 - 2 * (number % 4 == 0)) for number in range(20)]

    def scores(interests: str, *examples: Example) -> dict[str, float]:
        picks = rank(week, interests=interests, examples=examples).picks
        return {pick.paper.id: pick.score for pick in picks}

    by_interests, by_votes, by_both = scores("cats"), scores("", *votes), scores("cats", *votes)

    before = np.array(list(by_interests.values()))
    assert by_both == pytest.approx(
        {
            paper_id: ((own - before.mean()) / before.std() + by_votes[paper_id]) / 2
            for paper_id, own in by_interests.items()
        }
    )


def test_votes_on_titles_alike_rank_by_the_vectors_of_titles(paper: NewPaper) -> None:
    one, other = paper("Birds"), paper("Stones")
    alike, apart = np.array([1, 0], np.float32), np.array([0, 1], np.float32)
    vote = liked("Owls", title_vector=alike)

    for first, second in ((one, other), (other, one)):
        vectors = {first.id: alike, second.id: apart}
        ranking = rank([one, other], interests="", examples=[vote], title_vectors=vectors)
        assert ranking.picks[0].paper == first


def test_a_dislike_alone_leaves_a_broad_choice_broad(paper: NewPaper) -> None:
    week = [paper(f"Words {number}") for number in range(5)]
    week += [paper("Pictures", categories=("cs.CV",)), paper("Wide", categories=("cs.CL", "cs.AI"))]

    ranking = rank(week, interests="", examples=[liked("Wider words", liking=-1.0)])

    assert titles(ranking.picks)[:2] == ["Wide", "Pictures"]
    assert ranking.picks[1].reason == "no interests are set, so this is a broad choice: listed in cs.CV"


def test_votes_alone_rank_a_week(week: list[Paper]) -> None:
    ranking = rank(week, interests="", examples=[liked("Notes on gardens")])

    assert ranking.picks[0].paper.title == "A note on gardens"
    assert ranking.picks[0].reason == 'like "Notes on gardens", which was liked'


def test_where_no_interests_are_set_no_reason_speaks_of_them(week: list[Paper]) -> None:
    def reasons(interests: str) -> str:
        picks = rank(week, interests=interests, examples=[liked("Notes on gardens")]).picks
        return " | ".join(pick.reason for pick in picks)

    assert "nothing nearer to the interests was left" in reasons("gardens")
    assert "interests" not in reasons("")
    assert "nothing that the votes favour was left" in reasons("")


def test_a_reason_has_the_words_of_the_interests_as_they_are_written(paper: NewPaper) -> None:
    week = [paper("Physics of gardens"), paper("Statistics of cats")]

    ranking = rank(week, interests="Nuclear physics; Bayes statistics; genetics")

    assert [pick.reason for pick in ranking.picks] == ['mentions "physics"', 'mentions "statistics"']


@pytest.mark.parametrize("interests", ["retrieval", ""])
def test_a_dislike_holds_down_papers_like_it_when_nobody_liked_any(
    week: list[Paper], paper: NewPaper, interests: str
) -> None:
    both = [paper("Retrieval of seeds"), paper("Retrieval of songs")]

    def order(*examples: Example) -> list[str]:
        picks = rank([*week, *both], interests=interests, examples=examples).picks
        return [title for title in titles(picks) if title.startswith("Retrieval of")]

    assert order() == ["Retrieval of seeds", "Retrieval of songs"]
    disliked = [liked(f"{verb} seeds", liking=-1.0) for verb in ("Keeping", "Buying", "Sorting")]
    assert order(*disliked) == ["Retrieval of songs", "Retrieval of seeds"]


def test_an_explanation_names_what_was_liked_and_disliked_and_the_words(week: list[Paper]) -> None:
    examples = [liked("Notes on gardens"), liked("Filler, a number", liking=-1.0)]

    ranking = rank(week, interests="", examples=examples)

    explanation = ranking.explanations[week[3].id]
    assert (explanation.place, explanation.considered) == (1, len(week))
    assert explanation.resembles == ("Notes on gardens",)
    assert "gardens" in explanation.words
    fillers = [ranking.explanations[paper.id] for paper in week[4:]]
    assert any(found.unlike == ("Filler, a number",) for found in fillers)


def test_what_was_passed_over_is_told_neither_as_liked_nor_as_disliked(week: list[Paper]) -> None:
    passed_over = liked("A note on gardens, once more", liking=0.0)

    def told(liking: float) -> tuple[tuple[str, ...], tuple[str, ...]]:
        vote = liked("Notes on gardens", liking=liking, weight=30.0)
        found = rank(week, interests="", examples=[vote, passed_over]).explanations[week[3].id]
        return found.resembles, found.unlike

    assert told(1.0) == (("Notes on gardens",), ())
    assert told(-1.0) == ((), ("Notes on gardens",))


def test_a_paper_is_not_explained_as_being_like_itself(week: list[Paper]) -> None:
    own, another = liked(week[3].title, paper_id=week[3].id), liked("Notes on gardens")

    ranking = rank(week, interests="", examples=[own, another])

    assert ranking.picks[0].paper == week[3]
    assert ranking.explanations[week[3].id].resembles == ("Notes on gardens",)


def test_words_that_any_title_has_are_told_to_nobody(paper: NewPaper) -> None:
    week = [paper("Seeds for the gardens of all"), *(paper(f"Filler {number}") for number in range(9))]

    ranking = rank(week, interests="", examples=[liked("Gardens for the cats of all")])

    assert ranking.picks[0].paper == week[0]
    assert ranking.explanations[week[0].id].words == ("gardens",)


def test_a_liked_title_is_shown_as_it_is_meant_before_it_is_cut(week: list[Paper]) -> None:
    title = r"Notes on gardens, and on seeds rounded in the $\ell_\infty$ norm"

    ranking = rank(week, interests="", examples=[liked(title)])

    reason = 'like "Notes on gardens, and on seeds rounded in the ℓ_∞ norm", which was liked'
    assert ranking.picks[0].reason == reason


def test_a_near_duplicate_is_told_as_what_it_repeats(week: list[Paper]) -> None:
    vectors = dict(zip((paper.id for paper in week), np.eye(len(week), dtype=np.float32), strict=True))
    vectors[week[1].id] = vectors[week[0].id]

    ranking = rank(week, interests="", vectors=vectors, places=2)

    place = [pick.paper for pick in ranking.picks].index
    assert place(week[0]) < 2 <= place(week[1])
    assert ranking.explanations[week[1].id].repeats == week[0].title
    assert ranking.explanations[week[0].id].repeats is None


def test_one_place_explores_and_says_so(week: list[Paper]) -> None:
    ranking = rank(week, interests="cats", examples=[liked("Notes on gardens")], places=5)

    explored = [found for found in ranking.explanations.values() if found.explores]
    assert [found.paper_id for found in explored] == [ranking.picks[4].paper.id]
    assert "exploration" in ranking.picks[4].reason


@pytest.mark.parametrize("interests", ["cats", ""])
def test_an_empty_profile_is_never_an_error(week: list[Paper], interests: str) -> None:
    ranking = rank(week, interests=interests, examples=(), preferences=Preferences())

    assert len(ranking.picks) == len(week)
