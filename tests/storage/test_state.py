"""Small facts."""

import asyncio

from storage.database import Database


async def id_of(database: Database) -> str:
    async with database.begin() as tx:
        return await tx.state.database_id()


async def test_a_database_has_one_id_until_it_is_renewed(database: Database) -> None:
    first, second = await asyncio.gather(id_of(database), id_of(database))
    async with database.begin() as tx:
        await tx.state.renew_database_id()

    renewed = {await id_of(database), await id_of(database)}

    assert first == second
    assert len(first) == 12
    assert len(renewed | {first}) == 2
