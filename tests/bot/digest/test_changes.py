"""What happens to a digest's messages when its subscription changes."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.delivery.outbox import Outbox
from bot.digest.changes import Changes, Course
from bot.digest.plan import MISSED, weekly_request
from bot.digest.posting import Posting
from bot.weeks import deadline, parse_week
from storage.database import Database
from storage.model import Delivery, DeliveryState
from tests.bot.digest.press import SUBSCRIPTION, WEEK, Press, planned, request
from tests.databases import NOW
from tests.fakes.messenger import FakeMessenger, Fault

OLD, NEW = 70, 71
"""Channels."""


class Desk:
    """A digest that is made but not posted, and its subscription."""

    def __init__(self, press: Press) -> None:
        self.press, self.clock = press, press.clock
        self.messenger = FakeMessenger(press.clock)
        self.changes = Changes(database=press.database, messenger=self.messenger, clock=press.clock)

    async def set_up(self, *, channel_id: int = OLD, paused: bool = False) -> None:
        async with self.press.database.begin() as tx:
            await tx.subscriptions.save(replace(SUBSCRIPTION, channel_id=channel_id, paused=paused))

    async def try_first(self) -> Delivery:
        """Start to post the first message, with unknown success."""
        return await self.try_part(0)

    async def try_part(self, part: int) -> Delivery:
        """Start to post one of the messages, with unknown success."""
        tried = (await planned(self.press.database))[part]
        async with self.press.database.begin() as tx:
            await tx.deliveries.mark_sending(tried.key, self.clock.now())
        return tried

    async def course(self) -> Course:
        return await self.changes.before_delivery(request())


@pytest.fixture
async def desk(fresh_sqlite_url: str) -> AsyncIterator[Desk]:
    database = await Database.open(fresh_sqlite_url, clock_now=lambda: NOW)
    desk = Desk(Press(database))
    await desk.set_up()
    await desk.press.make(request())
    yield desk
    await database.close()


async def test_requests_do_not_name_a_servers_admin_but_keep_a_personal_digests_owner(desk: Desk) -> None:
    week = parse_week(WEEK)
    own = replace(SUBSCRIPTION, server_id=9, admin_id=9)

    asked = weekly_request(SUBSCRIPTION, week)
    refreshed = await desk.changes.refreshed(asked)

    assert refreshed is not None
    assert (asked.subscription.admin_id, refreshed.subscription.admin_id) == (None, None)
    assert (refreshed.subscription.channel_id, refreshed.subscription.is_personal) == (OLD, False)
    assert weekly_request(own, week).subscription == own


async def test_an_unchanged_digest_is_delivered_without_searching_the_channel(desk: Desk) -> None:
    await desk.try_first()
    desk.messenger.faults = [Fault.LOST]

    assert await desk.course() is Course.DELIVER
    assert desk.messenger.faults


async def test_a_possibly_posted_message_is_waited_for_until_its_deadline(desk: Desk) -> None:
    await desk.try_first()
    await desk.set_up(paused=True)
    desk.messenger.faults = [Fault.LOST] * 2

    assert await desk.course() is Course.WAIT
    desk.clock.move_to(deadline(parse_week(WEEK), SUBSCRIPTION))
    assert await desk.course() is Course.END


@pytest.mark.parametrize("change", [{"paused": True}, {"channel_id": NEW}], ids=["pause", "channel"])
async def test_a_digest_with_a_message_found_to_be_posted_is_finished_where_it_is(
    desk: Desk, change: dict[str, Any]
) -> None:
    for part in range(2):
        tried = await desk.try_part(part)
    await desk.messenger.post(OLD, tried.payload, nonce="1")
    desk.clock.move_to(desk.clock.now() + timedelta(hours=1))
    await desk.set_up(**change)

    assert await desk.course() is Course.DELIVER
    assert {delivery.channel_id for delivery in await planned(desk.press.database)} == {OLD}


@pytest.mark.parametrize("can_read", [True, False])
async def test_a_paused_digest_ends_if_nothing_is_posted_or_the_history_is_hidden(
    desk: Desk, *, can_read: bool
) -> None:
    await desk.try_first()
    await desk.set_up(paused=True)
    desk.messenger.can_read = can_read

    assert await desk.course() is Course.END


async def test_a_digest_is_not_moved_if_the_history_is_hidden(desk: Desk) -> None:
    await desk.try_first()
    await desk.set_up(channel_id=NEW)
    desk.messenger.can_read = False

    assert await desk.course() is Course.DELIVER
    assert {delivery.channel_id for delivery in await planned(desk.press.database)} == {OLD}


async def test_a_digest_that_was_never_tried_is_moved_without_searching_its_channel(desk: Desk) -> None:
    await desk.set_up(channel_id=NEW)
    desk.messenger.faults = [Fault.LOST]

    assert await desk.course() is Course.DELIVER
    assert {delivery.channel_id for delivery in await planned(desk.press.database)} == {NEW}


async def test_a_message_that_was_not_posted_is_moved_with_the_others(desk: Desk) -> None:
    head = await desk.try_first()
    await desk.set_up(channel_id=NEW)

    assert await desk.course() is Course.DELIVER
    (moved, *rest) = await planned(desk.press.database)
    assert {delivery.channel_id for delivery in (moved, *rest)} == {NEW}
    assert moved.first_try_at is None
    assert moved.payload != head.payload  # each shows its own marker


async def post_first(desk: Desk) -> None:
    head = await desk.try_first()
    message_id = await desk.messenger.post(OLD, head.payload, nonce="1")
    async with desk.press.database.begin() as tx:
        await tx.deliveries.mark_sent(head.key, message_id)


@pytest.mark.parametrize("start", [post_first, Desk.try_first], ids=["posted", "perhaps posted"])
async def test_a_digest_whose_channel_was_deleted_is_moved_whole_to_the_new_one(
    desk: Desk, start: Callable[[Desk], Awaitable[object]]
) -> None:
    await start(desk)
    desk.messenger.gone = {OLD}
    await desk.set_up(channel_id=NEW)

    assert await desk.course() is Course.DELIVER
    messages = await planned(desk.press.database)
    assert {(one.channel_id, one.state) for one in messages} == {(NEW, DeliveryState.PLANNED)}
    assert {(one.message_id, one.thread_id, one.first_try_at) for one in messages} == {(None, None, None)}


async def test_a_digest_is_not_moved_while_it_is_unknown_whether_its_channel_was_deleted(desk: Desk) -> None:
    await post_first(desk)
    desk.messenger.gone, desk.messenger.faults = {OLD}, [Fault.LOST]
    await desk.set_up(channel_id=NEW)

    assert await desk.course() is Course.WAIT
    assert {one.channel_id for one in await planned(desk.press.database)} == {OLD}


async def test_a_half_posted_digest_stays_in_a_channel_that_is_closed_but_not_deleted(desk: Desk) -> None:
    await post_first(desk)
    desk.messenger.closed, desk.messenger.can_read = {OLD}, False
    await desk.set_up(channel_id=NEW)

    assert await desk.course() is Course.DELIVER
    assert {one.channel_id for one in await planned(desk.press.database)} == {OLD}


async def test_a_digest_is_not_made_for_a_channel_known_to_be_deleted(desk: Desk) -> None:
    preview = request(published=False, run_id="preview:7:1")
    assert await desk.changes.why_not_to_make(request()) is None

    desk.messenger.gone = {OLD}
    desk.messenger.faults = [Fault.LOST]

    assert await desk.changes.why_not_to_make(request()) is None  # Discord did not answer
    assert "was deleted" in (await desk.changes.why_not_to_make(request()) or "")
    assert await desk.changes.why_not_to_make(preview) is None
    assert await desk.changes.why_not_to_make(request(channel_id=None)) is None


async def test_a_digest_is_not_made_for_a_closed_channel(desk: Desk) -> None:
    desk.messenger.closed = desk.messenger.known_closed = {OLD}

    why = await desk.changes.why_not_to_make(request())

    assert why is not None
    assert why.startswith("The bot lacks permissions in #papers. Once that is fixed, `/digest now`")
    assert await desk.changes.why_not_to_make(request(published=False, run_id="preview:7:1")) is None
    assert await desk.changes.why_not_to_make(request(channel_id=NEW)) is None


async def test_a_digest_already_in_its_channel_is_not_made_again(desk: Desk) -> None:
    (head, *_) = await planned(desk.press.database)
    await desk.messenger.post(OLD, head.payload, nonce="1")

    assert "is already in its channel" in (await desk.changes.why_not_to_make(request()) or "")
    assert await desk.changes.why_not_to_make(request(channel_id=NEW)) is None
    later = desk.clock.now() + timedelta(minutes=1)
    assert await desk.changes.why_not_to_make(request(created_at=later)) is None
    desk.messenger.can_read = False
    assert await desk.changes.why_not_to_make(request()) is None  # the history is hidden


async def test_a_finished_digest_is_left_to_the_outbox(desk: Desk) -> None:
    async with desk.press.database.begin() as tx:
        for delivery in await tx.deliveries.of(SUBSCRIPTION.server_id, WEEK):
            await tx.deliveries.mark_failed(delivery.key, "refused")
    await desk.set_up(channel_id=NEW, paused=True)

    assert await desk.course() is Course.DELIVER
    assert {delivery.channel_id for delivery in await planned(desk.press.database)} == {OLD}


def posting(desk: Desk) -> Posting:
    outbox = Outbox(desk.press.database, desk.messenger, desk.clock)
    return Posting(
        database=desk.press.database, changes=desk.changes, outbox=outbox, messenger=desk.messenger
    )


async def test_a_preview_does_not_post_the_weeks_digest(desk: Desk) -> None:
    assert await posting(desk).deliver(request(published=False))
    assert desk.messenger.posted == []

    assert await posting(desk).deliver(request())
    assert len(desk.messenger.posted) == len(await planned(desk.press.database))


async def test_nobody_is_told_of_a_preview_that_cannot_be_made(desk: Desk) -> None:
    assert await posting(desk).give_up(request(published=False), "arXiv is down.")
    assert desk.messenger.told == []


@pytest.mark.parametrize("is_subscribed", [True, False])
async def test_a_notice_is_only_kept_for_who_is_still_subscribed(desk: Desk, *, is_subscribed: bool) -> None:
    if not is_subscribed:
        async with desk.press.database.begin() as tx:
            await tx.subscriptions.delete(SUBSCRIPTION.server_id)

    await posting(desk).tell_later(request(), "arXiv is down.")

    async with desk.press.database.begin() as tx:
        assert (await tx.state.get(f"{MISSED}{request().run_id}") is not None) == is_subscribed


async def test_a_paused_digest_is_done_once_it_is_known_that_nothing_was_posted(desk: Desk) -> None:
    await desk.set_up(paused=True)
    await desk.try_first()
    desk.messenger.faults = [Fault.LOST]

    assert not await posting(desk).deliver(request())
    assert await posting(desk).deliver(request())
    assert desk.messenger.posted == []
