"""The durable workflows (DBOS): what must finish even if the process dies.

A digest's run is the workflow `digest:<server>:<week>`, and each of its papers is a child workflow, shared by
all servers for one day. Steps record their results, so an interrupted run resumes where it was; every step
can also be repeated as a whole, because it finds its earlier results in storage. Workflows and steps pass
JSON data only. `control.py` starts them.

The database knows workflows and steps by their names here, the class's included: renaming one loses the runs
that an older version left.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from functools import partial
from typing import Any

from dbos import DBOS, DBOSConfiguredInstance, SetWorkflowID

from bot.clock import Clock
from bot.digest.changes import PAUSED
from bot.digest.patience import after, failed, hopeful, next_try, outdated, paper_run_id, shared_name
from bot.digest.plan import OUTCOME, PLAN, REQUEST, DigestRequest, PaperOutcome, Plan, is_over
from bot.digest.posting import Posting, Unposted
from bot.digest.service import Digests
from bot.errors import BroadsheetError, ServiceError
from bot.logs import incident
from bot.runs.slots import Slot
from bot.runs.tries import Tries
from bot.runs.underway import Underway
from bot.speech.broadcast import Broadcast, Outcome
from storage.failures import StorageFailure
from storage.model import Pick
from storage.model.keys import paper_key

log = logging.getLogger(__name__)

Data = dict[str, Any]

POLL_SECONDS = 0.2
"""How often those waiting for a run poll the database: SQLite cannot notify."""
DIGEST_QUEUE, _PAPER_QUEUE, _PREVIEW_PAPER_QUEUE, _AUDIO_QUEUE = (
    "digests",
    "papers",
    "preview papers",
    "audio",
)
QUEUES = {DIGEST_QUEUE: 1000, _PAPER_QUEUE: 8, _PREVIEW_PAPER_QUEUE: 8, _AUDIO_QUEUE: 1000}
"""How many runs of each queue a process takes up. Digests and recordings may wait for days, at 50 KB of
memory each (measured); semaphores limit how many of them work at once."""
_DIGESTS_AT_WORK, _PREVIEWS_AT_WORK, _RECORDINGS_AT_WORK = 4, 2, 1
"""Per process. Someone is waiting for a preview, so neither it nor its papers queue behind the week's."""
_TRIES = 4
"""For what nothing else depends on (a recording, one paper, a notice) or someone waits for (a preview)."""
_TOO_LATE = "its deadline passed before it could be made."
PAUSES_SECONDS = (60.0, 300.0, 900.0, 3600.0)
"""Before retrying arXiv or the database, or checking an unclear delivery again; the last pause repeats until
the deadline, except for PDFs. A model that is away is waited for during the first two."""


