"""Records a digest: spoken, encoded, and put in place completely or not at all."""

import asyncio
import logging
import shutil
import tempfile
from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import Clock
from bot.disk import flush, size_bytes
from bot.errors import SpeechError
from bot.progress import UNWATCHED, Progress
from bot.rendering import wording
from bot.speech.encoding import Tags, encode
from bot.speech.narration import read_aloud
from bot.speech.port import Voice
from bot.speech.script import script
from storage.model import Audio, Digest

log = logging.getLogger(__name__)

SUFFIXES = (".mp3", ".opus")
_SCRATCH = ".being-recorded-"
_DAY_SECONDS = 86_400


async def record(
    digest: Digest,
    voice: Voice,
    *,
    name: str,
    mp3: Path,
    opus: Path,
    clock: Clock,
    progress: Progress = UNWATCHED,
) -> Audio:
    """Read the digest aloud into both files, which are in the same folder; `name` is the newsletter's.

    Raises:
        SpeechError: the voice or ffmpeg failed, or the disk is full; existing files stay.
    """
    try:
        with tempfile.TemporaryDirectory(dir=mp3.parent, prefix=_SCRATCH) as scratch:
            samples, *made = (Path(scratch) / file for file in ("samples", "mp3", "opus"))
            # It computes for up to a second with 25 highlights: too long for the event loop.
            words = await asyncio.to_thread(script, digest, name=name)
            reading = await read_aloud(words, voice, samples, progress=progress)
            tags = Tags(title=wording.headline(digest, name), album=name, artist=name, day=digest.last_day)
            await encode(reading, samples, tags, mp3=made[0], opus=made[1], progress=progress)
            places = dict(zip(made, (mp3, opus), strict=True))
            for one in places:
                await asyncio.to_thread(flush, one)
            file_bytes = {place.suffix: size_bytes(one) for one, place in places.items()}
            for one, place in places.items():
                one.replace(place)
    except OSError as error:
        raise SpeechError(f"The recording could not be written: {error.strerror}.") from error
    return Audio(
        digest_id=digest.id,
        seconds=reading.seconds,
        chapters=reading.chapters,
        voice=voice.name,
        created_at=clock.now(),
        file_bytes=file_bytes,
    )


def delete_leftovers(folder: Path, *, now: datetime) -> None:
    """Delete the temporary files of killed processes, once they are more than a day old."""
    for scratch in folder.glob(f"{_SCRATCH}*"):
        with suppress(OSError):  # another process has deleted it
            if now.timestamp() - scratch.stat().st_mtime > _DAY_SECONDS:
                shutil.rmtree(scratch)


def delete_unknown(folder: Path, known: Collection[str], *, now: datetime) -> None:
    """Delete digests' recordings whose names, without suffix, are unknown, once they are more than a day old.

    They are of servers that were left, and another machine has deleted the digests.
    """
    unknown = [file for file in _recordings(folder, "digest-*") if file.stem not in known]
    _delete(unknown, now=now, older_seconds=_DAY_SECONDS)


def delete_old(folder: Path, *, now: datetime, keep: timedelta) -> None:
    """Delete recordings older than `keep`."""
    _delete(_recordings(folder, "*"), now=now, older_seconds=keep.total_seconds())


def _recordings(folder: Path, name: str) -> list[Path]:
    return [file for suffix in SUFFIXES for file in folder.glob(f"{name}{suffix}")]


def _delete(files: Iterable[Path], *, now: datetime, older_seconds: float) -> None:
    for file in files:
        with suppress(OSError):  # another process has deleted it
            if now.timestamp() - file.stat().st_mtime > older_seconds:
                file.unlink()
                log.info("deleted the recording %s", file.name)
