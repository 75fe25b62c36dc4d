"""What the outbox does about refusals, hidden histories and deadlines, and whom it tells."""

import pytest

from bot.delivery.notices import Trouble
from bot.delivery.outbox import Outbox, plan_again
from storage.database import Database
from storage.model import DeliveryState, Subscription
from tests.bot.delivery.conftest import (
    ADMIN,
    ALL,
    CHANNEL,
    DEADLINE,
    SERVER,
    WEEK,
    delivery,
    shown,
    stored,
    troubles,
)
from tests.fakes.clock import StillClock
from tests.fakes.messenger import FakeMessenger, Fault, Killed


async def test_nothing_is_posted_twice_while_the_history_is_hidden(
    outbox: Outbox, messenger: FakeMessenger
) -> None:
    messenger.faults = [Fault.STORED]
    messenger.can_read = False

    report = await outbox.deliver(SERVER, WEEK)
    again = await outbox.deliver(SERVER, WEEK)

    assert shown(messenger) == ["part 0"]
    assert (report.waiting, troubles(report)) == (3, [Trouble.UNREADABLE])
    assert again == report
    assert len(messenger.told) == 1
    assert "lacks permissions" in messenger.told[0]


async def test_the_rest_is_posted_once_the_history_can_be_read_again(
    outbox: Outbox, messenger: FakeMessenger
) -> None:
    messenger.faults = [Fault.STORED]
    messenger.can_read = False
    await outbox.deliver(SERVER, WEEK)
    messenger.can_read = True

    await outbox.deliver(SERVER, WEEK)

    assert shown(messenger) == ALL


async def test_a_closed_channel_is_tried_once(
    outbox: Outbox, messenger: FakeMessenger, sqlite: Database
) -> None:
    messenger.closed = {CHANNEL}

    report = await outbox.deliver(SERVER, WEEK)
    messenger.closed = set()
    await outbox.deliver(SERVER, WEEK)

    assert messenger.posted == []
    assert report.failed == 3
    assert {row.error for row in await stored(sqlite)} == {"The bot lacks permissions in #papers."}
    (told,) = messenger.told
    assert told == (
        f"The digest of {WEEK} could not be posted in <#{CHANNEL}>. The bot lacks permissions in #papers. "
        "Once that is fixed, `/digest now` posts it."
    )


async def test_what_a_channel_accepted_before_it_closed_stays_posted(
    outbox: Outbox, messenger: FakeMessenger
) -> None:
    messenger.faults = [Fault.NONE] + [Fault.LOST] * 4
    await outbox.deliver(SERVER, WEEK)
    messenger.closed = {CHANNEL}

    report = await outbox.deliver(SERVER, WEEK)

    assert (report.sent, report.failed) == (1, 2)


@pytest.mark.parametrize(
    ("owner", "week_before", "is_closed", "is_paused"),
    [
        (SERVER, [DeliveryState.FAILED, DeliveryState.FAILED], True, True),
        (SERVER, [DeliveryState.FAILED, DeliveryState.SENT], True, False),
        (SERVER, [DeliveryState.FAILED, DeliveryState.FAILED], False, False),
        (SERVER, [], True, False),
        (ADMIN, [DeliveryState.FAILED, DeliveryState.FAILED], True, False),
    ],
    ids=["twice", "not twice", "one message", "first week", "a server's"],
)
async def test_someone_who_accepts_no_messages_for_two_weeks_gets_no_more_personal_digests(
    outbox: Outbox,
    messenger: FakeMessenger,
    sqlite: Database,
    *,
    owner: int,
    week_before: list[DeliveryState],
    is_closed: bool,
    is_paused: bool,
) -> None:
    async with sqlite.begin() as tx:
        await tx.subscriptions.save(Subscription(server_id=SERVER, channel_id=CHANNEL, admin_id=owner))
        before = enumerate(week_before)
        await tx.deliveries.plan([delivery(part, week="2026-W46", state=state) for part, state in before])
    messenger.closed, messenger.faults = {CHANNEL} if is_closed else set(), [Fault.REFUSED]

    await outbox.deliver(SERVER, WEEK)

    async with sqlite.begin() as tx:
        subscription = await tx.subscriptions.get(SERVER)
    assert subscription is not None
    assert subscription.paused is is_paused


async def test_an_admin_is_told_how_to_open_missing_threads(
    outbox: Outbox, messenger: FakeMessenger, sqlite: Database
) -> None:
    async with sqlite.begin() as tx:
        await tx.deliveries.plan([delivery(3, thread_name="About 3")])
    messenger.can_open_threads = False

    await outbox.deliver(SERVER, WEEK)

    (told,) = messenger.told
    assert told.endswith("`/digest now` opens them.")


async def test_a_closed_channel_does_not_stop_another(
    outbox: Outbox, messenger: FakeMessenger, sqlite: Database
) -> None:
    async with sqlite.begin() as tx:
        await tx.deliveries.plan([delivery(0, channel_id=CHANNEL + 1)])
    messenger.closed = {CHANNEL}

    report = await outbox.deliver(SERVER, WEEK)

    assert (report.sent, report.failed) == (1, 3)
    assert messenger.posted[0].channel_id == CHANNEL + 1


async def test_one_refused_message_does_not_stop_the_others(
    outbox: Outbox, messenger: FakeMessenger, sqlite: Database
) -> None:
    messenger.faults = [Fault.NONE, Fault.REFUSED]

    report = await outbox.deliver(SERVER, WEEK)

    assert shown(messenger) == ["part 0", "part 2"]
    assert troubles(report) == [Trouble.MESSAGE]
    assert (await stored(sqlite))[1].error == "Discord does not take the message."
    assert len(messenger.told) == 1


