"""The composition root: the only place that names adapters and wires them."""

import gc
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.client import BroadsheetClient, supervise
from bot.clock import Clock
from bot.delivery.discord_messenger import DiscordMessenger
from bot.delivery.outbox import Outbox
from bot.digest.candidates import Candidates
from bot.digest.personal import PersonalDigests
from bot.digest.service import Digests
from bot.digest.why import Why
from bot.errors import SettingsError
from bot.lifetime import Lifetime
from bot.llm.budget import Prices
from bot.llm.embeddings import MiniLmEmbedder, embedder_from
from bot.llm.openai_model import OpenAIModel
from bot.llm.openai_server import OpenAIServer
from bot.papers import connection as arxiv_connection
from bot.papers.announcements import RssAnnouncements
from bot.papers.arxiv_source import ArxivSource
from bot.papers.catalogue import Catalogue
from bot.papers.download import PdfDownload
from bot.papers.library import Library
from bot.papers.pacing import DatabasePacer
from bot.papers.pdf import ChildProcessReader
from bot.presence import BEAT_SECONDS, SILENT_SECONDS, Presence
from bot.privacy import Privacy
from bot.progress import Progress
from bot.schedule import TICK_SECONDS, Schedule
from bot.settings import Settings
from bot.summaries.on_demand import OnDemand
from bot.summaries.service import Summaries
from bot.taste.ballots import Ballots
from bot.taste.service import Tastes
from bot.taste.teaching import Teaching
from bot.workflows import PAUSES_SECONDS, Engine, Workflows
from storage.database import Database
from storage.index import PassageIndex
from storage.lock import DataFolderLock


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What both the bot and the command line use."""

    settings: Settings
    clock: Clock
    database: Database
    catalogue: Catalogue
    library: Library
    summaries: Summaries
    on_demand: OnDemand
    ballots: Ballots
    teaching: Teaching
    why: Why
    personal: PersonalDigests
    privacy: Privacy
    digests: Digests


@asynccontextmanager
async def open_services(
    settings: Settings, *, clock: Clock, progress: Progress | None = None, owns_index: bool = False
) -> AsyncIterator[Services]:
    """Everything but Discord and the durable engine, closed again on leaving.

    Chroma accepts one process on its folder: only the one that holds the data folder's lock `owns_index`.

    Raises:
        StorageFailure: the database cannot be opened.
    """
    async with AsyncExitStack() as stack:
        database = await Database.open(database_url(settings), clock_now=clock.now)
        stack.push_async_callback(database.close)
        server = (
            await stack.enter_async_context(_openai_server(settings, clock)) if settings.uses_model else None
        )
        choice = embedder_from(settings, server)
        if isinstance(choice.embedder, MiniLmEmbedder):
            await stack.enter_async_context(choice.embedder)
        arxiv = await stack.enter_async_context(_arxiv(settings, database, clock))
        source = ArxivSource(arxiv, api_url=str(settings.arxiv_api_url))
        stack.callback(source.close)
        index: PassageIndex | None = None
        if choice.embedder is not None and (owns_index or settings.chroma_url is not None):
            index = await PassageIndex.open(
                _index_location(settings), database, embedder=choice.embedder.name
            )
            stack.push_async_callback(index.close)
        library = Library(
            database=database,
            announcements=RssAnnouncements(arxiv, rss_url=str(settings.arxiv_rss_url)),
            pdfs=PdfDownload(arxiv, pdf_url=str(settings.arxiv_pdf_url)),
            reader=ChildProcessReader(seconds=settings.pdf_seconds, concurrency=settings.pdf_workers),
            embedder=choice.embedder,
            index=index,
        )
        candidates = Candidates(database=database, source=source, clock=clock)
        tastes = Tastes(database=database, library=library, embedder=choice.embedder, clock=clock)
        catalogue = Catalogue(database=database, source=source, clock=clock)
        summaries = Summaries(database=database, model=_model(settings, server), prices=_prices(settings))
        on_demand = OnDemand(catalogue=catalogue, library=library, summaries=summaries)
        stack.push_async_callback(on_demand.close)
        yield Services(
            settings=settings,
            clock=clock,
            database=database,
            catalogue=catalogue,
            library=library,
            summaries=summaries,
            on_demand=on_demand,
            ballots=Ballots(database=database, clock=clock),
            teaching=Teaching(database=database, catalogue=catalogue, tastes=tastes, clock=clock),
            personal=PersonalDigests(database=database, clock=clock),
            privacy=Privacy(database),
            why=Why(database=database, candidates=candidates, tastes=tastes),
            digests=Digests(
                database=database,
                candidates=candidates,
                library=library,
                summaries=summaries,
                tastes=tastes,
                clock=clock,
                remarks=(choice.problem,) if choice.problem else (),
                progress=progress,
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often a running bot looks at what."""

    tick_seconds: float = TICK_SECONDS
    pauses_seconds: Sequence[float] = PAUSES_SECONDS
    beat_seconds: float = BEAT_SECONDS
    silent_seconds: float = SILENT_SECONDS


