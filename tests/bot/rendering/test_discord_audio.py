"""A recording beside its message."""

from typing import Any

import pytest
from hypothesis import given, settings

from bot.digest.messages import deliveries
from bot.digest.plan import weekly_run_id
from bot.rendering.discord_audio import chapter_line, duration, with_recording
from bot.weeks import parse_week
from storage.model import Audio, Chapter, Digest, DigestStyle
from tests.bot.digest.press import request
from tests.bot.rendering.discord_checks import assert_inert, assert_within_limits, components, texts
from tests.bot.rendering.examples import HOSTILE_TITLE, example_digest, small_digest
from tests.bot.rendering.strategies import digests
from tests.databases import NOW


def audio(*titles: str) -> Audio:
    chapters = tuple(Chapter(title=title, start_seconds=61.5 * number) for number, title in enumerate(titles))
    return Audio(
        digest_id="digest:7:2026-W47", seconds=754, chapters=chapters, voice="hibari", created_at=NOW
    )


def head(digest: Digest, style: DigestStyle = DigestStyle.COMPACT) -> dict[str, Any]:
    wish = request(style=style, run_id=weekly_run_id(7, parse_week("2026-W47")))
    return deliveries(digest, wish, parse_week(digest.week), {})[0].payload


def files(payload: dict[str, Any]) -> list[str]:
    return [component["file"]["url"] for component in components(payload) if component["type"] == 13]


@pytest.mark.parametrize(("seconds", "shown"), [(40, "40 s"), (754, "13 min"), (3723, "62 min")])
def test_lengths_are_shown_roughly(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown


def test_chapters_stand_in_one_line_as_long_as_there_is_room() -> None:
    long = "A Title That Goes On about What It Is About " * 3
    recording = audio("Opening", long, long, "Receipt")

    roomy, tight = chapter_line(recording, 400), chapter_line(recording, 130)

    assert roomy.startswith("-# 🎧 13 min · 0:00 Opening · 1:01 A Title That Goes On")
    assert roomy.endswith("· 3:04 Receipt")
    assert len(tight) <= 130
    assert tight.endswith("· 3:04 Receipt")
    assert chapter_line(recording, 40) == "-# 🎧 13 min"
    assert chapter_line(recording, 5) == ""


def test_a_link_takes_the_files_place() -> None:
    payload = with_recording(
        head(small_digest()), audio("Opening"), file_name=None, link="https://site.example"
    )

    assert "🎧 [Listen](https://site.example), 13 min · 0:00 Opening" in texts(payload)[-2]
    assert files(payload) == []


def test_the_message_keeps_everything_and_its_marker_stays_last() -> None:
    before = head(example_digest(), DigestStyle.FULL)

    after = with_recording(before, audio("Opening", HOSTILE_TITLE), file_name="one.ogg")

    assert [text for text in texts(after) if text in texts(before)] == texts(before)
    assert texts(after)[-1] == texts(before)[-1]
    assert files(after) == ["attachment://one.ogg"]
    assert_inert({"components": after["components"][1:2]})


@settings(max_examples=10)
@given(digests())
def test_no_digest_grows_beyond_discords_limits(digest: Digest) -> None:
    titles = [highlight.pick.paper.title or "x" for highlight in digest.highlights]
    for style in DigestStyle:
        before = head(digest, style)

        after = with_recording(before, audio("Opening", *titles * 6, "Receipt"), file_name="one.ogg")

        assert_within_limits(after)
        assert files(after) == ["attachment://one.ogg"]
        assert [text for text in texts(after) if text in texts(before)] == texts(before)
