"""What becomes of a server's data after the bot was removed from it."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.delivery.notices import Problem, Trouble, note
from bot.digest.plan import MISSED, weekly_runs
from bot.runs.departures import forget_left_servers
from bot.site.publishing import set_private
from bot.speech.podcasts import Podcasts, recordings
from storage.database import Database
from storage.model import Preference, PreferenceKind, Subject, Subscription
from tests.databases import NOW
from tests.fakes.clock import StillClock

SERVER = Subscription(server_id=7, channel_id=70, categories=("cs.CL",), admin_id=1)
PERSONAL = Subscription(server_id=1, channel_id=10, categories=("cs.CL",), admin_id=1)
NINETY_DAYS = timedelta(days=90)


@dataclass
class Connection:
    """Says which servers the bot is in; about those in neither set it does not know, as while connecting."""

    left: set[int] = field(default_factory=set)
    inside: set[int] = field(default_factory=set)

    def has_left(self, server_id: int) -> bool:
        return server_id in self.left

    def is_in(self, server_id: int) -> bool:
        return server_id in self.inside


@pytest.fixture
def podcasts(database: Database, tmp_path: Path) -> Podcasts:
    return Podcasts(database=database, voice=None, folder=tmp_path, clock=StillClock(NOW))


async def keep(database: Database, *subscriptions: Subscription) -> None:
    async with database.begin() as tx:
        for subscription in subscriptions:
            await tx.subscriptions.save(subscription)


async def kept(database: Database) -> list[int]:
    """The ids of the owners whose subscriptions are stored."""
    async with database.begin() as tx:
        return [id_ for id_ in (1, 7, 8, 9) if await tx.subscriptions.get(id_) is not None]


async def test_servers_that_were_left_are_deleted_after_ninety_days(
    database: Database, podcasts: Podcasts
) -> None:
    others = [replace(SERVER, server_id=id_, admin_id=None) for id_ in (8, 9)]
    await keep(database, SERVER, *others, PERSONAL)
    async with database.begin() as tx:
        for server_id in (7, 9):
            problem = Problem(trouble=Trouble.CHANNEL, channel_id=70, words="It is closed.")
            await note(tx, server_id, "2026-W47", problem)
    connection = Connection(left={7, 8, 1}, inside={9})

    await forget_left_servers(database, podcasts, connection, NOW)
    await forget_left_servers(database, podcasts, connection, NOW + NINETY_DAYS - timedelta(seconds=1))
    assert await kept(database) == [1, 7, 8, 9]

    await forget_left_servers(database, podcasts, connection, NOW + NINETY_DAYS)
    assert await kept(database) == [1, 9]
    async with database.begin() as tx:
        assert await tx.servers.left() == {}
        assert [name.split()[:2] for name in await tx.state.named("told ")] == [["told", "9"]]


async def test_the_data_of_a_server_that_never_set_up_digests_is_deleted_too(
    database: Database, podcasts: Podcasts
) -> None:
    mute = Preference(server_id=7, kind=PreferenceKind.MUTE, subject=Subject.TOPIC, value="chess")
    async with database.begin() as tx:
        await tx.tastes.save_preferences([mute])
    connection = Connection(left={7})

    await forget_left_servers(database, podcasts, connection, NOW)
    await forget_left_servers(database, podcasts, connection, NOW + NINETY_DAYS)

    async with database.begin() as tx:
        assert await tx.tastes.preferences(7) == []


async def test_recordings_are_deleted_with_their_server(
    database: Database, podcasts: Podcasts, tmp_path: Path
) -> None:
    await keep(database, SERVER)
    theirs, others = recordings(tmp_path, "digest:7:2026-W30"), recordings(tmp_path, "digest:70:2026-W30")
    for file in (*theirs, *others):
        file.touch()
    for digest_id in ("digest:7:2026-W31", "digest:70:2026-W31"):
        await podcasts.note_problem(digest_id, "The voice failed.")
    await forget_left_servers(database, podcasts, Connection(left={7}), NOW)

    await forget_left_servers(database, podcasts, Connection(left={7}), NOW + NINETY_DAYS)

    assert [file.exists() for file in (*theirs, *others)] == [False, False, True, True]
    async with database.begin() as tx:
        assert await tx.state.named("no recording of digest:7:") == {}
        assert len(await tx.state.named("")) == 2  # the other's problem, and when it was noted


async def test_private_weeks_and_reports_of_missed_runs_are_deleted_with_their_server(
    database: Database, podcasts: Podcasts
) -> None:
    await keep(database, SERVER)
    async with database.begin() as tx:
        for server_id in (7, 70):
            await set_private(tx, server_id, "2026-W30", private=True)
            await tx.state.set(f"{MISSED}{weekly_runs(server_id)}2026-W31", NOW.isoformat())
    await forget_left_servers(database, podcasts, Connection(left={7}), NOW)

    await forget_left_servers(database, podcasts, Connection(left={7}), NOW + NINETY_DAYS)

    async with database.begin() as tx:
        assert [*await tx.state.named("")] == ["missed:digest:70:2026-W31", "private digest of 70: 2026-W30"]


async def test_a_server_that_invites_the_bot_again_keeps_everything_and_its_ninety_days_start_afresh(
    database: Database, podcasts: Podcasts
) -> None:
    await keep(database, SERVER)
    await forget_left_servers(database, podcasts, Connection(left={7}), NOW)
    await forget_left_servers(database, podcasts, Connection(inside={7}), NOW + timedelta(days=80))

    await forget_left_servers(database, podcasts, Connection(left={7}), NOW + timedelta(days=81))
    await forget_left_servers(database, podcasts, Connection(left={7}), NOW + timedelta(days=100))

    assert await kept(database) == [7]


async def test_nothing_happens_while_it_is_unknown_where_the_bot_is(
    database: Database, podcasts: Podcasts
) -> None:
    await keep(database, SERVER, replace(SERVER, server_id=8))
    await forget_left_servers(database, podcasts, Connection(left={7}), NOW)

    await forget_left_servers(database, podcasts, Connection(), NOW + NINETY_DAYS)

    assert await kept(database) == [7, 8]
    async with database.begin() as tx:
        assert await tx.servers.left() == {7: NOW}
