"""Which of a digest's papers are worth retrying, at once or after a while (pure).

A digest is read for a week, so it waits over an hour for PDFs that arXiv refuses, and some minutes for a
language model that is away. Digests of one day share the work on a paper, but not failures from before one of
them started.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.digest.plan import PaperOutcome, Plan, is_over
from storage.model import Pick

_MODEL_PAUSES = 2
"""How many of a run's pauses to wait for a model (six minutes): one that is gone for good, or always fails on
one paper, should not delay every week's digest for long."""
_SHARED_MINUTES = 10
"""Digests whose next tries fall within the same ten minutes share them too."""


def failed(paper_key: str, problem: str, now: datetime) -> PaperOutcome:
    """The outcome of a paper that could not be stored or summarised."""
    return PaperOutcome(paper_key=paper_key, recipe=None, problem=problem, made_at=now)


def paper_run_id(plan: Plan, paper_key: str, again: str = "") -> str:
    """The id of a paper's run, shared by the digests of a day; `again` names a later try.

    A preview shares none, so it may retry a paper that failed before.
    """
    shared = plan.request.published
    day = plan.chosen_at.date()  # papers that failed are retried on another day
    first = f"paper:{paper_key}:{plan.recipe}:{day}" if shared else f"{plan.request.run_id}:{paper_key}"
    return f"{first}:{again}" if again else first


def outdated(plan: Plan, outcomes: Mapping[str, PaperOutcome]) -> list[Pick]:
    """The incomplete highlights whose last try ended before this digest started."""
    return [pick for pick in plan.highlights if _is_outdated(plan, outcomes[pick.paper.key])]


def hopeful(plan: Plan, outcomes: Mapping[str, PaperOutcome], *, pauses: int) -> list[Pick]:
    """The highlights whose PDF may become available within hours, or whose model within minutes.

    `pauses` is how many pauses there were so far.
    """
    return [pick for pick in plan.highlights if _is_hopeful(outcomes[pick.paper.key], pauses)]


def _is_hopeful(outcome: PaperOutcome, pauses: int) -> bool:
    return outcome.passes or (outcome.model_passes and pauses < _MODEL_PAUSES)


def after(before: PaperOutcome, again: PaperOutcome) -> PaperOutcome:
    """The outcome of another try, with the usage of earlier tries added."""
    costs = [outcome.wasted_usd for outcome in (before, again) if outcome.wasted_usd is not None]
    return replace(
        again,
        used=before.used + again.used,
        wasted=before.wasted + again.wasted,
        wasted_usd=sum(costs) if costs else None,
    )


def next_try(
    plan: Plan, picks: list[Pick], outcomes: Mapping[str, PaperOutcome], pause_seconds: float
) -> datetime | None:
    """When to retry these highlights after a pause; None if that is too late, or for a preview.

    Computed from when the last of them was tried, so that a replayed run gets the same result.
    """
    if not picks or not plan.request.published:
        return None
    moment = max(outcomes[pick.paper.key].made_at for pick in picks) + timedelta(seconds=pause_seconds)
    return None if is_over(plan.request, moment) else moment


def shared_name(moment: datetime, tries: int) -> str:
    """The name of a later try: its time, to ten minutes, and the number of pauses before it."""
    minute = moment.minute - moment.minute % _SHARED_MINUTES
    return f"{moment:%d}T{moment:%H}:{minute:02}:{tries}"


def _is_outdated(plan: Plan, outcome: PaperOutcome) -> bool:
    is_whole = outcome.recipe is not None and outcome.model_problem is None and not outcome.passes
    return not is_whole and outcome.made_at < plan.chosen_at
