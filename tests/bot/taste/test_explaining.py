"""Reasons in one line."""

from dataclasses import replace

from bot.taste.explaining import Explanation

EXPLANATION = Explanation(paper_id="2611.00001", place=1, considered=9)


def test_words_are_told_where_no_liked_paper_is_alike() -> None:
    by_words = replace(EXPLANATION, words=("gardens", "seeds"))

    assert by_words.reason == 'its title has words that votes favour: "gardens, seeds"'
    assert replace(by_words, resembles=("Birds",)).reason == 'like "Birds", which was liked'


def test_a_reason_has_three_parts_at_most_what_is_followed_first() -> None:
    full = replace(
        EXPLANATION,
        followed="by Ada, who is followed",
        interests=('matches "seeds"', 'close in meaning to "seeds"'),
        resembles=("Birds",),
    )

    assert full.reason == 'by Ada, who is followed; matches "seeds"; close in meaning to "seeds"'
    assert replace(full, followed=None).reason.endswith('; like "Birds", which was liked')
