"""A database, and the folder its site is built in."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.site.builder import SiteBuilder
from storage.database import Database
from storage.model import Audio

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "https://papers.example.org/sub/"


@dataclass
class Press:
    """What a site is built from, and where."""

    database: Database
    site: Path
    recordings: Path
    database_url: str
    heard: dict[str, list[Path]] = field(default_factory=dict)
    """The files of recordings by digest id."""

    def builder(self, *, url: str | None = URL, email: str | None = None) -> SiteBuilder:
        return SiteBuilder(
            database=self.database, folder=self.site, url=url, audio_files=self._files, email=email
        )

    def record(self, digest_id: str, *, suffixes: Sequence[str] = (".mp3", ".opus")) -> None:
        """Write the files of a digest's recording."""
        name = digest_id.replace(":", "-")
        self.heard[digest_id] = [self.recordings / f"{name}{suffix}" for suffix in suffixes]
        for number, path in enumerate(self.heard[digest_id]):
            path.write_bytes(bytes(range(256)) * (40 - number))

    async def damage(self, table: str, **key: str) -> None:
        """Make a stored record unreadable."""
        ((column, value),) = key.items()
        engine = create_async_engine(self.database_url.replace("sqlite:", "sqlite+aiosqlite:"))
        async with engine.begin() as connection:
            statement = text(f"UPDATE {table} SET record = '{{}}' WHERE {column} = :value")
            changed = await connection.execute(statement, {"value": value})
        await engine.dispose()
        assert changed.rowcount == 1

    def _files(self, audio: Audio) -> Sequence[Path]:
        return self.heard.get(audio.digest_id, ())


@pytest.fixture
async def press(fresh_sqlite_url: str, tmp_path: Path) -> AsyncIterator[Press]:
    database = await Database.open(fresh_sqlite_url, clock_now=lambda: NOW)
    recordings = tmp_path / "audio"
    recordings.mkdir()
    yield Press(
        database=database, site=tmp_path / "site", recordings=recordings, database_url=fresh_sqlite_url
    )
    await database.close()
