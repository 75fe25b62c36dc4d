"""Paces requests to arXiv through the database, so that all processes together keep the pace."""

from datetime import datetime, timedelta

from bot.clock import Clock
from bot.errors import ArxivError
from bot.papers.connection import LONGEST_SILENCE_SECONDS, LONGEST_WAIT_SECONDS
from storage.database import Database, Transaction

_LONGEST_WAIT = timedelta(seconds=LONGEST_WAIT_SECONDS)
_LONGEST_SILENCE = timedelta(seconds=LONGEST_SILENCE_SECONDS)


class DatabasePacer:
    """Hands out request slots `delay_seconds` apart over all processes that share the database.

    Source: at most one request every three seconds (https://info.arxiv.org/help/api/tou.html).
    """

    def __init__(self, database: Database, clock: Clock, *, delay_seconds: float) -> None:
        self._database = database
        self._clock = clock
        self._delay_seconds = delay_seconds

    async def wait(self) -> None:
        """See `Pacer.wait`."""
        now = self._clock.now()
        async with self._database.begin() as tx:
            silent_until = await _silent_until(tx, now)
            if silent_until - now > _LONGEST_WAIT:
                raise ArxivError(
                    f"arXiv asked us to wait until {silent_until:%H:%M} UTC.", retryable=False, passes=True
                )
            slot = await tx.arxiv.reserve(silent_until, self._delay_seconds)
        # Sleep outside the transaction: SQLite has one writer, and the slot is ours already.
        await self._clock.sleep((slot - self._clock.now()).total_seconds())

    async def be_silent(self, until: datetime) -> None:
        """See `Pacer.be_silent`; a longer silence that another process was told to keep stays."""
        async with self._database.begin() as tx:
            await tx.arxiv.be_silent(max(until, await _silent_until(tx, self._clock.now())))


async def _silent_until(tx: Transaction, now: datetime) -> datetime:
    """When arXiv may be asked again: `now` or later. A time too far off was stored by a wrong clock."""
    told = await tx.arxiv.silent_until()
    return told if told is not None and now < told <= now + _LONGEST_SILENCE else now
