"""The recordings of digests: made once, found again, and made again when their files are gone."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import Clock
from bot.disk import size_bytes
from bot.errors import InputError, SpeechError
from bot.rendering.discord_audio import duration
from bot.rendering.wording import counted
from bot.settings import Settings
from bot.single_flight import SingleFlight
from bot.speech.port import Voice
from bot.speech.recording import SUFFIXES, delete_leftovers, delete_old, delete_unknown, record
from bot.speech.script import NEWSLETTER
from storage.database import Database, Transaction
from storage.model import Audio, Digest

_RETRY_AFTER = timedelta(days=1)
"""How long to wait after all tries of a run failed: the cause may be fixed by then."""
_WEEK = timedelta(weeks=1)
NO_VOICE = "No voice is set up to read digests aloud (see BROADSHEET_VOICE)."


def why_no_voice(settings: Settings) -> str:
    """Why there is no voice, for the person who sets the bot up."""
    if settings.voice == "openai" and not settings.uses_model:
        return (
            "Digests cannot be read aloud: BROADSHEET_VOICE=openai needs OPENAI_API_KEY or OPENAI_BASE_URL."
        )
    if settings.voice in {"auto", "hibari"}:
        return "Digests cannot be read aloud: hibari is missing (pip install hibari-tts)."
    return NO_VOICE


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """A digest's recording with its files."""

    audio: Audio
    mp3: Path
    opus: Path


