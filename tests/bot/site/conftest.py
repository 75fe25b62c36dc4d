"""A database, and the folder that its site is built into."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.site.builder import SiteBuilder
from storage.database import Database

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "https://papers.example.org/sub/"


@dataclass
class Press:
    """What a site is built from and into."""

    database: Database
    site: Path
    recordings: Path
    heard: dict[str, list[Path]] = field(default_factory=dict)
    """The files of recordings by digest."""

    def builder(self, *, url: str | None = URL) -> SiteBuilder:
        return SiteBuilder(database=self.database, folder=self.site, url=url, audio_files=self._files)

    def record(self, digest_id: str, *, suffixes: Sequence[str] = (".mp3", ".opus")) -> None:
        """Have files for a digest's audio."""
        name = digest_id.replace(":", "-")
        self.heard[digest_id] = [self.recordings / f"{name}{suffix}" for suffix in suffixes]
        for number, path in enumerate(self.heard[digest_id]):
            path.write_bytes(bytes(range(256)) * (40 - number))

    def _files(self, digest_id: str) -> Sequence[Path]:
        return self.heard.get(digest_id, ())


@pytest.fixture
async def press(fresh_sqlite_url: str, tmp_path: Path) -> AsyncIterator[Press]:
    database = await Database.open(fresh_sqlite_url, clock_now=lambda: NOW)
    recordings = tmp_path / "audio"
    recordings.mkdir()
    yield Press(database=database, site=tmp_path / "site", recordings=recordings)
    await database.close()
