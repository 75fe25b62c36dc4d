"""Staying connected to Discord, over the loopback one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.client import BroadsheetClient, supervise
from bot.errors import SettingsError
from storage.database import Database
from storage.model import Subscription
from tests.databases import NOW
from tests.fakes.clock import StillClock
from tests.fakes.discord import FakeDiscord, Guild, Member, faults


class PromptClient(BroadsheetClient):
    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Don't wait five seconds, as discord.py would."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    fake: FakeDiscord
    guild: Guild
    client: BroadsheetClient

    async def supervise(self, token: str | None = None) -> None:
        async with asyncio.timeout(30):
            at_once = asyncio.Event()
            at_once.set()
            await supervise(self.client, token or self.fake.token, at_once, pauses_seconds=(0.01,))

    @asynccontextmanager
    async def connecting(self) -> AsyncIterator[None]:
        supervised = asyncio.create_task(self.supervise())
        yield
        await self.client.close()
        await supervised

    async def connected(self, *, times: int = 1) -> None:
        """Wait until the bot has connected so often and answers again."""
        await self.fake.gateway.until_connected(times=times)
        await self.client.wait_until_ready()
        assert self.client.get_guild(self.guild.id) is not None


@pytest.fixture
async def stage(fresh_sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    # Two are enough to have commands to tell: what the others need is not here.
    monkeypatch.setattr("bot.client.EXTENSIONS", ("cogs.setup", "cogs.digest"))
    clock = StillClock(NOW)
    database = await Database.open(fresh_sqlite_url, clock_now=clock.now)
    async with FakeDiscord() as fake:
        guild = fake.add_guild()
        with fake.patch():
            services = SimpleNamespace(database=database, clock=clock)
            async with PromptClient(cast("Any", services)) as client:
                client.runs = cast("Any", None)
                yield Stage(fake=fake, guild=guild, client=client)
    await database.close()


async def test_a_wrong_token_is_said_with_what_to_do(stage: Stage) -> None:
    with pytest.raises(SettingsError, match=r"rejected DISCORD_TOKEN\. Copy the bot's token again"):
        await stage.supervise("wrong")


async def test_a_token_that_was_reset_since_the_login_is_said_with_what_to_do(stage: Stage) -> None:
    stage.fake.gateway.token = "another"

    with pytest.raises(SettingsError, match=r"rejected DISCORD_TOKEN\. Copy the bot's token again"):
        await stage.supervise()


@pytest.mark.parametrize("fault", [faults.failure(503), faults.reset()], ids=["503", "reset"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("GET", "/users/@me$"), ("GET", "/oauth2/applications/@me$")),
        *(("GET", "/commands$"), ("PUT", "/commands$")),
    ],
    ids=["login", "application", "known commands", "commands"],
)
async def test_a_login_that_fails_half_way_is_tried_again(
    stage: Stage, fault: faults.Fault, method: str, path: str
) -> None:
    stage.fake.break_next(fault, method=method, path=path, times=3)

    async with stage.connecting():
        await stage.connected()

    assert stage.fake.gateway.identified == 1
    assert {command["name"] for command in stage.fake.commands} == {"setup", "digest"}


async def test_commands_are_told_again_where_another_version_told_discord_its_own(stage: Stage) -> None:
    async with stage.connecting():
        await stage.connected()
        ours = stage.fake.commands
        await stage.client.setup_hook()
        assert stage.fake.calls_to("PUT", "/commands") == 1

        stage.fake.world.commands[None] = [ours[0] | {"version": "2"}]  # and then a backup is restored here
        for _ in range(2):
            await stage.client.setup_hook()

    assert stage.fake.calls_to("PUT", "/commands") == 2
    assert {command["name"] for command in stage.fake.commands} == {"setup", "digest"}


async def test_an_event_that_cannot_be_read_ends_the_session_and_starts_another(stage: Stage) -> None:
    async with stage.connecting():
        await stage.connected()
        (first,) = stage.fake.gateway.sessions.values()
        await stage.fake.gateway.dispatch("GUILD_CREATE", {"no": "id"})
        await stage.connected(times=2)

        assert first.socket is None

    assert stage.fake.gateway.identified == 2


async def test_an_invalid_session_is_followed_by_another(stage: Stage) -> None:
    async with stage.connecting():
        await stage.connected()
        await stage.fake.gateway.invalidate()
        await stage.connected(times=2)

    assert (stage.fake.gateway.identified, stage.fake.gateway.resumed) == (2, 0)


async def test_a_dropped_connection_goes_on_where_it_was(stage: Stage) -> None:
    async with stage.connecting():
        await stage.connected()
        await stage.fake.gateway.drop()
        await stage.connected(times=2)

    assert (stage.fake.gateway.identified, stage.fake.gateway.resumed) == (1, 1)


async def test_a_command_goes_on_that_discord_deferred_although_it_failed(stage: Stage) -> None:
    channel, admin = stage.fake.add_channel(stage.guild, "papers"), _admin(stage)
    async with stage.client.services.database.begin() as tx:
        await tx.subscriptions.save(Subscription(server_id=stage.guild.id, channel_id=channel.id))
    stage.fake.break_next(faults.failure_after_storing(502), path="/callback$")

    async with stage.connecting():
        await stage.connected()
        exchange = await stage.fake.slash(admin, "digest pause", channel=channel)
        message = await exchange.message()

    assert "The weekly digest is paused" in message["content"]


async def test_a_command_whose_deferral_broke_off_is_told_so(stage: Stage) -> None:
    channel, admin = stage.fake.add_channel(stage.guild, "papers"), _admin(stage)
    stage.fake.break_next(faults.reset_after_storing(), path="/callback$")

    async with stage.connecting():
        await stage.connected()
        exchange = await stage.fake.slash(admin, "digest pause", channel=channel)
        message = await exchange.message()

    assert "Discord did not accept my answer" in message["content"]


def _admin(stage: Stage) -> Member:
    return stage.fake.add_member(stage.guild, "ada", manage_guild=True)


async def test_a_close_ends_what_was_begun_for_an_event(stage: Stage) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def on_ready() -> None:
        stage.client.answering.register()
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    stage.client.add_listener(on_ready)
    async with stage.connecting():
        await begun.wait()

    assert ended.is_set()
