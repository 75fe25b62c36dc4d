"""Problems are reported, whatever happens to the bot or to Discord meanwhile."""

import asyncio
from collections.abc import Callable
from unittest.mock import patch

import pytest

from bot.delivery.notices import Problem, Trouble, forget_notices, note
from bot.delivery.outbox import Outbox, plan_again
from storage.database import Database
from storage.model import DeliveryState, Subscription
from tests.bot.delivery.conftest import ADMIN, ALL, CHANNEL, DEADLINE, SERVER, WEEK, delivery, shown, troubles
from tests.fakes.clock import StillClock
from tests.fakes.messenger import FakeMessenger, Fault, Killed

RUNS = 20
"""More runs than a notice is tried in."""


def _close(messenger: FakeMessenger, _: StillClock) -> None:
    messenger.closed = {CHANNEL}


def _refuse_one(messenger: FakeMessenger, _: StillClock) -> None:
    messenger.faults = [Fault.NONE, Fault.REFUSED]


def _let_it_expire(_: FakeMessenger, clock: StillClock) -> None:
    clock.move_to(DEADLINE)


Break = Callable[[FakeMessenger, StillClock], None]
troubled = pytest.mark.parametrize(
    "go_wrong", [_close, _refuse_one, _let_it_expire], ids=["channel", "message", "expired"]
)


@troubled
async def test_an_admin_who_cannot_be_reached_at_first_is_told_by_the_next_run(
    outbox: Outbox, messenger: FakeMessenger, clock: StillClock, go_wrong: Break
) -> None:
    go_wrong(messenger, clock)
    messenger.unreached = 1

    report = await outbox.deliver(SERVER, WEEK)
    again = await outbox.deliver(SERVER, WEEK)

    assert (report.waiting, report.untold, report.is_finished) == (0, 1, False)
    assert again.is_finished
    assert len(messenger.told) == 1


@pytest.mark.parametrize(
    ("go_wrong", "logged"),
    [
        (_close, "and the rest of its channel's were refused: The bot lacks permissions in #papers."),
        (_refuse_one, "was refused: Discord does not take the message."),
        (_let_it_expire, "expired: It was due by 2026-11-23 09:00 UTC."),
    ],
    ids=["channel", "message", "expired"],
)
async def test_the_log_tells_what_was_not_posted_and_why(
    outbox: Outbox,
    messenger: FakeMessenger,
    clock: StillClock,
    caplog: pytest.LogCaptureFixture,
    *,
    go_wrong: Break,
    logged: str,
) -> None:
    go_wrong(messenger, clock)

    await outbox.deliver(SERVER, WEEK)

    warned = [record.message for record in caplog.records if record.levelname == "WARNING"]
    assert warned[0].endswith(logged)
    assert warned[0].startswith(f"delivery {SERVER}-{CHANNEL}-{WEEK}-")


@pytest.mark.parametrize("is_known", [True, False])
async def test_whoever_set_up_the_digest_is_told_if_they_are_known(
    sqlite: Database, outbox: Outbox, messenger: FakeMessenger, *, is_known: bool
) -> None:
    messenger.closed = {CHANNEL}
    if not is_known:
        async with sqlite.begin() as tx:
            await tx.subscriptions.delete(SERVER)

    await outbox.deliver(SERVER, WEEK)

    assert messenger.addressed == [(CHANNEL, ADMIN if is_known else None)]


@troubled
async def test_a_bot_that_dies_while_telling_the_admin_tells_them_when_it_is_back(
    sqlite: Database, messenger: FakeMessenger, clock: StillClock, go_wrong: Break
) -> None:
    go_wrong(messenger, clock)
    with patch.object(messenger, "tell_admin", side_effect=Killed), pytest.raises(Killed):
        await Outbox(sqlite, messenger, clock).deliver(SERVER, WEEK)

    report = await Outbox(sqlite, messenger, clock).deliver(SERVER, WEEK)
    await Outbox(sqlite, messenger, clock).deliver(SERVER, WEEK)

    assert report.is_finished
    assert len(messenger.told) == 1


async def test_a_bot_that_is_stopped_while_telling_the_admin_tells_them_when_it_is_back(
    sqlite: Database, messenger: FakeMessenger, clock: StillClock
) -> None:
    messenger.closed = {CHANNEL}
    stop = patch.object(messenger, "tell_admin", side_effect=asyncio.CancelledError)
    with stop, pytest.raises(asyncio.CancelledError):
        await Outbox(sqlite, messenger, clock).deliver(SERVER, WEEK)

    await Outbox(sqlite, messenger, clock).deliver(SERVER, WEEK)

    assert len(messenger.told) == 1


@troubled
async def test_a_delivery_ends_even_if_its_admin_is_never_reached(
    outbox: Outbox, messenger: FakeMessenger, clock: StillClock, go_wrong: Break
) -> None:
    go_wrong(messenger, clock)
    messenger.reaches_admin = False

    finished = [(await outbox.deliver(SERVER, WEEK)).is_finished for _ in range(RUNS)]

    assert finished == [False] * 3 + [True] * (RUNS - 3)


async def test_the_refusal_of_a_retry_requested_while_the_admin_is_being_told_is_reported_too(
    outbox: Outbox, messenger: FakeMessenger, sqlite: Database
) -> None:
    async def ask_meanwhile(*_: object) -> bool:
        async with sqlite.begin() as tx:
            await plan_again(tx, SERVER, WEEK)
        return True

    messenger.closed = {CHANNEL}
    with patch.object(messenger, "tell_admin", side_effect=ask_meanwhile):
        report = await outbox.deliver(SERVER, WEEK)

    await outbox.deliver(SERVER, WEEK)

    assert report.untold == 0
    assert len(messenger.told) == 1


