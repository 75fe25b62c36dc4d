"""A clock that moves only when told to, and one that runs from a chosen moment."""

import asyncio
from datetime import UTC, datetime, timedelta


class StillClock:
    """Shows the moment it was set to; sleeping moves it forward without waiting."""

    def __init__(self, moment: datetime) -> None:
        self._now = moment
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self._now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._now += timedelta(seconds=max(0.0, seconds))
        await asyncio.sleep(0)

    def move_to(self, moment: datetime) -> None:
        self._now = moment


class ShiftedClock:
    """Real time, shifted to start at a chosen moment."""

    def __init__(self, start: datetime) -> None:
        self._shift = start - datetime.now(UTC)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._shift

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, seconds))
