"""APScheduler as the clock of jobs that are done again and again."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Self, TypeAlias

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.logs import incident
from storage.failures import StorageFailure

log = logging.getLogger(__name__)

Job: TypeAlias = Callable[[], Awaitable[None]]

_LOOK_SECONDS = 30.0
"""Between two looks at the clock."""


class Timer:
    """Does jobs at their times for as long as its context lasts; each is known by its function's name."""

    def __init__(self, now: Callable[[], datetime], *, look_seconds: float = _LOOK_SECONDS) -> None:
        self._now = now
        self._look_seconds = look_seconds
        self._jobs: list[tuple[Job, str, dict[str, Any]]] = []
        self._watching: asyncio.Task[None] | None = None
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )

    def every(self, job: Job, **interval: float) -> None:
        """Do it at once, and then at this interval, such as `hours=1`."""
        self._jobs.append((job, "interval", interval))

    def at(self, job: Job, **when: str | int) -> None:
        """Do it at these times in UTC, named as cron does: `day_of_week`, `hour`, `minute`."""
        self._jobs.append((job, "cron", when))

    async def __aenter__(self) -> Self:
        self._schedule_all()
        self._scheduler.start()
        self._watching = asyncio.create_task(self._watch())
        return self

    async def __aexit__(self, *_: object) -> None:
        # Nothing begins any more: of a job that is cancelled before it began APScheduler logs a traceback.
        self._scheduler.pause()
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        self._scheduler.shutdown(wait=False)

    def _schedule_all(self) -> None:
        for job, trigger, when in self._jobs:
            first = {"next_run_time": datetime.now(UTC)} if trigger == "interval" else {}
            self._scheduler.add_job(
                _do, trigger, args=[job], id=job.__name__, replace_existing=True, **when, **first
            )

    async def _watch(self) -> None:
        """Begin anew where the clock is set back: APScheduler would wait until the old time comes again."""
        latest = self._now()
        while True:
            await asyncio.sleep(self._look_seconds)
            now = self._now()
            if now < latest:
                log.warning(
                    "the clock was set back by %s: all that is done in between is due now", latest - now
                )
                self._schedule_all()
            latest = now


async def _do(job: Job) -> None:
    """Do a job to its end, whatever that is: APScheduler would log each with a traceback, also the stop."""
    try:
        await job()
    except asyncio.CancelledError:
        log.debug("%s is stopped in the middle", job.__name__)
    except StorageFailure as failure:
        log.warning("the database failed %s: %s", job.__name__, failure)
    except Exception as error:  # noqa: BLE001 - the edge of a job that is done again
        incident(log, f"the job {job.__name__}", error)
