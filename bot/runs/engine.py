"""The workflow engine, DBOS: starting it, looking after its runs, stopping it."""

import asyncio
import logging
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor

from dbos import DBOS, DBOSConfig
from dbos._error import DBOSAwaitedWorkflowCancelledError, DBOSNonExistentWorkflowError

from bot.locations import RUNS_FILE
from bot.logs import incident
from bot.runs.workflows import POLL_SECONDS, QUEUES, Workflows
from storage.connections import thread_engine_options
from storage.database import failures_in_plain_words
from storage.failures import StorageFailure

log = logging.getLogger(__name__)

_LOOK_SECONDS = 60.0
"""Between two checks for lost runs."""
_TAKEN_AWAY = (DBOSAwaitedWorkflowCancelledError, DBOSNonExistentWorkflowError)
"""How a run ends here after another process cancelled or deleted it."""


class Engine:
    """DBOS with our queues, running while the context lasts."""

    def __init__(
        self,
        *,
        database_url: str,
        process_name: str,
        workflows: Workflows,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        """Prepare; nothing is opened yet.

        Args:
            database_url: Of the runs' database.
            process_name: Owner of the runs; the same after every start.
            workflows: What it runs.
            poll_seconds: Between two polls of the queues.
        """
        logging.getLogger("dbos").addFilter(_is_of_use)
        self._config: DBOSConfig = {
            "name": "broadsheet",
            "system_database_url": database_url,
            "db_engine_kwargs": thread_engine_options(database_url),
            # Fixed: an upgrade must continue the previous version's runs.
            "application_version": "1",
            "executor_id": process_name,
            "log_level": "ERROR",
            "notification_listener_polling_interval_sec": poll_seconds,
        }
        self._name = process_name
        self._workflows = workflows
        self._poll_seconds = poll_seconds
        self._missing = set[str]()

    async def __aenter__(self) -> None:
        """Start, and resume what an earlier process left.

        Raises:
            StorageFailure: the runs' database cannot be opened, or its disk is full.
        """
        engine = DBOS(config=self._config)
        # DBOS runs workflows on the loop of the thread that launches it, unless one was set before.
        engine._background_event_loop.set_main_loop()  # noqa: SLF001 - nothing public does it
        async with failures_in_plain_words(file=RUNS_FILE):
            try:
                await _in_full(asyncio.to_thread(DBOS.launch))
                await self._register_queues()
            except BaseException:
                await self._end()
                raise
        self._workflows.engine_runs.set()

    async def _register_queues(self) -> None:
        for name, at_a_time in QUEUES.items():
            await DBOS.register_queue_async(
                name,
                worker_concurrency=at_a_time,
                polling_interval_sec=self._poll_seconds,
                on_conflict="always_update",
            )

    async def owners(self) -> set[str]:
        """The names of the processes that have runs at work, also of those that are gone.

        Raises:
            StorageFailure: the runs' database failed.
        """
        async with failures_in_plain_words(file=RUNS_FILE):
            running = await DBOS.list_workflows_async(status="PENDING", load_input=False, load_output=False)
        return {run.executor_id for run in running if run.executor_id is not None}

    async def take_over(self, process_name: str) -> None:
        """Put the runs of a dead process back into their queues; repeating it is harmless."""
        # Made for DBOS's own conductor; there is no public way.
        await asyncio.to_thread(DBOS._recover_pending_workflows, [process_name])  # noqa: SLF001

    async def look_after_own(self) -> None:
        """Keep resuming this process's own lost runs, for ever."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            try:
                await self.take_up_lost()
            except StorageFailure as failure:
                log.warning("the runs' database failed: %s", failure)
            except Exception as error:  # noqa: BLE001 - the bot ends with this loop
                incident(log, "looking for lost runs", error)

    async def take_up_lost(self) -> None:
        """Put this process's runs back into their queues if their task ended without recording it.

        That happens when the disk of the runs' database is full at that moment; nothing else would resume the
        run, or those waiting for it, before the next start. A run also briefly has no task when it starts and
        ends, so only runs missing in two calls in a row count as lost.

        Raises:
            StorageFailure: the runs' database failed.
        """
        async with failures_in_plain_words(file=RUNS_FILE):
            running = await DBOS.list_workflows_async(
                status="PENDING", executor_id=self._name, load_input=False, load_output=False
            )
            missing = {
                run.workflow_id: run for run in running if run.workflow_id not in self._workflows.at_work
            }
            for lost in missing.keys() & self._missing:
                log.warning("the run %s was lost and is resumed", lost)
                await DBOS.resume_workflow_async(lost, queue_name=missing[lost].queue_name)
        self._missing = set(missing)

    async def __aexit__(self, *_: object) -> None:
        await self._end()

    async def _end(self) -> None:
        await self._workflows.stop()
        # DBOS set its own thread pool as the loop's executor and shuts it down early in its stop, which may
        # take seconds: what goes on meanwhile, and closes after it, needs a pool too.
        loop, threads = asyncio.get_running_loop(), ThreadPoolExecutor()
        loop.set_default_executor(threads)
        await asyncio.to_thread(DBOS.destroy, destroy_registry=False)
        loop.set_default_executor(threads)  # a call in between may have changed it again


def _is_of_use(record: logging.LogRecord) -> bool:
    """False for a run ended because its person was forgotten: no error, and the log record names them."""
    return record.exc_info is None or not isinstance(record.exc_info[1], _TAKEN_AWAY)


async def _in_full(work: Coroutine[None, None, None]) -> None:
    """Wait for work in a thread to end, even when cancelled: the thread cannot be."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    finally:
        await asyncio.gather(task, return_exceptions=True)
