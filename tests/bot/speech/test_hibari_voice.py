"""The local voice's process."""

import os
import signal
from contextlib import aclosing
from pathlib import Path

import pytest

from bot.errors import SpeechError
from bot.speech.hibari_voice import HibariVoice

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="children are counted in /proc")


def speakers() -> list[int]:
    """The process ids of our children that speak."""
    ours = [path.read_text().split() for path in Path("/proc/self/task").glob("*/children")]
    pids = [int(pid) for pids in ours for pid in pids]
    return [pid for pid in pids if b"bot.speech._hibari" in Path(f"/proc/{pid}/cmdline").read_bytes()]


async def test_its_process_is_gone_when_the_speaking_ends() -> None:
    async with aclosing(HibariVoice().speak(["One.", "Two."])) as speaking:
        async for _ in speaking:
            during = speakers()
            break

    assert len(during) == 1
    assert speakers() == []


async def test_a_word_longer_than_the_voice_takes_at_once_is_read_to_its_end() -> None:
    word = "weedoutlinesofgardensbeforetheyaredrawnandseedsbeforetheyaresown"

    start, whole, title = [each.seconds async for each in HibariVoice().speak([word[:24], word, 5 * word])]

    assert 1.5 * start < whole < title / 2


async def test_a_voice_that_takes_too_long_is_killed() -> None:
    with pytest.raises(SpeechError, match=r"did not answer within 0\.01 s"):
        _ = [utterance async for utterance in HibariVoice(seconds=0.01).speak(["One."])]

    assert speakers() == []


async def test_a_process_that_dies_is_an_error() -> None:
    speaking = HibariVoice().speak(["One.", "Two."])
    await anext(speaking)
    (pid,) = speakers()
    os.kill(pid, signal.SIGKILL)

    with pytest.raises(SpeechError, match="ended early"):
        await anext(speaking)
