"""Personal digests."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import psycopg
import pytest

from bot.digest.personal import PersonalDigests
from bot.errors import ChannelRefusedError, InputError
from bot.privacy import EVERYTHING, Privacy
from bot.taste.ballots import PERSONAL
from bot.weeks import latest_complete_week
from storage.database import Database
from storage.model import Subscription, ThreadPolicy, Vote
from tests.bot.digest.press import SUBSCRIPTION, WEEK, Press, request
from tests.bot.examples import paper
from tests.databases import NOW
from tests.fakes.messenger import FakeMessenger
from tests.waiting import until

PERSON, DIRECT = 5, -5
SERVERS = replace(SUBSCRIPTION, interests="retrieval", threads=ThreadPolicy.EACH, publication="Our papers")


@pytest.fixture
def press(database: Database) -> Press:
    return Press(database)


async def subscribe_person(
    press: Press, messenger: FakeMessenger | None = None, **options: bool
) -> Subscription:
    """Have the person request a digest in the server; returns their subscription."""
    personal = PersonalDigests(database=press.database, clock=press.clock)
    asked = options or {"every_week": False}
    return await personal.subscribe(
        PERSON,
        SUBSCRIPTION.server_id,
        messenger or FakeMessenger(press.clock),
        every_week=asked["every_week"],
    )


@dataclass
class SlowMessenger(FakeMessenger):
    """Lets something happen while it looks for the person's direct messages."""

    meanwhile: Callable[[], Awaitable[None]] | None = None

    async def direct_channel(self, user_id: int) -> int:
        assert self.meanwhile is not None
        await self.meanwhile()
        return await super().direct_channel(user_id)


async def subscribe_server(press: Press) -> None:
    async with press.database.begin() as tx:
        await tx.subscriptions.save(SERVERS)


async def change_the_servers(press: Press) -> None:
    other = replace(SERVERS, categories=("math.AG",), interests="schemes", weekday=0)
    async with press.database.begin() as tx:
        await tx.subscriptions.save(other)


async def kept(press: Press) -> Subscription | None:
    """The person's stored subscription."""
    async with press.database.begin() as tx:
        return await tx.subscriptions.get(PERSON)


async def test_it_is_like_the_servers_except_for_where_it_is_posted(press: Press) -> None:
    await subscribe_server(press)

    own = await subscribe_person(press)

    assert (own.server_id, own.channel_id, own.admin_id) == (PERSON, DIRECT, PERSON)
    assert (own.categories, own.interests) == (SERVERS.categories, SERVERS.interests)
    assert (own.threads, own.publication) == (ThreadPolicy.NONE, None)
    assert (own.paused, own.is_personal) == (True, True)


async def test_in_a_server_without_a_digest_it_is_like_the_persons_last_one(press: Press) -> None:
    await subscribe_server(press)
    first = await subscribe_person(press)
    async with press.database.begin() as tx:
        await tx.subscriptions.delete(SUBSCRIPTION.server_id)

    assert await subscribe_person(press) == first


async def test_nothing_is_stored_if_the_person_was_forgotten_meanwhile(press: Press) -> None:
    await subscribe_server(press)
    own = await subscribe_person(press)
    asked = replace(request(), run_id=f"digest:5:{WEEK}", subscription=own)
    plan = await press.digests().plan(asked)
    async with press.database.begin() as tx:
        await tx.subscriptions.delete(PERSON)
        await tx.digests.forget_owner(PERSON)

    await press.digests().plan(asked)
    await press.digests().compose(
        plan, [await press.digests().write(pick.paper.id, 1) for pick in plan.highlights]
    )

    async with press.database.begin() as tx:
        assert await tx.digests.plan(asked.run_id) is None
        assert await tx.digests.get(asked.run_id) is None
        assert await tx.deliveries.of(PERSON, asked.week) == []


def is_lock_awaited(postgres_url: str) -> bool:
    """Whether a transaction is waiting for a lock that another holds."""
    with psycopg.connect(postgres_url) as connection:
        return connection.execute("SELECT FROM pg_locks WHERE NOT granted").fetchone() is not None


async def test_nothing_is_stored_if_another_process_forgets_the_person_at_that_moment(
    fresh_postgres_url: str,
) -> None:
    database = await Database.open(fresh_postgres_url, clock_now=lambda: NOW)
    press = Press(database)
    await subscribe_server(press)
    asked = replace(request(), run_id="digest:5", subscription=await subscribe_person(press))
    plan = await press.digests().plan(asked)
    outcomes = [await press.digests().write(pick.paper.id, 1) for pick in plan.highlights]

    async with database.begin() as tx:
        for kind in EVERYTHING:
            await kind.forget(tx, PERSON, press.clock.now())
        composing = asyncio.create_task(press.digests().compose(plan, outcomes))
        await until(lambda: composing.done() or is_lock_awaited(fresh_postgres_url))
    await composing

    async with database.begin() as tx:
        assert await tx.digests.get("digest:5") is None
        assert await tx.deliveries.of(PERSON, asked.week) == []
    await database.close()


async def test_a_weekly_digest_continues_when_a_single_one_is_requested(press: Press) -> None:
    await subscribe_server(press)
    await subscribe_person(press, every_week=True)

    await subscribe_person(press, every_week=False)

    own = await kept(press)
    assert own is not None
    assert not own.paused


async def test_a_weekly_digest_keeps_its_settings_when_a_single_one_is_requested(press: Press) -> None:
    await subscribe_server(press)
    await subscribe_person(press, every_week=True)
    weekly = await kept(press)
    await change_the_servers(press)

    own = await subscribe_person(press, every_week=False)

    assert weekly is not None
    assert own == replace(weekly, created_at=own.created_at)
    assert await kept(press) == weekly


