"""Each message of a digest is posted once: never twice, and never silently not at all."""

import random
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest

from bot.delivery.marker import nonce
from bot.delivery.notices import Trouble
from bot.delivery.outbox import DeliveryReport, Outbox
from storage.database import Database
from storage.model import DeliveryState
from tests.bot.delivery.conftest import (
    ALL,
    CHANNEL,
    DEADLINE,
    FRIDAY,
    SERVER,
    WEEK,
    delivery,
    shown,
    stored,
    troubles,
)
from tests.fakes.clock import StillClock
from tests.fakes.messenger import FakeMessenger, Fault, Killed
from tests.storage import records


async def test_all_parts_are_posted_in_order(
    outbox: Outbox, messenger: FakeMessenger, sqlite: Database
) -> None:
    report = await outbox.deliver(SERVER, WEEK)

    assert shown(messenger) == ALL
    assert [row.message_id for row in await stored(sqlite)] == [1, 2, 3]
    assert report == DeliveryReport(sent=3, failed=0, expired=0, waiting=0)
    assert report.is_finished
    assert messenger.posted[0].nonce == nonce(f"{SERVER}-{CHANNEL}-{WEEK}-0")


async def test_delivering_again_posts_nothing(outbox: Outbox, messenger: FakeMessenger) -> None:
    await outbox.deliver(SERVER, WEEK)

    report = await outbox.deliver(SERVER, WEEK)

    assert shown(messenger) == ALL
    assert report.sent == 3


@pytest.mark.parametrize("window", [timedelta(minutes=5), timedelta(0)], ids=["window", "no window"])
async def test_a_message_stored_without_an_answer_is_found(
    outbox: Outbox, messenger: FakeMessenger, window: timedelta
) -> None:
    messenger.nonce_window = window
    messenger.faults = [Fault.STORED]

    report = await outbox.deliver(SERVER, WEEK)

    assert shown(messenger) == ALL
    assert report.is_finished


async def test_a_message_is_found_by_a_bot_whose_clock_is_minutes_fast(sqlite: Database) -> None:
    knows_no_nonce = timedelta(seconds=-1)
    messenger = FakeMessenger(StillClock(FRIDAY), faults=[Fault.STORED], nonce_window=knows_no_nonce)
    fast = StillClock(FRIDAY + timedelta(minutes=10))

    await Outbox(sqlite, messenger, fast).deliver(SERVER, WEEK)

    assert shown(messenger) == ALL


async def test_a_lost_message_is_posted_after_all(
    outbox: Outbox, messenger: FakeMessenger, clock: StillClock
) -> None:
    messenger.faults = [Fault.LOST]

    await outbox.deliver(SERVER, WEEK)

    assert shown(messenger) == ALL
    assert 2 <= max(clock.slept) <= 3


async def test_part_10_is_not_taken_for_part_1(messenger: FakeMessenger, sqlite: Database) -> None:
    async with sqlite.begin() as tx:
        await tx.deliveries.plan([delivery(part) for part in range(3, 11)])
    messenger.faults = [Fault.NONE, Fault.KILLED_BEFORE]
    clock = messenger.clock
    with pytest.raises(Killed):
        await Outbox(sqlite, messenger, clock).deliver(SERVER, WEEK)
    ten = delivery(10)
    await messenger.post(CHANNEL, ten.payload, nonce=nonce(ten.key))

    await Outbox(sqlite, messenger, clock).deliver(SERVER, WEEK)

    assert sorted(shown(messenger)) == sorted(f"part {part}" for part in range(11))


@pytest.mark.parametrize("death", [Fault.KILLED_BEFORE, Fault.KILLED_AFTER])
async def test_an_interrupted_run_resumes_where_it_was(
    outbox: Outbox, messenger: FakeMessenger, sqlite: Database, clock: StillClock, death: Fault
) -> None:
    messenger.faults = [Fault.NONE, death]
    with pytest.raises(Killed):
        await outbox.deliver(SERVER, WEEK)
    states = [row.state for row in await stored(sqlite)]
    clock.move_to(FRIDAY + timedelta(hours=1))

    report = await outbox.deliver(SERVER, WEEK)

    assert states == [DeliveryState.SENT, DeliveryState.SENDING, DeliveryState.PLANNED]
    assert shown(messenger) == ALL
    assert report.sent == 3


async def test_what_stays_unclear_waits_for_the_next_run(
    outbox: Outbox, messenger: FakeMessenger, sqlite: Database
) -> None:
    messenger.faults = [Fault.NONE] + [Fault.LOST] * 4

    report = await outbox.deliver(SERVER, WEEK)

    assert shown(messenger) == ["part 0"]
    assert troubles(report) == [Trouble.UNCLEAR]
    assert (report.sent, report.waiting) == (1, 2)
    assert [row.state for row in await stored(sqlite)][1:] == [DeliveryState.SENDING, DeliveryState.PLANNED]
    assert messenger.told == []


