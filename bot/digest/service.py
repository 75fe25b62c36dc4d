"""The steps of a digest's durable run: plan, write each paper, compose."""

import logging
from collections.abc import Sequence
from dataclasses import replace

from bot.clock import Clock
from bot.digest.candidates import Candidates
from bot.digest.messages import deliveries, votes_shown
from bot.digest.patience import after, failed
from bot.digest.plan import PLAN, DigestRequest, PaperOutcome, Plan, own_usage
from bot.digest.receipt import receipt
from bot.errors import BroadsheetError, InputError, ModelError, PaperNotFoundError
from bot.limits.admission import Admission
from bot.llm.bill import Bill
from bot.llm.usage import UsageTally
from bot.papers.library import Library
from bot.progress import Progress, Unwatched
from bot.rendering.wording import counted
from bot.summaries.extract import one_line
from bot.summaries.service import Summaries
from bot.taste.ranking import Ranking
from bot.taste.reranker import Reranker
from bot.taste.service import Tastes
from bot.weeks import parse_week
from storage.database import Database, Transaction
from storage.model import (
    Digest,
    Highlight,
    Noted,
    Paper,
    Pick,
    Subscription,
    Summary,
)
from storage.model.keys import paper_key

log = logging.getLogger(__name__)

ALSO_NOTED = 12
"""Papers mentioned in one line: with eight highlights, the twenty a community has time for."""
_ALL_LEFT_OUT = (
    "None was considered: all were left out by mutes (/taste show lists them) or excluded words, or because "
    "earlier digests had them."
)


