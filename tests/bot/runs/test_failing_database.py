"""The durable runs while the database fails: a digest waits for it, and is posted once."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock

import pytest

from bot.digest.service import Digests
from bot.errors import ServiceError
from bot.weeks import deadline, parse_week
from storage.failures import LOST, StorageFailure
from storage.model import DeliveryState
from tests.bot.digest.press import SUBSCRIPTION, WEEK, Press, request
from tests.bot.runs.works import HEAD_AND_HIGHLIGHTS, Works
from tests.databases import NOW
from tests.fakes.failing_database import FailingDatabase
from tests.fakes.messenger import FakeMessenger
from tests.waiting import until

NEVER = (True,) * 1000


class Interrupting(FakeMessenger):
    """Makes the database fail once the first message is posted, before it can be marked as sent."""

    database: FailingDatabase
    script: tuple[bool, ...] = ()

    async def post(self, channel_id: int, payload: Mapping[str, Any], *, nonce: str) -> int:
        message_id = await super().post(channel_id, payload, nonce=nonce)
        if len(self.posted) == 1:
            self.database.script, self.script = self.script, ()
        return message_id


class UnsteadyWorks(Works):
    """An engine whose digests are kept in a database that fails."""

    def __init__(self, database: FailingDatabase, runs: Path) -> None:
        super().__init__(Press(database), runs)
        self.database = database
        self.messenger = self.interrupting = Interrupting(self.clock)
        self.interrupting.database = database

    async def states(self) -> set[DeliveryState]:
        async with self.database.begin() as tx:
            return {row.state for row in await tx.deliveries.of(SUBSCRIPTION.server_id, WEEK)}

    async def check_posted_once(self) -> None:
        assert len(self.messenger.posted) == HEAD_AND_HIGHLIGHTS
        assert await self.states() == {DeliveryState.SENT}
        assert self.messenger.told == []


@pytest.fixture
async def works(fresh_sqlite_url: str, runs_file: Path) -> AsyncIterator[UnsteadyWorks]:
    database = await FailingDatabase.open(fresh_sqlite_url, clock_now=lambda: NOW)
    assert isinstance(database, FailingDatabase)
    works = UnsteadyWorks(database, runs_file)
    await works.start()
    yield works
    await works.stop()
    await database.close()


async def test_a_digest_is_made_even_if_the_database_fails_while_it_is_planned(works: UnsteadyWorks) -> None:
    works.database.script = (True, True)

    await works.make(request())

    await works.check_posted_once()


async def test_an_admin_is_told_if_the_database_fails_until_the_deadline(works: UnsteadyWorks) -> None:
    works.clock.move_to(deadline(parse_week(WEEK), SUBSCRIPTION))
    works.database.script = NEVER

    with pytest.raises(ServiceError, match=f"^{LOST}"):
        await works.make(request())

    (told,) = works.messenger.told
    assert told.startswith(f"There is no digest for {WEEK}: ")


async def test_a_preview_does_not_wait_for_the_database_for_ever(
    works: UnsteadyWorks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Digests, "compose", AsyncMock(side_effect=StorageFailure("The database is busy.")))

    async with asyncio.timeout(60):
        with pytest.raises(StorageFailure, match="busy"):
            await works.make(request(published=False, run_id="preview:7:1"))


async def test_a_message_that_could_not_be_marked_as_sent_is_found_and_the_rest_follows(
    works: UnsteadyWorks,
) -> None:
    works.messenger.nonce_window = timedelta()  # Discord would not recognise its nonce
    works.interrupting.script = (True, True)

    await works.make(request())

    await works.check_posted_once()


async def test_a_database_that_keeps_failing_in_every_step_costs_only_time(works: UnsteadyWorks) -> None:
    # It fails, then again after 1, 2, 3... transactions that work.
    works.database.script = tuple(fails for steady in range(20) for fails in (True, *(False,) * steady))

    digest = await works.make(request())

    assert digest is not None
    assert digest.receipt.read_in_full == 2
    assert works.database.begun > 40
    await works.check_posted_once()


async def test_a_delivery_that_broke_off_is_finished_on_request(works: UnsteadyWorks) -> None:
    works.database.retryable, works.interrupting.script = False, (True,)
    with pytest.raises(StorageFailure):
        await works.make(request())
    async with works.database.begin() as tx:
        assert await tx.deliveries.plan_again(SUBSCRIPTION.server_id, WEEK) == HEAD_AND_HIGHLIGHTS

    assert await works.runs.deliver_again(request())
    await until(lambda: len(works.messenger.posted) == HEAD_AND_HIGHLIGHTS)
    async with asyncio.timeout(10):
        while await works.states() != {DeliveryState.SENT}:  # noqa: ASYNC110 - a run in the background
            await asyncio.sleep(0.05)

    await works.check_posted_once()


async def test_if_the_database_is_back_after_the_deadline_nothing_more_is_posted_and_the_admin_is_told(
    works: UnsteadyWorks,
) -> None:
    works.interrupting.script = NEVER
    await works.runs.start_digest(request())
    await until(lambda: works.messenger.posted and len(works.database.script) < len(NEVER) - 2)
    works.clock.move_to(deadline(parse_week(WEEK), SUBSCRIPTION))

    works.database.script = ()
    await works.runs.wait_for_end(request().run_id)

    assert len(works.messenger.posted) == 1
    assert await works.states() == {DeliveryState.SENT, DeliveryState.EXPIRED}
    (words,) = works.messenger.told
    assert "was not posted" in words


async def test_a_preview_says_at_once_that_the_database_failed(works: UnsteadyWorks) -> None:
    works.database.script = (True,)

    with pytest.raises(ServiceError, match="connection to the database was lost"):
        await works.make(request(published=False, run_id="preview:7:1"))


async def test_the_admin_is_told_of_a_permanent_database_failure(works: UnsteadyWorks) -> None:
    works.database.script, works.database.retryable = NEVER, False

    with pytest.raises(ServiceError):
        await works.make(request())

    (words,) = works.messenger.told
    assert words.startswith(f"There is no digest for {WEEK}: The connection")


async def test_a_paper_that_the_database_kept_failing_for_is_a_line_in_the_receipt(
    works: UnsteadyWorks,
) -> None:
    works.press.pdfs.failures["2611.00001"] = StorageFailure(LOST)

    digest = await works.make(request())

    assert digest is not None
    (line,) = digest.receipt.failed
    assert "database" in line.why
    assert len(works.messenger.posted) == HEAD_AND_HIGHLIGHTS - 1
