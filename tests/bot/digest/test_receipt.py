from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from bot.digest.plan import OUTCOME, PLAN, DigestRequest, PaperOutcome, Plan
from bot.digest.receipt import receipt
from bot.llm.usage import UsageTally
from storage.model import Pick, Shortfall, Statement, Subscription, Summary, SummaryKind, TextSource
from tests.bot.examples import paper

MADE_AT = datetime(2026, 11, 21, tzinfo=UTC)
outcome_of = partial(PaperOutcome, made_at=MADE_AT)


def plan(*keys: str) -> Plan:
    return Plan(
        request=DigestRequest(
            run_id="digest:1:2026-W47",
            subscription=Subscription(server_id=1, channel_id=2, categories=("cs.CL",)),
            week="2026-W47",
            published=True,
        ),
        highlights=tuple(Pick(paper=paper(key), score=1.0, reason="because") for key in keys),
        noted=(),
        announced=40,
        considered=30,
        remarks=("a remark",),
        recipe="fake/1",
        chosen_at=MADE_AT,
    )


def summary(paper_id: str, cost: float | None) -> Summary:
    return Summary(
        paper_id=paper_id,
        version=1,
        recipe="fake/1",
        kind=SummaryKind.MODEL,
        model="fake",
        gist=Statement(text="A gist."),
        claim=Statement(text="A claim."),
        method=(),
        results=(),
        critique=(),
        implications=(),
        source=TextSource.PDF,
        pages_read=4,
        page_count=4,
        statements_dropped=2,
        prompt_tokens=100,
        completion_tokens=10,
        cost_usd=cost,
    )


def test_every_highlight_is_read_abstract_only_or_failed() -> None:
    made = plan("2611.00001", "2611.00002", "2611.00003")
    outcomes = [
        outcome_of(paper_key="2611.00001v1", recipe="fake/1", read_in_full=True, hidden_characters=70),
        outcome_of(paper_key="2611.00002v1", recipe="fake/1", problem="a scan without text"),
        outcome_of(paper_key="2611.00003v1", recipe=None, problem="the disk is full"),
    ]

    counted = receipt(made, outcomes, [summary("2611.00001", 0.25), summary("2611.00002", None)])

    assert (counted.announced, counted.considered, counted.read_in_full) == (40, 30, 1)
    assert counted.abstract_only == (
        Shortfall(paper_key="2611.00002v1", title="Title of 2611.00002", why="a scan without text"),
    )
    assert counted.failed == (
        Shortfall(paper_key="2611.00003v1", title="Title of 2611.00003", why="the disk is full"),
    )
    assert (counted.prompt_tokens, counted.completion_tokens, counted.cost_usd) == (200, 20, 0.25)
    assert (counted.statements_dropped, counted.hidden_characters) == (4, 70)


def test_a_paper_read_in_part_is_remarked_on() -> None:
    outcome = outcome_of(
        paper_key="2611.00001v1", recipe="fake/1", read_in_full=True, problem="12 of 14 pages"
    )

    counted = receipt(plan("2611.00001"), [outcome], [])

    assert counted.read_in_full == 1
    assert counted.remarks == ("a remark", "2611.00001v1: 12 of 14 pages")


def test_costs_stay_unknown_without_prices() -> None:
    assert receipt(plan("2611.00001"), [], [summary("2611.00001", None)]).cost_usd is None


def test_wasted_tokens_and_costs_count_too() -> None:
    made = plan("2611.00001", "2611.00002", "2611.00003")
    outcomes = [
        outcome_of(paper_key="2611.00001v1", recipe="fake/1", read_in_full=True),
        outcome_of(
            paper_key="2611.00002v1",
            recipe="extract/7",
            read_in_full=True,
            model_problem="No JSON.",
            wasted=UsageTally(calls=2, prompt_tokens=1000, completion_tokens=200),
            wasted_usd=0.5,
        ),
        outcome_of(
            paper_key="2611.00003v1",
            recipe="extract/7",
            read_in_full=True,
            model_problem="No answer.",
            wasted=UsageTally(calls=1),
            wasted_usd=0.0,
        ),
    ]

    counted = receipt(made, outcomes, [summary("2611.00001", 0.25)])

    assert (counted.prompt_tokens, counted.completion_tokens, counted.cost_usd) == (1100, 210, 0.75)
    assert receipt(made, outcomes[2:], []).cost_usd is None


def test_the_cost_of_ordering_the_papers_counts_too() -> None:
    made = replace(plan(), ordering=UsageTally(calls=1, prompt_tokens=900), ordering_usd=0.5)

    counted = receipt(made, [], [summary("2611.00001", 0.25)])

    assert (counted.prompt_tokens, counted.cost_usd) == (1000, 0.75)


def test_an_outcome_survives_json() -> None:
    made = outcome_of(
        paper_key="2611.00001v1", recipe="extract/7", wasted=UsageTally(calls=1, prompt_tokens=7)
    )

    assert OUTCOME.load(OUTCOME.dump(made)) == made


def test_a_plan_survives_json() -> None:
    made = plan("2611.00001")

    assert PLAN.load(PLAN.dump(made)) == made


def test_each_reason_why_the_model_wrote_nothing_is_given_once() -> None:
    made = plan("2611.00001", "2611.00002", "2611.00003")
    outcomes = [
        outcome_of(
            paper_key="2611.00001v1", recipe="extract/7", read_in_full=True, model_problem="Wrong key."
        ),
        outcome_of(paper_key="2611.00002v1", recipe="fake/1", read_in_full=True),
        outcome_of(
            paper_key="2611.00003v1", recipe="extract/7", read_in_full=True, model_problem="Wrong key."
        ),
    ]

    assert receipt(made, outcomes, []).remarks == ("a remark", "2 of 3 summaries are extracts: Wrong key.")


def test_a_single_extract_is_worded_in_the_singular() -> None:
    made = plan("2611.00001", "2611.00002")
    outcomes = [
        outcome_of(paper_key="2611.00001v1", recipe="extract/7", model_problem="No quota."),
        outcome_of(paper_key="2611.00002v1", recipe="fake/1", read_in_full=True),
    ]

    assert receipt(made, outcomes, []).remarks == ("a remark", "1 of 2 summaries is an extract: No quota.")


def test_a_paper_that_failed_is_not_counted_among_the_summaries() -> None:
    made = plan("2611.00001", "2611.00002")
    outcomes = [
        outcome_of(paper_key="2611.00001v1", recipe="extract/7", model_problem="No quota."),
        outcome_of(paper_key="2611.00002v1", recipe=None, problem="It is not stored."),
    ]

    assert receipt(made, outcomes, []).remarks == ("a remark", "1 of 1 summary is an extract: No quota.")
