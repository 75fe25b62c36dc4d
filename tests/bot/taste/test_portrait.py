"""A taste in words."""

from dataclasses import replace
from datetime import timedelta

from bot.taste.portrait import portrait
from bot.taste.taste import Taste
from bot.taste.votes import Opinion
from tests.bot.examples import paper
from tests.databases import NOW

BACKGROUND = [paper(f"2610.{number:05d}", title="We show large models", abstract="") for number in range(100)]


def liked(*titles: str) -> Taste:
    papers = [paper(f"2611.{number:05d}", title=title, abstract="") for number, title in enumerate(titles)]
    return Taste(
        opinions={one.id: Opinion(liking=1.0, weight=1.0, last_cast_at=NOW) for one in papers},
        people=1,
        preferences=(),
        papers={one.id: one for one in papers},
    )


def test_words_stand_as_most_liked_papers_write_them() -> None:
    titles = "Bayes and quantum physics", "Statistics of Bayes networks", "A network of networks in physics"

    drawn = portrait(liked(*titles), BACKGROUND)

    assert set(drawn.words) == {"bayes", "quantum", "physics", "statistics", "networks"}


def test_a_word_of_an_abstract_is_told_if_a_title_has_it_too() -> None:
    taste = liked("Quantum physics", "Tokenizers")
    first, second = taste.papers.values()
    papers = [replace(first, abstract="Solely with tokenizers."), replace(second, abstract="Solely alone.")]

    drawn = portrait(replace(taste, papers={one.id: one for one in papers}), BACKGROUND)

    assert drawn.words == ("tokenizers", "physics", "quantum")


def test_words_that_are_common_in_the_background_are_left_out() -> None:
    drawn = portrait(liked("We show large tokenizers", "Large models show tokenizers"), BACKGROUND)

    assert drawn.words == ("tokenizers",)


def test_without_a_background_no_word_is_called_telling() -> None:
    drawn = portrait(liked("We show large tokenizers"), BACKGROUND[1:])

    assert drawn.words == ()
    assert drawn.likes == 1


def test_words_are_read_from_the_papers_voted_on_last() -> None:
    taste = liked("Quantum physics", *["Tokenizers"] * 2_000)
    old = replace(taste.opinions["2611.00000"], weight=9e9, last_cast_at=NOW - timedelta(days=1))

    drawn = portrait(replace(taste, opinions={**taste.opinions, "2611.00000": old}), BACKGROUND)

    assert drawn.words == ("tokenizers",)
    assert drawn.papers[0].title == "Quantum physics"
    assert drawn.likes == 2_001
