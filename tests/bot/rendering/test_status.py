"""What admins see of their subscription and its deliveries."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.rendering.discord_pages import MESSAGE_LENGTH
from bot.rendering.status import message_link, moment, status_lines, subscription_lines
from bot.weeks import Week
from storage.model import DeliveryState, DigestStyle, Receipt, Shortfall, Subscription, ThreadPolicy
from tests.storage.records import MONDAY, delivery, digest

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
NEXT_WEEK = Week(2026, 48)
NEXT_FRIDAY_NINE_IN_BERLIN = datetime(2026, 11, 27, 8, tzinfo=UTC)
WISH = Subscription(
    server_id=7, channel_id=70, zone="Europe/Berlin", categories=("cs.CL", "cs.LG"), created_at=MONDAY
)


def test_settings_are_told_in_words() -> None:
    wish = replace(
        WISH,
        interests="long contexts",
        excluded_words=("survey", "benchmark"),
        style=DigestStyle.COMPACT,
        threads=ThreadPolicy.DIGEST,
    )

    assert subscription_lines(wish) == [
        "**When**: Friday 09:00, Europe/Berlin",
        "**Categories**: cs.CL, cs.LG",
        "**Interests**: long contexts",
        "**Excluded words**: survey, benchmark",
        "**Format**: 8 highlights, compact, one thread for the digest",
    ]


def test_no_threads_are_promised_for_highlights_without_messages() -> None:
    wish = replace(WISH, style=DigestStyle.COMPACT, threads=ThreadPolicy.EACH)

    assert "no threads (a thread for each highlight needs the style `full`)" in subscription_lines(wish)[-1]
    assert "a thread for each highlight" in subscription_lines(replace(wish, style=DigestStyle.FULL))[-1]


def test_what_is_not_wished_for_is_said_or_left_away() -> None:
    lines = subscription_lines(WISH)

    assert "**Interests**: none, for a broad choice" in lines
    assert not any("Excluded words" in line for line in lines)


def test_what_is_public_says_so() -> None:
    assert subscription_lines(replace(WISH, publication="Our *papers*"))[-1] == (
        r"**Public** on the web as “Our \*papers\*”"
    )
    assert not any("Public" in line for line in subscription_lines(WISH))


def test_words_of_people_are_shown_as_they_wrote_them() -> None:
    lines = subscription_lines(replace(WISH, interests="**bold** [x](https://evil.example) @everyone"))

    (shown,) = [line for line in lines if "Interests" in line]
    assert "**bold**" not in shown.removeprefix("**Interests**")
    assert "[x](" not in shown
    assert "@everyone" not in shown


def test_the_next_run_is_a_moment_that_each_reader_sees_in_their_zone() -> None:
    (first, *_) = status_lines(WISH, None, [], next_week=NEXT_WEEK, now=NOW)

    when = f"<t:{int(NEXT_FRIDAY_NINE_IN_BERLIN.timestamp())}:F>"
    assert first == f"**Next digest**: {when} in <#70>, with the papers of 23–29 November 2026"


@pytest.mark.parametrize(
    ("changes", "is_warned"),
    [
        ({"zone": "Asia/Tokyo", "hour": 14}, True),
        ({"zone": "Asia/Tokyo", "hour": 15}, False),
        ({"zone": "UTC", "weekday": 3, "hour": 7}, True),
        ({"zone": "UTC", "weekday": 3, "hour": 6}, False),
        ({"zone": "Asia/Tokyo", "hour": 14, "paused": True}, False),
    ],
)
def test_a_digest_almost_a_week_after_its_week_is_complete_says_how_to_have_newer_papers(
    changes: dict[str, Any], *, is_warned: bool
) -> None:
    lines = status_lines(replace(WISH, **changes), None, [], next_week=Week(2026, 47), now=MONDAY)

    complete_at = moment(datetime(2026, 11, 20, 6, tzinfo=UTC))
    assert is_warned == (
        f"⚠️ The papers of 16–22 November 2026 are complete on {complete_at}, almost a week before their "
        "digest. A weekday and hour soon after that would bring papers a week newer (`/setup`)." in lines
    )


def test_a_digest_that_is_due_comes_in_a_few_minutes() -> None:
    (first, *_) = status_lines(WISH, None, [], next_week=Week(2026, 47), now=NOW)

    assert first == "**Next digest**: 2026-W47, in a few minutes, in <#70>"


def test_a_pause_is_told_with_the_way_out() -> None:
    (first, *_) = status_lines(replace(WISH, paused=True), None, [], next_week=NEXT_WEEK, now=NOW)

    assert "paused" in first
    assert "/digest resume" in first


def test_without_a_channel_and_a_digest_that_is_said() -> None:
    lines = status_lines(replace(WISH, channel_id=None), None, [], next_week=NEXT_WEEK, now=NOW)

    assert "in no channel" in lines[0]
    assert lines[1] == "**Last digest**: none yet"


def test_how_the_passage_index_stands_is_told() -> None:
    known = status_lines(
        WISH, None, [], next_week=NEXT_WEEK, now=NOW, index="rebuilding, 5 of 10; SQL answers meanwhile"
    )
    none = status_lines(WISH, None, [], next_week=NEXT_WEEK, now=NOW)

    assert "**Passage index**: rebuilding, 5 of 10; SQL answers meanwhile" in known
    assert "**Passage index**: none, passages are found by their words only" in none


def test_the_last_digest_comes_with_its_receipt_and_what_became_of_its_messages() -> None:
    failed = Shortfall(paper_key="2611.00005v1", title="Lost", why="the PDF is broken")
    latest = digest(receipt=Receipt(announced=30, considered=20, read_in_full=7, failed=(failed,)))
    deliveries = [
        delivery(0, state=DeliveryState.SENT, message_id=900),
        delivery(1, state=DeliveryState.SENT, message_id=901),
        delivery(2, state=DeliveryState.FAILED, error="The bot lacks permissions in #papers."),
        delivery(3, state=DeliveryState.FAILED, error="The bot lacks permissions in #papers."),
    ]

    shown = "\n".join(status_lines(WISH, latest, deliveries, next_week=NEXT_WEEK, now=NOW))

    assert f"**Last digest**: 2026-W47, made {moment(MONDAY)}" in shown
    assert "30 announced, 20 considered, 7 read in full" in shown
    assert "the PDF is broken" in shown
    assert "**Messages**: 2 sent, 2 failed" in shown
    assert shown.count("The bot lacks permissions in #papers.") == 1
    assert message_link(deliveries[0]) in shown


@pytest.mark.parametrize(
    ("missing", "threads"),
    [
        ({"state": DeliveryState.FAILED, "error": "The bot lacks permissions in #papers."}, False),
        ({"state": DeliveryState.SENT, "message_id": 901, "thread_name": "About a paper"}, True),
    ],
    ids=["message", "thread"],
)
def test_what_does_not_go_on_by_itself_is_told_with_its_way_out(
    missing: dict[str, Any], threads: bool
) -> None:
    deliveries = [delivery(0, state=DeliveryState.SENT, message_id=900), delivery(1, **missing)]

    told = status_lines(WISH, digest(), deliveries, next_week=NEXT_WEEK, now=NOW)
    when_it_is_older = status_lines(
        WISH, digest(), deliveries, next_week=NEXT_WEEK, now=NOW + timedelta(days=7)
    )

    assert ("**Threads**: 1 missing" in told) == threads
    assert any("`/digest now`" in line for line in told)
    assert not any("`/digest now`" in line for line in when_it_is_older)


@pytest.mark.parametrize("week", ["2026-W46", "2026-W47"])
def test_what_can_be_tried_again_is_told_though_a_later_week_is_complete(week: str) -> None:
    refused = delivery(state=DeliveryState.FAILED, error="The bot lacks permissions in #papers.")
    deliveries = [refused if week == "2026-W47" else delivery(state=DeliveryState.SENT, message_id=900)]

    told = status_lines(
        *(WISH, digest(), deliveries),
        next_week=NEXT_WEEK,
        now=NOW + timedelta(days=7),
        to_retry=week,
    )

    (way_out,) = [line for line in told if "`/digest now`" in line]
    assert ("2026-W46" in way_out) == (week == "2026-W46")


def test_a_digest_that_stands_needs_no_way_out() -> None:
    has_thread = {"thread_name": "About a paper", "thread_id": 900}
    deliveries = [delivery(0, state=DeliveryState.SENT, message_id=900, **has_thread)]

    told = status_lines(WISH, digest(), deliveries, next_week=NEXT_WEEK, now=NOW)

    assert not any("`/digest now`" in line or "**Threads**" in line for line in told)


def test_however_much_went_wrong_its_consequences_are_told() -> None:
    short = tuple(
        Shortfall(paper_key=f"2611.{number:05}v1", title="A long title " * 20, why="arXiv broke off")
        for number in range(25)
    )
    receipt = Receipt(announced=30, considered=30, read_in_full=5, abstract_only=short, failed=short)
    latest = digest(receipt=receipt)
    deliveries = [
        delivery(part, state=DeliveryState.FAILED, message_id=900 + part, error=f"{part}: " + "no " * 200)
        for part in range(30)
    ]
    wish = replace(WISH, interests="*" * 1_000, excluded_words=("_" * 1_000,))

    lines = status_lines(
        wish, latest, deliveries, next_week=NEXT_WEEK, now=NOW, recording="The voice failed. " * 100
    )

    fitting = "\n".join(lines)[: MESSAGE_LENGTH - 1]
    assert "**Messages**: 30 failed" in fitting
    assert "-# 0: no no" in fitting
    assert "-# and 20 more" in fitting
    assert message_link(deliveries[0]) in fitting
    assert "**Recording**: The voice failed." in fitting


def test_a_receipt_is_told_in_ten_short_lines_and_how_many_more_there_are() -> None:
    short = tuple(
        Shortfall(paper_key=f"2611.{number:05}v1", title="A *long* title " * 20, why="arXiv broke off")
        for number in range(25)
    )
    latest = digest(receipt=Receipt(announced=30, considered=30, read_in_full=5, abstract_only=short))

    lines = status_lines(WISH, latest, [], next_week=NEXT_WEEK, now=NOW)

    receipt = lines[lines.index("**Receipt**") + 1 :]
    assert len(receipt) == 11
    assert receipt[0].startswith("-# 30 announced, 30 considered")
    assert all("arXiv broke off" in line for line in receipt[1:10])
    assert receipt[-1] == "-# and 16 more"
    assert max(map(len, receipt)) <= 203


def test_a_message_link_opens_the_message() -> None:
    sent = delivery(0, channel_id=70, message_id=900)

    assert message_link(sent) == "https://discord.com/channels/7/70/900"
