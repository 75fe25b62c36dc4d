"""What stands for a server in public."""

from collections.abc import AsyncIterator

import pytest

from bot.site.addresses import code_from_id
from bot.site.publishing import public_code, set_publication
from storage.database import Database
from storage.model import Subscription
from tests.databases import NOW


@pytest.fixture
async def database(fresh_sqlite_url: str) -> AsyncIterator[Database]:
    opened = await Database.open(fresh_sqlite_url, clock_now=lambda: NOW)
    yield opened
    await opened.close()


async def _stored(database: Database, server_id: int, title: str | None = None) -> None:
    async with database.begin() as tx:
        await tx.subscriptions.save(Subscription(server_id=server_id, channel_id=1, publication=title))


async def _publish(database: Database, server_id: int, title: str | None) -> str:
    """Its code afterwards."""
    async with database.begin() as tx:
        await set_publication(tx, server_id, title)
        return await public_code(tx, server_id)


async def test_a_servers_id_does_not_lead_to_its_pages(database: Database) -> None:
    await _stored(database, 42)
    await _stored(database, 43)

    codes = [await _publish(database, server_id, "Lab") for server_id in (42, 43)]

    assert len({*codes, code_from_id(42), code_from_id(43)}) == 4
    assert all(len(code) == 16 for code in codes)


async def test_what_was_private_for_a_while_comes_back_to_its_addresses(database: Database) -> None:
    await _stored(database, 42)

    codes = [await _publish(database, 42, title) for title in ("Lab", "Renamed", None, "Lab")]

    assert len(set(codes)) == 1


@pytest.mark.parametrize("titles", [("Renamed",), (None, "Lab")])
async def test_addresses_of_before_codes_were_drawn_stay(
    database: Database, titles: tuple[str | None, ...]
) -> None:
    await _stored(database, 42, "Lab")

    codes = [await _publish(database, 42, title) for title in titles]

    assert set(codes) == {code_from_id(42)}


async def test_a_server_without_a_digest_gets_no_code(database: Database) -> None:
    assert await _publish(database, 42, None) == code_from_id(42)

    async with database.begin() as tx:
        assert await tx.state.named("public code") == {}
