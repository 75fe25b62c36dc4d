import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.rendering.discord import (
    digest_views,
    paper_view,
    payload,
    summary_views,
    text_view,
)
from bot.rendering.discord_components import Component
from bot.rendering.discord_text import escape, link
from storage.model import Digest, DigestStyle, Statement, VoteCount
from tests.bot.rendering.discord_checks import assert_inert, assert_within_limits, components, texts
from tests.bot.rendering.examples import (
    HOSTILE_TITLE,
    example_digest,
    example_highlight,
    example_paper,
    small_digest,
)
from tests.bot.rendering.strategies import digests

_lenient = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def marker(part: int) -> str:
    return f"-# 42-7-2026-W47-{part}"


@pytest.mark.parametrize("style", DigestStyle)
def test_the_example_keeps_every_limit_and_does_nothing(style: DigestStyle) -> None:
    for rendered in digest_views(example_digest(), style=style, marker=marker):
        assert_within_limits(payload(rendered.view))
        assert_inert(payload(rendered.view))


@_lenient
@given(digests(), st.sampled_from(DigestStyle))
def test_any_digest_keeps_every_limit_and_does_nothing(digest: Digest, style: DigestStyle) -> None:
    rendered = digest_views(digest, style=style, marker=marker)

    for part, each in enumerate(rendered):
        assert_within_limits(payload(each.view))
        assert_inert(payload(each.view))
        assert texts(payload(each.view))[-1] == marker(part)
        assert each.thread_name is None or 1 <= len(each.thread_name) <= 100


@_lenient
@given(digests())
def test_any_summary_keeps_every_limit_and_does_nothing(digest: Digest) -> None:
    for highlight in digest.highlights:
        for view in summary_views(highlight.pick.paper, highlight.summary, can_ask=True, votes=VoteCount()):
            assert_within_limits(payload(view))
            assert_inert(payload(view))


@_lenient
@given(digests(), st.sampled_from(["en", "de"]))
def test_any_answer_is_one_message_that_keeps_every_limit_and_does_nothing(digest: Digest, code: str) -> None:
    for highlight in digest.highlights:
        paper = highlight.pick.paper
        newest = replace(paper, version=paper.version + 1)
        view = paper_view(paper, highlight.summary, newest=newest, code=code, can_ask=True)
        assert_within_limits(payload(view))
        assert_inert(payload(view))


def test_full_has_a_message_for_each_highlight_after_the_head() -> None:
    digest = example_digest()

    views = digest_views(digest, style=DigestStyle.FULL, marker=marker)
    names = [each.thread_name for each in views]

    assert names[0] == "Broadsheet, 16–22 November 2026"
    assert len([name for name in names[1:] if name]) == len(digest.highlights)
    assert names[-1] == "A Scanned Note on Anomalies"
    papers = [highlight.pick.paper.key for highlight in digest.highlights]
    assert [each.paper_key for each in views[-len(papers) :]] == papers
    assert not any(each.paper_key for each in views[: -len(papers)])


def test_a_list_that_is_too_long_goes_on_in_the_next_message() -> None:
    views = digest_views(example_digest(), style=DigestStyle.COMPACT, marker=marker)

    everything = "\n".join(text for each in views for text in texts(payload(each.view)))
    assert not any(each.paper_key for each in views)
    assert re.findall("### Also noted.*", everything) == [
        "### Also noted",
        *["### Also noted (continued)"] * 2,
    ]
    assert everything.count("Compares 14 suites") == 25


def test_compact_has_a_menu_of_the_highlights() -> None:
    digest = example_digest()

    views = digest_views(digest, style=DigestStyle.COMPACT, marker=marker)

    menu, *_ = [each for view in views for each in components(payload(view.view)) if each["type"] == 3]
    assert menu["custom_id"] == Component.OPEN.custom_id(digest.id)
    assert [option["value"] for option in menu["options"]] == [
        each.pick.paper.key for each in digest.highlights
    ]


@pytest.mark.parametrize("style", DigestStyle)
def test_every_paper_can_be_voted_on_by_a_button_or_the_menu(style: DigestStyle) -> None:
    digest = small_digest(highlights=(example_highlight(1), example_highlight(3)))

    views = digest_views(digest, style=style, marker=marker, votes={"2611.90003": VoteCount(up=12, down=3)})

    shown = [each for view in views for each in components(payload(view.view))]
    buttons = {each.get("custom_id"): each["label"] for each in shown if each["type"] == 2}
    (menu,) = [each for each in shown if each.get("custom_id") == Component.VOTE.custom_id(digest.id)]
    in_menu = [option["value"] for option in menu["options"]]
    if style is DigestStyle.FULL:
        assert in_menu == ["2611.90002"]
        assert buttons["broadsheet:up:2611.90001"] == "👍 0"
        assert buttons["broadsheet:up:2611.90003"] == "👍 12"
        assert buttons["broadsheet:down:2611.90003"] == "👎 3"
    else:
        assert in_menu == ["2611.90001", "2611.90003", "2611.90002"]


