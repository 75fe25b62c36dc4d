"""The durable runs of digests on a real engine."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from dbos import DBOS

from bot.digest.plan import DigestRequest
from bot.errors import ArxivError, PdfError, ServiceError
from bot.runs.control import Runs
from bot.runs.missed import MissedWeeks
from bot.runs.tries import Tries
from bot.weeks import parse_week
from storage.database import Database
from storage.model import DeliveryState, Paper, SubmissionWindow
from tests.bot.digest.press import SUBSCRIPTION, WEEK, request
from tests.bot.limits.doors import ONE_TOKEN
from tests.bot.runs.works import HEAD_AND_HIGHLIGHTS, Works
from tests.fakes.messenger import Fault
from tests.fakes.model import diligent_model
from tests.fakes.papers import ListedPapers
from tests.waiting import until

AWAY = ArxivError("arXiv is away.")
REFUSAL = ArxivError("arXiv refuses our requests (HTTP 403).", retryable=False, passes=True)


class Recovering(ListedPapers):
    """An arXiv that fails a few times."""

    def __init__(self, *papers: Paper, failures: int, error: ArxivError = AWAY) -> None:
        super().__init__(*papers)
        self._failures, self._error = failures, error

    async def submitted(self, categories: Sequence[str], window: SubmissionWindow) -> list[Paper]:
        self.failure = self._error if len(self.asked) < self._failures else None
        return await super().submitted(categories, window)


async def test_a_digest_is_made_and_posted(works: Works) -> None:
    digest = await works.make(request())

    assert digest is not None
    assert len(digest.highlights) == 2
    assert len(works.messenger.posted) == HEAD_AND_HIGHLIGHTS


async def test_the_log_tells_that_a_digest_was_composed_and_posted(
    works: Works, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot")

    await works.make(request())

    assert [record.message for record in caplog.records] == [
        "composed digest:7:2026-W47 with 2 highlights",
        "server 7: the messages of 2026-W47 are done, 3 sent, 0 refused, 0 expired",
    ]


async def test_starting_a_run_twice_is_harmless(works: Works) -> None:
    await works.runs.start_digest(request())
    await works.make(request())
    await works.make(request())

    assert len(works.messenger.posted) == HEAD_AND_HIGHLIGHTS
    assert len(works.press.source.asked) == 1


async def test_a_finished_run_is_not_repeated_after_a_restart(works: Works) -> None:
    await works.make(request())
    await works.stop()
    await works.start()

    await works.make(request())

    assert len(works.messenger.posted) == HEAD_AND_HIGHLIGHTS


async def test_a_preview_is_made_but_not_posted(works: Works) -> None:
    digest = await works.make(request(published=False, run_id="preview:7:1"))

    assert digest is not None
    assert not digest.published
    assert works.messenger.posted == []


async def test_previews_over_a_servers_share_are_refused_but_its_weekly_digest_is_posted(
    works: Works,
) -> None:
    await works.stop()
    works.press.model, works.press.limits = diligent_model(), ONE_TOKEN
    await works.start()
    await works.make(request(published=False, run_id="preview:7:1"))

    with pytest.raises(ServiceError, match=r"tokens in 24 hours. Try again <t:\d+:R>"):
        await works.make(request(published=False, run_id="preview:7:2"))

    assert works.messenger.told == []
    assert await works.make(request()) is not None
    assert len(works.messenger.posted) == HEAD_AND_HIGHLIGHTS


async def test_two_servers_share_the_work_on_a_paper(works: Works) -> None:
    await works.make(request())
    await works.make(request(server_id=8, channel_id=80))

    assert len(works.press.pdfs.fetched) == 2
    assert len(works.messenger.posted) == 2 * HEAD_AND_HIGHLIGHTS


async def test_a_digest_includes_papers_read_for_another_one_before_a_backup_was_restored(
    works: Works, tmp_path: Path
) -> None:
    await works.make(request())
    await works.stop()
    backup = await Database.open(f"sqlite:///{tmp_path / 'backup'}", clock_now=works.clock.now)
    works.press.database = backup
    await works.start()

    digest = await works.make(request(server_id=8, channel_id=80))

    await works.stop()
    await backup.close()
    assert digest is not None
    assert len(digest.highlights) == 2


async def test_a_preview_retries_a_paper_that_failed_before(works: Works) -> None:
    works.press.pdfs.failures["2611.00001"] = RuntimeError()
    await works.make(request(published=False, run_id="preview:7:1"))
    works.press.pdfs.failures.clear()

    again = await works.make(request(published=False, run_id="preview:7:2"))

    assert again is not None
    assert again.receipt.failed == ()
    assert again.receipt.read_in_full == 2


async def test_a_papers_unexpected_failure_is_an_incident_in_the_receipt_and_the_rest_is_shown(
    works: Works,
) -> None:
    works.press.pdfs.failures["2611.00001"] = RuntimeError("a secret")

    digest = await works.make(request())

    assert digest is not None
    assert [highlight.pick.paper.id for highlight in digest.highlights] == ["2611.00002"]
    (line,) = digest.receipt.failed
    assert line.paper_key == "2611.00001v1"
    assert "incident" in line.why
    assert "secret" not in line.why


async def test_a_run_waits_until_arxiv_is_back(works: Works) -> None:
    works.press.source = Recovering(*works.press.source.listed, failures=3)
    await works.stop()
    await works.start()

    digest = await works.make(request())

    assert digest is not None
    assert len(works.press.source.asked) == 4
    assert len(works.messenger.posted) == HEAD_AND_HIGHLIGHTS
    assert works.messenger.told == []


async def test_a_weekly_digest_waits_while_arxiv_refuses_requests(works: Works) -> None:
    works.press.source = Recovering(*works.press.source.listed, failures=3, error=REFUSAL)
    await works.stop()
    await works.start()

    digest = await works.make(request())

    assert digest is not None
    assert len(works.messenger.posted) == HEAD_AND_HIGHLIGHTS
    assert works.messenger.told == []


async def test_a_run_that_gave_up_is_started_again_on_request(works: Works) -> None:
    works.press.source.failure = ArxivError("arXiv did not accept the question.", retryable=False)
    with pytest.raises(ServiceError, match="did not accept"):
        await works.make(request())
    works.press.source.failure = None

    assert await works.runs.start_again(request())
    await works.runs.wait_for_end(request().run_id)

    assert len(works.messenger.posted) == HEAD_AND_HIGHLIGHTS


async def test_a_run_that_was_never_started_is_started_on_request(works: Works) -> None:
    assert await works.runs.start_again(request())
    await works.runs.wait_for_end(request().run_id)

    assert len(works.messenger.posted) == HEAD_AND_HIGHLIGHTS


async def test_a_request_leaves_a_run_under_way_alone(works: Works) -> None:
    works.press.pdfs.gate.clear()
    await works.runs.start_digest(request())
    await works.press.pdfs.asked.wait()

    assert not await works.runs.start_again(request())
    assert not await works.runs.deliver_again(request())

    works.press.pdfs.gate.set()
    await works.runs.wait_for_end(request().run_id)
    assert len(works.messenger.posted) == HEAD_AND_HIGHLIGHTS
    assert len(works.press.source.asked) == 1


async def test_a_run_gives_up_at_once_if_retrying_cannot_help(works: Works) -> None:
    with pytest.raises(ServiceError, match="No arXiv categories are set"):
        await works.make(request(categories=()))

    assert len(works.messenger.told) == 1


async def test_an_admin_who_cannot_be_reached_at_first_is_told_later_that_there_is_no_digest(
    works: Works,
) -> None:
    works.messenger.unreached = 2

    with pytest.raises(ServiceError, match="No arXiv categories are set"):
        await works.make(request(categories=()))

    assert len(works.messenger.told) == 1


async def test_a_run_whose_deadline_passes_while_it_waits_says_what_it_waited_for(
    works: Works, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def wait(*_: object) -> None:
        works.clock.move_to(works.clock.now() + timedelta(weeks=3))

    works.press.source.failure = AWAY
    monkeypatch.setattr(Tries, "pause", wait)

    with pytest.raises(ServiceError, match=r"its deadline passed .* The last try: arXiv is away\."):
        await works.make(request())

    (told,) = works.messenger.told
    assert "arXiv is away." in told


async def test_a_run_that_gives_up_ends_even_if_its_admin_is_not_reached_who_is_told_later(
    works: Works,
) -> None:
    works.messenger.reaches_admin = False

    with pytest.raises(ServiceError, match="No arXiv categories are set"):
        await works.make(request(categories=()))

    assert works.messenger.told == []
    works.messenger.reaches_admin = True
    await MissedWeeks(works.press.database, works.messenger, works.clock).tell(SUBSCRIPTION)
    (words,) = works.messenger.told
    assert words.startswith("There is no digest for 2026-W47: No arXiv categories are set")


async def test_an_admin_who_cannot_be_reached_at_first_is_told_later_that_the_channel_refuses(
    works: Works,
) -> None:
    works.messenger.closed, works.messenger.unreached = {70}, 2

    await works.make(request())

    assert len(works.messenger.told) == 1


async def test_a_run_ends_even_if_nobody_can_be_told_that_the_channel_refuses(works: Works) -> None:
    works.messenger.closed, works.messenger.reaches_admin = {70}, False

    digest = await works.make(request())

    assert digest is not None
    assert works.messenger.told == []


@pytest.mark.parametrize("failure", [AWAY, REFUSAL], ids=["away", "refused"])
async def test_a_preview_that_cannot_be_made_says_so_at_once_and_tells_no_admin(
    works: Works, failure: ArxivError
) -> None:
    works.press.source.failure = failure

    with pytest.raises(ServiceError, match=re.escape(str(failure))):
        await works.make(request(published=False, run_id="preview:7:1"))

    assert len(works.press.source.asked) == 1
    assert works.messenger.told == []


async def test_an_unclear_delivery_is_checked_again_until_everything_is_posted(works: Works) -> None:
    works.messenger.faults = [Fault.LOST] * 6  # more than one run of the outbox tries

    await works.make(request())

    assert len(works.messenger.posted) == HEAD_AND_HIGHLIGHTS
    async with works.press.database.begin() as tx:
        rows = await tx.deliveries.of(SUBSCRIPTION.server_id, WEEK)
    assert {row.state for row in rows} == {DeliveryState.SENT}


async def test_what_discord_refused_is_delivered_again_on_request(works: Works) -> None:
    works.messenger.closed = {70}
    await works.make(request())
    assert works.messenger.posted == []
    works.messenger.closed = set()
    async with works.press.database.begin() as tx:
        assert await tx.deliveries.plan_again(SUBSCRIPTION.server_id, WEEK) == HEAD_AND_HIGHLIGHTS

    await works.runs.deliver_again(request())

    async with asyncio.timeout(30):
        while len(works.messenger.posted) < HEAD_AND_HIGHLIGHTS:  # noqa: ASYNC110 - a run in the background
            await asyncio.sleep(0.05)


async def test_a_delivery_under_way_is_not_started_again(works: Works) -> None:
    works.messenger.closed = {70}
    await works.make(request())
    works.messenger.closed, works.messenger.unclear = set(), {70}
    async with works.press.database.begin() as tx:
        await tx.deliveries.plan_again(SUBSCRIPTION.server_id, WEEK)

    at_once = await asyncio.gather(*[works.runs.deliver_again(request()) for _ in range(2)])

    assert sorted(at_once) == [False, True]
    assert not await works.runs.deliver_again(request())
    assert await works.runs.works_on(request().run_id)
    await until(lambda: works.workflows.at_work)  # else it would look lost
    works.messenger.unclear = set()
    await until(lambda: len(works.messenger.posted) == HEAD_AND_HIGHLIGHTS)


async def test_of_two_requests_at_once_one_starts_the_run(works: Works) -> None:
    works.press.pdfs.gate.clear()

    started = await asyncio.gather(*[works.runs.start_again(request()) for _ in range(2)])

    works.press.pdfs.gate.set()
    await works.runs.wait_for_end(request().run_id)
    assert sorted(started) == [False, True]
    assert len(works.messenger.posted) == HEAD_AND_HIGHLIGHTS


async def test_a_stop_in_the_middle_loses_nothing(works: Works) -> None:
    works.press.pdfs.gate.clear()
    await works.runs.start_digest(request())
    await works.press.pdfs.asked.wait()
    await works.stop()
    assert works.workflows.at_work == set()
    works.press.pdfs.gate.set()

    await works.start()
    await works.runs.wait_for_end(request().run_id)

    assert len(works.messenger.posted) == HEAD_AND_HIGHLIGHTS
    assert len(works.press.source.asked) == 1


async def test_runs_of_a_dead_process_are_taken_over_once(works: Works) -> None:
    works.press.pdfs.gate.clear()
    await works.runs.start_digest(request())
    await works.press.pdfs.asked.wait()
    await works.stop()
    works.press.pdfs.gate.set()
    await works.start("another")
    assert "main" in await works.engine.owners()

    await works.engine.take_over("main")
    await works.engine.take_over("main")
    await works.runs.wait_for_end(request().run_id)
    assert "main" not in await works.engine.owners()

    assert len(works.messenger.posted) == HEAD_AND_HIGHLIGHTS
    assert len(works.press.source.asked) == 1


async def test_why_a_week_has_no_digest_is_known_until_there_is_a_later_one(works: Works) -> None:
    subscription = request().subscription
    works.press.source.failure = ArxivError("arXiv did not accept the question.", retryable=False)
    assert await works.runs.latest_failure(subscription, since=None) is None
    with pytest.raises(ServiceError):
        await works.make(request())

    assert await works.runs.latest_failure(subscription, since="2026-W46") == (
        parse_week(WEEK),
        "arXiv did not accept the question.",
    )
    made_at = works.clock.now()
    for days in (-1, 7):  # also if it was requested ahead of its time
        works.clock.move_to(made_at + timedelta(days=days))
        assert await works.runs.latest_failure(subscription, since=None) is not None
    assert await works.runs.latest_failure(subscription, since=WEEK) is None
    assert await works.runs.latest_failure(request(server_id=8).subscription, since=None) is None


async def test_a_forgotten_servers_digest_is_made_from_scratch_and_other_servers_runs_stay(
    works: Works,
) -> None:
    await works.make(request())
    await works.make(request(server_id=77, channel_id=80))

    await works.runs.forget_owner(7)
    assert await DBOS.list_workflows_async(parent_workflow_id=request().run_id) == []
    async with works.press.database.begin() as tx:
        await tx.digests.forget_owner(7)
        await tx.deliveries.forget_owner(7)
    works.clock.move_to(works.clock.now() + timedelta(minutes=10))  # earlier, Discord would drop the repeat
    assert not await works.runs.is_in_hand(request().run_id)
    assert await works.runs.is_in_hand(request(server_id=77, channel_id=80).run_id)
    digest = await works.make(request(created_at=works.clock.now()))

    assert digest is not None
    assert len(works.messenger.posted) == 3 * HEAD_AND_HIGHLIGHTS


async def test_a_server_without_runs_can_be_forgotten(works: Works) -> None:
    await works.runs.forget_owner(7)

    assert await works.make(request()) is not None


async def test_a_forgotten_run_under_way_posts_nothing(works: Works) -> None:
    works.press.pdfs.gate.clear()
    await works.runs.start_digest(request())
    await works.press.pdfs.asked.wait()

    await works.runs.forget_owner(7)
    works.press.pdfs.gate.set()
    await works.make(request(server_id=8, channel_id=80))

    assert {post.channel_id for post in works.messenger.posted} == {80}
    async with works.press.database.begin() as tx:
        assert await tx.digests.get(request().run_id) is None


async def test_a_forgotten_run_ends_at_once(works: Works) -> None:
    works.press.pdfs.gate.clear()
    await works.runs.start_digest(request())
    await works.press.pdfs.asked.wait()
    was_at_work = request().run_id in works.workflows.at_work

    await works.runs.forget_owner(7)
    still_at_work = request().run_id in works.workflows.at_work
    works.press.pdfs.gate.set()

    assert was_at_work
    assert not still_at_work


@pytest.mark.parametrize("is_deleted", [False, True])
async def test_a_run_that_another_process_forgets_ends_without_an_error(
    works: Works, caplog: pytest.LogCaptureFixture, is_deleted: bool
) -> None:
    logging.getLogger("dbos").addHandler(caplog.handler)
    works.press.pdfs.gate.clear()
    await works.runs.start_digest(request())
    await works.press.pdfs.asked.wait()

    await DBOS.cancel_workflows_async([request().run_id])
    if is_deleted:
        await DBOS.delete_workflows_async([request().run_id])
    works.press.pdfs.gate.set()
    await until(lambda: not works.workflows.at_work)
    await works.stop()

    logging.getLogger("dbos").removeHandler(caplog.handler)
    assert works.messenger.posted == []
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.parametrize("start", [Runs.start_digest, Runs.start_again, Runs.deliver_again])
async def test_a_start_for_someone_who_was_forgotten_leaves_no_record(
    works: Works, start: Callable[[Runs, DigestRequest], Awaitable[object]]
) -> None:
    # The request was read before; its subscription is no longer stored.
    await start(works.runs, request())

    assert await DBOS.list_workflows_async() == []


async def test_a_pdf_that_cannot_be_fetched_does_not_stop_the_digest(works: Works) -> None:
    works.press.pdfs.failures["2611.00001"] = PdfError("arXiv did not answer in time.", retryable=True)

    digest = await works.make(request())

    assert digest is not None
    assert [line.why for line in digest.receipt.abstract_only] == ["arXiv did not answer in time"]
    assert len(works.messenger.posted) == HEAD_AND_HIGHLIGHTS


async def test_finished_runs_are_forgotten_however_many_there_are(
    works: Works, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.runs.control._RUNS_AT_A_TIME", 1)
    await works.make(request())

    await works.runs.forget(over_before=datetime.now(UTC) + timedelta(hours=1))

    assert not await works.runs.is_in_hand(request().run_id)
    assert await DBOS.list_workflows_async() == []


async def test_a_run_under_way_is_never_forgotten(works: Works) -> None:
    works.press.pdfs.gate.clear()
    await works.runs.start_digest(request())
    await works.press.pdfs.asked.wait()

    await works.runs.forget(over_before=datetime.now(UTC) + timedelta(hours=1))

    works.press.pdfs.gate.set()
    await works.runs.wait_for_end(request().run_id)
    assert len(works.messenger.posted) == HEAD_AND_HIGHLIGHTS


async def test_recently_finished_runs_are_kept(works: Works) -> None:
    await works.make(request())

    await works.runs.forget(over_before=datetime.now(UTC) - timedelta(hours=1))

    assert await works.runs.is_in_hand(request().run_id)


async def test_threads_can_be_used_after_the_engine_has_stopped_during_a_call(
    works: Works, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, destroy, asked = asyncio.get_running_loop(), DBOS.destroy, list[bool]()

    def destroy_after_a_call(*, destroy_registry: bool) -> None:
        call = asyncio.run_coroutine_threadsafe(works.runs.is_in_hand(request().run_id), loop)
        asked.append(call.result(timeout=60))
        destroy(destroy_registry=destroy_registry)

    monkeypatch.setattr(DBOS, "destroy", destroy_after_a_call)
    await works.stop()

    assert asked == [False]
    assert await asyncio.to_thread(sum, (1, 2)) == 3