async def run_bot(settings: Settings, *, clock: Clock, pace: Pace | None = None) -> None:
    """Run the bot until SIGTERM or SIGINT.

    Raises:
        SettingsError: Discord refuses the token.
        ServiceError: Discord closed the connection for good, or another process took over.
        StorageFailure: the database cannot be opened, or another process runs on the same data folder.
    """
    assert settings.discord_token is not None, "the command line checks it"
    token, pace = settings.discord_token.get_secret_value(), pace or Pace()
    async with AsyncExitStack() as stack:
        if settings.database_url is None:
            stack.enter_context(DataFolderLock(data_folder(settings)))
        life = Lifetime()
        services = await stack.enter_async_context(
            open_services(settings, clock=clock, owns_index=settings.database_url is None)
        )
        presence = await stack.enter_async_context(_presence(services, pace))
        client = await stack.enter_async_context(BroadsheetClient(services))
        messenger = DiscordMessenger(client)
        engine, schedule = _work(services, client, messenger, pace)
        await stack.enter_async_context(life.depending_on(presence.keep()))
        await stack.enter_async_context(
            life.depending_on(supervise(client, token, may_connect=presence.may_connect))
        )
        # Nothing is started before the bot can post: a run would only collect refusals.
        if await life.reaches(client.can_post(connected=presence.may_connect.is_set())):
            await stack.enter_async_context(engine)
            await stack.enter_async_context(life.depending_on(presence.look_after_others(engine.take_over)))
            # Those who stand by work on runs; what is due, only the one that is connected looks for.
            if await life.reaches(client.can_post(connected=True)):
                await stack.enter_async_context(schedule)
                # What start-up made lives as long as the process: later collections need not look at it.
                gc.collect()
                gc.freeze()
        await life.lasts()


def _presence(services: Services, pace: Pace) -> Presence:
    return Presence(
        database=services.database,
        clock=services.clock,
        name=services.settings.process_name,
        beat_seconds=pace.beat_seconds,
        silent_seconds=pace.silent_seconds,
    )


def _work(
    services: Services, client: BroadsheetClient, messenger: DiscordMessenger, pace: Pace
) -> tuple[Engine, Schedule]:
    """What makes the runs, and what starts them."""
    clock, settings = services.clock, services.settings
    client.messenger = messenger
    client.runs = Workflows(
        digests=services.digests,
        clock=clock,
        outbox=Outbox(services.database, messenger, clock),
        messenger=messenger,
        pauses_seconds=pace.pauses_seconds,
    )
    engine = Engine(
        database_url=engine_url(settings), process_name=settings.process_name, workflows=client.runs
    )
    schedule = Schedule(
        database=services.database,
        library=services.library,
        messenger=messenger,
        start_digest=client.runs.start_digest,
        is_in_hand=client.runs.is_in_hand,
        clock=clock,
        tick_seconds=pace.tick_seconds,
    )
    return engine, schedule


def database_url(settings: Settings) -> str:
    """Where the records are: PostgreSQL where it is set, else SQLite in the data folder."""
    if settings.database_url is not None:
        return settings.database_url.get_secret_value()
    return f"sqlite:///{data_folder(settings) / 'broadsheet.sqlite'}"


def engine_url(settings: Settings) -> str:
    """Where the durable runs are: the same server, or a SQLite file of their own."""
    if settings.database_url is not None:
        return settings.database_url.get_secret_value()
    return f"sqlite:///{data_folder(settings) / 'runs.sqlite'}"


def data_folder(settings: Settings) -> Path:
    """The data folder, made if need be.

    Raises:
        SettingsError: it cannot be made or written to.
    """
    folder = settings.data_folder.expanduser()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"BROADSHEET_DATA: the folder {folder} cannot be made: {error.strerror}."
        ) from None
    if not os.access(folder, os.W_OK):
        raise SettingsError(f"BROADSHEET_DATA: the folder {folder} cannot be written to.")
    return folder


def _index_location(settings: Settings) -> Path | str:
    return str(settings.chroma_url) if settings.chroma_url else data_folder(settings) / "index"


def _openai_server(settings: Settings, clock: Clock) -> OpenAIServer:
    key = settings.openai_api_key
    return OpenAIServer(
        clock=clock,
        api_key=key.get_secret_value() if key else None,
        base_url=str(settings.openai_base_url) if settings.openai_base_url else None,
        timeout_seconds=settings.openai_timeout_seconds,
        concurrency=settings.openai_concurrency,
    )


def _model(settings: Settings, server: OpenAIServer | None) -> OpenAIModel | None:
    if server is None:
        return None
    return OpenAIModel(server, settings.openai_model, context_tokens=settings.openai_context_tokens)


def _prices(settings: Settings) -> Prices:
    return Prices(prompt_usd=settings.openai_price_prompt, completion_usd=settings.openai_price_completion)


def _arxiv(
    settings: Settings, database: Database, clock: Clock
) -> AbstractAsyncContextManager[arxiv_connection.ArxivConnection]:
    return arxiv_connection.opened(
        user_agent=settings.user_agent,
        pacer=DatabasePacer(database, clock, delay_seconds=settings.arxiv_delay_seconds),
        clock=clock,
        urls=[str(url) for url in (settings.arxiv_api_url, settings.arxiv_rss_url, settings.arxiv_pdf_url)],
    )
