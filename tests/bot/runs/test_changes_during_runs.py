"""Runs that wait while their subscription changes, on a real engine."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock

import pytest

from bot.digest.changes import PAUSED
from bot.errors import ArxivError, DeliveryUnclearError, ServiceError
from bot.privacy import Privacy
from storage.database import Database
from storage.digests import Digests as StoredDigests
from storage.failures import StorageFailure
from storage.model import DeliveryState, Digest, DigestStyle, ThreadPolicy, WorkKind
from tests.bot.digest.press import SUBSCRIPTION, WEEK, Press, planned, request
from tests.bot.runs.works import HEAD_AND_HIGHLIGHTS, Works
from tests.databases import NOW
from tests.fakes.messenger import FakeMessenger
from tests.fakes.model import diligent_model
from tests.waiting import until

AWAY = ArxivError("arXiv is away.")
OLD, NEW = 70, 71
"""Channels."""


@dataclass
class Breaking(FakeMessenger):
    """Gives no clear answer once `breaks_after` messages are posted."""

    breaks_after: int | None = None

    async def post(self, channel_id: int, payload: Mapping[str, Any], *, nonce: str) -> int:
        if len(self.posted) == self.breaks_after:
            raise DeliveryUnclearError("Discord is having trouble (HTTP 500).")
        return await super().post(channel_id, payload, nonce=nonce)


class ChangingWorks(Works):
    """An engine with one stored subscription, which changes during runs."""

    def __init__(self, press: Press, runs: Path) -> None:
        super().__init__(press, runs)
        self.messenger = self.breaking = Breaking(press.clock)

    async def set_up(self, **changes: Any) -> None:
        async with self.press.database.begin() as tx:
            await tx.subscriptions.save(request(**changes).subscription)

    async def set_paused(self, *, paused: bool) -> None:
        async with self.press.database.begin() as tx:
            await tx.subscriptions.set_paused(SUBSCRIPTION.server_id, paused)

    async def wait_for_arxiv(self) -> None:
        """Start the run, and wait until it has asked arXiv, which is away."""
        self.press.source.failure = AWAY
        await self.runs.start_digest(request())
        await until(lambda: self.press.source.asked)

    async def wait_for_papers(self) -> None:
        """Start the run, and wait until it asks for the first PDF, which is held back."""
        self.press.pdfs.gate.clear()
        await self.runs.start_digest(request())
        await self.press.pdfs.asked.wait()

    async def wait_for_discord(self, *, posted: int) -> None:
        """Start the run, and wait until Discord fails after this many messages."""
        self.breaking.breaks_after = posted
        await self.runs.start_digest(request())
        async with asyncio.timeout(30):
            while DeliveryState.SENDING not in await self.states():  # noqa: ASYNC110 - a run in the background
                await asyncio.sleep(0.02)

    async def states(self) -> set[DeliveryState]:
        return {row.state for row in await planned(self.press.database)}

    async def wait_for_end(self) -> None:
        """Wait until the run ends, while what is away stays away."""
        async with asyncio.timeout(30):
            await self.runs.wait_for_end(request().run_id)

    async def wait_for_failure(self) -> None:
        with pytest.raises(ServiceError):
            await self.wait_for_end()

    async def recover(self) -> str:
        """Bring back what was away and wait until the run ends; returns why it made nothing, if so."""
        self.press.source.failure, self.breaking.breaks_after = None, None
        self.press.pdfs.gate.set()
        try:
            await self.runs.wait_for_end(request().run_id)
        except ServiceError as error:
            return str(error)
        return ""

    async def digest(self) -> Digest | None:
        async with self.press.database.begin() as tx:
            return await tx.digests.get(request().run_id)

    def channels(self) -> list[int]:
        """The channels of the posted messages, in order."""
        return [message.channel_id for message in self.messenger.posted]


@pytest.fixture
async def works(fresh_sqlite_url: str, runs_file: Path) -> AsyncIterator[ChangingWorks]:
    database = await Database.open(fresh_sqlite_url, clock_now=lambda: NOW)
    works = ChangingWorks(Press(database), runs_file)
    await works.set_up()
    await works.start()
    yield works
    await works.stop()
    await database.close()


async def test_a_pause_ends_a_run_waiting_for_arxiv_and_nobody_is_told(works: ChangingWorks) -> None:
    await works.wait_for_arxiv()

    await works.set_paused(paused=True)

    assert await works.recover() == PAUSED
    assert works.channels() == []
    assert works.messenger.told == []
    assert await works.digest() is None
    assert await works.runs.latest_failure(request().subscription, since=None) is None


async def test_whoever_set_up_the_digest_last_is_told_that_a_run_gave_up(works: ChangingWorks) -> None:
    await works.wait_for_arxiv()

    await works.set_up(channel_id=NEW, admin_id=701)
    works.press.source.failure = ArxivError("arXiv is gone.", retryable=False)
    await works.wait_for_failure()

    assert works.breaking.addressed == [(NEW, 701)]


async def test_the_log_tells_why_a_run_gave_up(
    works: ChangingWorks, caplog: pytest.LogCaptureFixture
) -> None:
    await works.wait_for_arxiv()

    works.press.source.failure = ArxivError("arXiv is gone.", retryable=False)
    await works.wait_for_failure()

    assert "digest:7:2026-W47 is given up: arXiv is gone." in caplog.messages


async def test_a_forgotten_admin_is_not_told_that_a_run_gave_up(works: ChangingWorks) -> None:
    assert SUBSCRIPTION.admin_id is not None
    await works.wait_for_arxiv()

    await Privacy(database=works.press.database, clock=works.clock).delete(SUBSCRIPTION.admin_id)
    works.press.source.failure = ArxivError("arXiv is gone.", retryable=False)
    await works.wait_for_failure()

    assert works.breaking.addressed == [(OLD, None)]


async def test_a_pause_while_papers_are_read_ends_the_run_without_a_digest(works: ChangingWorks) -> None:
    await works.wait_for_papers()

    await works.set_paused(paused=True)

    assert await works.recover() == PAUSED
    assert works.channels() == []
    assert works.messenger.told == []
    assert await works.digest() is None


async def test_a_pause_while_the_bot_is_down_ends_the_run_at_the_next_start(works: ChangingWorks) -> None:
    await works.wait_for_arxiv()
    await works.stop()

    await works.set_paused(paused=True)
    await works.start()

    assert await works.recover() == PAUSED
    assert works.channels() == []


async def test_a_pause_while_discord_is_away_leaves_the_digest_unposted(works: ChangingWorks) -> None:
    await works.wait_for_discord(posted=0)

    await works.set_paused(paused=True)
    await works.wait_for_end()

    assert await works.recover() == ""
    assert works.channels() == []
    assert works.messenger.told == []


async def test_a_half_posted_digest_is_finished_despite_a_pause(works: ChangingWorks) -> None:
    await works.wait_for_discord(posted=1)

    await works.set_paused(paused=True)

    assert await works.recover() == ""
    assert works.channels() == [OLD] * HEAD_AND_HIGHLIGHTS


async def test_a_digest_requested_during_a_pause_is_posted(works: ChangingWorks) -> None:
    await works.set_paused(paused=True)

    await works.make(request(paused=True))

    assert works.channels() == [OLD] * HEAD_AND_HIGHLIGHTS


async def test_a_preview_is_made_despite_a_pause(works: ChangingWorks) -> None:
    await works.set_paused(paused=True)

    assert await works.make(request(published=False, run_id="preview:7:1")) is not None


async def test_the_usage_of_a_digest_paused_while_its_papers_are_read_counts_against_the_server(
    works: ChangingWorks,
) -> None:
    await works.stop()
    works.press.model = diligent_model()
    await works.start()
    await works.wait_for_papers()
    await works.set_paused(paused=True)

    assert await works.recover() == PAUSED

    async with works.press.database.begin() as tx:
        [total] = await tx.usage.totals(SUBSCRIPTION.server_id, NOW - timedelta(days=9))
    assert (total.kind, total.requests) == (WorkKind.DIGEST, 1)
    assert total.prompt_tokens > 0


async def test_a_run_ended_by_a_pause_can_be_started_again(works: ChangingWorks) -> None:
    await works.wait_for_arxiv()
    await works.set_paused(paused=True)
    await works.recover()
    await works.set_paused(paused=False)

    assert not await works.runs.is_in_hand(request().run_id)
    await works.make(request())

    assert works.channels() == [OLD] * HEAD_AND_HIGHLIGHTS


async def test_what_a_pause_left_unposted_is_posted_on_request(works: ChangingWorks) -> None:
    await works.wait_for_discord(posted=0)
    await works.set_paused(paused=True)
    await works.wait_for_end()
    await works.recover()

    assert await works.runs.deliver_again(request(paused=True))

    await until(lambda: len(works.messenger.posted) == HEAD_AND_HIGHLIGHTS)


async def test_a_run_waiting_for_arxiv_uses_the_new_setup(works: ChangingWorks) -> None:
    await works.wait_for_arxiv()

    await works.set_up(channel_id=NEW, interests="proofs", highlights=1)
    tries = len(works.press.source.asked)
    await until(lambda: len(works.press.source.asked) > tries + 1)
    await works.recover()

    digest = await works.digest()
    assert digest is not None
    assert (digest.interests, len(digest.highlights)) == ("proofs", 1)
    assert works.channels() == [NEW] * (HEAD_AND_HIGHLIGHTS - 1)


async def test_a_digest_planned_for_the_old_channel_is_posted_in_the_new_one(works: ChangingWorks) -> None:
    await works.wait_for_papers()

    await works.set_up(channel_id=NEW)
    await works.recover()

    assert works.channels() == [NEW] * HEAD_AND_HIGHLIGHTS


async def test_a_digest_whose_papers_are_being_read_is_posted_in_the_new_style(works: ChangingWorks) -> None:
    await works.wait_for_papers()

    await works.set_up(style=DigestStyle.COMPACT, threads=ThreadPolicy.NONE, interests="proofs")
    await works.recover()

    digest = await works.digest()
    assert digest is not None
    assert (digest.interests, len(digest.highlights)) == ("", 2)
    assert [(row.part, row.thread_name) for row in await planned(works.press.database)] == [(0, None)]


async def test_nothing_is_made_for_a_deleted_channel_until_another_is_set(works: ChangingWorks) -> None:
    works.messenger.gone = {OLD}
    await works.runs.start_digest(request())
    await works.wait_for_failure()

    (told,) = works.messenger.told
    assert "its channel was deleted. Choose another `channel` with `/setup`" in told
    assert (works.press.source.asked, works.press.pdfs.fetched) == ([], [])
    await works.set_up(channel_id=NEW)
    assert await works.runs.start_again(request(channel_id=NEW))
    await works.recover()
    assert works.channels() == [NEW] * HEAD_AND_HIGHLIGHTS


async def test_a_posted_digest_unknown_to_a_restored_database_is_not_made_again(works: ChangingWorks) -> None:
    works.clock.move_to(NOW + timedelta(hours=1))  # after the subscription was made
    await works.make(request())
    async with works.press.database.begin() as tx:
        await tx.digests.forget_owner(SUBSCRIPTION.server_id)
        await tx.deliveries.forget_owner(SUBSCRIPTION.server_id)
    await works.runs.forget_owner(SUBSCRIPTION.server_id)
    asked = len(works.press.source.asked)

    with pytest.raises(ServiceError, match="it is already in its channel"):
        await works.make(request())

    assert works.channels() == [OLD] * HEAD_AND_HIGHLIGHTS
    assert len(works.press.source.asked) == asked
    assert [words.startswith(f"There is no digest for {WEEK}") for words in works.messenger.told] == [True]


async def test_if_nothing_was_posted_while_discord_was_away_all_messages_go_to_the_new_channel(
    works: ChangingWorks,
) -> None:
    await works.wait_for_discord(posted=0)

    await works.set_up(channel_id=NEW)
    async with asyncio.timeout(30):
        while {row.channel_id for row in await planned(works.press.database)} != {NEW}:  # noqa: ASYNC110 - a run in the background
            await asyncio.sleep(0.02)
    await works.recover()

    assert works.channels() == [NEW] * HEAD_AND_HIGHLIGHTS
    assert await works.states() == {DeliveryState.SENT}


async def test_a_run_that_broke_off_after_planning_uses_the_new_setup_when_started_again(
    works: ChangingWorks, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = StorageFailure("The disk is full.", retryable=False)
    with monkeypatch.context() as patched:
        patched.setattr(StoredDigests, "save", AsyncMock(side_effect=full))
        with pytest.raises(StorageFailure):
            await works.make(request())
    new: dict[str, Any] = {"channel_id": NEW, "categories": ("cs.CL", "math.CO"), "highlights": 1}

    await works.set_up(**new)
    assert await works.runs.start_again(request(**new))
    await works.recover()

    digest = await works.digest()
    assert digest is not None
    assert (digest.categories, len(digest.highlights)) == (("cs.CL", "math.CO"), 1)
    assert works.channels() == [NEW] * (HEAD_AND_HIGHLIGHTS - 1)


async def test_a_half_posted_digest_stays_in_its_channel(works: ChangingWorks) -> None:
    await works.wait_for_discord(posted=1)

    await works.set_up(channel_id=NEW)
    await works.recover()

    assert works.channels() == [OLD] * HEAD_AND_HIGHLIGHTS


async def test_a_half_posted_digest_whose_channel_was_deleted_is_posted_whole_in_the_new_one(
    works: ChangingWorks,
) -> None:
    await works.wait_for_discord(posted=1)
    await works.stop()

    works.messenger.gone = {OLD}
    await works.set_up(channel_id=NEW)
    await works.start()
    await works.recover()

    assert works.channels() == [OLD] + [NEW] * HEAD_AND_HIGHLIGHTS
    assert await works.states() == {DeliveryState.SENT}


async def test_a_run_whose_subscription_was_deleted_ends_and_posts_nothing(works: ChangingWorks) -> None:
    await works.wait_for_papers()

    async with works.press.database.begin() as tx:
        await tx.subscriptions.delete(SUBSCRIPTION.server_id)

    assert await works.recover() == PAUSED
    assert works.channels() == []
    assert works.messenger.told == []
