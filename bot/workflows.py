"""The durable workflows (DBOS): what must finish even if the process dies.

A digest's run is the workflow `digest:<server>:<week>`, and each of its papers is a child workflow that all
servers share on one day. Steps record their results, so a run that was cut off goes on where it was; every
step can also be repeated as a whole, because what it made is found in storage. Workflows and steps pass JSON
data only.
"""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from dbos import DBOS, DBOSConfig, DBOSConfiguredInstance, SetWorkflowID, WorkflowHandleAsync

from bot.clock import Clock
from bot.delivery.outbox import Outbox
from bot.delivery.port import Messenger
from bot.digest.plan import OUTCOME, PLAN, REQUEST, DigestRequest, PaperOutcome, Plan, weekly_runs
from bot.digest.service import Digests
from bot.digest.weeks import deadline, parse_week
from bot.errors import BroadsheetError, ServiceError
from bot.logs import incident
from storage.database import failures_in_plain_words

log = logging.getLogger(__name__)

Data = dict[str, Any]

POLL_SECONDS = 0.2
"""How often queues and waits look into the database: SQLite cannot notify."""
_DIGEST_QUEUE, _PAPER_QUEUE = "digests", "papers"
_AGAIN = "again:"
_DIGESTS_AT_A_TIME, _PAPERS_AT_A_TIME = 4, 8
_BROKEN_OFF = {"ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"}
"""How DBOS calls a run that ended without an outcome and will not go on."""
PAUSES_SECONDS = (60.0, 300.0, 900.0, 3600.0)
"""Before arXiv is asked again, or an unclear delivery looked at again; the last one repeats until the
deadline."""


