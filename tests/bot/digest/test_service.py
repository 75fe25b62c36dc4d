"""The steps of a digest: plan, one paper after the other, compose."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.delivery.marker import visible_marker
from bot.digest.patience import failed
from bot.digest.plan import COMMAND_LINE, DigestRequest, PaperOutcome, own_usage
from bot.errors import ArxivError, InputError, ModelError, PaperNotFoundError, PdfError
from bot.limits.rules import LimitReachedError
from bot.llm.port import estimated_tokens
from bot.llm.usage import Prices
from bot.rendering.discord import digest_views
from bot.taste.reranker import Reranker
from storage.database import Database
from storage.model import (
    DeliveryState,
    Digest,
    Preference,
    PreferenceKind,
    Subject,
    SummaryKind,
    TextSource,
    ThreadPolicy,
    UsageTotal,
    Vote,
    WorkKind,
)
from tests.bot.digest.press import FRIDAY_NINE, SUBSCRIPTION, WEEK, BrokenEmbedder, Press, request
from tests.bot.examples import paper
from tests.bot.limits.doors import ONE_TOKEN
from tests.databases import NOW
from tests.fakes.model import ScriptedModel, diligent_model

NEXT_WEEK = "2026-W48"


@pytest.fixture
def press(database: Database) -> Press:
    return Press(database)


def shown(digest: Digest) -> list[str]:
    picks = [entry.pick for entry in digest.highlights] + [entry.pick for entry in digest.noted]
    return [pick.paper.key for pick in picks]


async def test_a_receipt_says_why_none_of_the_papers_announced_was_considered(press: Press) -> None:
    mute = Preference(
        server_id=SUBSCRIPTION.server_id,
        kind=PreferenceKind.MUTE,
        subject=Subject.CATEGORY,
        value="cs.CL",
    )
    async with press.database.begin() as tx:
        await tx.tastes.save_preferences([mute])

    muted = await press.make(request())
    press.source.listed.clear()
    quiet = await press.make(request("2026-W46"))

    assert (muted.receipt.announced, muted.receipt.considered) == (5, 0)
    assert any("left out by mutes (/taste show lists them)" in line for line in muted.receipt.remarks)
    assert not any("left out" in line for line in quiet.receipt.remarks)


async def test_a_plan_holds_the_highlights_and_the_papers_also_noted(press: Press) -> None:
    press.source.listed.append(
        paper("2611.00009", title="Retrieval of proofs", abstract="Proofs of retrieval.")
    )

    plan = await press.digests().plan(request(interests="retrieval of proofs"))

    assert plan.highlights[0].paper.id == "2611.00009"
    assert "retrieval of proofs" in plan.highlights[0].reason
    assert (len(plan.highlights), len(plan.noted), plan.announced, plan.considered) == (2, 4, 6, 6)
    assert plan.remarks == ()


@pytest.mark.parametrize(
    ("before", "server_id", "categories"),
    [
        (("cs.CL",), SUBSCRIPTION.server_id, ("cs.CL", "cs.IR")),
        (("cs.CL",), SUBSCRIPTION.server_id, ("cs.IR",)),
        (("cs.CL", "cs.IR"), 8, ("cs.IR",)),  # known from another server's list
    ],
)
async def test_a_held_paper_is_in_the_digest_after_a_change_of_categories(
    press: Press, before: tuple[str, ...], server_id: int, categories: tuple[str, ...]
) -> None:
    await press.make(request(categories=before))
    both = {"categories": ("cs.CL", "cs.IR")}
    held = paper("2611.00009", published=FRIDAY_NINE - timedelta(days=2), **both)
    press.source.listed += [held, paper("2611.00010", published=FRIDAY_NINE + timedelta(days=4), **both)]
    press.clock.move_to(FRIDAY_NINE + timedelta(days=7))

    digest = await press.make(request(NEXT_WEEK, server_id=server_id, categories=categories))

    assert sorted(shown(digest)) == ["2611.00009v1", "2611.00010v1"]


async def test_a_repeated_request_gets_the_stored_plan_whatever_arxiv_says_now(press: Press) -> None:
    first = await press.digests().plan(request())
    press.source.failure = ArxivError("arXiv is away.")
    press.clock.move_to(FRIDAY_NINE + timedelta(hours=1))

    assert await press.digests().plan(request()) == first
    assert len(press.source.asked) == 1


async def test_a_plan_stored_for_another_request_is_replaced(press: Press) -> None:
    await press.digests().plan(request())
    changed = request(channel_id=71, highlights=1)

    plan = await press.digests().plan(changed)

    assert plan.request == changed
    assert len(plan.highlights) == 1
    assert await press.digests().plan(changed) == plan


async def test_excluded_words_leave_papers_out_and_the_counts_say_so(press: Press) -> None:
    press.source.listed.append(paper("2611.00009", title="A survey of surveys"))

    plan = await press.digests().plan(request(excluded_words=("survey",)))

    assert (plan.announced, plan.considered) == (6, 5)
    assert "2611.00009" not in {pick.paper.id for pick in (*plan.highlights, *plan.noted)}


async def test_a_model_does_not_bring_back_a_near_duplicate_of_a_shown_paper(press: Press) -> None:
    abstract = " ".join(f"retrieval{number}" for number in range(60))
    twins = [
        paper(f"2611.0009{number}", title=f"Retrieval {word}", abstract=abstract)
        for number, word in enumerate(("first", "second"))
    ]
    others = [paper(f"2611.001{number:02}", title=f"Subject {number}") for number in range(20)]
    press.source.listed[:] = [*twins, *others]
    order = [one.id for one in (*twins, *others[::-1])]
    press.reranker = Reranker(ScriptedModel(json.dumps({"order": order})))

    plan = await press.digests().plan(request(interests="retrieval"))

    chosen = {pick.paper.id for pick in (*plan.highlights, *plan.noted)}
    assert len(chosen & {one.id for one in twins}) == 1
    assert plan.highlights[1].paper.id == others[-1].id


@pytest.mark.parametrize("reply", ["no JSON", json.dumps({"order": []})])
async def test_the_tokens_used_to_order_the_papers_are_in_the_receipt(press: Press, reply: str) -> None:
    press.prices = Prices(prompt_usd=1_000_000, completion_usd=0)  # a dollar for each token
    model = ScriptedModel(reply)
    press.reranker = Reranker(model)

    digest = await press.make(request(interests="retrieval"))

    (prompt,) = model.prompts
    used = estimated_tokens(prompt.system + prompt.user)
    assert (digest.receipt.prompt_tokens, digest.receipt.cost_usd) == (used, used)
    assert [remark.partition(",")[0] for remark in digest.receipt.remarks] == ["Their last order"]


async def test_a_model_moves_neither_followed_papers_nor_exploration(press: Press) -> None:
    liked = paper("2610.00001", title="Subject 1", published=FRIDAY_NINE.replace(month=10))
    followed = paper("2611.00050", title="Another matter", authors=("Zed Followed",))
    others = [paper(f"2611.001{number:02}", title=f"Subject {number}") for number in range(30)]
    press.source.listed[:] = [followed, *others]
    async with press.database.begin() as tx:
        await tx.papers.save([liked])
        at = FRIDAY_NINE.replace(day=19)
        await tx.tastes.save_votes(
            [Vote(server_id=SUBSCRIPTION.server_id, user_id=1, paper_id=liked.id, liked=True, at=at)]
        )
        await tx.tastes.save_preferences(
            [
                Preference(
                    server_id=SUBSCRIPTION.server_id,
                    kind=PreferenceKind.FOLLOW,
                    subject=Subject.AUTHOR,
                    value="Zed Followed",
                )
            ]
        )
    before = await press.digests().plan(request(interests="subject"))
    order = [pick.paper.id for pick in (*before.highlights, *before.noted)]
    models_order = [*(one.id for one in others if one.id not in order), *order[::-1]]
    press.reranker = Reranker(ScriptedModel(json.dumps({"order": models_order})))

    after = await press.digests().plan(request(interests="subject", run_id="digest:again"))

    moved = [pick.paper.id for pick in (*after.highlights, *after.noted)]
    assert [pick.exploration for pick in (*before.highlights, *before.noted)] == [False] * 13 + [True]
    assert [pick.exploration for pick in (*after.highlights, *after.noted)] == [False] * 13 + [True]
    assert moved[-1] == order[-1]
    assert moved.index(followed.id) == order.index(followed.id)
    assert moved[0] != order[0]


async def test_a_plan_without_categories_says_what_is_missing(press: Press) -> None:
    with pytest.raises(InputError, match=r"choose some, such as cs\.CL"):
        await press.digests().plan(request(categories=()))


async def test_papers_of_an_earlier_digest_stay_out_even_in_a_new_version(press: Press) -> None:
    await press.make(request(highlights=3))
    submitted = FRIDAY_NINE.replace(day=24)
    press.clock.move_to(FRIDAY_NINE.replace(day=27))
    press.source.listed = [
        paper("2611.00001", version=2, published=submitted),
        paper("2611.00002", version=2, published=submitted),
        paper("2611.00008", published=submitted),
    ]

    digest = await press.make(request(NEXT_WEEK))

    assert shown(digest) == ["2611.00008v1"]
    assert (digest.receipt.announced, digest.receipt.considered) == (3, 1)


async def test_papers_shown_in_a_preview_may_be_shown_again(press: Press) -> None:
    preview = await press.make(request(published=False, run_id="preview:7:1"))

    digest = await press.make(request())

    assert shown(digest) == shown(preview)
    assert not preview.published
    async with press.database.begin() as tx:
        assert await tx.digests.latest(7) == digest


async def test_papers_shown_to_another_server_may_be_shown_again(press: Press) -> None:
    first = await press.make(request())

    assert shown(await press.make(request(server_id=8))) == shown(first)


async def test_without_the_embedding_model_papers_are_chosen_by_words_and_the_receipt_says_so(
    press: Press,
) -> None:
    press.embedder = BrokenEmbedder()

    digest = await press.make(request(interests="the study of 2611.00004"))

    assert digest.highlights[0].pick.paper.id == "2611.00004"
    assert "Chosen by words only: The embedding model is missing." in digest.receipt.remarks


async def test_the_composition_roots_remarks_are_in_every_receipt(press: Press) -> None:
    press.remarks = ("The index is missing.",)

    assert (await press.make(request())).receipt.remarks == ("The index is missing.",)


async def test_a_paper_is_read_and_summarised_once_for_all_servers(press: Press) -> None:
    press.model = model = diligent_model()

    await press.make(request())
    await press.make(request(server_id=8))

    assert sorted(press.pdfs.fetched) == ["2611.00001v1", "2611.00002v1"]
    assert len(model.prompts) == 2


async def test_for_an_unreadable_pdf_the_abstract_is_used_and_the_receipt_says_why(press: Press) -> None:
    press.reader.failure = PdfError("The PDF is a scan without text.", retryable=False)

    digest = await press.make(request())

    assert [item.why for item in digest.receipt.abstract_only] == ["The PDF is a scan without text"] * 2
    assert (digest.receipt.read_in_full, digest.receipt.failed) == (0, ())
    assert len(digest.highlights) == 2


async def test_a_pdf_that_is_refused_for_now_is_read_for_a_later_digest(press: Press) -> None:
    press.pdfs.failures["2611.00001"] = PdfError("arXiv refuses us.", retryable=False, passes=True)

    first = await press.make(request())
    press.pdfs.failures.clear()
    later = await press.make(request(server_id=8))

    assert [item.why for item in first.receipt.abstract_only] == ["arXiv refuses us"]
    assert len(first.highlights) == 2
    assert later.receipt.read_in_full == 2
    assert {highlight.summary.source for highlight in later.highlights} == {TextSource.PDF}


@pytest.mark.parametrize("passes", [True, False])
async def test_an_outcome_tells_whether_its_pdf_may_become_available(press: Press, *, passes: bool) -> None:
    plan = await press.digests().plan(request())
    refused, read = plan.highlights
    press.pdfs.failures[refused.paper.id] = PdfError("There is none.", retryable=False, passes=passes)

    outcomes = [await press.digests().write(one.paper.id, one.paper.version) for one in (refused, read)]

    assert [outcome.passes for outcome in outcomes] == [passes, False]


async def test_if_the_model_fails_an_extract_is_used_and_the_receipt_says_why(press: Press) -> None:
    press.model = ScriptedModel()

    digest = await press.make(request())

    assert {highlight.summary.kind for highlight in digest.highlights} == {SummaryKind.EXTRACT}
    assert digest.model == ""
    assert digest.receipt.remarks == ("2 of 2 summaries are extracts: The script is over.",)


@pytest.mark.parametrize("passes", [True, False])
async def test_an_outcome_tells_whether_its_model_may_succeed_soon(press: Press, *, passes: bool) -> None:
    (pick, _) = (await press.digests().plan(request())).highlights
    press.model = ScriptedModel(ModelError("The model's server refuses us.", retryable=passes))

    outcome = await press.digests().write(pick.paper.id, pick.paper.version)

    assert (outcome.model_problem, outcome.model_passes) == ("The model's server refuses us.", passes)


@pytest.mark.parametrize("written", ["no JSON", json.dumps({"gist": "", "method": [], "results": []})])
async def test_the_tokens_a_model_wasted_are_in_the_receipt(press: Press, written: str) -> None:
    press.model = model = diligent_model()
    press.prices = Prices(prompt_usd=1_000_000, completion_usd=0)  # a dollar for each token
    model.then(written)

    digest = await press.make(request())

    used = sum(estimated_tokens(prompt.system + prompt.user) for prompt in model.prompts)
    assert {highlight.summary.kind for highlight in digest.highlights} == set(SummaryKind)
    assert (digest.receipt.prompt_tokens, digest.receipt.cost_usd) == (used, used)


async def test_a_paper_that_failed_is_a_line_in_the_receipt_and_the_others_are_shown(press: Press) -> None:
    plan = await press.digests().plan(request())
    lost, kept = plan.highlights
    failed = PaperOutcome(
        paper_key=lost.paper.key,
        recipe=None,
        made_at=press.clock.now(),
        problem="Something unexpected went wrong.",
    )
    outcome = await press.digests().write(kept.paper.id, kept.paper.version)

    digest = await press.digests().compose(plan, [failed, outcome])

    assert [highlight.pick for highlight in digest.highlights] == [kept]
    (line,) = digest.receipt.failed
    assert (line.paper_key, line.title, line.why) == (
        lost.paper.key,
        lost.paper.title,
        "Something unexpected went wrong.",
    )
    assert digest.receipt.read_in_full == 1


async def test_a_paper_that_is_not_stored_cannot_be_written(press: Press) -> None:
    with pytest.raises(PaperNotFoundError, match=r"2611\.77777v1"):
        await press.digests().write("2611.77777", 1)


async def test_papers_missing_from_a_restored_database_are_read_again(press: Press, tmp_path: Path) -> None:
    plan = await press.digests().plan(request())
    outcomes = await press.written(plan)
    fetched = list(press.pdfs.fetched)
    press.database = await Database.open(f"sqlite:///{tmp_path / 'backup'}", clock_now=lambda: NOW)

    digest = await press.digests().compose(plan, outcomes)

    await press.database.close()
    assert [highlight.pick for highlight in digest.highlights] == list(plan.highlights)
    assert digest.receipt.read_in_full == len(plan.highlights)
    assert press.pdfs.fetched == [*fetched, *fetched]


async def test_composing_does_not_read_stored_papers_again(press: Press) -> None:
    plan = await press.digests().plan(request())
    lost, kept = plan.highlights
    outcome = await press.digests().write(kept.paper.id, kept.paper.version)
    fetched = list(press.pdfs.fetched)

    await press.digests().compose(plan, [failed(lost.paper.key, "No.", NOW), outcome])

    assert press.pdfs.fetched == fetched


async def test_composing_stores_the_digest_and_plans_its_messages_once(press: Press) -> None:
    asked = request(threads=ThreadPolicy.EACH)
    plan = await press.digests().plan(asked)
    outcomes = await press.written(plan)

    digest = await press.digests().compose(plan, outcomes)
    await press.digests().compose(plan, outcomes)

    async with press.database.begin() as tx:
        assert await tx.digests.get(asked.run_id) == digest
        planned = await tx.deliveries.of(SUBSCRIPTION.server_id, WEEK)
    assert [delivery.key for delivery in planned] == [f"7-70-{WEEK}-{part}" for part in range(3)]
    assert {delivery.state for delivery in planned} == {DeliveryState.PLANNED}
    assert [delivery.thread_name is not None for delivery in planned] == [False, True, True]
    papers = [highlight.pick.paper.key for highlight in digest.highlights]
    assert [delivery.paper_key for delivery in planned] == [None, *papers]
    assert len(planned) == len(digest_views(digest, style=SUBSCRIPTION.style, marker=lambda _: "-# m"))
    assert all(visible_marker(delivery.key) in str(delivery.payload) for delivery in planned)


async def test_one_thread_for_the_digest_starts_from_its_first_message(press: Press) -> None:
    await press.make(request(threads=ThreadPolicy.DIGEST))

    async with press.database.begin() as tx:
        planned = await tx.deliveries.of(SUBSCRIPTION.server_id, WEEK)
    assert [delivery.thread_name is not None for delivery in planned] == [True, False, False]


@pytest.mark.parametrize("changes", [{"published": False, "run_id": "preview:7:1"}, {"channel_id": None}])
async def test_no_message_is_planned_for_a_preview_or_without_a_channel(
    press: Press, changes: dict[str, object]
) -> None:
    await press.make(request(**changes))  # type: ignore[arg-type]

    async with press.database.begin() as tx:
        assert await tx.deliveries.of(SUBSCRIPTION.server_id, WEEK) == []


async def noted(press: Press, server_id: int = 7) -> list[UsageTotal]:
    async with press.database.begin() as tx:
        return await tx.usage.totals(server_id, FRIDAY_NINE - timedelta(days=1))


def preview(number: int = 1, **changes: Any) -> DigestRequest:
    return request(published=False, run_id=f"preview:7:{number}", **changes)


async def test_a_previews_usage_is_noted_once_and_for_no_person(press: Press) -> None:
    press.model = diligent_model()
    press.reranker = Reranker(ScriptedModel(json.dumps({"order": [1]})))

    plan = await press.digests().plan(preview(interests="retrieval"))
    outcomes = await press.written(plan)
    for _ in range(2):  # a step that was cut off is repeated
        digest = await press.digests().compose(plan, outcomes)

    [total] = await noted(press)
    assert (total.kind, total.requests) == (WorkKind.DIGEST, 1)
    assert plan.ordering.prompt_tokens > 0
    assert total.prompt_tokens == digest.receipt.prompt_tokens
    assert total.completion_tokens == digest.receipt.completion_tokens
    assert total.cost_usd == pytest.approx((total.prompt_tokens + 2 * total.completion_tokens) / 1_000_000)
    async with press.database.begin() as tx:
        assert await tx.usage.count_of_user(SUBSCRIPTION.admin_id or 0) == 0


async def test_a_preview_of_stored_summaries_uses_nothing(press: Press) -> None:
    press.model = diligent_model()
    await press.make(request())

    await press.make(preview())

    assert await noted(press) == []


async def test_a_previews_wasted_tokens_are_noted(press: Press) -> None:
    press.model = ScriptedModel("no JSON", "no JSON")

    digest = await press.make(preview())

    [total] = await noted(press)
    assert {highlight.summary.kind for highlight in digest.highlights} == {SummaryKind.EXTRACT}
    assert total.prompt_tokens > 0


async def test_weekly_digests_and_those_of_the_command_line_count_against_no_share(press: Press) -> None:
    press.model = diligent_model()

    await press.make(request())
    await press.make(preview(server_id=COMMAND_LINE, highlights=3))

    assert await noted(press) == await noted(press, COMMAND_LINE) == []


async def test_a_preview_over_the_servers_share_is_refused_but_the_weekly_digest_is_made(
    press: Press,
) -> None:
    press.model = diligent_model()
    press.limits = ONE_TOKEN
    planned = await press.digests().plan(preview(1))
    await press.make(preview(2))

    with pytest.raises(LimitReachedError, match="The weekly digest comes all the same"):
        await press.digests().plan(preview(3))

    assert await press.digests().plan(preview(1)) == planned  # it resumes where it was
    assert len((await press.make(request())).highlights) == 2
    assert len((await press.make(preview(4, server_id=8))).highlights) == 2


async def test_papers_read_for_an_earlier_digest_do_not_count_as_this_ones_usage(press: Press) -> None:
    press.model = diligent_model()
    first = await press.digests().plan(request())
    read = await press.written(first)
    press.clock.move_to(FRIDAY_NINE + timedelta(minutes=5))
    second = await press.digests().plan(request(server_id=8))

    assert own_usage(first, read) == read[0].used + read[1].used
    assert own_usage(second, read).calls == 0
