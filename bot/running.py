"""The running bot: in which order its parts start, and what stops it."""

import gc
import logging
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from importlib.metadata import version

from bot.app import Services, open_services
from bot.client import BroadsheetClient, supervise
from bot.clock import Clock
from bot.delivery.discord_messenger import DiscordMessenger
from bot.delivery.outbox import Outbox
from bot.digest.changes import Changes
from bot.digest.posting import Posting
from bot.heartbeat import heartbeat
from bot.lifetime import Lifetime
from bot.locations import data_folder, engine_url
from bot.memory import share_arenas
from bot.papers.embedding_backlog import EmbeddingBacklog
from bot.runs.control import Runs
from bot.runs.engine import Engine
from bot.runs.presence import BEAT_SECONDS, SILENT_SECONDS, Presence
from bot.runs.schedule import TICK_SECONDS, Schedule
from bot.runs.workflows import PAUSES_SECONDS, Workflows
from bot.settings import Settings
from bot.speech.broadcast import Broadcast
from storage.lock import sole_owner

log = logging.getLogger(__name__)

_SWITCH_SECONDS = 0.001
"""Longest that a computing thread keeps the event loop waiting at a time; Python's default is 5 ms."""
_POLL_SECONDS = 1.0
"""Nobody notices a second in a queue, and polling is most of what an idle bot does: 3 % of a core (measured),
and 9 % at five polls a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The intervals at which a running bot works."""

    tick_seconds: float = TICK_SECONDS
    pauses_seconds: Sequence[float] = PAUSES_SECONDS
    beat_seconds: float = BEAT_SECONDS
    silent_seconds: float = SILENT_SECONDS
    poll_seconds: float = _POLL_SECONDS
    """Between two polls of the run queues."""


async def run_bot(settings: Settings, *, clock: Clock, pace: Pace | None = None) -> None:
    """Run the bot until SIGTERM or SIGINT.

    Raises:
        SettingsError: Discord rejects the token.
        ServiceError: Discord closed the connection for good, or another process took over.
        StorageFailure: the database cannot be opened, or another process runs on the same data folder.
    """
    assert settings.discord_token is not None, "the command line checks it"
    token, pace = settings.discord_token.get_secret_value(), pace or Pace()
    sys.setswitchinterval(_SWITCH_SECONDS)
    share_arenas()
    async with AsyncExitStack() as stack:
        if settings.database_url is None:
            stack.enter_context(sole_owner(data_folder(settings)))
        life = Lifetime()
        await stack.enter_async_context(heartbeat(data_folder(settings), process_name=settings.process_name))
        services = await stack.enter_async_context(
            open_services(settings, clock=clock, owns_index=settings.database_url is None)
        )
        _introduce(services)
        if settings.site:
            await stack.enter_async_context(services.site)
        presence = _presence(services, pace)
        if not await life.reaches(presence.wait_for_name()):
            return
        await stack.enter_async_context(presence)
        client = await stack.enter_async_context(BroadsheetClient(services))
        engine, schedule = _work(services, client, pace)
        backlog = _backlog(services)
        _freeze()
        await stack.enter_async_context(life.depending_on(presence.keep()))
        await stack.enter_async_context(
            life.depending_on(supervise(client, token, may_connect=presence.may_connect))
        )
        # Nothing starts before the bot can post: a run would only collect refusals.
        if await life.reaches(client.can_post(connected=presence.may_connect.is_set())):
            await stack.enter_async_context(engine)
            stack.push_async_callback(client.answering.stop)  # some of them wait for a run
            await stack.enter_async_context(life.depending_on(engine.look_after_own()))
            await stack.enter_async_context(life.depending_on(presence.look_after_others(engine)))
            # Standby processes work on runs, but only the connected one looks for what is due.
            if await life.reaches(client.can_post(connected=True)):
                await stack.enter_async_context(schedule)
                if backlog is not None:
                    await stack.enter_async_context(backlog)
                await life.reaches(services.answers.prepare())
                _freeze()
        await life.lasts()


def _introduce(services: Services) -> None:
    """Log what runs here, and how it is set up."""
    settings, embedder = services.settings, services.embedder
    log.info(
        "Broadsheet %s; data: %s; summaries: %s; embedder: %s",
        version("broadsheet"),
        data_folder(settings),
        settings.openai_model if settings.uses_model else "extracts",
        "none" if embedder is None else embedder.name,
    )


def _freeze() -> None:
    """Exclude what start-up made from garbage collection: it lives as long as the process.

    Scanning it takes up to 200 ms, during which nobody is answered.
    """
    gc.collect()
    gc.freeze()


def _presence(services: Services, pace: Pace) -> Presence:
    return Presence(
        database=services.database,
        clock=services.clock,
        name=services.settings.process_name,
        beat_seconds=pace.beat_seconds,
        silent_seconds=pace.silent_seconds,
        is_alone=services.settings.database_url is None,
    )


def _work(services: Services, client: BroadsheetClient, pace: Pace) -> tuple[Engine, Schedule]:
    """What executes runs, and what starts them; commands find it at the client."""
    clock, settings = services.clock, services.settings
    client.messenger = messenger = DiscordMessenger(client)
    workflows = Workflows(
        digests=services.digests,
        clock=clock,
        posting=Posting(
            database=services.database,
            changes=Changes(database=services.database, messenger=messenger, clock=clock),
            outbox=Outbox(services.database, messenger, clock),
            messenger=messenger,
        ),
        broadcast=Broadcast(
            database=services.database,
            podcasts=services.podcasts,
            messenger=messenger,
            page_of=services.site.digest_address,
        ),
        pauses_seconds=pace.pauses_seconds,
    )
    client.runs = Runs(workflows, clock)
    engine = Engine(
        database_url=engine_url(settings),
        process_name=settings.process_name,
        workflows=workflows,
        poll_seconds=pace.poll_seconds,
    )
    client.schedule = Schedule(
        database=services.database,
        library=services.library,
        messenger=messenger,
        podcasts=services.podcasts,
        runs=client.runs,
        servers=client,
        clock=clock,
        tick_seconds=pace.tick_seconds,
    )
    return engine, client.schedule


def _backlog(services: Services) -> EmbeddingBacklog | None:
    if services.embedder is None:
        return None
    return EmbeddingBacklog(
        database=services.database, embedder=services.embedder, index=services.index, clock=services.clock
    )
