"""The composition root: the only place that names adapters and wires them."""

import asyncio
import contextlib
import gc
import logging
import os
import signal
import threading
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.answers.retrieval import Retrieval
from bot.answers.scopes import Scopes
from bot.answers.service import Answers
from bot.client import BroadsheetClient, supervise
from bot.clock import Clock
from bot.delivery.discord_messenger import DiscordMessenger
from bot.delivery.outbox import Outbox
from bot.digest.candidates import Candidates
from bot.digest.service import Digests
from bot.errors import SettingsError
from bot.limits.admission import Admission
from bot.limits.fair_queue import FairQueue
from bot.limits.rules import Limits, Share
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
from bot.progress import Progress
from bot.schedule import TICK_SECONDS, Schedule
from bot.settings import Settings
from bot.summaries.on_demand import OnDemand
from bot.summaries.service import Summaries
from bot.workflows import PAUSES_SECONDS, Engine, Workflows
from storage.database import Database
from storage.index import PassageIndex
from storage.lock import DataFolderLock

log = logging.getLogger(__name__)

STOP_SECONDS = 10.0
"""A stop that takes longer is cut short: Docker kills after ten seconds, and a kill loses nothing."""


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
    digests: Digests
    admission: Admission
    answers: Answers


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
        catalogue = Catalogue(database=database, source=source, clock=clock)
        summaries = Summaries(database=database, model=_model(settings, server), prices=_prices(settings))
        on_demand = OnDemand(catalogue=catalogue, library=library, summaries=summaries)
        stack.push_async_callback(on_demand.close)
        admission = Admission(
            database=database,
            clock=clock,
            queue=FairQueue(settings.openai_concurrency),
            limits=_limits(settings),
            prices=_prices(settings),
        )
        yield Services(
            settings=settings,
            clock=clock,
            database=database,
            catalogue=catalogue,
            library=library,
            summaries=summaries,
            on_demand=on_demand,
            digests=Digests(
                database=database,
                candidates=Candidates(database=database, source=source, clock=clock),
                library=library,
                summaries=summaries,
                embedder=choice.embedder,
                clock=clock,
                remarks=(choice.problem,) if choice.problem else (),
                progress=progress,
            ),
            admission=admission,
            answers=Answers(
                database=database,
                scopes=Scopes(database=database, catalogue=catalogue, library=library),
                retrieval=Retrieval(database=database, embedder=choice.embedder, index=index),
                model=_model(settings, server),
                admission=admission,
                clock=clock,
            ),
        )


async def run_bot(
    settings: Settings,
    *,
    clock: Clock,
    tick_seconds: float = TICK_SECONDS,
    pauses_seconds: Sequence[float] = PAUSES_SECONDS,
) -> None:
    """Run the bot until SIGTERM or SIGINT.

    Raises:
        SettingsError: Discord refuses the token.
        StorageFailure: the database cannot be opened, or another process runs on the same data folder.
    """
    assert settings.discord_token is not None, "the command line checks it"
    token = settings.discord_token.get_secret_value()
    stop = _stop_signal()
    async with AsyncExitStack() as stack:
        if settings.database_url is None:
            stack.enter_context(DataFolderLock(data_folder(settings)))
        services = await stack.enter_async_context(
            open_services(settings, clock=clock, owns_index=settings.database_url is None)
        )
        client = await stack.enter_async_context(BroadsheetClient(services))
        messenger = DiscordMessenger(client)
        outbox = Outbox(services.database, messenger, clock)
        client.runs = Workflows(
            digests=services.digests,
            clock=clock,
            outbox=outbox,
            messenger=messenger,
            pauses_seconds=pauses_seconds,
        )
        engine = Engine(
            database_url=engine_url(settings), process_name=settings.process_name, workflows=client.runs
        )
        schedule = Schedule(
            database=services.database,
            library=services.library,
            messenger=messenger,
            start_digest=client.runs.start_digest,
            clock=clock,
            tick_seconds=tick_seconds,
        )
        connection = asyncio.create_task(supervise(client, token))
        stack.push_async_callback(_cancelled, connection)
        # Nothing is started before the bot can post: a run would only collect refusals.
        if await _first_of(client.wait_until_ready(), connection, stop):
            await stack.enter_async_context(engine)
            await stack.enter_async_context(schedule)
            stack.push_async_callback(_cancelled, asyncio.create_task(services.answers.prepare()))
            # What start-up made lives as long as the process: later collections need not look at it.
            gc.collect()
            gc.freeze()
            await _first_of(stop.wait(), connection, stop)
        if stop.is_set():
            _leave_within(STOP_SECONDS)
        else:
            connection.result()


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


def _limits(settings: Settings) -> Limits:
    return Limits(
        user=Share(
            questions_per_hour=settings.user_questions_per_hour, tokens_per_day=settings.user_tokens_per_day
        ),
        server=Share(
            questions_per_hour=settings.server_questions_per_hour,
            tokens_per_day=settings.server_tokens_per_day,
        ),
    )


def _arxiv(
    settings: Settings, database: Database, clock: Clock
) -> AbstractAsyncContextManager[arxiv_connection.ArxivConnection]:
    return arxiv_connection.opened(
        user_agent=settings.user_agent,
        pacer=DatabasePacer(database, clock, delay_seconds=settings.arxiv_delay_seconds),
        clock=clock,
        urls=[str(url) for url in (settings.arxiv_api_url, settings.arxiv_rss_url, settings.arxiv_pdf_url)],
    )


def _stop_signal() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):  # Windows
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


async def _first_of(awaited: Awaitable[object], connection: asyncio.Task[None], stop: asyncio.Event) -> bool:
    """Whether `awaited` came before the connection's end and the signal to stop."""
    first, stopping = asyncio.ensure_future(awaited), asyncio.ensure_future(stop.wait())
    await asyncio.wait({first, connection, stopping}, return_when=asyncio.FIRST_COMPLETED)
    arrived = first.done()
    first.cancel()
    stopping.cancel()
    return arrived and not stop.is_set()


def _leave_within(seconds: float) -> None:
    # A thread that is in the middle of a long computation cannot be told to stop.
    timer = threading.Timer(seconds, os._exit, args=[0])
    timer.daemon = True
    timer.start()


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
