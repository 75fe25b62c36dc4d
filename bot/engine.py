"""The engine of the durable runs: DBOS, from its start to its stop."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from dbos import DBOS, DBOSConfig

from bot.workflows import POLL_SECONDS, QUEUES, Workflows
from storage.database import failures_in_plain_words


class Engine:
    """DBOS with our queues, for as long as the context lasts."""

    def __init__(self, *, database_url: str, process_name: str, workflows: Workflows) -> None:
        self._config: DBOSConfig = {
            "name": "broadsheet",
            "system_database_url": database_url,
            # Fixed: an upgrade must go on with the runs of the version before.
            "application_version": "1",
            "executor_id": process_name,
            "log_level": "ERROR",
            "notification_listener_polling_interval_sec": POLL_SECONDS,
        }
        self._workflows = workflows

    async def __aenter__(self) -> Workflows:
        """Take up what a former process left.

        Raises:
            StorageFailure: the database of the runs cannot be opened, or its disk is full.
        """
        DBOS(config=self._config)
        async with failures_in_plain_words():
            DBOS.launch()
            try:
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
                polling_interval_sec=POLL_SECONDS,
                on_conflict="always_update",
            )

    async def take_over(self, process_name: str) -> None:
        """Put the runs of a process that is no more back into their queues; repeating it is harmless."""
        # DBOS has this for its own conductor: nothing public does it.
        await asyncio.to_thread(DBOS._recover_pending_workflows, [process_name])  # noqa: SLF001

    async def __aexit__(self, *_: object) -> None:
        await self._end()

    async def _end(self) -> None:
        await self._workflows.stop()
        await asyncio.to_thread(DBOS.destroy, destroy_registry=False)
        # DBOS made its own threads the loop's, and has ended them: what closes after it needs some, too.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())