@DBOS.dbos_class()
class Workflows(DBOSConfiguredInstance):
    """The workflows, with the services they call."""

    def __init__(
        self,
        *,
        digests: Digests,
        clock: Clock,
        posting: Posting | Unposted | None = None,
        broadcast: Broadcast | None = None,
        name: str = "broadsheet",
        pauses_seconds: Sequence[float] = PAUSES_SECONDS,
    ) -> None:
        super().__init__(name)
        self._digests = digests
        self._posting = posting or Unposted()
        self._broadcast = broadcast
        self._clock = clock
        self._tries = Tries(pauses_seconds, sleep=DBOS.sleep_async)
        self.engine_runs = asyncio.Event()
        """Set by the engine once runs can be started and queried."""
        self._underway = Underway()
        self._digests_at_work = asyncio.Semaphore(_DIGESTS_AT_WORK)
        self._previews_at_work = asyncio.Semaphore(_PREVIEWS_AT_WORK)
        self._recordings_at_work = asyncio.Semaphore(_RECORDINGS_AT_WORK)

    @DBOS.workflow(name="digest")
    async def digest(self, request: Data) -> str | None:
        """Make one digest and deliver it; returns the problem if it gave up, else None."""
        is_published = REQUEST.load(request).published
        places = self._digests_at_work if is_published else self._previews_at_work
        with self._underway.cancelled_on_stop(DBOS.workflow_id):
            async with Slot(places) as slot:
                problem = await self._make(request, slot, tries=None if is_published else _TRIES)
                if problem is None:
                    await self._tries.until(lambda: self.deliver(request), slot)
                    await self._start_audio(request)
                return problem

    async def _make(self, request: Data, slot: Slot, *, tries: int | None) -> str | None:
        """Make a digest and store it; returns the problem if it gave up, else None."""
        plan = await self._plan_when_possible(request, slot)
        if "problem" in plan:
            if plan["problem"] != PAUSED:
                await self._give_up(request, plan["problem"], slot)
            return str(plan["problem"])
        outcomes = await self._papers(PLAN.load(plan), slot)
        return await self._tries.repeated(lambda: self.compose(plan, outcomes), slot, most=tries)

    async def _give_up(self, request: Data, problem: str, slot: Slot) -> None:
        """Tell the admin; if they cannot be reached for a while, leave it to the schedule."""
        if not await self._tries.until(lambda: self.give_up(request, problem), slot, most=_TRIES):
            await self._tries.repeated(lambda: self.tell_later(request, problem), slot, most=None)

    @DBOS.workflow(name="delivery")
    async def delivery(self, request: Data) -> None:
        """Deliver a digest's planned messages."""
        with self._underway.cancelled_on_stop(DBOS.workflow_id):
            async with Slot(self._digests_at_work) as slot:
                await self._tries.until(lambda: self.deliver(request), slot)
                await self._start_audio(request, again=f" {DBOS.workflow_id}")

    async def start_audio(self, digest_id: str, *, again: str = "", only_posted: bool = False) -> None:
        """Enqueue a digest's recording; does nothing if it was started before with the same `again`."""
        with SetWorkflowID(f"audio:{digest_id}{again}"):
            await DBOS.enqueue_workflow_async(_AUDIO_QUEUE, self.audio, digest_id, only_posted=only_posted)

    async def _start_audio(self, request: Data, *, again: str = "") -> None:
        asked = REQUEST.load(request)
        if asked.published and self._broadcast and self._broadcast.is_wanted(asked.subscription):
            await self.start_audio(asked.run_id, again=again, only_posted=True)

    @DBOS.workflow(name="audio")
    async def audio(self, digest_id: str, *, only_posted: bool = False) -> None:
        """Record a digest and attach the recording to its post; a failure here affects nothing else."""
        with self._underway.cancelled_on_stop(DBOS.workflow_id):
            try:
                async with Slot(self._recordings_at_work) as slot:
                    if await self._tried(partial(self.record, only_posted=only_posted), digest_id, slot):
                        await self._tried(self.attach, digest_id, slot)
            except Exception as error:  # noqa: BLE001 - a recording's failure ends here
                incident(log, f"the recording of {digest_id}", error)

    async def _tried(self, step: Callable[[str], Awaitable[str]], digest_id: str, slot: Slot) -> bool:
        """Whether the step succeeded, with retries where they may help."""
        for tried in range(_TRIES):
            if tried:
                await self._tries.pause(tried - 1, slot)
            outcome = await self._tries.repeated(lambda: step(digest_id), slot, most=_TRIES)
            if outcome != Outcome.AGAIN:
                return outcome == Outcome.DONE
        return False

    @DBOS.step()
    async def record(self, digest_id: str, *, only_posted: bool = False) -> str:
        """Record the digest into files."""
        assert self._broadcast is not None, "only a bot records"
        return await self._broadcast.record(digest_id, only_posted=only_posted)

    @DBOS.step()
    async def attach(self, digest_id: str) -> str:
        """Attach the recording to the digest's first message."""
        assert self._broadcast is not None, "only a bot records"
        return await self._broadcast.attach(digest_id)

    async def _plan_when_possible(self, request: Data, slot: Slot) -> Data:
        tries, last = 0, ""
        while (plan := await self.plan(request)).get("retry"):
            last = f" The last try: {plan['problem']}"
            await self._tries.pause(tries, slot)
            tries += 1
        return plan | {"problem": f"{plan['problem']}{last}"} if plan.get("is_late") else plan

    async def _papers(self, plan: Plan, slot: Slot) -> list[Data]:
        """The outcome of each highlight, once no further retry is worth waiting for."""
        outcomes = await self._tried_once(plan, plan.highlights)
        if again := outdated(plan, outcomes):
            outcomes |= await self._tried_once(plan, again, shared_name(plan.chosen_at, 0))
        for waited, pause in enumerate(self._tries.pauses_seconds):
            again = hopeful(plan, outcomes, pauses=waited)
            moment = next_try(plan, again, outcomes, pause)
            if moment is None:
                break
            await self._tries.pause(waited, slot)
            tried = await self._tried_once(plan, again, shared_name(moment, waited + 1))
            outcomes |= {key: after(outcomes[key], outcome) for key, outcome in tried.items()}
        return [OUTCOME.dump(outcomes[pick.paper.key]) for pick in plan.highlights]

    async def _tried_once(
        self, plan: Plan, picks: Sequence[Pick], again: str = ""
    ) -> dict[str, PaperOutcome]:
        queue = _PAPER_QUEUE if plan.request.published else _PREVIEW_PAPER_QUEUE
        children = []
        for pick in picks:
            with SetWorkflowID(paper_run_id(plan, pick.paper.key, again)):
                child = await DBOS.enqueue_workflow_async(
                    queue, self.paper, pick.paper.id, pick.paper.version
                )
            children.append(child)
        found = [
            OUTCOME.load(await child.get_result(polling_interval_sec=POLL_SECONDS)) for child in children
        ]
        return {outcome.paper_key: outcome for outcome in found}

    @DBOS.workflow(name="paper")
    async def paper(self, paper_id: str, version: int) -> Data:
        """Read and summarise one paper; a failure is an outcome, so one paper never stops the others."""
        key = paper_key(paper_id, version)
        with self._underway.cancelled_on_stop(DBOS.workflow_id):
            try:
                return await self._tries.repeated(lambda: self.write(paper_id, version), most=_TRIES)
            except (BroadsheetError, StorageFailure) as error:
                problem = str(error)
            except Exception as error:  # noqa: BLE001 - a paper's failure ends here
                problem = incident(log, f"paper {key}", error)
            return OUTCOME.dump(failed(key, problem, self._clock.now()))

    @DBOS.step()
    async def plan(self, request: Data) -> Data:
        """The plan; or {problem, retry} if there is none (yet), with {is_late} if the deadline has passed."""
        asked = REQUEST.load(request)
        try:
            if (present := await self._posting.refreshed(asked)) is None:
                return {"problem": PAUSED, "retry": False}
            asked = present
            if is_over(asked, self._clock.now()):
                return {"problem": _TOO_LATE, "retry": False, "is_late": True}
            if (why := await self._posting.why_not_to_make(asked)) is not None:
                return {"problem": why, "retry": False}
            return PLAN.dump(await self._digests.plan(asked))
        except (BroadsheetError, StorageFailure) as error:
            log.warning("%s has no plan: %s", asked.run_id, error)
            retry = asked.published and _passes(error) and not is_over(asked, self._clock.now())
            return {"problem": str(error), "retry": retry}

    @DBOS.step()
    async def write(self, paper_id: str, version: int) -> Data:
        """Store one paper's text and summary."""
        return OUTCOME.dump(await self._digests.write(paper_id, version))

    @DBOS.step()
    async def compose(self, plan: Data, outcomes: list[Data]) -> str | None:
        """Store the digest and its planned deliveries; returns the problem if it is no longer wanted."""
        made = PLAN.load(plan)
        papers = [OUTCOME.load(outcome) for outcome in outcomes]
        if (present := await self._posting.refreshed(made.request)) is None:
            await self._digests.note_abandoned(made, papers)
            return PAUSED
        await self._digests.compose(made, papers, form=present)
        return None

    @DBOS.step()
    async def deliver(self, request: Data) -> bool:
        """Post what can be posted; returns whether the database shows nothing left to do."""
        return await self._posting.deliver(REQUEST.load(request))

    @DBOS.step()
    async def give_up(self, request: Data, problem: str) -> bool:
        """Tell the admin that a week's digest cannot be made; returns whether they were reached."""
        return await self._posting.give_up(REQUEST.load(request), problem)

    @DBOS.step()
    async def tell_later(self, request: Data, problem: str) -> None:
        """Store the notice that `give_up` could not deliver."""
        await self._posting.tell_later(REQUEST.load(request), problem)

    @property
    def at_work(self) -> set[str]:
        """The ids of the workflows that have a task in this process."""
        return self._underway.names

    async def is_wanted(self, request: DigestRequest) -> bool:
        """Whether a digest is still wanted: not if its subscription was paused or deleted since.

        A preview always is. If the database fails the answer is True, and the run asks again itself.
        """
        if not request.published:
            return True
        try:
            return await self._posting.refreshed(request) is not None
        except StorageFailure as failure:
            log.warning("cannot tell whether %s is still wanted: %s", request.run_id, failure)
            return True

    async def end(self, ids: Collection[str]) -> None:
        """Cancel those of these workflows that run in this process, and wait; their end is not recorded."""
        await self._underway.end(ids)

    async def stop(self) -> None:
        """Cancel all runs without recording it: they resume at the next start."""
        await self._underway.stop()


def _passes(error: Exception) -> bool:
    """Whether a retry in some hours may succeed."""
    if isinstance(error, StorageFailure):
        return error.retryable
    return isinstance(error, ServiceError) and error.passes
