"""Which of a digest's papers are worth another try, at once or after a while (pure).

A digest is read for a week, so it waits for PDFs that arXiv refuses for an hour, and some minutes for a
language model that is away. Digests of one day share the work on a paper, but not what failed before one of
them was begun.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.digest.plan import PaperOutcome, Plan, is_over
from storage.model import Pick

_MODEL_PAUSES = 2
"""For how many of a run's pauses (six minutes) a model is waited for: one that is off for good, or breaks at
one paper each time, should not keep every week's digest for long."""
_SHARED_MINUTES = 10
"""Digests whose next tries fall into the same ten minutes share them, too."""


def failed(paper_key: str, problem: str, now: datetime) -> PaperOutcome:
    """The outcome of a paper of which there is nothing."""
    return PaperOutcome(paper_key=paper_key, recipe=None, problem=problem, made_at=now)


def paper_run_id(plan: Plan, paper_key: str, again: str = "") -> str:
    """The id of a paper's run, which the digests of a day share; `again` names a later try.

    A preview shares none: it may try a paper again that failed before.
    """
    shared = plan.request.published
    first = f"paper:{paper_key}:{plan.recipe}:{plan.day}" if shared else f"{plan.request.run_id}:{paper_key}"
    return f"{first}:{again}" if again else first


def outdated(plan: Plan, outcomes: Mapping[str, PaperOutcome]) -> list[Pick]:
    """The highlights that lack something, by tries that were over before this digest was begun."""
    return [pick for pick in plan.highlights if _is_outdated(plan, outcomes[pick.paper.key])]


def hopeful(plan: Plan, outcomes: Mapping[str, PaperOutcome], *, pauses: int) -> list[Pick]:
    """The highlights whose PDF may be there in some hours, or whose model in some minutes.

    `pauses`: how many there were so far.
    """
    return [pick for pick in plan.highlights if _is_hopeful(outcomes[pick.paper.key], pauses)]


def _is_hopeful(outcome: PaperOutcome, pauses: int) -> bool:
    return outcome.passes or (outcome.model_passes and pauses < _MODEL_PAUSES)


def after(before: PaperOutcome, again: PaperOutcome) -> PaperOutcome:
    """The outcome of another try, with what the tries before it used and wasted."""
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
    """When these highlights are tried again after a pause; None where it is too late then, or nobody waits.

    It goes by when the last of them was tried: a run that is replayed comes to the same.
    """
    tried = [made_at for pick in picks if (made_at := outcomes[pick.paper.key].made_at) is not None]
    if not tried or not plan.request.published:
        return None
    moment = max(tried) + timedelta(seconds=pause_seconds)
    return None if is_over(plan.request, moment) else moment


def shared_name(moment: datetime, tries: int) -> str:
    """What names a later try: when it is made, to ten minutes, and how many pauses came before it."""
    minute = moment.minute - moment.minute % _SHARED_MINUTES
    return f"{moment:%d}T{moment:%H}:{minute:02}:{tries}"


def _is_outdated(plan: Plan, outcome: PaperOutcome) -> bool:
    if outcome.made_at is None or plan.chosen_at is None:
        return False
    is_whole = outcome.recipe is not None and outcome.model_problem is None and not outcome.passes
    return not is_whole and outcome.made_at < plan.chosen_at
