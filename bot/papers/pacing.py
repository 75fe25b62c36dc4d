"""arXiv's pace, kept through the database so that all processes together keep it."""

from bot.clock import Clock
from storage.database import Database


class DatabasePacer:
    """Hands out request slots `delay_seconds` apart over all processes that share the database.

    Source: at most one request every three seconds (https://info.arxiv.org/help/api/tou.html).
    """

    def __init__(self, database: Database, clock: Clock, *, delay_seconds: float) -> None:
        self._database = database
        self._clock = clock
        self._delay_seconds = delay_seconds

    async def wait(self) -> None:
        """Return when this caller may send its one request."""
        async with self._database.begin() as tx:
            slot = await tx.arxiv.reserve(self._clock.now(), self._delay_seconds)
        # Slept outside the transaction: SQLite has one writer, and the slot is ours already.
        await self._clock.sleep((slot - self._clock.now()).total_seconds())
