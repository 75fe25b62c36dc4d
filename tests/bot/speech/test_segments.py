"""Pieces for a voice."""

from hypothesis import given
from hypothesis import strategies as st

from bot.speech.segments import segments

_TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from(["word", "one.", "two,", "three!", "x" * 30, "(a)", "\n"]), max_size=60).map(
        " ".join
    ),
)


def test_a_text_is_cut_at_the_ends_of_sentences() -> None:
    text = "One is here. Two follows, as it does. Three ends it."

    assert segments(text, 40) == ["One is here. Two follows, as it does.", "Three ends it."]


def test_a_long_sentence_is_cut_after_commas_and_then_between_words() -> None:
    text = "Short one. It goes on, and on without any comma until it ends."

    assert segments(text, 20) == [
        "Short one.",
        "It goes on,",
        "and on without any",
        "comma until it ends.",
    ]


@given(_TEXTS, st.integers(1, 60))
def test_the_segments_together_are_the_whole_text(text: str, most_characters: int) -> None:
    pieces = segments(text, most_characters)

    assert all(0 < len(piece) <= most_characters for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


@given(_TEXTS.filter(lambda text: all(len(word) <= 30 for word in text.split())))
def test_a_word_that_fits_is_never_cut(text: str) -> None:
    assert " ".join(segments(text, 30)).split() == text.split()