@DBOS.dbos_class()
class Workflows(DBOSConfiguredInstance):
    """The workflows, with the services they call."""

    def __init__(
        self,
        *,
        digests: Digests,
        clock: Clock,
        outbox: Outbox | None = None,
        messenger: Messenger | None = None,
        name: str = "broadsheet",
        pauses_seconds: Sequence[float] = PAUSES_SECONDS,
    ) -> None:
        super().__init__(name)
        self._digests = digests
        self._outbox = outbox
        self._messenger = messenger
        self._clock = clock
        self._pauses_seconds = pauses_seconds
        self._running: set[asyncio.Task[Any]] = set()
        self._stopping = False

    async def start_digest(self, request: DigestRequest) -> None:
        """Put a digest's run into its queue; one that was started before is left as it is."""
        with SetWorkflowID(request.run_id):
            await DBOS.enqueue_workflow_async(_DIGEST_QUEUE, self.digest, REQUEST.dump(request))

    async def is_in_hand(self, run_id: str) -> bool:
        """Whether a run was started that delivers its digest or tells the admin why not, or has done so."""
        status = await DBOS.get_workflow_status_async(run_id)
        return status is not None and status.status not in _BROKEN_OFF

    async def deliver_again(self, request: DigestRequest) -> None:
        """Deliver once more what is planned of a digest that was made before."""
        with SetWorkflowID(f"{_AGAIN}{request.run_id}:{self._clock.now().isoformat()}"):
            await DBOS.enqueue_workflow_async(_DIGEST_QUEUE, self.delivery, REQUEST.dump(request))

    async def forget(self, owner_id: int) -> None:
        """Stop what runs for a server or a person, and delete all records of their runs.

        What they wish for afterwards is made as if for the first time.
        """
        runs = weekly_runs(owner_id)
        found = await DBOS.list_workflows_async(
            workflow_id_prefix=[runs, f"{_AGAIN}{runs}"], load_input=False, load_output=False
        )
        ids = [run.workflow_id for run in found]
        await DBOS.cancel_workflows_async(ids)
        await DBOS.delete_workflows_async(ids)

    async def digest_made(self, run_id: str) -> None:
        """Wait until a started run is over.

        Raises:
            ServiceError: the run gave up, and why.
        """
        handle: WorkflowHandleAsync[str | None] = await DBOS.retrieve_workflow_async(run_id)
        problem = await handle.get_result(polling_interval_sec=POLL_SECONDS)
        if problem is not None:
            raise ServiceError(problem, retryable=False)

    @DBOS.workflow(name="digest")
    async def digest(self, request: Data) -> str | None:
        """Make one digest and deliver it; returns why not, where it gave up."""
        with self._cancelled_on_stop():
            plan = await self._plan_when_possible(request)
            if "problem" in plan:
                await self.give_up(request, plan["problem"])
                return str(plan["problem"])
            outcomes = await self._papers(PLAN.load(plan))
            await self.compose(plan, outcomes)
            await self._deliver_until_done(request)
            return None

    @DBOS.workflow(name="delivery")
    async def delivery(self, request: Data) -> None:
        """Deliver what is planned of a digest."""
        with self._cancelled_on_stop():
            await self._deliver_until_done(request)

    async def _deliver_until_done(self, request: Data) -> None:
        tries = 0
        while not await self.deliver(request):
            await DBOS.sleep_async(self._pause(tries))
            tries += 1

    async def _plan_when_possible(self, request: Data) -> Data:
        tries = 0
        while (plan := await self.plan(request)).get("retry"):
            await DBOS.sleep_async(self._pause(tries))
            tries += 1
        return plan

    async def _papers(self, plan: Plan) -> list[Data]:
        children = []
        for pick in plan.highlights:
            with SetWorkflowID(_paper_run_id(plan, pick.paper.key)):
                child = await DBOS.enqueue_workflow_async(
                    _PAPER_QUEUE, self.paper, pick.paper.id, pick.paper.version
                )
            children.append(child)
        return [await child.get_result(polling_interval_sec=POLL_SECONDS) for child in children]

    @DBOS.workflow(name="paper")
    async def paper(self, paper_id: str, version: int) -> Data:
        """Read and summarise one paper; a failure is an outcome, so that one paper never stops the others."""
        with self._cancelled_on_stop():
            try:
                return await self.write(paper_id, version)
            except BroadsheetError as error:
                problem = str(error)
            except Exception as error:  # noqa: BLE001 - the edge at which one paper's trouble ends
                problem = incident(log, f"paper {paper_id}v{version}", error)
            return OUTCOME.dump(PaperOutcome(paper_key=f"{paper_id}v{version}", recipe=None, problem=problem))

    @DBOS.step()
    async def plan(self, request: Data) -> Data:
        """The plan; or {problem, retry} where there is none (yet)."""
        wish = REQUEST.load(request)
        until = deadline(parse_week(wish.week), wish.subscription)
        if wish.published and self._clock.now() >= until:
            return {"problem": "its time was over before it could be made.", "retry": False}
        try:
            return PLAN.dump(await self._digests.plan(wish))
        except BroadsheetError as error:
            retry = wish.published and isinstance(error, ServiceError) and error.retryable
            log.warning("%s has no plan: %s", wish.run_id, error)
            return {"problem": str(error), "retry": retry and self._clock.now() < until}

    @DBOS.step()
    async def write(self, paper_id: str, version: int) -> Data:
        """One paper's text and summary into storage."""
        return OUTCOME.dump(await self._digests.write(paper_id, version))

    @DBOS.step()
    async def compose(self, plan: Data, outcomes: list[Data]) -> None:
        """The digest and its planned deliveries into storage."""
        await self._digests.compose(PLAN.load(plan), [OUTCOME.load(outcome) for outcome in outcomes])

    @DBOS.step()
    async def deliver(self, request: Data) -> bool:
        """Post what can be posted; returns whether nothing is left to do."""
        wish = REQUEST.load(request)
        if not wish.published or self._outbox is None:
            return True
        report = await self._outbox.deliver(wish.subscription.server_id, wish.week)
        return report.is_finished

    @DBOS.step()
    async def give_up(self, request: Data, problem: str) -> None:
        """Tell the admin that a week's digest cannot be made."""
        wish = REQUEST.load(request)
        if wish.published and self._messenger is not None:
            admin = wish.subscription.admin_id
            words = f"There is no digest for {wish.week}: {problem}"
            await self._messenger.tell_admin(
                wish.subscription.server_id, wish.subscription.channel_id, admin, words
            )

    def _pause(self, tries: int) -> float:
        return self._pauses_seconds[min(tries, len(self._pauses_seconds) - 1)]

    async def stop(self) -> None:
        """Cancel what runs, recording nothing of it: it goes on at the next start."""
        self._stopping = True
        running = list(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    @contextmanager
    def _cancelled_on_stop(self) -> Iterator[None]:
        task = asyncio.current_task()
        if task is None or self._stopping:
            raise asyncio.CancelledError
        self._running.add(task)
        try:
            yield
        finally:
            self._running.discard(task)


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
        for name, at_a_time in ((_DIGEST_QUEUE, _DIGESTS_AT_A_TIME), (_PAPER_QUEUE, _PAPERS_AT_A_TIME)):
            await DBOS.register_queue_async(
                name,
                worker_concurrency=at_a_time,
                polling_interval_sec=POLL_SECONDS,
                on_conflict="always_update",
            )
        return self._workflows

    async def take_over(self, process_name: str) -> None:
        """Put the runs of a process that is no more back into their queues; repeating it is harmless."""
        # DBOS has this for its own conductor: nothing public does it.
        await asyncio.to_thread(DBOS._recover_pending_workflows, [process_name])  # noqa: SLF001

    async def __aexit__(self, *_: object) -> None:
        await self._workflows.stop()
        await asyncio.to_thread(DBOS.destroy, destroy_registry=False)
        # DBOS made its own threads the loop's, and has ended them: what closes after it needs some, too.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())


def _paper_run_id(plan: Plan, paper_key: str) -> str:
    # Runs that count share a paper's work for a day; a preview may try a paper again that failed before.
    shared = plan.request.published
    return f"paper:{paper_key}:{plan.recipe}:{plan.day}" if shared else f"{plan.request.run_id}:{paper_key}"
