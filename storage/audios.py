"""Digests that were read aloud."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.batches import batched
from storage.model import Audio
from storage.rows import row_of
from storage.tables import AudioRow
from storage.upserts import upsert


class Audios:
    """The queries over spoken digests, inside one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def save(self, audio: Audio) -> None:
        """Store the audio of a stored digest, replacing an earlier one."""
        await upsert(self._session, AudioRow, [row_of(AudioRow, audio) | {"record": audio}])

    async def get(self, digest_id: str) -> Audio | None:
        """The audio of the digest with this id."""
        return await self._session.scalar(select(AudioRow.record).where(AudioRow.digest_id == digest_id))

    async def digest_ids(self) -> list[str]:
        """The ids of all digests that were read aloud."""
        return list(await self._session.scalars(select(AudioRow.digest_id)))

    async def many(self, digest_ids: Sequence[str]) -> dict[str, Audio]:
        """The audios of these digests, by digest id; those that were not read aloud are missing."""
        found: dict[str, Audio] = {}
        for batch in batched(digest_ids):
            records = await self._session.scalars(
                select(AudioRow.record).where(AudioRow.digest_id.in_(batch))
            )
            found |= {audio.digest_id: audio for audio in records}
        return found