@pytest.mark.parametrize(
    ("chosen_at", "made_at"),
    [(FRIDAY, FRIDAY), (FRIDAY, FRIDAY + timedelta(hours=2))],
    ids=["made before", "chosen before"],
)
async def test_messages_posted_since_a_restored_backup_was_made_are_not_posted_again(
    messenger: FakeMessenger,
    sqlite: Database,
    clock: StillClock,
    chosen_at: datetime | None,
    made_at: datetime,
) -> None:
    await keep_digest(sqlite, made_at=made_at, chosen_at=chosen_at)
    await post_unknown_to_the_database(messenger, 2)
    clock.move_to(FRIDAY + timedelta(hours=1))

    report = await Outbox(sqlite, messenger, clock).deliver(SERVER, WEEK)

    assert shown(messenger) == ALL
    assert [row.message_id for row in await stored(sqlite)] == [1, 2, 3]
    assert report.sent == 3


async def test_a_lost_search_for_an_unclear_message_does_not_have_those_after_it_posted_again(
    messenger: FakeMessenger, sqlite: Database, clock: StillClock
) -> None:
    await keep_digest(sqlite, made_at=FRIDAY)
    await post_unknown_to_the_database(messenger, 3)
    async with sqlite.begin() as tx:
        await tx.deliveries.mark_sending(delivery(0).key, FRIDAY)  # a backup was made just then
    clock.move_to(FRIDAY + timedelta(hours=1))
    messenger.faults = [Fault.LOST]

    report = await Outbox(sqlite, messenger, clock).deliver(SERVER, WEEK)

    assert shown(messenger) == ALL
    assert report.sent == 3


async def test_a_posted_digest_is_not_called_overdue_after_a_backup_is_restored(
    messenger: FakeMessenger, sqlite: Database, clock: StillClock
) -> None:
    await keep_digest(sqlite, made_at=FRIDAY)
    await post_unknown_to_the_database(messenger, 3)
    clock.move_to(DEADLINE)

    report = await Outbox(sqlite, messenger, clock).deliver(SERVER, WEEK)

    assert report == DeliveryReport(sent=3, failed=0, expired=0, waiting=0)
    assert messenger.told == []


@pytest.mark.parametrize("trouble", [Fault.REFUSED, Fault.LOST])
async def test_a_digest_of_an_earlier_process_is_posted_even_if_the_channel_cannot_be_searched(
    messenger: FakeMessenger, sqlite: Database, clock: StillClock, trouble: Fault
) -> None:
    await keep_digest(sqlite, made_at=FRIDAY)
    clock.move_to(FRIDAY + timedelta(hours=1))
    messenger.faults = [trouble]

    await Outbox(sqlite, messenger, clock).deliver(SERVER, WEEK)

    assert shown(messenger) == ALL


@pytest.mark.parametrize(("made_ago", "searches"), [(timedelta(0), 0), (timedelta(hours=1), 1)])
async def test_a_channel_is_searched_once_and_only_for_a_digest_of_an_earlier_process(
    messenger: FakeMessenger, sqlite: Database, clock: StillClock, made_ago: timedelta, searches: int
) -> None:
    await keep_digest(sqlite, made_at=FRIDAY)
    clock.move_to(FRIDAY + made_ago)

    with patch.object(messenger, "find", wraps=messenger.find) as find:
        await Outbox(sqlite, messenger, clock).deliver(SERVER, WEEK)

    assert shown(messenger) == ALL
    assert find.await_count == searches


async def post_unknown_to_the_database(messenger: FakeMessenger, parts: int) -> None:
    """Post the first messages of the digest, as before a backup without them was restored."""
    for part in range(parts):
        await messenger.post(CHANNEL, delivery(part).payload, nonce=nonce(delivery(part).key))


async def keep_digest(database: Database, *, made_at: datetime, chosen_at: datetime | None = FRIDAY) -> None:
    """Store the digest of the deliveries."""
    async with database.begin() as tx:
        await tx.digests.save(records.digest(SERVER, WEEK, chosen_at=chosen_at, created_at=made_at))


async def test_threads_open_from_their_messages(
    messenger: FakeMessenger, sqlite: Database, clock: StillClock
) -> None:
    async with sqlite.begin() as tx:
        await tx.deliveries.plan([delivery(part, thread_name=f"About {part}") for part in (3, 4)])
    messenger.faults = [Fault.NONE] * 5 + [Fault.LOST] * 2 + [Fault.STORED]

    report = await Outbox(sqlite, messenger, clock).deliver(SERVER, WEEK)

    assert messenger.threads == {4: "About 3", 5: "About 4"}
    assert [row.thread_id for row in await stored(sqlite)] == [None, None, None, 4, 5]
    assert report.problems == ()
    assert clock.slept[-3:] == [2.0, 15.0, 60.0]


