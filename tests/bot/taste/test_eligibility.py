"""What may be picked, and what is left out and why."""

from collections.abc import Callable

import pytest

from bot.taste.eligibility import sifted
from storage.model import Paper

NewPaper = Callable[..., Paper]


@pytest.mark.parametrize(
    ("excluded", "title", "left_out"),
    [
        ("survey", "A Survey of Everything", True),
        ("survey", "Surveying the field", False),
        ("Medical Imaging", "On medical  imaging", True),
        ("medical imaging", "On medical-imaging", True),
        ("medical imaging", "Imaging, medical", False),
        ("C++", "Faster C++ code", True),
        ("LLM", "LLMs everywhere", False),
        ("  ", "Anything", False),
        ("-", "Any-thing", False),
        ("auto-encoder", "Autoencoders", False),
        ("façade", "Facade - a study", True),
        (".*", "Anything", False),
    ],
)
def test_excluded_words_are_whole_words_in_any_case(
    paper: NewPaper, excluded: str, title: str, left_out: bool
) -> None:
    kept, dropped = sifted([paper(title)], excluded_words=[excluded], already_shown=())

    assert bool(dropped) is left_out
    assert bool(kept) is not left_out


def test_an_excluded_word_in_the_abstract_counts_and_is_named(paper: NewPaper) -> None:
    _, [dropped] = sifted(
        [paper("Title", "We survey\nmedical\nimaging.")], excluded_words=["medical imaging"], already_shown=()
    )

    assert dropped.why == 'contains the excluded word "medical imaging"'


def test_a_phrase_does_not_reach_from_title_into_abstract(paper: NewPaper) -> None:
    kept, _ = sifted([paper("Deep", "Learning is fun")], excluded_words=["deep learning"], already_shown=())

    assert len(kept) == 1


def test_a_new_version_is_not_a_new_paper(paper: NewPaper) -> None:
    _, [dropped] = sifted(
        [paper("Old news", id="2611.00042", version=2)], excluded_words=(), already_shown={"2611.00042"}
    )

    assert dropped.was_shown
    assert dropped.why == "already in an earlier digest"


def test_a_cross_listed_paper_appears_once_at_its_newest_version(paper: NewPaper) -> None:
    first = paper("Twice", id="2611.00042")
    second = paper("Twice", id="2611.00042", version=2, published=first.published)

    kept, dropped = sifted([first, second], excluded_words=(), already_shown=())

    assert [paper.version for paper in kept] == [2]
    assert [drop.why for drop in dropped] == ["listed twice"]


def test_a_paper_under_a_new_title_appears_once_at_its_newest_version(paper: NewPaper) -> None:
    first = paper("As it was called", id="2611.00042")
    second = paper("What it is called now", id="2611.00042", version=2, published=first.published)

    kept, dropped = sifted([first, second], excluded_words=(), already_shown=())

    assert kept == [second]
    assert [drop.why for drop in dropped] == ["listed twice"]


def test_a_paper_that_may_not_be_picked_is_told_why_though_its_twin_may(paper: NewPaper) -> None:
    newest, shown = paper("The same"), paper("The same")

    _, [dropped] = sifted([newest, shown], excluded_words=(), already_shown={max(newest.id, shown.id)})

    assert dropped.why == "already in an earlier digest"


def test_titles_without_a_word_are_not_the_same(paper: NewPaper) -> None:
    kept, _ = sifted([paper("?"), paper("!")], excluded_words=(), already_shown=())

    assert len(kept) == 2


def test_nearly_the_same_title_appears_once(paper: NewPaper) -> None:
    newest = paper("Attention Is All You Need!")
    kept, dropped = sifted([paper("attention is all you need"), newest], excluded_words=(), already_shown=())

    assert kept == [newest]
    assert dropped[0].why == f"nearly the same title as {newest.id}"


def test_the_same_words_in_another_order_are_another_title(paper: NewPaper) -> None:
    kept, _ = sifted(
        [paper("From Speech to Text"), paper("Text to Speech")], excluded_words=(), already_shown=()
    )

    assert len(kept) == 2


def test_of_twins_the_most_wanted_stays(paper: NewPaper) -> None:
    newest, liked, loved, other = (paper("The same"), paper("The same"), paper("The same"), paper("Another"))
    degrees = {liked.id: 1, loved.id: 2}

    kept, dropped = sifted(
        [newest, liked, loved, other],
        excluded_words=(),
        already_shown=(),
        wanted=lambda paper: degrees.get(paper.id, 0),
    )

    assert kept == [loved, other]
    assert {drop.why for drop in dropped} == {f"nearly the same title as {loved.id}"}


def test_a_wanted_old_version_does_not_take_the_place_of_the_newest(paper: NewPaper) -> None:
    first = paper("Twice", id="2611.00042")
    second = paper("Twice", id="2611.00042", version=2, published=first.published)

    kept, _ = sifted(
        [first, second], excluded_words=(), already_shown=(), wanted=lambda paper: int(paper.version == 1)
    )

    assert kept == [second]


def test_a_paper_is_as_wanted_as_its_newest_version(paper: NewPaper) -> None:
    first = paper("The same", id="2611.00042")
    second = paper("The same", id="2611.00042", version=2, published=first.published)
    twin = paper("The same")
    wanted = {second.key, twin.key}

    kept, _ = sifted(
        [first, second, twin],
        excluded_words=(),
        already_shown=(),
        wanted=lambda paper: int(paper.key in wanted),
    )

    assert kept == [second]


def test_the_newest_papers_come_first_and_of_one_moment_the_lowest_id(paper: NewPaper) -> None:
    first = paper("One", id="2611.00009")
    second = paper("Two", id="2611.00001", published=first.published)
    older = paper("Three", id="2611.00000")

    kept, _ = sifted([older, first, second], excluded_words=(), already_shown=())

    assert kept == [second, first, older]


def test_papers_that_are_objected_to_are_left_out_with_the_reason(paper: NewPaper) -> None:
    _, [dropped] = sifted(
        [paper("Old keys")],
        excluded_words=(),
        already_shown=(),
        objections=[lambda _: None, lambda _: "dull"],
    )

    assert dropped.why == "dull"


def test_withdrawn_papers_are_left_out(paper: NewPaper) -> None:
    _, [dropped] = sifted([paper("Oops", withdrawn=True)], excluded_words=(), already_shown=())

    assert dropped.why == "withdrawn"


def test_a_paper_that_was_withdrawn_since_it_was_shown_is_left_out_as_withdrawn(paper: NewPaper) -> None:
    withdrawn = paper("Oops", withdrawn=True)

    _, [dropped] = sifted([withdrawn], excluded_words=(), already_shown={withdrawn.id})

    assert (dropped.why, dropped.was_shown) == ("withdrawn", False)


def test_a_withdrawn_paper_does_not_hide_its_twin(paper: NewPaper) -> None:
    withdrawn, twin = paper("The same", withdrawn=True), paper("The same")

    kept, _ = sifted([withdrawn, twin], excluded_words=(), already_shown=())

    assert kept == [twin]
