"""A stored digest, a voice of tones, and the recordings made with it."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bot.speech.podcasts import Podcasts, recordings
from storage.database import Database
from storage.model import Audio, Chapter, Digest, Subscription
from tests.bot.rendering.examples import small_digest
from tests.databases import NOW
from tests.fakes.clock import StillClock
from tests.fakes.speech import ToneVoice

DIGEST = small_digest(noted=())
WISH = Subscription(server_id=42, channel_id=70, categories=("cs.CL",), admin_id=700)


@dataclass
class Studio:
    """Where digests are recorded."""

    database: Database
    folder: Path
    voice: ToneVoice | None = field(default_factory=ToneVoice)
    clock: StillClock = field(default_factory=lambda: StillClock(NOW))
    keep: timedelta | None = None

    def podcasts(self) -> Podcasts:
        """A new service, which knows only what is stored."""
        return Podcasts(
            database=self.database, voice=self.voice, folder=self.folder, clock=self.clock, keep=self.keep
        )

    async def shelve(self, content: bytes = b"sound") -> None:
        """Store a recording of DIGEST whose sound does not matter."""
        chapters = (Chapter(title="Opening", start_seconds=0.0), Chapter(title="Receipt", start_seconds=61.0))
        audio = Audio(digest_id=DIGEST.id, seconds=75.0, chapters=chapters, voice="tones", created_at=NOW)
        self.folder.mkdir(exist_ok=True)
        for path in recordings(self.folder, DIGEST.id):
            path.write_bytes(content)
        async with self.database.begin() as tx:
            await tx.audios.save(audio)

    @property
    def said(self) -> list[str]:
        assert self.voice is not None
        return self.voice.said


async def stored(database: Database, digest: Digest = DIGEST, wish: Subscription = WISH) -> None:
    async with database.begin() as tx:
        await tx.subscriptions.save(wish)
        await tx.digests.save(digest)
