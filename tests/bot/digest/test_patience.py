"""Which papers of a digest are retried, and when."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.digest.patience import after, failed, hopeful, next_try, outdated, paper_run_id, shared_name
from bot.digest.plan import PaperOutcome, Plan
from bot.llm.usage import UsageTally
from bot.weeks import deadline, parse_week
from storage.model import Pick
from tests.bot.digest.press import FRIDAY_NINE, SUBSCRIPTION, WEEK, request
from tests.bot.examples import paper

PICK = Pick(paper=paper("2611.00001"), score=1.0, reason="")
PLAN = Plan(
    request=request(),
    highlights=(PICK,),
    noted=(),
    announced=1,
    considered=1,
    remarks=(),
    recipe="extract/7",
    chosen_at=FRIDAY_NINE,
)
KEY = PICK.paper.key
WHOLE = PaperOutcome(paper_key=KEY, recipe="extract/7", read_in_full=True, made_at=FRIDAY_NINE)
REFUSED = PaperOutcome(paper_key=KEY, recipe="extract/7", problem="refused", passes=True, made_at=FRIDAY_NINE)
EARLIER = FRIDAY_NINE - timedelta(minutes=1)


@pytest.mark.parametrize(
    ("outcome", "is_retried"),
    [
        (replace(REFUSED, made_at=EARLIER), True),
        (replace(WHOLE, model_problem="The model is away.", made_at=EARLIER), True),
        (failed(KEY, "Something unexpected went wrong.", EARLIER), True),
        (replace(WHOLE, made_at=EARLIER), False),
        (replace(WHOLE, read_in_full=False, problem="a scan without text", made_at=EARLIER), False),
        (REFUSED, False),
    ],
)
def test_what_failed_before_the_digest_started_is_retried(outcome: PaperOutcome, *, is_retried: bool) -> None:
    assert outdated(PLAN, {KEY: outcome}) == ([PICK] if is_retried else [])


def test_a_refused_pdf_is_waited_for_until_the_digests_deadline() -> None:
    late = deadline(parse_week(WEEK), SUBSCRIPTION) - timedelta(seconds=60)

    assert hopeful(PLAN, {KEY: REFUSED}, pauses=3) == [PICK]
    assert next_try(PLAN, [PICK], {KEY: REFUSED}, 60.0) == FRIDAY_NINE + timedelta(minutes=1)
    assert next_try(PLAN, [PICK], {KEY: replace(REFUSED, made_at=late)}, 60.0) is None


def test_a_model_that_is_away_is_waited_for_during_the_first_pauses_only() -> None:
    away = replace(WHOLE, model_problem="The model is away.", model_passes=True)

    assert hopeful(PLAN, {KEY: away}, pauses=1) == [PICK]
    assert hopeful(PLAN, {KEY: away}, pauses=2) == []
    assert hopeful(PLAN, {KEY: replace(away, model_passes=False)}, pauses=0) == []


def test_what_earlier_tries_used_and_wasted_is_added() -> None:
    tally = UsageTally(calls=1, prompt_tokens=5)
    wasted = replace(WHOLE, used=tally, wasted=tally, wasted_usd=0.5)

    assert after(wasted, WHOLE) == wasted
    assert after(WHOLE, WHOLE) == WHOLE
    assert after(wasted, wasted).wasted_usd == 1.0
    assert after(wasted, wasted).used == tally + tally


def test_papers_are_retried_together_once_the_last_of_them_has_waited() -> None:
    other = Pick(paper=paper("2611.00002"), score=1.0, reason="")
    outcomes = {KEY: REFUSED, other.paper.key: replace(REFUSED, made_at=EARLIER)}

    assert next_try(PLAN, [PICK, other], outcomes, 60.0) == FRIDAY_NINE + timedelta(minutes=1)


def test_the_digests_of_two_servers_share_the_run_of_a_paper() -> None:
    elsewhere = replace(PLAN, request=request(run_id="digest:8:2026-W47"))

    assert paper_run_id(elsewhere, KEY) == paper_run_id(PLAN, KEY)


def test_a_preview_does_not_wait() -> None:
    preview = replace(PLAN, request=request(published=False, run_id="preview:7:1"))

    assert next_try(preview, [PICK], {KEY: REFUSED}, 60.0) is None
    assert paper_run_id(preview, KEY) == f"preview:7:1:{KEY}"


def test_nothing_is_retried_if_everything_was_read() -> None:
    assert hopeful(PLAN, {KEY: WHOLE}, pauses=0) == []
    assert next_try(PLAN, [], {KEY: WHOLE}, 60.0) is None


def test_digests_share_the_tries_of_the_same_ten_minutes_after_as_many_pauses() -> None:
    names = {shared_name(FRIDAY_NINE + timedelta(minutes=minutes), 1) for minutes in (0, 9)}

    assert len(names) == 1
    assert names.isdisjoint(
        {shared_name(FRIDAY_NINE, 2), shared_name(FRIDAY_NINE + timedelta(minutes=10), 1)}
    )
    assert paper_run_id(PLAN, KEY, *names) == f"{paper_run_id(PLAN, KEY)}:{names.pop()}"