class Podcasts:
    """Makes and finds recordings. Their files are in one folder, named after the digests' ids."""

    def __init__(
        self,
        *,
        database: Database,
        voice: Voice | None,
        folder: Path,
        clock: Clock,
        keep: timedelta | None = None,
        problem: str = NO_VOICE,
    ) -> None:
        """Wire it.

        Args:
            database: Holds the digests and the records of their recordings.
            voice: None if there is no voice.
            folder: Holds the recordings' files.
            clock: Tells the files' age.
            keep: How long files are kept; older ones are deleted when the next is made, and digests older
                than this are not recorded again. None: for ever.
            problem: Why there is no voice, if there is none.
        """
        self._database = database
        self._voice = voice
        self._folder = folder
        self._clock = clock
        self._keep = keep
        self._problem = problem
        self._flights = SingleFlight[Episode]()

    @property
    def can_speak(self) -> bool:
        """Whether there is a voice."""
        return self._voice is not None

    async def find(self, digest_id: str) -> Episode | None:
        """A digest's recording, if it was made and its files are on this machine."""
        audio = await self.made(digest_id)
        return None if audio is None else self._present(audio)

    async def made(self, digest_id: str) -> Audio | None:
        """The record of a digest's recording, even if its files are on another machine or gone."""
        async with self._database.begin() as tx:
            return await tx.audios.get(digest_id)

    def why_not_kept(self, digest: Digest) -> str:
        """Why a digest is not recorded, if its recording would no longer be kept; else empty."""
        if self._keep is None or self._clock.now() - digest.created_at <= self._keep:
            return ""
        return f"Recordings are kept for {counted(self._keep // _WEEK, 'week')}, and this digest is older."

    def _present(self, audio: Audio) -> Episode | None:
        return self._episode(audio) if len(present(self._folder, audio)) == len(SUFFIXES) else None

    async def make(self, digest_id: str) -> Episode:
        """A digest's recording, made now if there is none; two requests at the same time make it once.

        Raises:
            InputError: there is no such digest.
            SpeechError: it could not be made, or would not be kept.
        """
        found = await self.find(digest_id)
        return found or await self._flights.run(digest_id, lambda: self._make(digest_id))

    async def _make(self, digest_id: str) -> Episode:
        if self._voice is None:
            raise SpeechError(self._problem, retryable=False)
        async with self._database.begin() as tx:
            digest = await tx.digests.get(digest_id)
            subscription = await tx.subscriptions.get(digest.server_id) if digest is not None else None
        if digest is None:
            raise InputError("There is no such digest.")
        if why := self.why_not_kept(digest):
            raise SpeechError(why, retryable=False)
        await self._prepare_folder()
        mp3, opus = recordings(self._folder, digest_id)
        audio = await record(
            digest,
            self._voice,
            name=(subscription.publication if subscription is not None else None) or NEWSLETTER,
            mp3=mp3,
            opus=opus,
            clock=self._clock,
        )
        async with self._database.begin() as tx:
            await tx.audios.save(audio)
        return self._episode(audio)

    async def _prepare_folder(self) -> None:
        """Make the folder and tidy it up.

        Raises:
            SpeechError: it cannot be made.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SpeechError(f"The recording could not be written: {error.strerror}.") from error
        async with self._database.begin() as tx:
            known = await tx.audios.digest_ids()
        delete_leftovers(self._folder, now=self._clock.now())
        delete_unknown(self._folder, {_file_name(one) for one in known}, now=self._clock.now())
        if self._keep is not None:
            delete_old(self._folder, now=self._clock.now(), keep=self._keep)

    async def forget(self, ids_begin: str) -> None:
        """Delete the recordings on this machine of digests whose ids start with `ids_begin`."""
        for prefix in recordings(self._folder, ids_begin):
            for file in self._folder.glob(f"{prefix.stem}*{prefix.suffix}"):
                with suppress(OSError):  # a file in use stays
                    file.unlink()
        async with self._database.begin() as tx:
            await _forget_problems(tx, ids_begin)

    async def note_problem(self, digest_id: str, problem: str, *, is_made: bool = False) -> None:
        """Store why there is no recording, in words for a user; empty once there is one.

        With `is_made` there is one, and what failed was to attach it: that is no reason to pause.
        """
        async with self._database.begin() as tx:
            await _forget_problems(tx, digest_id)
            if problem:
                await tx.state.set(_problem_of(digest_id), problem)
            if problem and not is_made:
                await tx.state.set(_noted_at(digest_id), self._clock.now().isoformat())

    async def retry_after(self, digest_id: str) -> datetime | None:
        """When a failed recording is worth another try; None if it did not fail, or that time has passed."""
        async with self._database.begin() as tx:
            problem = await tx.state.get(_problem_of(digest_id))
            noted = await tx.state.get(_noted_at(digest_id))
        if not problem or noted is None:
            return None
        until = datetime.fromisoformat(noted) + _RETRY_AFTER
        return until if self._clock.now() < until else None

    async def status(self, digest_id: str) -> str:
        """The recording's state, in words for an admin."""
        problem, audio = await self.problem(digest_id), await self.made(digest_id)
        if audio is None:
            return problem or "none yet"
        made = f"{duration(audio.seconds)}, read by {audio.voice}"
        if self._present(audio) is None:
            made += "; its files are not on this machine"
        return f"{made}. {problem}" if problem else made

    async def problem(self, digest_id: str) -> str:
        """Why there is no recording; empty if no attempt failed."""
        if self._voice is None:
            return self._problem
        async with self._database.begin() as tx:
            return await tx.state.get(_problem_of(digest_id)) or ""

    def _episode(self, audio: Audio) -> Episode:
        mp3, opus = recordings(self._folder, audio.digest_id)
        return Episode(audio=audio, mp3=mp3, opus=opus)


def recordings(folder: Path, digest_id: str) -> tuple[Path, Path]:
    """The paths of a digest's MP3 and Opus: of `digest:42:2026-W47`, `digest-42-2026-W47.mp3` and `.opus`."""
    mp3, opus = (folder / f"{_file_name(digest_id)}{suffix}" for suffix in SUFFIXES)
    return mp3, opus


def present(folder: Path, audio: Audio) -> tuple[Path, ...]:
    """Those of a recording's files that are in the folder and whole."""
    sizes = {file: size_bytes(file) for file in recordings(folder, audio.digest_id)}
    return tuple(
        file for file, size in sizes.items() if size and size == audio.file_bytes.get(file.suffix, size)
    )


def _file_name(digest_id: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "-", digest_id)


async def _forget_problems(tx: Transaction, ids_begin: str) -> None:
    """Forget why there are no recordings of digests whose ids start with `ids_begin`."""
    await tx.state.forget(_problem_of(ids_begin))
    await tx.state.forget(_noted_at(ids_begin))


def _problem_of(digest_id: str) -> str:
    return f"no recording of {digest_id}"


def _noted_at(digest_id: str) -> str:
    return f"when {_problem_of(digest_id)}"
