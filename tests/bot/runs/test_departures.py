"""What becomes of a server's data once the bot was taken out of it."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.runs.departures import forget_left_servers
from storage.database import Database
from storage.model import Subscription
from tests.databases import NOW

SERVER = Subscription(server_id=7, channel_id=70, categories=("cs.CL",), admin_id=1)
OWN = Subscription(server_id=1, channel_id=10, categories=("cs.CL",), admin_id=1)
NINETY_DAYS = timedelta(days=90)


@dataclass
class Connection:
    """Says where the bot is; of what is in neither set it does not know, as while it connects."""

    left: set[int] = field(default_factory=set)
    inside: set[int] = field(default_factory=set)

    def has_left(self, server_id: int) -> bool:
        return server_id in self.left

    def is_in(self, server_id: int) -> bool:
        return server_id in self.inside


async def keep(database: Database, *wishes: Subscription) -> None:
    async with database.begin() as tx:
        for wish in wishes:
            await tx.subscriptions.save(wish)


async def kept(database: Database) -> list[int]:
    """Whose subscriptions there are."""
    async with database.begin() as tx:
        return [id_ for id_ in (1, 7, 8) if await tx.subscriptions.get(id_) is not None]


async def test_a_server_that_was_left_is_deleted_after_ninety_days(database: Database) -> None:
    await keep(database, SERVER, replace(SERVER, server_id=8, admin_id=None), OWN)
    connection = Connection(left={7, 1}, inside={8})

    await forget_left_servers(database, connection, NOW)
    await forget_left_servers(database, connection, NOW + NINETY_DAYS - timedelta(seconds=1))
    assert await kept(database) == [1, 7, 8]

    await forget_left_servers(database, connection, NOW + NINETY_DAYS)
    assert await kept(database) == [1, 8]
    async with database.begin() as tx:
        assert await tx.servers.left() == {}


async def test_one_that_invites_the_bot_again_keeps_everything_and_may_leave_anew(database: Database) -> None:
    await keep(database, SERVER)
    await forget_left_servers(database, Connection(left={7}), NOW)
    await forget_left_servers(database, Connection(inside={7}), NOW + timedelta(days=80))

    await forget_left_servers(database, Connection(left={7}), NOW + timedelta(days=81))
    await forget_left_servers(database, Connection(left={7}), NOW + timedelta(days=100))

    assert await kept(database) == [7]


async def test_nothing_happens_while_nobody_knows_where_the_bot_is(database: Database) -> None:
    await keep(database, SERVER, replace(SERVER, server_id=8))
    await forget_left_servers(database, Connection(left={7}), NOW)

    await forget_left_servers(database, Connection(), NOW + NINETY_DAYS)

    assert await kept(database) == [7, 8]
    async with database.begin() as tx:
        assert await tx.servers.left() == {7: NOW}