class Digests:
    """Makes digests. Every step can be repeated: it finds what is done in storage."""

    def __init__(
        self,
        *,
        database: Database,
        candidates: Candidates,
        library: Library,
        summaries: Summaries,
        tastes: Tastes,
        admission: Admission,
        clock: Clock,
        reranker: Reranker | None = None,
        remarks: tuple[str, ...] = (),
        progress: Progress | None = None,
    ) -> None:
        self._database = database
        self._candidates = candidates
        self._library = library
        self._summaries = summaries
        self._tastes = tastes
        self._clock = clock
        self._admission = admission
        self._reranker = reranker
        self._remarks = remarks
        self._progress = progress or Unwatched()

    async def plan(self, request: DigestRequest) -> Plan:
        """Find the week's papers and choose.

        The plan is stored, so repeating the request gives the same plan. A stored plan of a different
        request, left by an earlier run, is replaced.

        Raises:
            InputError: no such week, or no categories.
            LimitReachedError: it is a preview, and the server has used up its share.
            ArxivError: arXiv could not be reached.
        """
        async with self._database.begin() as tx:
            kept = await tx.digests.plan(request.run_id)
        if kept is not None and (plan := PLAN.load(kept)).request == request:
            return plan
        subscription, week = request.subscription, parse_week(request.week)
        if not subscription.categories:
            raise InputError("No arXiv categories are set: choose some, such as cs.CL.")
        if request.is_preview:
            await self._admission.check_digests(subscription.server_id)
        self._progress.begin(f"Asking arXiv for {week}")
        async with self._database.begin() as tx:
            last = await tx.digests.categories(subscription.server_id, str(week.plus(-1)))
        listing = await self._candidates.week(subscription.categories, week, last=last)
        self._progress.begin(
            f"Choosing among {counted(len(listing.papers), 'paper')}", total=len(listing.papers)
        )
        async with self._database.begin() as tx:
            shown = await tx.digests.already_shown(subscription.server_id, except_week=request.week)
        chosen_at = self._clock.now()
        choice = await self._tastes.choose(
            listing.papers,
            subscription,
            places=subscription.highlights + ALSO_NOTED,
            already_shown=shown,
            before=chosen_at,
            advance=self._progress.advance,
        )
        bill = Bill()
        picks, reordering = await self._reordered(choice.ranking, subscription.interests, bill)
        plan = Plan(
            request=request,
            highlights=tuple(picks[: subscription.highlights]),
            noted=tuple(picks[subscription.highlights : subscription.highlights + ALSO_NOTED]),
            announced=len(listing.papers),
            considered=len(picks),
            remarks=(
                *listing.remarks,
                *_all_left_out(listing.papers, picks),
                *choice.remarks,
                *reordering,
                *self._remarks,
            ),
            recipe=self._summaries.recipe,
            chosen_at=chosen_at,
            ordering=bill.usage,
            ordering_usd=self._summaries.cost_usd(bill.usage),
        )
        async with self._database.begin() as tx:
            if not await _is_forgotten(tx, request.subscription):
                await tx.digests.save_plan(request.run_id, PLAN.dump(plan))
        self._progress.begin("Reading and summarising", total=len(plan.highlights))
        return plan

    async def _reordered(
        self, ranking: Ranking, interests: str, bill: Bill
    ) -> tuple[list[Pick], tuple[str, ...]]:
        """The picks with exploration marked, in the language model's order if there is a reranker."""
        explained = ranking.explanations
        picks: tuple[Pick, ...] = tuple(
            replace(pick, exploration=explained[pick.paper.id].explores) for pick in ranking.picks
        )
        if self._reranker is None:
            return list(picks), ()
        pinned = {one.paper_id for one in explained.values() if one.is_pinned}
        picks, remarks = await self._reranker.reordered(picks, interests, pinned=pinned, bill=bill)
        return list(picks), remarks

    async def write(self, paper_id: str, version: int) -> PaperOutcome:
        """Store a paper's text and summary.

        Without a readable PDF its abstract is used; if the language model fails, an extract is made.
        """
        paper = await self._paper(paper_id, version)
        text = await self._library.text(paper)
        bill = Bill()
        summary, failure = await self._summaries.summary_or_extract(paper, text, bill=bill)
        # A written summary stores its own usage; it may appear in many servers' digests.
        wasted = bill.usage if failure is not None else UsageTally()
        self._progress.advance()
        return PaperOutcome(
            paper_key=paper.key,
            recipe=summary.recipe,
            read_in_full=text.is_full,
            problem=text.problem,
            model_problem=None if failure is None else str(failure),
            model_passes=failure is not None and _passes(failure),
            hidden_characters=text.hidden_characters,
            used=bill.usage,
            wasted=wasted,
            wasted_usd=self._summaries.cost_usd(wasted),
            passes=not text.is_full and not await self._library.is_final(paper),
            made_at=self._clock.now(),
        )

    async def _paper(self, paper_id: str, version: int) -> Paper:
        async with self._database.begin() as tx:
            paper = await tx.papers.version(paper_id, version)
        if paper is None:
            raise PaperNotFoundError(f"The paper {paper_key(paper_id, version)} is not stored.")
        return paper

    async def compose(
        self, plan: Plan, outcomes: list[PaperOutcome], *, form: DigestRequest | None = None
    ) -> Digest:
        """Put the digest together, store it, and plan its deliveries in the same transaction.

        `form` is the current request: its channel, time, style and threads are used if they changed.
        """
        self._progress.begin("Composing the digest")
        outcomes = await self._restored(plan, outcomes)
        highlights = await self._highlights(plan, outcomes)
        summaries = [highlight.summary for highlight in highlights]
        request = plan.request
        week = parse_week(request.week)
        digest = Digest(
            id=request.run_id,
            server_id=request.subscription.server_id,
            week=request.week,
            first_day=week.first_day,
            last_day=week.last_day,
            highlights=highlights,
            noted=tuple(Noted(pick=pick, gist=one_line(pick.paper)) for pick in plan.noted),
            receipt=receipt(plan, outcomes, summaries),
            model=next((summary.model for summary in summaries if summary.model), ""),
            created_at=self._clock.now(),
            published=request.published,
            categories=request.subscription.categories,
            interests=request.subscription.interests,
            chosen_at=plan.chosen_at,
        )
        async with self._database.begin() as tx:
            if await _is_forgotten(tx, request.subscription):
                return digest
            if request.is_preview and not await tx.digests.is_made(digest.id):
                await self._admission.note_digest(tx, digest.server_id, own_usage(plan, outcomes))
            await tx.digests.save(digest)
            if request.published:
                votes = await votes_shown(tx, request.subscription, highlights)
                await tx.deliveries.plan(deliveries(digest, form or request, week, votes))
        log.info("composed %s with %s", digest.id, counted(len(highlights), "highlight"))
        return digest

    async def note_abandoned(self, plan: Plan, outcomes: Sequence[PaperOutcome]) -> None:
        """Count the usage of a server's weekly digest that was paused before it was put together.

        Otherwise pausing and requesting it with other categories would use the model without limit.
        """
        subscription = plan.request.subscription
        if not subscription.is_personal:
            async with self._database.begin() as tx:
                await self._admission.note_digest(tx, subscription.server_id, own_usage(plan, outcomes))

    async def _restored(self, plan: Plan, outcomes: list[PaperOutcome]) -> list[PaperOutcome]:
        """The outcomes, after rewriting papers that are no longer stored.

        If only the records were restored from a backup, they lack what the continuing runs have done since.
        """
        by_key = {outcome.paper_key: outcome for outcome in outcomes}
        for paper in (pick.paper for pick in plan.highlights):
            before = by_key[paper.key]
            async with self._database.begin() as tx:
                if await _is_kept(tx, paper, before.recipe):
                    continue
                await tx.papers.save([paper])
            try:
                again = await self.write(paper.id, paper.version)
            except BroadsheetError as error:
                again = failed(paper.key, str(error), self._clock.now())
            by_key[paper.key] = after(before, again)
        return [by_key[pick.paper.key] for pick in plan.highlights]

    async def _highlights(self, plan: Plan, outcomes: list[PaperOutcome]) -> tuple[Highlight, ...]:
        by_key = {outcome.paper_key: outcome for outcome in outcomes}
        highlights = []
        async with self._database.begin() as tx:
            for pick in plan.highlights:
                recipe = by_key[pick.paper.key].recipe
                if recipe is None:
                    continue
                summary: Summary | None = await tx.papers.summary(pick.paper.id, pick.paper.version, recipe)
                if summary is not None:
                    highlights.append(Highlight(pick=pick, summary=summary))
        return tuple(highlights)


def _passes(failure: ModelError) -> bool:
    """Whether the model may succeed minutes later, and the failed call cost nothing."""
    return failure.retryable and not failure.prompt_tokens and not failure.timed_out


async def _is_kept(tx: Transaction, paper: Paper, recipe: str | None) -> bool:
    """Whether a paper is stored, and its summary if one was made."""
    if recipe is None:
        return await tx.papers.version(paper.id, paper.version) is not None
    return await tx.papers.summary(paper.id, paper.version, recipe) is not None


async def _is_forgotten(tx: Transaction, subscription: Subscription) -> bool:
    """Whether it belonged to a person who deleted everything since, so that nothing may be stored for it.

    Deleting stops the run before its next step, but the current step, or a run in another process, finishes.
    """
    # Locks the row: a deletion at this moment waits for this transaction, or this one for the deletion, so
    # nothing is stored behind its back.
    return subscription.is_personal and await tx.subscriptions.get_to_change(subscription.server_id) is None


def _all_left_out(announced: Sequence[Paper], considered: Sequence[Pick]) -> tuple[str, ...]:
    """Why there is nothing to choose from although papers were announced."""
    if considered or not announced:
        return ()
    return (_ALL_LEFT_OUT,)
