"""Examines real audio files with ffmpeg."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg
import numpy as np

from bot.speech.port import Samples

RATE = 24_000


def decoded(path: Path) -> Samples:
    """The file's samples, 24,000 a second."""
    ended = _ffmpeg("-v", "error", "-i", str(path), "-f", "s16le", "-ar", str(RATE), "-ac", "1", "-")
    return np.frombuffer(ended.stdout, np.int16)


def loudness(path: Path) -> tuple[float, float]:
    """Integrated loudness in LUFS and true peak in dBFS, as defined by EBU R128."""
    said = _ffmpeg("-i", str(path), "-af", "ebur128=peak=true", "-f", "null", "-").stderr.decode()
    summary = said[said.rindex("Summary:") :]
    found = re.search(r"I:\s+(-?[\d.]+) LUFS.*Peak:\s+(-?[\d.]+) dBFS", summary, re.DOTALL)
    assert found is not None
    return float(found[1]), float(found[2])


@dataclass(frozen=True, slots=True)
class ReadChapter:
    """A chapter as a player reads it from the file."""

    title: str
    start_seconds: float
    end_seconds: float


def metadata(path: Path) -> str:
    """Tags and chapters in ffmpeg's format."""
    return _ffmpeg("-i", str(path), "-f", "ffmetadata", "-").stdout.decode()


def chapters(path: Path) -> list[ReadChapter]:
    return [
        ReadChapter(title, int(start) / 1000, int(end) / 1000)
        for start, end, title in re.findall(
            r"\[CHAPTER\]\nTIMEBASE=1/1000\nSTART=(\d+)\nEND=(\d+)\ntitle=(.*)", metadata(path)
        )
    ]


def tones(samples: Samples, *, rate: int = RATE) -> list[Samples]:
    """The stretches of sound between pauses of a tenth of a second."""
    heard = np.flatnonzero(np.abs(samples.astype(np.int32)) > 1_000)
    breaks = np.flatnonzero(np.diff(heard) > rate // 10)
    starts, ends = heard[np.r_[0, breaks + 1]], heard[np.r_[breaks, len(heard) - 1]]
    return [samples[start : end + 1] for start, end in zip(starts, ends, strict=True)]


def _ffmpeg(*arguments: str) -> "subprocess.CompletedProcess[bytes]":
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-nostdin", *arguments]
    return subprocess.run(command, check=True, capture_output=True, timeout=60)
