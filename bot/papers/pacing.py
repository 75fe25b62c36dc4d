"""arXiv's pace, kept through the database so that all processes together keep it."""

from datetime import datetime, timedelta

from bot.clock import Clock
from bot.errors import ArxivError
from storage.database import Database

_LONGEST_WAIT = timedelta(minutes=1)
"""A longer silence is told to the caller instead of being slept through."""
_LONGEST_SILENCE = timedelta(days=1)
"""What is longer was kept under a clock that was wrong."""


class DatabasePacer:
    """Hands out request slots `delay_seconds` apart over all processes that share the database.

    Source: at most one request every three seconds (https://info.arxiv.org/help/api/tou.html).
    """

    def __init__(self, database: Database, clock: Clock, *, delay_seconds: float) -> None:
        self._database = database
        self._clock = clock
        self._delay_seconds = delay_seconds

    async def wait(self) -> None:
        """As the port says."""
        now = self._clock.now()
        async with self._database.begin() as tx:
            silent_until = await tx.arxiv.silent_until() or now
            if _LONGEST_WAIT < silent_until - now <= _LONGEST_SILENCE:
                raise ArxivError(
                    f"arXiv asked for silence until {silent_until:%H:%M} UTC.", retryable=False, passes=True
                )
            slot = await tx.arxiv.reserve(now, self._delay_seconds)
        if silent_until - now <= _LONGEST_WAIT:
            slot = max(slot, silent_until)
        # Slept outside the transaction: SQLite has one writer, and the slot is ours already.
        await self._clock.sleep((slot - self._clock.now()).total_seconds())

    async def be_silent(self, until: datetime) -> None:
        """As the port says."""
        async with self._database.begin() as tx:
            await tx.arxiv.be_silent(until)
