"""A database that fails in the middle of a delivery: the next run tells what could not be told."""

import pytest

from bot.delivery.outbox import Outbox
from storage.failures import StorageFailure
from storage.model import DeliveryState, Subscription
from tests.bot.delivery.conftest import ADMIN, CHANNEL, SERVER, WEEK, delivery, stored
from tests.fakes.clock import StillClock
from tests.fakes.failing_database import FailingDatabase
from tests.fakes.messenger import FakeMessenger

TRANSACTIONS = 7
"""In a delivery that a closed channel refuses, from its start to its report."""


@pytest.mark.parametrize("failing", range(TRANSACTIONS))
async def test_the_admin_is_told_whichever_transaction_fails(
    fresh_sqlite_url: str, messenger: FakeMessenger, clock: StillClock, failing: int
) -> None:
    database = await FailingDatabase.open(fresh_sqlite_url, clock_now=clock.now)
    assert isinstance(database, FailingDatabase)
    async with database.begin() as tx:
        await tx.subscriptions.save(Subscription(server_id=SERVER, channel_id=CHANNEL, admin_id=ADMIN))
        await tx.deliveries.plan([delivery(part) for part in range(3)])
    outbox = Outbox(database, messenger, clock)
    messenger.closed = {CHANNEL}
    database.script = (*(False,) * failing, True)

    with pytest.raises(StorageFailure):
        await outbox.deliver(SERVER, WEEK)
    report = await outbox.deliver(SERVER, WEEK)

    assert report.is_finished
    assert {row.state for row in await stored(database)} == {DeliveryState.FAILED}
    assert {words.partition(".")[0] for words in messenger.told} == {
        f"The digest of {WEEK} could not be posted in <#{CHANNEL}>"
    }
    await database.close()
