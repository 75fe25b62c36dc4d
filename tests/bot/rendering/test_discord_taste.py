"""Reasons and tastes as Discord text."""

from dataclasses import replace

import pytest

from bot.rendering.discord import ballot_view, payload, text_view
from bot.rendering.discord_taste import portrait_text, taught_text, why_text
from bot.taste.explaining import Explanation
from bot.taste.portrait import Portrait
from bot.taste.teaching import MOST_UNKNOWN, Taught
from bot.taste.verdict import Verdict
from storage.model import Preference, PreferenceKind, Subject, VoteCount
from tests.bot.rendering.discord_checks import assert_inert, assert_within_limits
from tests.bot.rendering.examples import HOSTILE_TITLE, example_paper

HOSTILE = example_paper(1, title=HOSTILE_TITLE, authors=(HOSTILE_TITLE,))
EXPLANATION = Explanation(
    paper_id=HOSTILE.id,
    place=3,
    considered=1_812,
    interests=(f'matches "{HOSTILE_TITLE}"',),
    resembles=(HOSTILE_TITLE,),
    unlike=(HOSTILE_TITLE,),
    words=(HOSTILE_TITLE,),
    followed=f"by {HOSTILE_TITLE}, who is followed",
    explores=True,
    repeats=HOSTILE_TITLE,
)
VERDICT = Verdict(
    paper=HOSTILE,
    week="2026-W47",
    obstacle=f'contains the excluded word "{HOSTILE_TITLE}"',
    explanation=EXPLANATION,
    resembled=(HOSTILE,),
    is_ranked_again=True,
    remarks=(HOSTILE_TITLE,),
)
PORTRAIT = Portrait(
    likes=1,
    dislikes=2,
    people=1,
    words=(HOSTILE_TITLE,),
    papers=(HOSTILE,) * 5,
    authors=(HOSTILE_TITLE,),
    categories=("cs.CL",),
    preferences=(
        Preference(server_id=1, kind=PreferenceKind.MUTE, subject=Subject.TOPIC, value=HOSTILE_TITLE),
    ),
)


@pytest.mark.parametrize(
    "text",
    [
        why_text(VERDICT),
        portrait_text(PORTRAIT),
        taught_text(Taught(found=(HOSTILE,) * 200, missing=("2611.00001",) * 20)),
    ],
)
def test_foreign_words_do_nothing_and_fit(text: str) -> None:
    body = payload(text_view(text, markdown=True))

    assert_within_limits(body)
    assert "@everyone" not in text
    assert r"\[" in text or "(click)" in text
    assert "<@123>" not in text.replace(r"\<@123>", "")


def test_of_a_long_list_of_mutes_whole_words_are_shown_and_the_rest_counted() -> None:
    muted = [
        Preference(
            server_id=1, kind=PreferenceKind.MUTE, subject=Subject.WORD, value=f"distillation {number}"
        )
        for number in range(40)
    ]
    (line,) = portrait_text(replace(PORTRAIT, preferences=tuple(muted))).splitlines()[-1:]

    named = line.count("(word)")
    assert line.startswith("**Muted**: distillation 0 (word), ")
    assert line.endswith(f"(word) and {40 - named} more (`/taste export` has them all)")


def test_a_ballot_keeps_every_limit_and_does_nothing() -> None:
    body = payload(ballot_view(HOSTILE, VoteCount(up=1_000, down=1_000)))

    assert_within_limits(body)
    assert_inert(body)


def test_what_became_of_a_paper_is_said_first() -> None:
    highlight = why_text(replace(VERDICT, highlight=2))
    noted = why_text(replace(VERDICT, noted=5))
    neither = why_text(replace(VERDICT, obstacle="withdrawn", explanation=None))

    assert "**Highlight 2** in the digest of 2026-W47." in highlight
    assert "Its rank that week: 3 of 1,812." in highlight
    assert "**Also noted** (no. 5) in the digest of 2026-W47." in noted
    assert "**Not picked** for the digest of 2026-W47: withdrawn." in neither
    assert "Its rank" not in neither


def test_a_paper_that_could_not_be_read_is_said_to_have_been_picked() -> None:
    text = why_text(replace(VERDICT, obstacle=None, explanation=None, failed="The disk is full."))

    assert "**Picked** for the digest of 2026-W47, but it could not be read: The disk is full." in text


