"""A digest recorded: spoken, encoded, and put in place as a whole or not at all."""

import asyncio
import logging
import shutil
import tempfile
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import Clock
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
    """Read the digest aloud into both files, which lie in one folder; `name` is the newsletter's.

    Raises:
        SpeechError: the voice or ffmpeg failed, or the disk is full; files that were there before stay.
    """
    try:
        with tempfile.TemporaryDirectory(dir=mp3.parent, prefix=_SCRATCH) as scratch:
            samples, *made = (Path(scratch) / file for file in ("samples", "mp3", "opus"))
            # Up to a second of computing for 25 highlights: too long for the event loop.
            words = await asyncio.to_thread(script, digest, name=name)
            reading = await read_aloud(words, voice, samples, progress=progress)
            tags = Tags(title=wording.headline(digest, name), album=name, artist=name, day=digest.last_day)
            await encode(reading, samples, tags, mp3=made[0], opus=made[1], progress=progress)
            for one, place in zip(made, (mp3, opus), strict=True):
                one.replace(place)
    except OSError as error:
        raise SpeechError(f"The sound could not be written: {error.strerror}.") from error
    return Audio(
        digest_id=digest.id,
        seconds=reading.seconds,
        chapters=reading.chapters,
        voice=voice.name,
        created_at=clock.now(),
    )


def forget_broken_off(folder: Path, *, now: datetime) -> None:
    """Delete what recordings left behind that a killed process began at least a day ago."""
    for scratch in folder.glob(f"{_SCRATCH}*"):
        with suppress(OSError):  # another process was faster
            if now.timestamp() - scratch.stat().st_mtime > _DAY_SECONDS:
                shutil.rmtree(scratch)


def forget_old(folder: Path, *, now: datetime, keep: timedelta) -> None:
    """Delete the recordings that were made longer ago than `keep`."""
    for file in (path for suffix in SUFFIXES for path in folder.glob(f"*{suffix}")):
        with suppress(OSError):  # another process was faster
            if now.timestamp() - file.stat().st_mtime > keep.total_seconds():
                file.unlink()
                log.info("%s is older than recordings are kept, and was deleted", file.name)
