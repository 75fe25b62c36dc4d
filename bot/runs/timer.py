"""Recurring jobs, timed by APScheduler."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Self, TypeAlias

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.background import end
from bot.logs import incident
from storage.failures import StorageFailure

log = logging.getLogger(__name__)

Job: TypeAlias = Callable[[], Awaitable[None]]

_LOOK_SECONDS = 30.0
"""Between two checks whether the clock was set back."""


class Timer:
    """Runs jobs at their times while its context lasts; a job's id is its function's name."""

    def __init__(self, now: Callable[[], datetime], *, look_seconds: float = _LOOK_SECONDS) -> None:
        self._now = now
        self._look_seconds = look_seconds
        self._jobs: list[tuple[Job, str, dict[str, Any]]] = []
        self._watching: asyncio.Task[None] | None = None
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )

    def every(self, job: Job, **interval: float) -> None:
        """Run a job at the start, and then at this interval, such as `hours=1`."""
        self._jobs.append((job, "interval", interval))

    def at(self, job: Job, **when: str | int) -> None:
        """Run a job at these times in UTC, named as in cron: `day_of_week`, `hour`, `minute`."""
        self._jobs.append((job, "cron", when))

    async def __aenter__(self) -> Self:
        self._schedule_all()
        self._scheduler.start()
        self._watching = asyncio.create_task(self._watch())
        return self

    async def __aexit__(self, *_: object) -> None:
        # Start nothing more: APScheduler logs a traceback for a job that is cancelled before it started.
        self._scheduler.pause()
        if self._watching is not None:
            await end(self._watching)
        self._scheduler.shutdown(wait=False)

    def _schedule_all(self) -> None:
        for job, trigger, when in self._jobs:
            first = {"next_run_time": datetime.now(UTC)} if trigger == "interval" else {}
            self._scheduler.add_job(
                _do, trigger, args=[job], id=job.__name__, replace_existing=True, **when, **first
            )

    async def _watch(self) -> None:
        """Reschedule if the clock is set back: APScheduler would wait until the old time comes again."""
        latest = self._now()
        while True:
            await asyncio.sleep(self._look_seconds)
            now = self._now()
            if now < latest:
                log.warning("the clock was set back by %s: rescheduling all recurring jobs", latest - now)
                self._schedule_all()
            latest = now


async def _do(job: Job) -> None:
    """Run a job, handling every failure: APScheduler would log each with a traceback, even a stop."""
    try:
        await job()
    except asyncio.CancelledError:
        log.debug("%s was interrupted by the stop", job.__name__)
    except StorageFailure as failure:
        log.warning("the database failed during %s: %s", job.__name__, failure)
    except Exception as error:  # noqa: BLE001 - the job runs again later
        incident(log, f"the job {job.__name__}", error)
