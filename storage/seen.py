"""Which papers a reader has seen: in digests, or because somebody asked for them there."""

from datetime import datetime

from sqlalchemy import delete, func, select, union
from sqlalchemy.ext.asyncio import AsyncSession

from storage.deletions import Deletions
from storage.digests import Digests, published_by
from storage.model import Digest, Reader
from storage.tables import DigestEntryRow, DigestRow, SeenPaperRow
from storage.upserts import upsert


class Seen:
    """The queries over papers seen, inside one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def note(self, reader: Reader, paper_id: str, asked_at: datetime) -> None:
        """Record that a stored paper was summarised or asked about for this reader, who asked at that moment.

        Nothing is recorded about a person who has had everything deleted since.
        """
        if reader.user_id and await Deletions(self._session).deleted_since(reader.user_id, asked_at):
            return
        row = {"server_id": reader.server_id, "user_id": reader.user_id, "paper_id": paper_id}
        await upsert(self._session, SeenPaperRow, [row])

    async def count_of_user(self, user_id: int) -> int:
        """How many papers a person has seen on their own."""
        counted = select(func.count()).where(SeenPaperRow.user_id == user_id)
        return await self._session.scalar(counted) or 0

    async def forget_user(self, user_id: int) -> None:
        """Forget what a person has seen on their own."""
        await self._session.execute(delete(SeenPaperRow).where(SeenPaperRow.user_id == user_id))

    async def paper_ids(self, reader: Reader) -> list[str]:
        """The versionless ids of all papers this reader has seen, in order.

        What published digests showed counts for their server, or for the person whose personal digests they
        are.
        """
        asked_for = select(SeenPaperRow.paper_id).where(
            SeenPaperRow.server_id == reader.server_id, SeenPaperRow.user_id == reader.user_id
        )
        in_digests = (
            select(DigestEntryRow.paper_id)
            .join(DigestRow, DigestRow.id == DigestEntryRow.digest_id)
            .where(published_by(reader.owner_id))
        )
        seen = await self._session.scalars(union(asked_for, in_digests) if reader.owner_id else asked_for)
        return sorted(seen)

    async def digest(self, reader: Reader, week: str | None = None) -> Digest | None:
        """The reader's published digest of this ISO week, or without a week the latest, if there is one."""
        if not reader.owner_id:
            return None
        digests = Digests(self._session)
        if week is None:
            return await digests.latest(reader.owner_id)
        return await digests.for_week(reader.owner_id, week)

    async def highlights_of_week(self, week: str) -> list[str]:
        """The keys of the highlights of all digests of this ISO week, previews included, each once."""
        digests = await self._session.scalars(
            select(DigestRow.record).where(DigestRow.week == week).order_by(DigestRow.created_at)
        )
        picks = [highlight.pick for digest in digests for highlight in digest.highlights]
        return list(dict.fromkeys(pick.paper.key for pick in picks))
