"""The durable runs from outside: starting, querying, awaiting and deleting them.

What they do is in `workflows.py`. Commands arrive as soon as the bot is connected; calls made before the
engine runs wait for it.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from dbos import DBOS, SetWorkflowID, WorkflowHandleAsync, WorkflowStatus
from dbos._dbos import _get_dbos_instance

from bot.clock import Clock
from bot.digest.changes import PAUSED
from bot.digest.plan import REQUEST, DigestRequest, weekly_run_id, weekly_runs
from bot.errors import ServiceError
from bot.runs.workflows import DIGEST_QUEUE, POLL_SECONDS, Workflows
from bot.weeks import Week, latest_due_week, parse_week
from storage.model import Subscription

_AGAIN = "again:"
_UNDER_WAY = ["ENQUEUED", "PENDING"]
_BROKEN_OFF = {"ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"}
"""DBOS's statuses of a run that ended without an outcome and will not continue."""
_RUNS_AT_A_TIME = 100
"""Deleted in one transaction."""


class Runs:
    """The runs of one engine's workflows, by their ids."""

    def __init__(self, workflows: Workflows, clock: Clock) -> None:
        self._workflows = workflows
        self._clock = clock
        self._starting = asyncio.Lock()

    async def start_digest(self, request: DigestRequest) -> None:
        """Enqueue a digest's run, unless it was started before.

        A run that broke off, or ended because of a pause, starts again. A digest no longer wanted gets none.
        """
        async with self._turn_to_start():
            if not await self._workflows.is_wanted(request):
                return
            status = await DBOS.get_workflow_status_async(request.run_id)
            if status is not None and _came_to_nothing(status):
                await DBOS.delete_workflow_async(request.run_id)
            await self._enqueue_digest(request)

    async def start_again(self, request: DigestRequest) -> bool:
        """Start the run of a week that has no digest, even if an earlier run gave up.

        Returns whether it was started: False if one is already running or waiting.
        """
        async with self._turn_to_start():
            if await self._is_needless(request):
                return False
            await DBOS.delete_workflow_async(request.run_id)
            await self._enqueue_digest(request)
            return True

    async def deliver_again(self, request: DigestRequest) -> bool:
        """Deliver the planned messages of a digest that was made before.

        Returns whether a run was started: one already running or waiting delivers everything itself.
        """
        async with self._turn_to_start():
            if await self._is_needless(request):
                return False
            with SetWorkflowID(f"{_AGAIN}{request.run_id}:{self._clock.now().isoformat()}"):
                await DBOS.enqueue_workflow_async(
                    DIGEST_QUEUE, self._workflows.delivery, REQUEST.dump(request)
                )
            return True

    async def start_audio(self, digest_id: str, *, again: str = "") -> None:
        """Enqueue a digest's recording; does nothing if it was started before with the same `again`."""
        await self._workflows.engine_runs.wait()
        await self._workflows.start_audio(digest_id, again=again)

    async def is_in_hand(self, run_id: str) -> bool:
        """Whether a started run will deliver its digest or tell the admin why not, or has done so."""
        await self._workflows.engine_runs.wait()
        status = await DBOS.get_workflow_status_async(run_id)
        return status is not None and not _came_to_nothing(status)

    async def latest_failure(
        self, subscription: Subscription, *, since: str | None
    ) -> tuple[Week, str] | None:
        """The newest recent week whose run gave up, and the problem: perhaps the admin could not be told.

        Args:
            subscription: Whose weeks.
            since: The ISO week of the latest digest: earlier failures are no longer worth mentioning.
        """
        await self._workflows.engine_runs.wait()
        due = latest_due_week(self._clock.now(), subscription)
        for week in (due.plus(1), due, due.plus(-1)):
            if since is not None and week <= parse_week(since):
                return None
            status = await DBOS.get_workflow_status_async(weekly_run_id(subscription.server_id, week))
            if status is not None and status.status == "SUCCESS" and status.output not in {None, PAUSED}:
                return week, str(status.output)
        return None

    async def works_on(self, run_id: str) -> bool:
        """Whether a run is making or delivering this digest, or waiting to."""
        await self._workflows.engine_runs.wait()
        return await self._is_under_way(run_id)

    async def forget(self, *, over_before: datetime) -> None:
        """Delete the records of runs that ended before then; their ids must no longer be needed."""
        while runs := await DBOS.list_workflows_async(
            status=["SUCCESS", *_BROKEN_OFF],
            completed_before=over_before.isoformat(),
            limit=_RUNS_AT_A_TIME,
            load_input=False,
            load_output=False,
        ):
            await DBOS.delete_workflows_async([run.workflow_id for run in runs])

    async def forget_owner(self, owner_id: int) -> None:
        """Stop a server's or a person's runs and delete all records of their weekly digests.

        A later request starts from scratch.
        """
        runs = weekly_runs(owner_id)
        async with self._turn_to_start():
            found = await DBOS.list_workflows_async(
                workflow_id_prefix=[runs, f"{_AGAIN}{runs}"], load_input=False, load_output=False
            )
            ids = [run.workflow_id for run in found]
            await DBOS.cancel_workflows_async(ids)
            # Before deletion: the engine fails on runs that end without a record.
            await self._workflows.end(ids)
            await DBOS.delete_workflows_async(ids)
            for prefix in (runs, f"{_AGAIN}{runs}"):
                await asyncio.to_thread(_forget_parents, prefix)

    async def wait_for_end(self, run_id: str) -> None:
        """Wait until a started run has ended.

        Raises:
            ServiceError: the run gave up; the message says why.
        """
        handle: WorkflowHandleAsync[str | None] = await DBOS.retrieve_workflow_async(run_id)
        problem = await handle.get_result(polling_interval_sec=POLL_SECONDS)
        if problem is not None:
            raise ServiceError(problem, retryable=False)

    @asynccontextmanager
    async def _turn_to_start(self) -> AsyncIterator[None]:
        await self._workflows.engine_runs.wait()
        async with self._starting:
            yield

    async def _enqueue_digest(self, request: DigestRequest) -> None:
        with SetWorkflowID(request.run_id):
            await DBOS.enqueue_workflow_async(DIGEST_QUEUE, self._workflows.digest, REQUEST.dump(request))

    async def _is_needless(self, request: DigestRequest) -> bool:
        return await self._is_under_way(request.run_id) or not await self._workflows.is_wanted(request)

    async def _is_under_way(self, run_id: str) -> bool:
        # Two runs that deliver the same messages at once could post one twice.
        runs = await DBOS.list_workflows_async(
            workflow_id_prefix=[run_id, f"{_AGAIN}{run_id}:"],
            status=_UNDER_WAY,
            limit=1,
            load_input=False,
            load_output=False,
        )
        return bool(runs)


def _came_to_nothing(status: WorkflowStatus) -> bool:
    """Whether a run ended without either making its digest or telling the admin why not."""
    return status.status in _BROKEN_OFF or status.output == PAUSED


def _forget_parents(prefix: str) -> None:
    """Forget that runs with this id prefix started papers' runs; those stay, as other digests share them."""
    engine = _get_dbos_instance()._sys_db  # noqa: SLF001 - nothing public changes it
    runs = engine.tables.workflow_status
    of_these = runs.c.parent_workflow_id.startswith(prefix, autoescape=True)
    with engine.engine.begin() as tx:
        tx.execute(runs.update().where(of_these).values(parent_workflow_id=None))
