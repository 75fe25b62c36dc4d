"""The outbox's rows."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from storage.database import Database
from storage.deliveries import Deliveries
from storage.model import Delivery, DeliveryState, ThreadPolicy
from tests.databases import NOW
from tests.storage.query_plans import plans, scanned
from tests.storage.records import delivery


async def only(database: Database) -> Delivery:
    async with database.begin() as tx:
        [found] = await tx.deliveries.of(7, "2026-W47")
        return found


async def test_deliveries_come_back_by_part_as_they_were_planned(database: Database) -> None:
    planned = [delivery(part, thread_name="Sparse attention") for part in range(12)]

    async with database.begin() as tx:
        await tx.deliveries.plan(planned[::-1])
        await tx.deliveries.plan([])

    async with database.begin() as tx:
        assert await tx.deliveries.of(7, "2026-W47") == planned
        assert await tx.deliveries.of(7, "2026-W46") == []
        assert await tx.deliveries.of(8, "2026-W47") == []


async def test_planning_again_changes_nothing(database: Database) -> None:
    async with database.begin() as tx:
        await tx.deliveries.plan([delivery()])
        await tx.deliveries.mark_sending(delivery().key, NOW)
        await tx.deliveries.plan([delivery(payload={"content": "another"})])

    found = await only(database)
    assert found == replace(delivery(), state=DeliveryState.SENDING, first_try_at=NOW)


async def test_replacing_deliveries_leaves_the_others(database: Database) -> None:
    moved = replace(delivery(0), channel_id=71)
    async with database.begin() as tx:
        await tx.deliveries.plan([delivery(0), delivery(1)])
        await tx.deliveries.replace([delivery(0)], [moved])

    async with database.begin() as tx:
        assert await tx.deliveries.of(7, "2026-W47") == [moved, delivery(1)]


async def test_the_time_of_the_first_attempt_is_kept(database: Database) -> None:
    async with database.begin() as tx:
        await tx.deliveries.plan([delivery()])
        await tx.deliveries.mark_sending(delivery().key, NOW)
        await tx.deliveries.mark_sending(delivery().key, NOW + timedelta(minutes=5))

    assert (await only(database)).first_try_at == NOW


async def test_what_was_refused_and_is_planned_again_keeps_the_time_of_its_first_attempt(
    database: Database,
) -> None:
    async with database.begin() as tx:
        await tx.deliveries.plan([delivery()])
        await tx.deliveries.mark_sending(delivery().key, NOW)
        await tx.deliveries.mark_failed(delivery().key, "Missing permission: Send Messages.")
        assert await tx.deliveries.plan_again(7, "2026-W47") == 1

    assert await only(database) == replace(delivery(), first_try_at=NOW)


async def test_a_sent_delivery_knows_its_message_and_thread(database: Database) -> None:
    async with database.begin() as tx:
        await tx.deliveries.plan([delivery()])
        await tx.deliveries.mark_sending(delivery().key, NOW)
        await tx.deliveries.mark_sent(delivery().key, 2**63 - 1)
        await tx.deliveries.mark_thread(delivery().key, 2**63 - 1)

    found = await only(database)
    assert (found.state, found.message_id, found.thread_id) == (DeliveryState.SENT, 2**63 - 1, 2**63 - 1)


async def test_a_failed_delivery_says_why(database: Database) -> None:
    async with database.begin() as tx:
        await tx.deliveries.plan([delivery()])
        await tx.deliveries.mark_failed(delivery().key, "Missing permission: Send Messages.")

    found = await only(database)
    assert (found.state, found.error) == (DeliveryState.FAILED, "Missing permission: Send Messages.")


async def test_a_refused_delivery_that_turns_out_to_be_posted_has_no_error(database: Database) -> None:
    async with database.begin() as tx:
        await tx.deliveries.plan([delivery()])
        await tx.deliveries.mark_failed(delivery().key, "Missing permission: Send Messages.")
        await tx.deliveries.mark_sent(delivery().key, 201)

    found = await only(database)
    assert (found.state, found.error) == (DeliveryState.SENT, None)


async def test_planned_and_sending_deliveries_are_unfinished(database: Database) -> None:
    async with database.begin() as tx:
        await tx.deliveries.plan([delivery(part) for part in range(5)])
        await tx.deliveries.plan([delivery(0, server_id=8)])
        await tx.deliveries.mark_sent(delivery(0).key, 1)
        await tx.deliveries.mark_sending(delivery(1).key, NOW)
        await tx.deliveries.mark_failed(delivery(2).key, "403")
        await tx.deliveries.mark_expired(delivery(3).key)

    async with database.begin() as tx:
        assert [item.part for item in await tx.deliveries.unfinished(7)] == [1, 4]


async def test_deliveries_come_back_by_week_channel_and_part(database: Database) -> None:
    ordered = [
        delivery(1, week="2026-W46", channel_id=71),
        delivery(1, channel_id=70),
        delivery(0, channel_id=71),
        delivery(1, channel_id=71),
    ]
    async with database.begin() as tx:
        await tx.deliveries.plan(ordered[::-1])

    async with database.begin() as tx:
        assert await tx.deliveries.unfinished(7) == ordered


@pytest.mark.parametrize(
    "mark",
    [
        lambda deliveries: deliveries.mark_sending(delivery().key, NOW),
        lambda deliveries: deliveries.mark_failed(delivery().key, "403"),
        lambda deliveries: deliveries.mark_expired(delivery().key),
    ],
    ids=["sending", "failed", "expired"],
)
async def test_a_sent_delivery_stays_sent(
    database: Database, mark: Callable[[Deliveries], Awaitable[None]]
) -> None:
    async with database.begin() as tx:
        await tx.deliveries.plan([delivery()])
        await tx.deliveries.mark_sent(delivery().key, 1)

    with pytest.raises(LookupError):
        async with database.begin() as tx:
            await mark(tx.deliveries)

    assert (await only(database)).state is DeliveryState.SENT


async def test_marking_an_unknown_delivery_is_a_bug(database: Database) -> None:
    with pytest.raises(LookupError, match="7-7-2026-W47-0"):
        async with database.begin() as tx:
            await tx.deliveries.mark_sent("7-7-2026-W47-0", 1)


async def test_refused_deliveries_can_be_planned_again(database: Database) -> None:
    others = (delivery(server_id=8), delivery(week="2026-W46"))
    async with database.begin() as tx:
        await tx.deliveries.plan([delivery(0), delivery(1), *others])
        await tx.deliveries.mark_sending(delivery(0).key, NOW)
        await tx.deliveries.mark_sent(delivery(0).key, 7)
        for refused in (delivery(1), *others):
            await tx.deliveries.mark_failed(refused.key, "Missing permission: Send Messages.")

    async with database.begin() as tx:
        planned = await tx.deliveries.plan_again(delivery().server_id, delivery().week)
        sent, again = await tx.deliveries.of(delivery().server_id, delivery().week)
        elsewhere = [await tx.deliveries.of(other.server_id, other.week) for other in others]

    assert planned == 1
    assert [one.state for [one] in elsewhere] == [DeliveryState.FAILED, DeliveryState.FAILED]
    assert (sent.state, sent.message_id) == (DeliveryState.SENT, 7)
    assert (again.state, again.error) == (DeliveryState.PLANNED, None)


async def test_what_is_unfinished_counts_as_to_be_posted_too(database: Database) -> None:
    async with database.begin() as tx:
        await tx.deliveries.plan([delivery(0), delivery(1), delivery(2), delivery(0, server_id=8)])
        await tx.deliveries.mark_sending(delivery(0).key, NOW)
        await tx.deliveries.mark_failed(delivery(1).key, "Missing permission: Send Messages.")

        assert await tx.deliveries.plan_again(delivery().server_id, delivery().week) == 3
        assert await tx.deliveries.plan_again(delivery().server_id, "2026-W01") == 0


async def test_what_lacks_its_thread_counts_until_it_has_one_or_needs_none(database: Database) -> None:
    planned = [delivery(part, thread_name=f"About {part}") for part in (1, 2)]
    async with database.begin() as tx:
        await tx.deliveries.plan([delivery(0), *planned])
        for one in (delivery(0), *planned):
            await tx.deliveries.mark_sent(one.key, 70 + one.part)

        assert await tx.deliveries.plan_again(delivery().server_id, delivery().week) == 2
        await tx.deliveries.mark_thread(planned[0].key, 71)
        await tx.deliveries.mark_threadless(planned[1].key)
        assert await tx.deliveries.plan_again(delivery().server_id, delivery().week) == 0

        standing = await tx.deliveries.of(delivery().server_id, delivery().week)
        assert [one.lacks_thread for one in standing] == [False, False, False]


@pytest.mark.parametrize(
    ("policy", "wanted"),
    [(ThreadPolicy.EACH, [1, 2]), (ThreadPolicy.DIGEST, [0, 2]), (ThreadPolicy.NONE, [2])],
)
async def test_threads_no_longer_wanted_are_not_missing(
    database: Database, policy: ThreadPolicy, wanted: list[int]
) -> None:
    planned = [delivery(part, thread_name=f"About {part}", message_id=70 + part) for part in range(3)]
    others = delivery(0, server_id=8, thread_name="Theirs", message_id=80)
    async with database.begin() as tx:
        await tx.deliveries.plan([*planned, others])
        await tx.deliveries.mark_thread(planned[2].key, 72)

        await tx.deliveries.drop_unwanted_threads(delivery().server_id, policy)

        standing = await tx.deliveries.of(delivery().server_id, delivery().week)
        assert [one.part for one in standing if one.thread_name is not None] == wanted
        assert [one.thread_name for one in await tx.deliveries.of(8, delivery().week)] == ["Theirs"]


async def test_the_newest_week_that_lacks_something_before_its_deadline_is_tried_again(
    database: Database,
) -> None:
    refused, threadless = delivery(week="2026-W46"), delivery(week="2026-W47", thread_name="About it")
    others = [delivery(week="2026-W48", thread_name="Not posted"), delivery(week="2026-W49", server_id=8)]
    async with database.begin() as tx:
        await tx.deliveries.plan([refused, threadless, *others])
        for one in (refused, others[1]):
            await tx.deliveries.mark_failed(one.key, "Missing permission: Send Messages.")
        await tx.deliveries.mark_sent(threadless.key, 70)

        before = refused.deadline - timedelta(seconds=1)
        assert await tx.deliveries.newest_to_retry(7, now=before) == "2026-W47"
        await tx.deliveries.mark_thread(threadless.key, 71)
        assert await tx.deliveries.newest_to_retry(7, now=before) == "2026-W46"
        assert await tx.deliveries.newest_to_retry(7, now=refused.deadline) is None


async def test_all_deliveries_to_a_server_can_be_forgotten(database: Database) -> None:
    async with database.begin() as tx:
        await tx.deliveries.plan([delivery(), delivery(server_id=8)])
        await tx.deliveries.forget_owner(7)

    async with database.begin() as tx:
        assert await tx.deliveries.of(7, "2026-W47") == []
        assert len(await tx.deliveries.of(8, "2026-W47")) == 1


async def test_messages_and_their_threads_lead_to_the_week_and_to_the_highlight(database: Database) -> None:
    by_us = delivery(1, paper_key="2611.00002v1", message_id=201, thread_id=101)
    by_a_member = delivery(2, paper_key="2611.00001v1", message_id=202)

    async with database.begin() as tx:
        await tx.deliveries.plan([delivery(0, message_id=200, thread_id=100), by_us, by_a_member])

    async with database.begin() as tx:
        found = [await tx.deliveries.shown_at(place) for place in (201, 101, 202, 200, 100, 99)]
    papers = ["2611.00002v1", "2611.00002v1", "2611.00001v1", None, None]
    assert found == [*(("2026-W47", paper) for paper in papers), None]


async def test_a_highlight_is_looked_up_without_reading_all_deliveries(fresh_sqlite_url: str) -> None:
    database = await Database.open(fresh_sqlite_url, clock_now=lambda: NOW)

    async with plans(database) as steps, database.begin() as tx:
        await tx.deliveries.shown_at(201)
    await database.close()

    assert not scanned(steps)


async def test_what_is_unfinished_is_found_without_reading_what_was_sent(fresh_sqlite_url: str) -> None:
    database = await Database.open(fresh_sqlite_url, clock_now=lambda: NOW)

    async with plans(database) as steps, database.begin() as tx:
        await tx.deliveries.unfinished(7)
    await database.close()

    assert any("ix_deliveries_state (state=? AND server_id=?)" in step for step in steps)
