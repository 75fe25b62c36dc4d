"""Real files of a digest read in tones: what a listener and a player get."""

import asyncio
import itertools
import os
import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest

from bot.errors import SpeechError
from bot.speech import recording
from bot.speech.encoding import UPLOAD_BYTES, opus_bits
from bot.speech.recording import delete_leftovers, record
from bot.speech.script import ScriptChapter, script
from bot.speech.segments import segments
from storage.model import Audio, Digest
from tests.bot.rendering.examples import small_digest
from tests.bot.speech import sound
from tests.databases import NOW
from tests.fakes.clock import StillClock
from tests.fakes.progress import HeardProgress
from tests.fakes.speech import ToneVoice, heard_pitch, pitch_of

DIGEST = small_digest()
NAME = "Reading = Group; #1"


async def recorded(folder: Path, voice: ToneVoice, progress: HeardProgress | None = None) -> Audio:
    return await record(
        DIGEST,
        voice,
        name=NAME,
        mp3=folder / "one.mp3",
        opus=folder / "one.opus",
        clock=StillClock(NOW),
        progress=progress or HeardProgress(),
    )


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@dataclass(frozen=True, slots=True)
class Made:
    """One recording that the tests here look at, and how it was made."""

    folder: Path
    audio: Audio
    voice: ToneVoice
    progress: HeardProgress

    @property
    def files(self) -> tuple[Path, Path]:
        return self.folder / "one.mp3", self.folder / "one.opus"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder, voice, progress = tmp_path_factory.mktemp("audio"), ToneVoice(), HeardProgress()
    return Made(folder, asyncio.run(recorded(folder, voice, progress)), voice, progress)


def test_every_segment_is_heard_whole_and_in_its_turn_in_both_files(made: Made) -> None:
    wanted = [part for chapter in script(DIGEST, name=NAME) for part in segments(chapter.text, 200)]
    assert made.voice.said == wanted
    for file in made.files:
        samples = sound.decoded(file)
        tones = sound.tones(samples)
        assert [round(heard_pitch(tone, sound.RATE) / 50) for tone in tones] == [
            round(pitch_of(part) / 50) for part in wanted
        ]
        for tone, part in zip(tones, wanted, strict=True):
            assert len(tone) / sound.RATE == pytest.approx(max(0.2, len(part) / 15), abs=0.05)
        assert len(samples) / sound.RATE == pytest.approx(made.audio.seconds, abs=0.15)


def test_chapters_and_tags_are_read_back_from_both_files(made: Made) -> None:
    titles = [chapter.title for chapter in script(DIGEST, name=NAME)]
    assert [chapter.title for chapter in made.audio.chapters] == titles
    for file in made.files:
        found = sound.chapters(file)
        assert [chapter.title for chapter in found] == titles
        for chapter, kept in zip(found, made.audio.chapters, strict=True):
            # Up to half a second early, inside the pause before it.
            assert -0.6 < chapter.start_seconds - kept.start_seconds < 0.01
        assert all(one.end_seconds == other.start_seconds for one, other in itertools.pairwise(found))
    tags = sound.metadata(made.files[0])
    assert "title=Reading \\= Group\\; \\#1, 16–22 November 2026" in tags
    assert "album=Reading \\= Group\\; \\#1" in tags
    assert "date=2026-11-22" in tags


def test_it_is_as_loud_as_players_expect(made: Made) -> None:
    for file in made.files:
        integrated, peak = sound.loudness(file)
        assert integrated == pytest.approx(-16, abs=1)
        assert peak <= -1


def test_no_step_is_left_between_segments(made: Made) -> None:
    samples = sound.decoded(made.files[0]).astype(np.int32)
    # The steepest that a tone of 2,250 Hz at this loudness can be; a click would be ten times it.
    steepest = np.abs(samples).max() * 2 * np.pi * 2_250 / sound.RATE
    assert np.abs(np.diff(samples)).max() <= 1.1 * steepest
    quiet = np.abs(samples) < 50
    assert np.abs(np.diff(samples))[quiet[:-1] & quiet[1:]].max() < 100


def test_who_watches_sees_reading_measuring_and_encoding(made: Made) -> None:
    assert made.progress.stages == ["Reading aloud", "Measuring the loudness", "Encoding"]
    assert made.progress.steps >= len(made.voice.said) + made.audio.seconds / 2


async def test_a_failing_voice_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "one.mp3").write_bytes(b"from last time")

    with pytest.raises(SpeechError, match="is hoarse"):
        await recorded(tmp_path, ToneVoice(failures=[SpeechError("The voice is hoarse.")]))

    assert names(tmp_path) == ["one.mp3"]
    assert (tmp_path / "one.mp3").read_bytes() == b"from last time"


async def test_what_is_to_be_said_is_put_together_beside_the_event_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = list[int]()

    def noted(digest: Digest, *, name: str) -> tuple[ScriptChapter, ...]:
        threads.append(threading.get_ident())
        return script(digest, name=name)

    monkeypatch.setattr(recording, "script", noted)

    with pytest.raises(SpeechError, match="is hoarse"):
        await recorded(tmp_path, ToneVoice(failures=[SpeechError("The voice is hoarse.")]))

    assert len(threads) == 1
    assert threads != [threading.get_ident()]


@contextmanager
def full_disk(free_bytes: int) -> Iterator[None]:
    """What a limit on files does is what a full disk does, but for the words."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (free_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_full_disk_is_said_and_nothing_is_left(tmp_path: Path) -> None:
    with full_disk(100_000), pytest.raises(SpeechError, match="could not be written"):
        await recorded(tmp_path, ToneVoice())

    assert names(tmp_path) == []


async def test_a_missing_ffmpeg_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> str:
        raise RuntimeError

    monkeypatch.setattr(imageio_ffmpeg, "get_ffmpeg_exe", none)

    with pytest.raises(SpeechError, match="ffmpeg is missing") as caught:
        await recorded(tmp_path, ToneVoice())

    assert not caught.value.retryable


def test_what_a_killed_process_left_is_deleted_after_a_day(tmp_path: Path) -> None:
    for name, hours in (("old", 25), ("new", 1)):
        scratch = tmp_path / f".being-recorded-{name}"
        scratch.mkdir()
        (scratch / "samples").write_bytes(b"half")
        begun = (NOW - timedelta(hours=hours)).timestamp()
        os.utime(scratch, (begun, begun))

    delete_leftovers(tmp_path, now=NOW)

    assert names(tmp_path) == [".being-recorded-new"]


@pytest.mark.parametrize(("minutes", "bits"), [(5, 32_000), (20, 32_000), (60, 21_670), (300, 12_000)])
def test_the_bit_rate_makes_it_fit_as_far_as_speech_bears_it(minutes: int, bits: int) -> None:
    assert opus_bits(60 * minutes) == pytest.approx(bits, rel=0.01)
    assert bits == 12_000 or opus_bits(60 * minutes) * 60 * minutes / 8 < UPLOAD_BYTES
