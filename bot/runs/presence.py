"""Which processes are alive, when several share a database.

Each sends heartbeats under its own name. One holds the connection to Discord, so that nothing is answered
twice; the others work on runs and stand by. When one falls silent, another takes over its runs and its
connection; if it was only asleep, or cut off from the database, it stops itself, because its work is being
done elsewhere. What it took up before it stopped is taken over too.

The clocks of their machines may be minutes apart. So each notes by its own when another's last heartbeat
changes, and never compares that heartbeat's time with its own.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Protocol, Self

from bot.clock import Clock
from bot.errors import ServiceError
from bot.logs import incident
from storage.database import Database
from storage.failures import StorageFailure

log = logging.getLogger(__name__)

BEAT_SECONDS = 15.0
SILENT_SECONDS = 180.0
"""Without a heartbeat for this long, a process counts as dead. Far longer than a busy event loop or a restart
of PostgreSQL lasts."""
_CONNECTION = "discord"
_NAME_IS_TAKEN = (
    "another process called %s is running: this one waits until it stops. To run both, give each its own "
    "BROADSHEET_PROCESS"
)
_BEATS_WATCHED = 2
"""A live process sends a heartbeat within so many intervals, even while its database is slow."""


class SharedRuns(Protocol):
    """The runs of all processes."""

    async def owners(self) -> set[str]:
        """The names of the processes that have runs at work, also of those that are gone."""
        ...

    async def take_over(self, process_name: str) -> None:
        """Resume the runs of a process, here or elsewhere.

        May be called more than once, and by several processes.
        """
        ...


class Presence:
    """This process among those that share the database."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        name: str,
        beat_seconds: float = BEAT_SECONDS,
        silent_seconds: float = SILENT_SECONDS,
        is_alone: bool = False,
    ) -> None:
        """Prepare; nothing is stored yet.

        Args:
            database: What the processes share.
            clock: Tells when each was heard of, here.
            name: This process's, the same after every start.
            beat_seconds: Between two heartbeats.
            silent_seconds: How long a process is waited for.
            is_alone: Whether no other process can be using the database, because it is in the data folder,
                which this one owns. Those that are stored were killed, and are not waited for.
        """
        self.may_connect = asyncio.Event()
        """Set once this process holds the connection to Discord, which it keeps until it stops."""
        self._database = database
        self._clock = clock
        self._name = name
        self._beat_seconds = beat_seconds
        self._silent = timedelta(seconds=silent_seconds)
        self._instance = secrets.token_hex(8)
        self._is_alone = is_alone
        self._holder = name
        self._seen_at = clock.now()
        self._heard_at: dict[tuple[str, datetime | None], datetime] = {}
        """Each process and its last heartbeat -> when this process first read of it."""

    async def wait_for_name(self) -> None:
        """Wait until no other process sends heartbeats under this one's name.

        Two processes that a supervisor such as Docker keeps restarting, and that keep ending each other,
        would open sessions at Discord until it resets the token, and do the same work twice. A killed process
        is waited for too, until its silence shows: about half a minute.
        """
        is_told = False
        with suppress(StorageFailure):  # the start meets the same failure next
            while not self._is_alone and await self._is_name_taken():
                if not is_told:
                    log.warning(_NAME_IS_TAKEN, self._name)
                is_told = True

    async def _is_name_taken(self) -> bool:
        before = await self._last_beat()
        if before is None:
            return False
        await self._clock.sleep(_BEATS_WATCHED * self._beat_seconds)
        return await self._last_beat() not in {before, None}

    async def _last_beat(self) -> datetime | None:
        async with self._database.begin() as tx:
            return (await tx.processes.last_beats()).get(self._name)

    async def __aenter__(self) -> Self:
        """Register this process, and take the connection if it is free.

        Raises:
            StorageFailure: the database failed.
        """
        async with self._database.begin() as tx:
            if self._is_alone:
                await tx.processes.remove_all()
            await tx.processes.begin(self._name, self._instance, self._clock.now())
        await self.beat()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Hand over, so that the others need not wait until this process counts as dead."""
        try:
            async with self._database.begin() as tx:
                await tx.processes.leave(self._name, self._instance)
        except StorageFailure as error:
            log.warning("this process stops without handing over: %s", error)

    async def keep(self) -> None:
        """Send heartbeats, for ever.

        Raises:
            ServiceError: others took over because this process was silent for too long, or may have by now:
                without the database it cannot ask them, and would go on answering beside them. One that only
                stands by waits for the database.
        """
        await self._repeat("this process's heartbeat", self._beat_unless_cut_off)

    async def _beat_unless_cut_off(self) -> None:
        try:
            await self.beat()
        except StorageFailure as failure:
            is_silent = self._clock.now() - self._seen_at > self._silent
            if self.may_connect.is_set() and self._has_others and is_silent:
                raise ServiceError(
                    f"{self._name} has no database, so another process may take over its work. {failure}",
                    retryable=False,
                ) from failure
            raise

    @property
    def _has_others(self) -> bool:
        """Whether another process was alive, or seemed to be, at this one's last heartbeat."""
        return any(name != self._name and last is not None for name, last in self._heard_at)

    async def beat(self) -> None:
        """Send one heartbeat, and take the connection if it is free.

        Raises:
            ServiceError: others took over.
            StorageFailure: the database failed.
        """
        now = self._clock.now()
        async with self._database.begin() as tx:
            alive = await tx.processes.beat(self._name, self._instance, now)
            holder = await tx.processes.hold(_CONNECTION, self._name) if alive else None
            beats = await tx.processes.last_beats()
        if not alive:
            raise ServiceError(
                f"Another process has taken over the work of {self._name}: this one was silent for too long, "
                "or a second one was started under its name. Give each process its own BROADSHEET_PROCESS.",
                retryable=False,
            )
        if holder == self._name and not self.may_connect.is_set():
            log.info("%s connects to Discord", self._name)
            self.may_connect.set()
        elif holder not in {self._holder, None}:
            log.info("standing by: %s holds the connection to Discord", holder)
        self._holder = holder or self._holder
        # After a gap of our own, such as a database outage, the others look as silent as we were.
        known = {} if now - self._seen_at > self._silent / 2 else self._heard_at
        self._heard_at = {beat: known.get(beat, now) for beat in beats.items()}
        self._seen_at = now

    async def look_after_others(self, runs: SharedRuns) -> None:
        """Take over the runs of every process that falls silent, for ever."""
        await self._repeat("looking after other processes", lambda: self.take_over_from_the_silent(runs))

    async def take_over_from_the_silent(self, runs: SharedRuns) -> None:
        """Take over once, unless this process itself was silent of late."""
        now = self._clock.now()
        if now - self._seen_at > self._silent / 2:
            return
        silent = {
            name: last for (name, last), heard_at in self._heard_at.items() if now - heard_at > self._silent
        }
        owners = await runs.owners()  # before the names: a process is registered before it has runs
        async with self._database.begin() as tx:
            beats = await tx.processes.last_beats()
            silent |= {name: None for name, last in beats.items() if last is None}
            dead = [
                name
                for name in sorted(silent)
                if await tx.processes.declare_dead(name, last_beat=silent[name])
            ]
            gone = owners - beats.keys()
        for name in sorted(gone.union(dead)):
            log.warning("the process %s is silent: taking over its runs", name)
            await runs.take_over(name)
            async with self._database.begin() as tx:
                await tx.processes.remove(name)

    async def _repeat(self, what: str, once: Callable[[], Awaitable[None]]) -> None:
        """Repeat it for ever, also after unexpected failures: the bot ends with this loop.

        Raises:
            ServiceError: others took over.
        """
        while True:
            try:
                await once()
            except StorageFailure as error:
                log.warning("the database failed: %s", error)
            except ServiceError:
                raise
            except Exception as error:  # noqa: BLE001 - the loop must not end
                incident(log, what, error)
            await self._clock.sleep(self._beat_seconds)