def test_only_a_paper_without_a_place_is_told_that_whom_you_follow_did_not_bring_it_in() -> None:
    followed = replace(EXPLANATION, followed="by Ada Lovelace, who is followed", explores=True)
    left_out = why_text(replace(VERDICT, obstacle=None, explanation=followed))
    highlight = why_text(replace(VERDICT, highlight=1, reason=followed.reason, explanation=followed))

    assert "It is by Ada Lovelace, who is followed, but only since then, or there" in left_out
    assert "xploration" not in left_out
    assert "Picked because: by Ada Lovelace, who is followed; exploration: the votes so far" in highlight
    assert "no place left" not in highlight


def test_only_a_paper_without_a_place_is_told_as_which_other_it_says_the_same() -> None:
    repeating = replace(EXPLANATION, followed=None, repeats="Folding $k$-caches")
    left_out = why_text(replace(VERDICT, obstacle=None, explanation=repeating))
    beside = why_text(replace(VERDICT, obstacle=None, explanation=repeating, twin_is_shown=True))
    noted = why_text(replace(VERDICT, obstacle=None, noted=1, reason="like it", explanation=repeating))

    assert "It says nearly the same as Folding k-caches, which came before it; only one" in left_out
    assert "It says nearly the same as Folding k-caches, which is in the digest; only one" in beside
    assert "nearly the same" not in noted


@pytest.mark.parametrize(
    ("followed", "exploring", "words"),
    [
        (2, 1, "but 2 followed papers and an exploration pick from further down came first."),
        (1, 0, "but 1 followed paper from further down came first."),
        (0, 1, "but an exploration pick from further down came first."),
    ],
)
def test_what_took_the_place_of_a_paper_is_said(followed: int, exploring: int, words: str) -> None:
    lost = replace(VERDICT, obstacle=None, lost_to_followed=followed, lost_to_exploration=exploring)

    assert words in why_text(lost)


def test_it_is_said_how_the_rest_of_a_long_list_is_taken() -> None:
    text = taught_text(Taught(found=(), missing=(), known=200, too_many=50))
    one = taught_text(Taught(found=(), missing=(), too_many=1))

    assert "200 papers in the list were there already." in text
    assert "I cannot take more at once: send the list again for the remaining 50." in text
    assert "I cannot take more at once: send the list again for the remaining 1." in one


def test_ids_that_a_spreadsheet_cut_are_told_with_what_to_do() -> None:
    one = taught_text(Taught(found=(), missing=(), cut=("2404.1234",)))
    ten = taught_text(Taught(found=(), missing=(), cut=("2404.1234",) * 10))

    assert "1 entry looks like an id whose last zeros a spreadsheet cut off: 2404.1234. Put" in one
    assert "10 entries look like ids whose last zeros" in ten
    assert "2404.1234 and 2 more. Put the ids into a column formatted as text" in ten


def test_a_list_of_ids_that_arxiv_does_not_know_is_not_asked_for_again_as_it_is() -> None:
    text = taught_text(Taught(found=(), missing=("2609.00001",) * MOST_UNKNOWN, too_many=1_500))

    assert "I did not look up the remaining 1,500: remove what arXiv does not know" in text
    assert "send the list again" not in text


def test_titles_are_told_as_the_digest_shows_them() -> None:
    disliked = replace(EXPLANATION, unlike=(r"Schr\"odinger $k$-means",))

    text = why_text(replace(VERDICT, reason=r'like "$k$-means", which was liked', explanation=disliked))

    assert 'Picked because: like "k-means", which was liked.' in text
    assert "- Schrödinger k-means" in text


@pytest.mark.parametrize("is_ranked_again", [True, False])
def test_of_an_order_that_was_not_made_again_it_is_not_said(*, is_ranked_again: bool) -> None:
    text = why_text(replace(VERDICT, is_ranked_again=is_ranked_again))

    assert ("ranked again" in text) is is_ranked_again


def test_no_interests_are_not_called_unmatched() -> None:
    unmatched = replace(EXPLANATION, interests=())

    assert "**Interests**: none match" in why_text(replace(VERDICT, explanation=unmatched))
    none_set = why_text(replace(VERDICT, explanation=unmatched, has_interests=False))
    assert "**Interests**: none are set" in none_set
