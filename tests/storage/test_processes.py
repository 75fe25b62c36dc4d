"""Processes: heartbeats, leases, and what becomes of the silent."""

import asyncio
from datetime import timedelta

from storage.database import Database
from tests.databases import NOW

LATER = NOW + timedelta(minutes=10)


async def begin(database: Database, name: str, instance: str = "first") -> None:
    async with database.begin() as tx:
        await tx.processes.begin(name, instance, NOW)


async def beat(database: Database, name: str, instance: str = "first") -> bool:
    async with database.begin() as tx:
        return await tx.processes.beat(name, instance, LATER)


async def hold(database: Database, name: str, lease: str = "lease") -> bool:
    async with database.begin() as tx:
        return await tx.processes.hold(lease, name) == name


async def dead(database: Database) -> list[str]:
    """Declares those dead that have sent no heartbeat since they began."""
    async with database.begin() as tx:
        beats = await tx.processes.last_beats()
        return [
            name
            for name, last in beats.items()
            if last != LATER and await tx.processes.declare_dead(name, last_beat=last)
        ]


async def test_a_heartbeat_is_recorded(database: Database) -> None:
    await begin(database, "a")

    assert await beat(database, "a")

    async with database.begin() as tx:
        assert await tx.processes.last_beats() == {"a": LATER}


async def test_only_one_of_many_gets_a_lease_and_keeps_it(database: Database) -> None:
    names = [f"process-{number}" for number in range(8)]
    for name in names:
        await begin(database, name)

    held = await asyncio.gather(*(hold(database, name) for name in names))

    assert held.count(True) == 1
    assert [await hold(database, name) for name in names] == held


async def test_each_lease_has_its_own_holder_and_only_who_leaves_releases_theirs(database: Database) -> None:
    await begin(database, "a")
    await begin(database, "b")

    assert await hold(database, "a")
    assert await hold(database, "b", "another")
    async with database.begin() as tx:
        await tx.processes.leave("a", "first")

    assert not await hold(database, "a", "another")
    assert await hold(database, "b")


async def test_of_two_dead_processes_only_the_one_removed_is_gone(database: Database) -> None:
    await begin(database, "a")
    await begin(database, "b")
    await dead(database)

    async with database.begin() as tx:
        await tx.processes.remove("a")

    assert await dead(database) == ["b"]
    async with database.begin() as tx:
        assert (await tx.processes.last_beats()).keys() == {"b"}


async def test_the_silent_are_declared_dead_and_cannot_come_back(database: Database) -> None:
    await begin(database, "silent")
    await begin(database, "loud")
    await beat(database, "loud")

    assert await dead(database) == ["silent"]

    assert not await beat(database, "silent")
    assert await beat(database, "loud")


async def test_a_process_that_has_sent_a_heartbeat_meanwhile_is_not_declared_dead(database: Database) -> None:
    await begin(database, "a")
    await beat(database, "a")

    async with database.begin() as tx:
        assert not await tx.processes.declare_dead("a", last_beat=NOW)
        assert not await tx.processes.declare_dead("a", last_beat=None)

    assert await beat(database, "a")


async def test_the_dead_stay_listed_until_they_are_removed_and_their_lease_is_free_then(
    database: Database,
) -> None:
    await begin(database, "silent")
    await begin(database, "loud")
    await beat(database, "loud")
    await hold(database, "silent")

    assert await dead(database) == await dead(database) == ["silent"]
    assert not await hold(database, "loud")
    async with database.begin() as tx:
        await tx.processes.remove("silent")

    assert await dead(database) == []
    assert await hold(database, "loud")


async def test_a_process_started_again_before_it_is_removed_keeps_its_lease(
    database: Database,
) -> None:
    await begin(database, "a")
    await hold(database, "a")
    await dead(database)

    await begin(database, "a", "second")
    async with database.begin() as tx:
        await tx.processes.remove("a")

    assert await beat(database, "a", "second")
    assert await hold(database, "a")


async def test_a_new_start_under_a_name_ends_the_old_one(database: Database) -> None:
    await begin(database, "a", "first")

    await begin(database, "a", "second")

    assert not await beat(database, "a", "first")
    assert await beat(database, "a", "second")


async def test_a_process_that_leaves_releases_its_lease_and_counts_as_silent(database: Database) -> None:
    await begin(database, "a")
    await begin(database, "b")
    await beat(database, "b")
    await hold(database, "a")
    await beat(database, "a")

    async with database.begin() as tx:
        await tx.processes.leave("a", "first")

    assert await hold(database, "b")
    async with database.begin() as tx:
        assert await tx.processes.last_beats() == {"a": None, "b": LATER}
    assert await dead(database) == ["a"]


async def test_an_old_instance_that_leaves_takes_nothing_from_the_new_one(database: Database) -> None:
    await begin(database, "a", "first")
    await begin(database, "a", "second")
    await hold(database, "a")

    async with database.begin() as tx:
        await tx.processes.leave("a", "first")
        assert await tx.processes.last_beats() == {"a": NOW}

    await begin(database, "b")
    assert not await hold(database, "b")
