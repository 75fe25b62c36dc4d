"""The client in a simulated Discord."""

from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest
import simcord

from bot.client import BroadsheetClient
from bot.delivery.discord_messenger import DiscordMessenger
from bot.delivery.outbox import Outbox
from bot.digest.candidates import Candidates
from bot.digest.changes import Changes
from bot.digest.personal import PersonalDigests
from bot.digest.why import Why
from bot.privacy import Privacy
from bot.runs.schedule import Schedule
from bot.site.builder import SiteBuilder
from bot.site.public_site import PublicSite
from bot.site.serving import SiteServer
from bot.speech.podcasts import Podcasts
from bot.taste.ballots import Ballots
from bot.taste.service import Tastes
from bot.taste.teaching import Teaching
from storage.database import Database
from tests.bot.answers.room import room
from tests.bot.limits.doors import admission
from tests.bot.summaries.desk import desk
from tests.cogs.lab import NOW, SITE_URL, FinishedRuns, Lab
from tests.fakes.clock import StillClock
from tests.fakes.failing_database import FailingDatabase
from tests.fakes.model import ScriptedModel
from tests.fakes.speech import ToneVoice


@pytest.fixture
def direct_messages_are_a_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make direct messages look like messages in a group, which simcord does not have."""
    base_payload = simcord.interactions.base_payload

    def among_others(*args: Any, **facts: Any) -> tuple[Any, dict[str, Any]]:
        record, payload = base_payload(*args, **facts)
        in_server = payload["context"] == discord.app_commands.AppCommandContext.GUILD
        private_channel = discord.app_commands.AppCommandContext.PRIVATE_CHANNEL
        return record, payload | ({} if in_server else {"context": private_channel})

    monkeypatch.setattr(simcord.interactions, "base_payload", among_others)


@pytest.fixture
async def lab(fresh_sqlite_url: str, tmp_path: Path) -> AsyncIterator[Lab]:
    clock = StillClock(NOW)
    database = await Database.open(fresh_sqlite_url, clock_now=clock.now)
    at = desk(database, clock=clock)
    tastes = Tastes(database=database, library=at.library, embedder=None, clock=clock)
    candidates = Candidates(database=database, source=at.arxiv, clock=clock)
    builder = SiteBuilder(database=database, folder=tmp_path / "site", url=SITE_URL)
    server = SiteServer(tmp_path / "site", host="127.0.0.1", port=0)
    site = PublicSite(database=database, builder=builder, server=server, url=SITE_URL)
    asked = ScriptedModel()
    door = admission(database, clock)
    asking = room(database, asked, clock=clock)
    services = SimpleNamespace(
        database=database,
        clock=clock,
        admission=door,
        on_demand=at.on_demand,
        answers=asking.answers,
        index=None,
        ballots=Ballots(database=database, clock=clock),
        teaching=Teaching(database=database, catalogue=at.catalogue, tastes=tastes, clock=clock),
        why=Why(
            database=database,
            catalogue=at.catalogue,
            candidates=candidates,
            tastes=tastes,
            admission=door,
        ),
        personal=PersonalDigests(database=database, clock=clock),
        privacy=Privacy(database=database, clock=clock),
        site=site,
        podcasts=Podcasts(database=database, voice=ToneVoice(), folder=tmp_path / "audio", clock=clock),
    )
    client = BroadsheetClient(cast("Any", services))
    client.messenger = DiscordMessenger(client)
    changes = Changes(database=database, messenger=client.messenger, clock=clock)
    runs = FinishedRuns(database, Outbox(database, client.messenger, clock), changes)
    client.runs = cast("Any", runs)
    client.schedule = Schedule(
        database=database,
        library=at.library,
        messenger=client.messenger,
        podcasts=services.podcasts,
        runs=runs,
        servers=client,
        clock=clock,
    )
    # Commands raise their refusals as errors, which the one error handler shows to the person.
    env = simcord.Env(client, check_errors=False)
    await env.start()
    guild = env.create_guild("Lab")
    admins = guild.create_role("admins", permissions=discord.Permissions(manage_guild=True))
    yield Lab(
        env=env,
        client=client,
        database=database,
        clock=clock,
        runs=runs,
        desk=at,
        room=asking,
        site=site,
        audio=tmp_path / "audio",
        asked=asked,
        guild=guild,
        channel=guild.create_text_channel("papers"),
        admin=guild.add_member(env.create_user("ada"), roles=[admins]),
        member=guild.add_member(env.create_user("bob")),
    )
    await env.shutdown()
    await at.on_demand.close()
    await database.close()


@pytest.fixture
def away(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> FailingDatabase:
    """The lab's database, whose transactions fail as its script says."""
    database = FailingDatabase(lab.database._engine, lab.clock.now)
    monkeypatch.setattr(lab.client.services, "database", database)
    return database
