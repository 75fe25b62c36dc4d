"""Encodes raw samples as MP3 and Ogg/Opus with an even loudness, chapters and tags.

Loudness follows EBU R128 in two passes: the first measures it, the second applies one gain to the whole and
limits the peaks. (ffmpeg's `loudnorm` takes three times as long for the same result, and pumps audibly where
a limiter has much to do.) Podcast players expect -16 LUFS
(https://podcasters.apple.com/support/893-audio-requirements).
"""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.errors import SpeechError
from bot.progress import UNWATCHED, Progress
from bot.speech import ffmpeg
from bot.speech.narration import Reading

LOUDNESS_LUFS = -16.0
_PEAK_DB = -3.0
"""Before encoding, which adds up to 2 dB; players ask for at most -1 dB."""
_LIMITED_DB = 0.5
"""Added to the gain: half of what the limiter takes off hibari's voice; a calmer one loses none."""
_OVERSAMPLED = 96_000
"""Samples a second, enough to see peaks between the samples too."""
UPLOAD_BYTES = 10 * 2**20
"""The upload limit that holds on every Discord server (https://docs.discord.com/developers/reference#uploading-files)."""
_UPLOAD_SHARE = 0.93
"""The share of it that is planned for, as Opus keeps its rate only roughly and its container needs space."""
_MP3_BITS = 64_000
_OPUS_BITS, _LEAST_OPUS_BITS = 32_000, 12_000
"""Per second: with one voice, more makes no audible difference and less is unpleasant."""
_RATES = (24_000, 48_000)
"""Samples a second that both formats support."""
_INTEGRATED = re.compile(r"Summary:\s+Integrated loudness:\s+I:\s+(-?[\d.]+) LUFS")
"""In the summary at the end of `ebur128`'s output."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags:
    """What a player shows about the recording."""

    title: str
    album: str
    artist: str
    day: date


async def encode(
    reading: Reading, samples: Path, tags: Tags, *, mp3: Path, opus: Path, progress: Progress = UNWATCHED
) -> None:
    """Write both files, with the same chapters.

    Raises:
        SpeechError: ffmpeg is missing, failed or took too long; the files may be partly written.
    """
    timeout_seconds = 60 + reading.seconds
    sound = ("-f", "s16le", "-ar", str(reading.rate), "-ac", "1", "-i", str(samples))
    output = await ffmpeg.run(
        (*sound, "-af", "ebur128=framelog=quiet", "-f", "null", "-"),
        timeout_seconds=timeout_seconds,
        on_progress=_SecondsProgress(progress, "Measuring the loudness", reading.seconds).advance_to,
    )
    chapters = samples.with_suffix(".txt")
    chapters.write_text(metadata(reading, tags), encoding="utf-8")
    rate = _RATES[0] if reading.rate <= _RATES[0] else _RATES[1]
    filters = f"[0:a]{_loudness_filters(output)},aresample={rate},asplit=2[one][two]"
    about = ("-map_metadata", "1", "-map_chapters", "1", "-ac", "1")
    await ffmpeg.run(
        (
            *("-loglevel", "error", *sound, "-f", "ffmetadata", "-i", str(chapters)),
            *("-filter_complex", filters),
            *("-map", "[one]", *about, "-c:a", "libmp3lame", "-b:a", str(_MP3_BITS)),
            *("-id3v2_version", "3", "-f", "mp3", str(mp3)),
            *("-map", "[two]", *about, "-c:a", "libopus", "-b:a", str(opus_bits(reading.seconds))),
            *("-vbr", "constrained", "-application", "voip", "-frame_duration", "60", "-f", "ogg", str(opus)),
        ),
        timeout_seconds=timeout_seconds,
        on_progress=_SecondsProgress(progress, "Encoding", reading.seconds).advance_to,
    )


def opus_bits(seconds: float) -> int:
    """The bits a second at which the file fits Discord's limit, but at least `_LEAST_OPUS_BITS`."""
    fitting = int(UPLOAD_BYTES * _UPLOAD_SHARE * 8 / seconds)
    return max(_LEAST_OPUS_BITS, min(_OPUS_BITS, fitting))


def metadata(reading: Reading, tags: Tags) -> str:
    """Tags and chapters in ffmpeg's metadata format (https://ffmpeg.org/ffmpeg-formats.html#Metadata-2)."""
    named = {"title": tags.title, "album": tags.album, "artist": tags.artist, "date": tags.day.isoformat()}
    lines = [";FFMETADATA1", *(f"{name}={_escaped(value)}" for name, value in named.items()), "genre=Podcast"]
    starts = [_start_milliseconds(chapter.start_seconds) for chapter in reading.chapters]
    ends = [*starts[1:], round(reading.seconds * 1000)]
    for chapter, start, end in zip(reading.chapters, starts, ends, strict=True):
        span = (f"START={start}", f"END={end}")
        lines += ("[CHAPTER]", "TIMEBASE=1/1000", *span, f"title={_escaped(chapter.title)}")
    return "\n".join(lines) + "\n"


class _SecondsProgress:
    """Reports progress in steps of one second."""

    def __init__(self, progress: Progress, stage: str, seconds: float) -> None:
        progress.begin(stage, total=round(seconds))
        self._progress = progress
        self._seconds_done = 0

    def advance_to(self, seconds: float) -> None:
        if seconds >= self._seconds_done + 1:
            self._progress.advance(int(seconds) - self._seconds_done)
            self._seconds_done = int(seconds)


def _loudness_filters(output: str) -> str:
    """The filters that bring the sound to `LOUDNESS_LUFS`, from ffmpeg's measurement."""
    found = _INTEGRATED.search(output)
    if found is None:
        raise SpeechError("The recording's loudness could not be measured.", retryable=False)
    gain = LOUDNESS_LUFS - float(found[1]) + _LIMITED_DB
    limiter = f"alimiter=limit={_PEAK_DB}dB:level=false:attack=5:release=50"
    return f"volume={gain:.2f}dB,aresample={_OVERSAMPLED},{limiter}"


def _escaped(text: str) -> str:
    line = " ".join(text.split())
    return "".join(f"\\{character}" if character in "=;#\\" else character for character in line)


def _start_milliseconds(seconds: float) -> int:
    """The start, or up to half a second earlier, within the pause.

    For Ogg files ffmpeg rounds to whole seconds and appends the milliseconds to them: 5.8 s becomes 6.8 s
    (vorbiscomment.c, `ff_vorbiscomment_write`).
    """
    whole, rest = divmod(round(seconds * 1000), 1000)
    return whole * 1000 + min(rest, 499)