async def test_after_the_deadline_nothing_is_posted(
    outbox: Outbox, messenger: FakeMessenger, clock: StillClock
) -> None:
    clock.move_to(DEADLINE)

    report = await outbox.deliver(SERVER, WEEK)
    await outbox.deliver(SERVER, WEEK)

    assert messenger.posted == []
    assert (report.expired, troubles(report)) == (3, [Trouble.EXPIRED] * 3)
    (told,) = messenger.told
    assert "in time, or only in part. It was due by 2026-11-23 09:00 UTC." in told


async def test_after_the_deadline_a_message_found_in_its_channel_counts_as_sent(
    outbox: Outbox, messenger: FakeMessenger, clock: StillClock
) -> None:
    messenger.faults = [Fault.KILLED_AFTER]
    with pytest.raises(Killed):
        await outbox.deliver(SERVER, WEEK)
    clock.move_to(DEADLINE)

    report = await outbox.deliver(SERVER, WEEK)

    assert (report.sent, report.expired) == (1, 2)


@pytest.mark.parametrize("gone", [set(), {CHANNEL}], ids=["there", "gone"])
@pytest.mark.parametrize("fault", [Fault.LOST, Fault.NONE], ids=["unclear", "refused"])
async def test_after_the_deadline_a_failed_search_ends_the_wait(
    outbox: Outbox, messenger: FakeMessenger, clock: StillClock, fault: Fault, gone: set[int]
) -> None:
    messenger.faults = [Fault.KILLED_BEFORE]
    with pytest.raises(Killed):
        await outbox.deliver(SERVER, WEEK)
    clock.move_to(DEADLINE)
    messenger.faults, messenger.can_read, messenger.gone = [fault] * 4, False, gone

    report = await outbox.deliver(SERVER, WEEK)

    assert (report.expired, report.waiting) == (3, 0)


async def test_an_admin_who_was_not_reached_is_told_later(
    outbox: Outbox, messenger: FakeMessenger, clock: StillClock, sqlite: Database
) -> None:
    messenger.reaches_admin = False
    messenger.faults, messenger.can_read = [Fault.STORED], False
    await outbox.deliver(SERVER, WEEK)
    messenger.reaches_admin = True

    await outbox.deliver(SERVER, WEEK)

    assert len(messenger.told) == 1


async def test_deleting_the_channel_ends_the_wait_for_an_unclear_message(
    outbox: Outbox, messenger: FakeMessenger, sqlite: Database
) -> None:
    messenger.faults = [Fault.LOST] * 4
    await outbox.deliver(SERVER, WEEK)
    messenger.gone = {CHANNEL}

    report = await outbox.deliver(SERVER, WEEK)

    assert troubles(report) == [Trouble.CHANNEL]
    assert {row.state for row in await stored(sqlite)} == {DeliveryState.FAILED}
    (told,) = messenger.told
    assert told.startswith(f"The digest of {WEEK} could not be posted in <#{CHANNEL}>. Discord can't find")
    assert told.endswith("`/digest now` posts it.")


async def test_no_thread_is_missing_in_a_deleted_channel(
    outbox: Outbox, messenger: FakeMessenger, sqlite: Database, clock: StillClock
) -> None:
    async with sqlite.begin() as tx:
        await tx.deliveries.plan([delivery(3, thread_name="About 3")])
    messenger.can_open_threads = False
    await outbox.deliver(SERVER, WEEK)
    messenger.gone = {CHANNEL}

    report = await outbox.deliver(SERVER, WEEK)

    assert report.problems == ()
    async with sqlite.begin() as tx:
        assert await tx.deliveries.newest_to_retry(SERVER, now=clock.now()) is None


async def test_a_second_refusal_is_reported_after_a_requested_retry(
    outbox: Outbox, messenger: FakeMessenger, sqlite: Database
) -> None:
    messenger.closed = {CHANNEL}
    await outbox.deliver(SERVER, WEEK)
    async with sqlite.begin() as tx:
        assert await plan_again(tx, SERVER, WEEK) == len(ALL)

    await outbox.deliver(SERVER, WEEK)
    await outbox.deliver(SERVER, WEEK)

    assert len(messenger.told) == 2


async def test_a_refusal_from_before_a_requested_retry_is_not_reported_after_it(
    outbox: Outbox, messenger: FakeMessenger, sqlite: Database
) -> None:
    messenger.closed, messenger.unreached = {CHANNEL}, 1
    await outbox.deliver(SERVER, WEEK)
    messenger.closed = set()
    async with sqlite.begin() as tx:
        await plan_again(tx, SERVER, WEEK)

    report = await outbox.deliver(SERVER, WEEK)

    assert shown(messenger) == ALL
    assert report.is_finished
    assert messenger.told == []


async def test_a_requested_retry_keeps_the_notices_of_other_weeks_and_servers(
    outbox: Outbox, messenger: FakeMessenger, sqlite: Database
) -> None:
    messenger.closed, messenger.unreached = {CHANNEL}, 1
    await outbox.deliver(SERVER, WEEK)
    async with sqlite.begin() as tx:
        await plan_again(tx, SERVER, "2026-W48")
        await plan_again(tx, SERVER + 1, WEEK)

    await outbox.deliver(SERVER, WEEK)

    assert len(messenger.told) == 1


async def test_an_expired_week_is_reported_even_after_a_requested_retry(
    outbox: Outbox, messenger: FakeMessenger, clock: StillClock, sqlite: Database
) -> None:
    clock.move_to(DEADLINE)
    messenger.unreached = 1
    await outbox.deliver(SERVER, WEEK)
    async with sqlite.begin() as tx:
        await plan_again(tx, SERVER, WEEK)

    await outbox.deliver(SERVER, WEEK)

    assert len(messenger.told) == 1
