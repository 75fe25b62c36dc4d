"""The engine of the durable runs: DBOS, from its start to its stop."""

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
"""Between two looks at the own runs."""
_TAKEN_AWAY = (DBOSAwaitedWorkflowCancelledError, DBOSNonExistentWorkflowError)
"""How a run here ends that another process cancelled or deleted."""


class Engine:
    """DBOS with our queues, for as long as the context lasts."""

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
            database_url: Of the runs.
            process_name: Whose runs these are, the same after each start.
            workflows: What is run.
            poll_seconds: Between two looks into the queues.
        """
        logging.getLogger("dbos").addFilter(_is_of_use)
        self._config: DBOSConfig = {
            "name": "broadsheet",
            "system_database_url": database_url,
            "db_engine_kwargs": thread_engine_options(database_url),
            # Fixed: an upgrade must go on with the runs of the version before.
            "application_version": "1",
            "executor_id": process_name,
            "log_level": "ERROR",
            "notification_listener_polling_interval_sec": poll_seconds,
        }
        self._name = process_name
        self._workflows = workflows
        self._poll_seconds = poll_seconds
        self._missing = set[str]()

    async def __aenter__(self) -> Workflows:
        """Take up what a former process left.

        Raises:
            StorageFailure: the database of the runs cannot be opened, or its disk is full.
        """
        engine = DBOS(config=self._config)
        # Runs are done on the loop in whose thread DBOS is launched, or on one that was named before.
        engine._background_event_loop.set_main_loop()  # noqa: SLF001 - nothing public does it
        async with failures_in_plain_words(file=RUNS_FILE):
            try:
                await _in_full(asyncio.to_thread(DBOS.launch))
                await self._register_queues()
            except BaseException:
                await self._end()
                raise
        self._workflows.engine_runs.set()
        return self._workflows

    async def _register_queues(self) -> None:
        for name, at_a_time in QUEUES.items():
            await DBOS.register_queue_async(
                name,
                worker_concurrency=at_a_time,
                polling_interval_sec=self._poll_seconds,
                on_conflict="always_update",
            )

    async def take_over(self, process_name: str) -> None:
        """Put the runs of a process that is no more back into their queues; repeating it is harmless."""
        # DBOS has this for its own conductor: nothing public does it.
        await asyncio.to_thread(DBOS._recover_pending_workflows, [process_name])  # noqa: SLF001

    async def look_after_own(self) -> None:
        """Take up this process's own runs that were lost, for ever."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            try:
                await self.take_up_lost()
            except StorageFailure as failure:
                log.warning("the runs' database failed: %s", failure)
            except Exception as error:  # noqa: BLE001 - the edge of a loop that must not end: the bot ends with it
                incident(log, "looking after the own runs", error)

    async def take_up_lost(self) -> None:
        """Put runs of this process back into their queues whose task ended without a record of it.

        A task dies so where the disk of the runs' database is full at that moment, and nothing else would go
        on with the run, or with those that wait for it, before the process's next start. A run has no task
        for a moment when it begins and ends, too: only what two calls in a row miss is lost.

        Raises:
            StorageFailure: the database of the runs failed.
        """
        async with failures_in_plain_words(file=RUNS_FILE):
            running = await DBOS.list_workflows_async(
                status="PENDING", executor_id=self._name, load_input=False, load_output=False
            )
            missing = {
                run.workflow_id: run for run in running if run.workflow_id not in self._workflows.at_work
            }
            for lost in missing.keys() & self._missing:
                log.warning("the run %s was lost: it goes on", lost)
                await DBOS.resume_workflow_async(lost, queue_name=missing[lost].queue_name)
        self._missing = set(missing)

    async def __aexit__(self, *_: object) -> None:
        await self._end()

    async def _end(self) -> None:
        await self._workflows.stop()
        # DBOS made its own threads the loop's, and ends them early in its end, which may take seconds: what
        # goes on meanwhile, and closes after it, needs some, too.
        loop, threads = asyncio.get_running_loop(), ThreadPoolExecutor()
        loop.set_default_executor(threads)
        await asyncio.to_thread(DBOS.destroy, destroy_registry=False)
        loop.set_default_executor(threads)  # a call that came in between may have changed it once more


def _is_of_use(record: logging.LogRecord) -> bool:
    """Not that a run ended as its person was forgotten: that is no error, and names them."""
    return record.exc_info is None or not isinstance(record.exc_info[1], _TAKEN_AWAY)


async def _in_full(work: Coroutine[None, None, None]) -> None:
    """Wait for work in a thread, which nothing can cancel: who is cancelled waits for its end, too."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    finally:
        await asyncio.gather(task, return_exceptions=True)
