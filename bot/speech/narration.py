"""Speaks a script into one file of raw samples, so that an hour of sound is never in memory."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from bot.errors import SpeechError
from bot.progress import UNWATCHED, Progress
from bot.speech.mixing import CHAPTER_PAUSE_SECONDS, PAUSE_SECONDS, prepared
from bot.speech.port import Utterance, Voice
from bot.speech.script import ScriptChapter
from bot.speech.segments import segments
from storage.model import Chapter


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The file that was written: mono, 16-bit samples in the machine's byte order."""

    rate: int
    """Samples a second."""
    seconds: float
    chapters: tuple[Chapter, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """One segment with its place in the script."""

    segment: str
    chapter: ScriptChapter | None
    """The chapter that starts with this segment, if one does."""
    pause_seconds: float


async def read_aloud(
    chapters: Sequence[ScriptChapter], voice: Voice, path: Path, *, progress: Progress = UNWATCHED
) -> Reading:
    """Speak all chapters into the file.

    Raises:
        SpeechError: the voice failed, or the file could not be written.
    """
    pieces = list(_pieces(chapters, voice.segment_characters))
    progress.begin("Reading aloud", total=len(pieces))
    started: list[Chapter] = []
    rate = written = 0
    try:
        with path.open("wb") as sink:
            async with aclosing(voice.speak([piece.segment for piece in pieces])) as speaking:
                for piece in pieces:
                    utterance = await anext(speaking)
                    rate = _same_rate(rate, utterance)
                    if piece.chapter is not None:
                        started.append(_chapter(piece.chapter, written / rate))
                    written += await asyncio.to_thread(_write, sink, utterance, piece.pause_seconds)
                    progress.advance()
    except OSError as error:
        raise SpeechError(f"The recording could not be written: {error.strerror}.") from error
    return Reading(rate=rate, seconds=written / rate, chapters=tuple(started))


def _pieces(chapters: Sequence[ScriptChapter], most_characters: int) -> Iterator[_Piece]:
    for chapter in chapters:
        parts = segments(chapter.text, most_characters)
        for number, part in enumerate(parts, start=1):
            yield _Piece(
                segment=part,
                chapter=chapter if number == 1 else None,
                pause_seconds=CHAPTER_PAUSE_SECONDS if number == len(parts) else PAUSE_SECONDS,
            )


def _same_rate(rate: int, utterance: Utterance) -> int:
    if rate not in {0, utterance.rate}:
        raise SpeechError("The voice changed its sample rate half-way.")
    return utterance.rate


def _chapter(chapter: ScriptChapter, start_seconds: float) -> Chapter:
    return Chapter(title=chapter.title, start_seconds=round(start_seconds, 3), paper_key=chapter.paper_key)


def _write(sink: BinaryIO, utterance: Utterance, pause_seconds: float) -> int:
    """Write the utterance and the pause; returns the number of samples."""
    samples = prepared(utterance, pause_seconds=pause_seconds)
    sink.write(samples.tobytes())
    return len(samples)