async def test_a_weekly_digest_gets_the_servers_settings_when_requested_again(press: Press) -> None:
    await subscribe_server(press)
    await subscribe_person(press, every_week=True)
    await change_the_servers(press)

    own = await subscribe_person(press, every_week=True)

    assert (own.categories, own.interests, own.weekday) == (("math.AG",), "schemes", 0)


async def test_a_single_digest_gets_the_settings_of_the_server_it_is_requested_in(press: Press) -> None:
    await subscribe_server(press)
    await subscribe_person(press)
    await change_the_servers(press)

    assert (await subscribe_person(press)).interests == "schemes"


@pytest.mark.parametrize("every_week", [False, True])
async def test_someone_forgotten_while_they_subscribe_has_no_subscription(
    press: Press, every_week: bool
) -> None:
    await subscribe_server(press)
    privacy = Privacy(database=press.database, clock=press.clock)
    messenger = SlowMessenger(press.clock, meanwhile=lambda: privacy.delete(PERSON))

    with pytest.raises(InputError, match="Your data was deleted in the meantime"):
        await subscribe_person(press, messenger, every_week=every_week)

    assert await kept(press) is None


@pytest.mark.parametrize("every_week", [False, True])
async def test_a_subscription_stopped_while_it_is_renewed_stays_stopped(
    press: Press, every_week: bool
) -> None:
    await subscribe_server(press)
    await subscribe_person(press, every_week=True)
    personal = PersonalDigests(database=press.database, clock=press.clock)
    messenger = SlowMessenger(press.clock, meanwhile=lambda: personal.stop(PERSON))

    own = await subscribe_person(press, messenger, every_week=every_week)

    assert own.paused
    assert await kept(press) == own


async def test_someone_who_accepts_no_messages_is_told_so_and_nothing_is_stored(press: Press) -> None:
    await subscribe_server(press)
    messenger = FakeMessenger(press.clock, closed={DIRECT})

    with pytest.raises(ChannelRefusedError):
        await subscribe_person(press, messenger, every_week=True)

    assert await kept(press) is None


async def test_nothing_is_made_for_someone_who_accepts_no_messages_any_more(press: Press) -> None:
    await subscribe_server(press)
    await subscribe_person(press)

    with pytest.raises(ChannelRefusedError):
        await subscribe_person(press, FakeMessenger(press.clock, closed={DIRECT}))


async def test_the_greeting_does_not_come_again_with_a_digest_or_in_a_known_channel(press: Press) -> None:
    await subscribe_server(press)
    messenger = FakeMessenger(press.clock)
    own = await subscribe_person(press, messenger)
    week = str(latest_complete_week(press.clock.now()))
    await press.make(replace(request(), run_id=f"digest:{PERSON}:{week}", week=week, subscription=own))
    press.clock.move_to(press.clock.now() + timedelta(hours=1))  # Discord drops no repeats any more
    await subscribe_person(press, messenger, every_week=True)
    async with press.database.begin() as tx:
        await tx.subscriptions.save(replace(own, channel_id=DIRECT - 1))

    await subscribe_person(press, messenger)

    assert [one.channel_id for one in messenger.posted] == [DIRECT, DIRECT]
    assert "write “stop” here" in messenger.posted[0].payload["content"]


async def test_without_any_subscription_to_go_by_it_says_so(press: Press) -> None:
    with pytest.raises(InputError, match="This server has no digest yet"):
        await subscribe_person(press)


async def test_its_run_follows_the_persons_votes_and_is_delivered_to_them(press: Press) -> None:
    await subscribe_server(press)
    liked = paper("2610.00001", title="Folding keys", abstract="We fold keys of caches.")
    alike = paper("2611.00005", title="Folding keys again", abstract="We fold keys of caches.")
    press.source.listed = [*press.source.listed[:4], alike]
    async with press.database.begin() as tx:
        await tx.papers.save([liked])
        vote = Vote(
            server_id=99, user_id=PERSON, paper_id=liked.id, liked=True, at=press.clock.now().replace(day=1)
        )
        await tx.tastes.save_votes([vote])
    own = replace(await subscribe_person(press), interests="")

    digest = await press.make(replace(request(), run_id="digest:5:" + WEEK, subscription=own))

    assert digest.highlights[0].pick.paper.id == alike.id
    async with press.database.begin() as tx:
        planned = await tx.deliveries.of(PERSON, WEEK)
    assert {delivery.channel_id for delivery in planned} == {DIRECT}


async def test_its_buttons_count_the_persons_votes_in_direct_messages(press: Press) -> None:
    await subscribe_server(press)
    (first, second, *_) = press.source.listed
    press.source.listed = [first, second]
    async with press.database.begin() as tx:
        await tx.papers.save([first, second])
        vote = Vote(server_id=PERSONAL, user_id=PERSON, paper_id=first.id, liked=True, at=press.clock.now())
        await tx.tastes.save_votes(
            [vote, replace(vote, user_id=6), replace(vote, paper_id=second.id, user_id=6)]
        )

    await press.make(replace(request(), subscription=await subscribe_person(press)))

    async with press.database.begin() as tx:
        posted = str([delivery.payload for delivery in await tx.deliveries.of(PERSON, WEEK)])
    assert (posted.count("👍 1"), posted.count("👍 0"), posted.count("👎 0")) == (1, 1, 2)
