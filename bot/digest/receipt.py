"""What a digest covers, and what it does not (pure)."""

from collections import Counter
from collections.abc import Sequence

from bot.digest.plan import PaperOutcome, Plan
from storage.model import Receipt, Shortfall, Summary


def receipt(plan: Plan, outcomes: Sequence[PaperOutcome], summaries: Sequence[Summary]) -> Receipt:
    """Count what was announced, considered, read and paid for.

    Costs and tokens are those of the summaries shown (whichever server's digest they were first written for),
    of the model calls that led to no summary, and of the call that ordered the papers.
    """
    titles = {pick.paper.key: pick.paper.title for pick in plan.highlights}

    def shortfalls(*, failed: bool) -> tuple[Shortfall, ...]:
        return tuple(
            Shortfall(
                paper_key=outcome.paper_key,
                title=titles[outcome.paper_key],
                why=outcome.problem or "no reason was given",
            )
            for outcome in outcomes
            if not outcome.read_in_full and (outcome.recipe is None) == failed
        )

    costs = [summary.cost_usd for summary in summaries if summary.cost_usd is not None]
    costs += [outcome.wasted_usd for outcome in outcomes if outcome.wasted_usd]
    costs += [plan.ordering_usd] if plan.ordering_usd else []
    others = sum((outcome.wasted for outcome in outcomes), plan.ordering)
    partly_read = [
        f"{outcome.paper_key}: {outcome.problem}"
        for outcome in outcomes
        if outcome.read_in_full and outcome.problem
    ]
    return Receipt(
        announced=plan.announced,
        considered=plan.considered,
        read_in_full=sum(outcome.read_in_full for outcome in outcomes),
        abstract_only=shortfalls(failed=False),
        failed=shortfalls(failed=True),
        prompt_tokens=others.prompt_tokens + sum(summary.prompt_tokens for summary in summaries),
        completion_tokens=others.completion_tokens + sum(summary.completion_tokens for summary in summaries),
        cost_usd=sum(costs) if costs else None,
        statements_dropped=sum(summary.statements_dropped for summary in summaries),
        statements_marked=sum(summary.statements_marked for summary in summaries),
        hidden_characters=sum(outcome.hidden_characters for outcome in outcomes),
        remarks=(*plan.remarks, *partly_read, *_without_model(outcomes)),
    )


def _without_model(outcomes: Sequence[PaperOutcome]) -> tuple[str, ...]:
    """Each reason why the model wrote nothing, once."""
    problems = Counter(outcome.model_problem for outcome in outcomes if outcome.model_problem)
    written = sum(outcome.recipe is not None for outcome in outcomes)
    return tuple(f"{_extracts(count, written)}: {problem}" for problem, count in problems.items())


def _extracts(count: int, written: int) -> str:
    summaries = "summary" if written == 1 else "summaries"
    return f"{count} of {written} {summaries} {'is an extract' if count == 1 else 'are extracts'}"
