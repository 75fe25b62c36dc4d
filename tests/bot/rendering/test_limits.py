import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rendering.discord_text import escape, escaped_length
from bot.rendering.limits import length, shorten, split

_texts = st.one_of(st.text(max_size=400), st.text(alphabet=" \n.aB1é\u0301😀\u200d👩🏽🇩🇪*[", max_size=400))


def test_length_counts_utf_16_units() -> None:
    assert length("a😀é") == 4


@given(_texts, st.integers(2, 60))
def test_a_split_loses_nothing_and_every_part_fits(text: str, limit: int) -> None:
    parts = split(text, limit)

    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(part and length(part) <= limit for part in parts)


@given(_texts, st.integers(4, 60))
def test_a_split_by_escaped_length_fits_once_escaped(text: str, limit: int) -> None:
    parts = split(text, limit, measure=escaped_length)

    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(length(escape(part)) <= limit for part in parts)


@given(_texts, st.integers(0, 60))
def test_a_shortened_text_fits_and_is_whole_or_says_that_it_is_not(text: str, limit: int) -> None:
    shortened = shorten(text, limit)

    assert length(shortened) <= limit
    assert shortened == text.strip() or shortened.endswith("…") or limit == 0


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("one two.\n\nthree four", ["one two.", "three four"]),
        ("One two. Three four", ["One two.", "Three four"]),
        ("one two three four", ["one two three", "four"]),
        ("onetwothreefourfive", ["onetwothreefou", "rfive"]),
    ],
)
def test_a_split_prefers_paragraphs_then_sentences_then_words(text: str, parts: list[str]) -> None:
    assert split(text, 14) == parts


@pytest.mark.parametrize("cluster", ["e\u0301", "👩🏽", "👩\u200d🔬", "🇩🇪"])
def test_a_grapheme_is_not_cut(cluster: str) -> None:
    for limit in range(9, 14):
        for part in split(cluster * 20, limit):
            assert not unicodedata.category(part[0]).startswith("M")
            assert part == cluster * (len(part) // len(cluster))


def test_a_text_is_shortened_at_a_sentence_where_one_ends_late_enough() -> None:
    text = "The first sentence is here. The second one goes on and on."

    assert shorten(text, 40) == "The first sentence is here. …"
    assert shorten(text, 20) == "The first sentence…"


def test_an_abbreviation_or_a_number_ends_no_sentence() -> None:
    assert shorten("About 3.5 points of e.g. accuracy were lost", 30) == "About 3.5 points of e.g.…"
