"""ffmpeg as a child process."""

import pytest

from bot.errors import SpeechError
from bot.speech import ffmpeg

SILENCE = ("-f", "lavfi", "-i", "anullsrc=d=2", "-f", "null", "-")


async def test_its_progress_is_told_and_what_it_printed_is_returned() -> None:
    heard: list[float] = []

    said = await ffmpeg.run(SILENCE, timeout_seconds=60, on_progress=heard.append)

    assert heard[-1] == pytest.approx(2, abs=0.1)
    assert "anullsrc" in said


async def test_it_is_killed_when_its_time_is_over() -> None:
    endless = ("-re", "-f", "lavfi", "-i", "anullsrc", "-f", "null", "-")

    with pytest.raises(SpeechError, match="could not be encoded within"):
        await ffmpeg.run(endless, timeout_seconds=0.5)


async def test_its_failure_is_an_error_without_paths() -> None:
    with pytest.raises(SpeechError, match="could not be encoded; the log") as caught:
        await ffmpeg.run(("-i", "/nowhere/at.all", "-f", "null", "-"), timeout_seconds=60)

    assert "/nowhere" not in str(caught.value)


async def test_a_full_disk_is_named() -> None:
    with pytest.raises(SpeechError, match="the disk is full"):
        await ffmpeg.run(
            ("-f", "lavfi", "-i", "anullsrc=d=100", "-f", "s16le", "/dev/full"), timeout_seconds=60
        )
