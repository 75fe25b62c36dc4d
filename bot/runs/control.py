"""The durable runs from outside: started, asked about, awaited, forgotten.

What they do is in `workflows.py`. Commands come as soon as the bot is connected: what they call before
the engine runs waits for it.
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
"""How DBOS calls a run that ended without an outcome and will not go on."""
_RUNS_AT_A_TIME = 100
"""Deleted in one transaction."""


class Runs:
    """The runs of one engine's workflows, by their ids."""

    def __init__(self, workflows: Workflows, clock: Clock) -> None:
        self._workflows = workflows
        self._clock = clock
        self._starting = asyncio.Lock()

    async def start_digest(self, request: DigestRequest) -> None:
        """Put a digest's run into its queue; one that was started before is left as it is.

        One that broke off, or ended at a pause, begins anew; one that nobody wants any more leaves no record.
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

        Returns whether it was started: one that is under way, or waits, is left as it is.
        """
        async with self._turn_to_start():
            if await self._is_needless(request):
                return False
            await DBOS.delete_workflow_async(request.run_id)
            await self._enqueue_digest(request)
            return True

    async def deliver_again(self, request: DigestRequest) -> bool:
        """Deliver what is planned of a digest that was made before.

        Returns whether a run was started for it: one that is under way, or waits, delivers it all itself.
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
        """Put a digest's recording into its queue; what was started before with the same `again` is left."""
        await self._workflows.engine_runs.wait()
        await self._workflows.start_audio(digest_id, again=again)

    async def is_in_hand(self, run_id: str) -> bool:
        """Whether a run was started that delivers its digest or tells the admin why not, or has done so."""
        await self._workflows.engine_runs.wait()
        status = await DBOS.get_workflow_status_async(run_id)
        return status is not None and not _came_to_nothing(status)

    async def in_vain(self, wish: Subscription, *, since: str | None) -> tuple[Week, str] | None:
        """The newest week whose run gave up, and why; the admin may not have been reached then.

        Args:
            wish: Whose.
            since: The ISO week of the latest digest: what was in vain before it needs no word any more.
        """
        await self._workflows.engine_runs.wait()
        due = latest_due_week(self._clock.now(), wish)
        for week in (due.plus(1), due, due.plus(-1)):
            if since is not None and week <= parse_week(since):
                return None
            status = await DBOS.get_workflow_status_async(weekly_run_id(wish.server_id, week))
            if status is not None and status.status == "SUCCESS" and status.output not in {None, PAUSED}:
                return week, str(status.output)
        return None

    async def works_on(self, run_id: str) -> bool:
        """Whether a run makes or delivers this digest, or waits to."""
        await self._workflows.engine_runs.wait()
        return await self._is_under_way(run_id)

    async def forget(self, *, over_before: datetime) -> None:
        """Delete the records of runs that were over by then: their ids must not be needed any more."""
        while runs := await DBOS.list_workflows_async(
            status=["SUCCESS", *_BROKEN_OFF],
            completed_before=over_before.isoformat(),
            limit=_RUNS_AT_A_TIME,
            load_input=False,
            load_output=False,
        ):
            await DBOS.delete_workflows_async([run.workflow_id for run in runs])

    async def forget_owner(self, owner_id: int) -> None:
        """Stop what runs for a server or a person, and delete all records of their weeks' digests.

        What they wish for afterwards is made as if for the first time.
        """
        runs = weekly_runs(owner_id)
        async with self._turn_to_start():
            found = await DBOS.list_workflows_async(
                workflow_id_prefix=[runs, f"{_AGAIN}{runs}"], load_input=False, load_output=False
            )
            ids = [run.workflow_id for run in found]
            await DBOS.cancel_workflows_async(ids)
            await self._workflows.end(ids)  # one that ends without its record is an error for the engine
            await DBOS.delete_workflows_async(ids)
            for began in (runs, f"{_AGAIN}{runs}"):
                await asyncio.to_thread(_forget_who_began, began)

    async def digest_made(self, run_id: str) -> None:
        """Wait until a started run is over.

        Raises:
            ServiceError: the run gave up, and why.
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
    """Whether a run is over, and neither made its digest nor told the admin why not."""
    return status.status in _BROKEN_OFF or status.output == PAUSED


def _forget_who_began(runs: str) -> None:
    """Papers' runs stay, as others' digests share them; that a run whose id begins so began them does not."""
    engine = _get_dbos_instance()._sys_db  # noqa: SLF001 - nothing public changes it
    known = engine.tables.workflow_status
    of_these = known.c.parent_workflow_id.startswith(runs, autoescape=True)
    with engine.engine.begin() as tx:
        tx.execute(known.update().where(of_these).values(parent_workflow_id=None))
