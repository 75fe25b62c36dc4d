"""Digests that were read aloud."""

from dataclasses import replace

from storage.database import Database
from storage.model import Audio, Chapter
from tests.databases import NOW
from tests.storage.records import digest

AUDIO = Audio(
    digest_id="digest:1:2026-W47",
    seconds=612.5,
    chapters=(
        Chapter(title="Opening", start_seconds=0.0),
        Chapter(title="“Sparse” attention at length", start_seconds=18.25, paper_key="2611.00001v1"),
    ),
    voice="hibari",
    created_at=NOW,
    file_bytes={".mp3": 9_800_000, ".opus": 2_450_000},
)


async def test_an_audio_comes_back_as_it_was_and_the_rest_is_missing(database: Database) -> None:
    async with database.begin() as tx:
        await tx.digests.save(digest(1))
        await tx.audios.save(AUDIO)

    async with database.begin() as tx:
        assert await tx.audios.get(AUDIO.digest_id) == AUDIO
        assert await tx.audios.many([AUDIO.digest_id, "digest:2:2026-W47"]) == {AUDIO.digest_id: AUDIO}


async def test_a_record_is_read_once_until_it_is_replaced(database: Database) -> None:
    async def stored() -> Audio:
        async with database.begin() as tx:
            return (await tx.audios.many([AUDIO.digest_id]))[AUDIO.digest_id]

    async with database.begin() as tx:
        await tx.digests.save(digest(1))
        await tx.audios.save(AUDIO)
    first = await stored()
    assert await stored() is first

    async with database.begin() as tx:
        await tx.audios.save(replace(AUDIO, seconds=1.0))

    assert (await stored()).seconds == 1.0


async def test_an_audio_goes_with_its_digest(database: Database) -> None:
    async with database.begin() as tx:
        await tx.digests.save(digest(1))
        await tx.audios.save(AUDIO)

    async with database.begin() as tx:
        await tx.digests.forget_owner(1)

    async with database.begin() as tx:
        assert await tx.audios.get(AUDIO.digest_id) is None