async def test_missing_threads_opened_before_the_admin_was_reached_are_not_reported(
    outbox: Outbox, messenger: FakeMessenger, sqlite: Database
) -> None:
    async with sqlite.begin() as tx:
        await tx.deliveries.plan([delivery(3, thread_name="About 3")])
    messenger.can_open_threads, messenger.unreached = False, 1
    report = await outbox.deliver(SERVER, WEEK)
    messenger.can_open_threads = True

    again = await outbox.deliver(SERVER, WEEK)

    assert (report.untold, again.untold) == (1, 0)
    assert messenger.told == []


async def test_a_hidden_history_is_not_reported_once_it_can_be_read_again(
    outbox: Outbox, messenger: FakeMessenger
) -> None:
    messenger.faults, messenger.can_read = [Fault.STORED], False
    messenger.unreached = 1
    await outbox.deliver(SERVER, WEEK)
    messenger.can_read = True

    report = await outbox.deliver(SERVER, WEEK)

    assert shown(messenger) == ALL
    assert report.is_finished
    assert messenger.told == []


async def test_a_refusal_is_reported_even_after_one_of_another_kind(
    outbox: Outbox, messenger: FakeMessenger
) -> None:
    messenger.faults = [Fault.REFUSED, *[Fault.LOST] * 4]
    await outbox.deliver(SERVER, WEEK)
    messenger.closed = {CHANNEL}

    await outbox.deliver(SERVER, WEEK)

    assert [words.partition(" of ")[0] for words in messenger.told] == ["Part", "The digest"]


async def test_each_of_a_runs_problems_is_reported_with_its_remedy(
    outbox: Outbox, messenger: FakeMessenger, sqlite: Database
) -> None:
    async with sqlite.begin() as tx:
        await tx.deliveries.plan([delivery(3, thread_name="About 3")])
    messenger.faults, messenger.can_open_threads = [Fault.REFUSED], False

    await outbox.deliver(SERVER, WEEK)

    assert {words.rpartition("is fixed, ")[2] for words in messenger.told} == {
        "`/digest now` posts it.",
        "`/digest now` opens them.",
    }


@pytest.mark.parametrize(
    ("go_wrong", "remedy", "remedy_in_person"),
    [
        (_close, "`/digest now` posts it.", "`/digest mine` in a server sends it."),
        (_refuse_one, "`/digest now` posts it.", "`/digest mine` in a server sends it."),
        (
            _let_it_expire,
            "`/digest export week:2026-W47` still has it.",
            "`/digest mine` in a server sends the newest one.",
        ),
    ],
    ids=["channel", "message", "expired"],
)
@pytest.mark.parametrize("is_personal", [False, True])
async def test_a_notice_says_where_it_went_wrong_and_what_to_do(
    sqlite: Database,
    messenger: FakeMessenger,
    clock: StillClock,
    *,
    go_wrong: Break,
    remedy: str,
    remedy_in_person: str,
    is_personal: bool,
) -> None:
    if is_personal:
        async with sqlite.begin() as tx:
            await tx.subscriptions.save(Subscription(server_id=SERVER, channel_id=CHANNEL, admin_id=SERVER))
    go_wrong(messenger, clock)

    await Outbox(sqlite, messenger, clock).deliver(SERVER, WEEK)

    (told,) = messenger.told
    assert told.endswith(remedy_in_person if is_personal else remedy)
    assert ("<#" in told) is not is_personal


async def test_all_of_a_runs_problems_that_may_pass_are_reported(
    outbox: Outbox, messenger: FakeMessenger, sqlite: Database
) -> None:
    async with sqlite.begin() as tx:
        sent = delivery(3, thread_name="About 3", state=DeliveryState.SENT, message_id=99)
        await tx.deliveries.plan([sent])
    messenger.faults, messenger.can_read, messenger.can_open_threads = [Fault.STORED], False, False

    report = await outbox.deliver(SERVER, WEEK)

    assert troubles(report) == [Trouble.UNREADABLE, Trouble.THREADS]
    assert len(messenger.told) == 2


async def test_of_several_threads_that_are_missing_the_first_says_why(
    outbox: Outbox, messenger: FakeMessenger, sqlite: Database, clock: StillClock
) -> None:
    async with sqlite.begin() as tx:
        await tx.deliveries.plan([delivery(part, thread_name=f"About {part}") for part in (3, 4)])
    messenger.faults = [Fault.NONE] * 5 + [Fault.LOST] * 4
    await outbox.deliver(SERVER, WEEK)
    clock.move_to(DEADLINE)
    messenger.faults = [Fault.REFUSED] + [Fault.LOST] * 4

    report = await outbox.deliver(SERVER, WEEK)

    assert troubles(report) == [Trouble.THREADS] * 2
    (told,) = messenger.told
    assert "Discord does not take the message." in told


async def test_forgetting_a_servers_notices_keeps_those_of_one_whose_id_begins_alike(
    sqlite: Database,
) -> None:
    problem = Problem(trouble=Trouble.CHANNEL, channel_id=CHANNEL, words="Closed.")
    async with sqlite.begin() as tx:
        for server_id in (7, 71):
            await note(tx, server_id, WEEK, problem)
        await forget_notices(tx, 7)

    async with sqlite.begin() as tx:
        assert not await tx.state.named("told 7 ")
        assert await tx.state.named("told 71 ")