@pytest.mark.parametrize("style", DigestStyle)
def test_every_paper_of_the_largest_digest_can_be_voted_on(style: DigestStyle) -> None:
    (noted,) = small_digest().noted
    highlights = tuple(example_highlight(number) for number in range(1, 26))
    others = tuple(
        replace(noted, pick=replace(noted.pick, paper=example_paper(number))) for number in range(26, 38)
    )

    views = digest_views(small_digest(highlights=highlights, noted=others), style=style, marker=marker)

    payloads = [payload(view.view) for view in views]
    for body in payloads:
        assert_within_limits(body)
    shown = [each for body in payloads for each in components(body)]
    custom_ids = {str(each["custom_id"]) for each in shown if "custom_id" in each}
    menus = [each for each in shown if each.get("custom_id", "").startswith(Component.VOTE.prefix)]
    in_menus = {option["value"] for menu in menus for option in menu["options"]}
    assert len(menus) == len({menu["custom_id"] for menu in menus})
    assert [menu["placeholder"] for menu in menus] == (
        ["Vote on a paper"]
        if style is DigestStyle.FULL
        else ["Vote on a paper (1–25)", "Vote on a paper (26–37)"]
    )
    for number in range(1, 38):
        paper_id = example_paper(number).id
        assert paper_id in in_menus or Component.UP.custom_id(paper_id) in custom_ids


def test_what_was_picked_to_learn_from_is_marked() -> None:
    (noted,) = small_digest().noted
    explored = replace(noted, pick=replace(noted.pick, exploration=True))

    (head, *_) = digest_views(small_digest(noted=(explored,)), style=DigestStyle.FULL, marker=marker)

    assert ": (exploration) It says one more thing." in "\n".join(texts(payload(head.view)))


def test_compact_takes_25_highlights() -> None:
    digest = small_digest(
        highlights=tuple(example_highlight(number, title="word " * 60) for number in range(25))
    )

    for each in digest_views(digest, style=DigestStyle.COMPACT, marker=marker):
        assert_within_limits(payload(each.view))


def test_a_shortened_highlight_has_a_button_for_the_rest() -> None:
    long = (Statement(text="A rather long sentence about nothing. " * 60),) * 6
    digest = small_digest(highlights=(example_highlight(1), example_highlight(2, summary={"method": long})))

    _, whole, shortened = digest_views(digest, style=DigestStyle.FULL, marker=marker)

    assert "Full summary" not in [each.get("label") for each in components(payload(whole.view))]
    (button,) = [each for each in components(payload(shortened.view)) if each.get("label") == "Full summary"]
    assert button["custom_id"] == Component.FULL.custom_id(f"{digest.id}/2611.90002v1")


def test_a_summary_is_shown_whole() -> None:
    highlight = example_digest().highlights[1]

    shown = "\n".join(
        text
        for view in summary_views(highlight.pick.paper, highlight.summary)
        for text in texts(payload(view))
    )

    assert shown.count("Keys are pruned") == 3 + 6 * 2 + 3
    assert shown.count("> “at") == 5


def test_nothing_can_ping_whatever_it_says() -> None:
    body = payload(text_view("@everyone"))

    assert body == {
        "flags": 32768,
        "components": [{"type": 10, "content": "@\u200beveryone"}],
        "allowed_mentions": {"parse": []},
    }


def test_our_own_markdown_in_a_note_stays() -> None:
    assert texts(payload(text_view("**Paused.** <#7>", markdown=True))) == ["**Paused.** <#7>"]


def test_a_long_note_is_cut() -> None:
    assert_within_limits(payload(text_view("word * " * 5_000)))


def test_an_empty_week_is_said() -> None:
    (head,) = digest_views(small_digest(highlights=(), noted=()), style=DigestStyle.COMPACT, marker=marker)

    assert "No paper was highlighted this week." in "\n".join(texts(payload(head.view)))


def test_an_abstract_has_no_page_links() -> None:
    *_, scanned = digest_views(example_digest(), style=DigestStyle.FULL, marker=marker)

    shown = "\n".join(texts(payload(scanned.view)))
    assert "#page=" not in shown
    assert "abstract only (the PDF is a scan without text)" in shown


@pytest.mark.parametrize(
    ("foreign", "escaped"),
    [
        ("[a](https://b.example)", r"\[a\]\(https\://b.example)"),
        ("on (0, T](2)", r"on (0, T\]\(2)"),
        ("@everyone @Here hit@1", "@\u200beveryone @\u200bHere hit@1"),
        ("<@1> <t:0:R> <:x:4>", r"\<@1> \<t\:0:R> \<\:x:4>"),
        ("# h\n> q\n- l\n1. o\n-# s", "\\# h\n\\> q\n\\- l\n1\\. o\n\\-# s"),
        ("**b** _u_ ~~s~~ ||p|| `c`", r"\*\*b\*\* \_u\_ \~\~s\~\~ \|\|p\|\| \`c\`"),
        ("~64k, 3-5 of C#, a:b", "~64k, 3-5 of C#, a:b"),
        ("\u202egnp.exe\u202c \u2067a", "gnp.exe a"),
    ],
)
def test_foreign_words_are_escaped(foreign: str, escaped: str) -> None:
    assert escape(foreign) == escaped


def test_a_link_of_ours_cannot_be_ended_early() -> None:
    assert link(HOSTILE_TITLE, "https://arxiv.org/abs/1").startswith(
        "[(click)(evil.example) @\u200beveryone \\<@123>"
    )
    assert link("", "https://arxiv.org/abs/1") == "[…](https://arxiv.org/abs/1)"


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("See https://evil.example now", "See evil.example now"),
        ("http:x:////evil.example", "http evil.example"),
        ("http:\u202a//evil.example", "evil.example"),
        ("_https://evil.example", "\\_httpsevil.example"),
    ],
)
def test_the_text_of_a_link_has_no_address(words: str, shown: str) -> None:
    assert link(words, "https://arxiv.org/abs/1") == f"[{shown}](https://arxiv.org/abs/1)"


def test_a_small_digest_is_exactly_this() -> None:
    views = digest_views(small_digest(), style=DigestStyle.FULL, marker=marker)

    golden = Path(__file__).with_name("small_digest.json")
    assert [payload(each.view) for each in views] == json.loads(golden.read_text())