async def test_threads_that_a_channel_refuses_are_tried_once_and_do_not_affect_the_digest(
    messenger: FakeMessenger, sqlite: Database
) -> None:
    async with sqlite.begin() as tx:
        await tx.deliveries.plan([delivery(part, thread_name=f"About {part}") for part in (3, 4)])
    messenger.can_open_threads = False
    outbox = Outbox(sqlite, messenger, messenger.clock)

    report = await outbox.deliver(SERVER, WEEK)
    messenger.can_open_threads = True
    again = await outbox.deliver(SERVER, WEEK)

    assert (report.sent, troubles(report)) == (5, [Trouble.THREADS])
    assert len(messenger.told) == 1
    assert again.problems == ()
    assert messenger.threads == {4: "About 3", 5: "About 4"}


async def test_a_deleted_message_does_not_keep_others_from_their_threads(
    messenger: FakeMessenger, sqlite: Database
) -> None:
    async with sqlite.begin() as tx:
        await tx.deliveries.plan([delivery(part, thread_name=f"About {part}") for part in (3, 4)])
        await tx.deliveries.mark_sent(delivery(3).key, 99)  # but it was deleted
    outbox = Outbox(sqlite, messenger, messenger.clock)

    report = await outbox.deliver(SERVER, WEEK)

    assert list(messenger.threads.values()) == ["About 4"]
    assert (report.problems, messenger.told) == ((), [])
    assert [row.thread_name for row in await stored(sqlite)] == [None, None, None, None, "About 4"]


async def test_a_refused_thread_does_not_stop_the_others(messenger: FakeMessenger, sqlite: Database) -> None:
    async with sqlite.begin() as tx:
        await tx.deliveries.plan([delivery(part, thread_name=f"About {part}") for part in (3, 4)])
    messenger.faults = [Fault.NONE] * 5 + [Fault.REFUSED]
    outbox = Outbox(sqlite, messenger, messenger.clock)

    report = await outbox.deliver(SERVER, WEEK)

    assert list(messenger.threads.values()) == ["About 4"]
    assert troubles(report) == [Trouble.THREADS]


async def test_threads_wait_while_discord_is_down(
    outbox: Outbox, messenger: FakeMessenger, sqlite: Database
) -> None:
    async with sqlite.begin() as tx:
        await tx.deliveries.plan([delivery(part, thread_name=f"About {part}") for part in (3, 4)])
    messenger.faults = [Fault.NONE] * 5 + [Fault.LOST] * 4

    report = await outbox.deliver(SERVER, WEEK)
    were_open = dict(messenger.threads)
    again = await outbox.deliver(SERVER, WEEK)

    assert (were_open, troubles(report), report.waiting) == ({}, [Trouble.UNCLEAR], 2)
    assert not report.is_finished
    assert (list(messenger.threads.values()), again.is_finished) == (["About 3", "About 4"], True)
    assert messenger.told == []


@pytest.mark.parametrize("moment", [FRIDAY + timedelta(hours=6), DEADLINE])
async def test_threads_do_not_wait_for_ever(
    outbox: Outbox, messenger: FakeMessenger, sqlite: Database, clock: StillClock, moment: datetime
) -> None:
    async with sqlite.begin() as tx:
        await tx.deliveries.plan([delivery(3, thread_name="About 3")])
    messenger.faults = [Fault.NONE] * 4 + [Fault.LOST] * 8
    await outbox.deliver(SERVER, WEEK)
    clock.move_to(moment)

    report = await outbox.deliver(SERVER, WEEK)

    assert (troubles(report), report.is_finished, len(messenger.told)) == ([Trouble.THREADS], True, 1)


async def test_a_message_without_its_marker_is_not_posted(messenger: FakeMessenger, sqlite: Database) -> None:
    async with sqlite.begin() as tx:
        await tx.deliveries.plan([delivery(3, payload={"content": "no marker"})])

    with pytest.raises(ValueError, match="does not show its marker"):
        await Outbox(sqlite, messenger, messenger.clock).deliver(SERVER, WEEK)


@pytest.mark.parametrize("seed", range(60))
async def test_no_sequence_of_faults_posts_twice_or_not_at_all(
    sqlite: Database, messenger: FakeMessenger, clock: StillClock, seed: int
) -> None:
    chance = random.Random(seed)
    outbox = Outbox(sqlite, messenger, clock)
    faults = [fault for fault in Fault if fault is not Fault.REFUSED]
    messenger.nonce_window = chance.choice([timedelta(0), timedelta(minutes=5)])
    for _ in range(chance.randrange(1, 6)):
        messenger.faults = chance.choices(faults, weights=[2, 1, 1, 1, 1], k=8)
        try:
            await outbox.deliver(SERVER, WEEK)
        except Killed:
            clock.move_to(clock.now() + timedelta(minutes=chance.choice([0, 1, 10, 300])))

    messenger.faults = []
    report = await outbox.deliver(SERVER, WEEK)

    assert shown(messenger) == ALL
    assert [row.message_id for row in await stored(sqlite)] == [1, 2, 3]
    assert report.sent == 3
