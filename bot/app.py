"""The composition root: the only place that names adapters and wires them."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from bot.answers.retrieval import Retrieval
from bot.answers.scopes import Scopes
from bot.answers.service import Answers
from bot.clock import Clock
from bot.digest.candidates import Candidates
from bot.digest.personal import PersonalDigests
from bot.digest.service import Digests
from bot.digest.why import Why
from bot.limits.admission import Admission
from bot.limits.rules import Limits, Share
from bot.llm.embeddings import EmbedderChoice, embedder_from
from bot.llm.openai_model import OpenAIModel
from bot.llm.openai_server import OpenAIServer
from bot.llm.port import Embedder
from bot.llm.usage import Prices
from bot.locations import audio_folder, data_folder, database_url, index_location, site_url
from bot.papers import connection as arxiv_connection
from bot.papers.announcements import RssAnnouncements
from bot.papers.arxiv_source import ArxivSource
from bot.papers.catalogue import Catalogue
from bot.papers.download import PdfDownload
from bot.papers.library import Library
from bot.papers.pacing import DatabasePacer
from bot.papers.sized_embedder import sized
from bot.pdf.reader import ChildProcessReader
from bot.privacy import Privacy
from bot.progress import Progress
from bot.settings import Settings
from bot.site.builder import SiteBuilder
from bot.site.public_site import PublicSite
from bot.site.serving import SiteServer
from bot.speech import hibari_voice, openai_voice
from bot.speech.podcasts import Podcasts, present, why_no_voice
from bot.speech.port import Voice
from bot.summaries.on_demand import OnDemand
from bot.summaries.service import Summaries
from bot.taste.ballots import Ballots
from bot.taste.reranker import Reranker
from bot.taste.service import Tastes
from bot.taste.teaching import Teaching
from storage.database import Database
from storage.index import PassageIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What both the bot and the command line use."""

    settings: Settings
    clock: Clock
    database: Database
    library: Library
    on_demand: OnDemand
    ballots: Ballots
    teaching: Teaching
    why: Why
    personal: PersonalDigests
    privacy: Privacy
    digests: Digests
    admission: Admission
    answers: Answers
    site: PublicSite
    voice: Voice | None
    """None if digests are not read aloud."""
    podcasts: Podcasts
    embedder: Embedder | None
    index: PassageIndex | None
    """Finds passages by vector, even if this process has no Chroma; None without an embedder."""


@asynccontextmanager
async def open_services(
    settings: Settings,
    *,
    clock: Clock,
    progress: Progress | None = None,
    owns_index: bool = False,
    opens_index: bool = True,
) -> AsyncIterator[Services]:
    """Open everything but Discord and the durable engine; it is closed on leaving.

    Chroma allows one process on its folder: only the holder of the data folder's lock `owns_index`.
    `opens_index` is False for commands that manage the index themselves.

    Raises:
        StorageFailure: the database cannot be opened.
    """
    async with AsyncExitStack() as stack:
        adapters = await _opened(stack, settings, clock, owns_index=owns_index, opens_index=opens_index)
        services = _wired(settings, clock, adapters, progress)
        stack.push_async_callback(services.on_demand.close)
        yield services


@dataclass(frozen=True, slots=True, kw_only=True)
class _Adapters:
    """What holds a file, a thread or a connection."""

    database: Database
    openai: OpenAIServer | None
    embedding: EmbedderChoice
    arxiv: arxiv_connection.ArxivConnection
    papers: ArxivSource
    index: PassageIndex | None


async def _opened(
    stack: AsyncExitStack, settings: Settings, clock: Clock, *, owns_index: bool, opens_index: bool
) -> _Adapters:
    """All of them; the stack closes them in reverse order."""
    database = await Database.open(database_url(settings), clock_now=clock.now)
    stack.push_async_callback(database.close)
    openai = await stack.enter_async_context(openai_server(settings, clock)) if settings.uses_model else None
    embedding = embedder_from(settings, openai)
    if embedding.embedder is not None:
        await stack.enter_async_context(embedding.embedder)
    arxiv = await stack.enter_async_context(_arxiv(settings, database, clock))
    papers = ArxivSource(arxiv, api_url=str(settings.arxiv_api_url))
    stack.callback(papers.close)
    index: PassageIndex | None = None
    if embedding.embedder is not None and opens_index:
        location = index_location(settings, owns_folder=owns_index)
        index = await PassageIndex.open(location, database, embedder=embedding.embedder.name)
        stack.push_async_callback(index.close)
    return _Adapters(
        database=database, openai=openai, embedding=embedding, arxiv=arxiv, papers=papers, index=index
    )


def _wired(settings: Settings, clock: Clock, adapters: _Adapters, progress: Progress | None) -> Services:
    """The services on top of the adapters; nothing is opened."""
    database, index = adapters.database, adapters.index
    embedder = sized(adapters.embedding.embedder, database)
    model, voice = _model(settings, adapters.openai), _voice(settings, adapters.openai)
    library = Library(
        database=database,
        announcements=RssAnnouncements(adapters.arxiv, rss_url=str(settings.arxiv_rss_url)),
        pdfs=PdfDownload(adapters.arxiv, pdf_url=str(settings.arxiv_pdf_url)),
        reader=ChildProcessReader(seconds=settings.pdf_seconds, concurrency=settings.pdf_workers),
        embedder=embedder,
        index=index,
    )
    candidates = Candidates(database=database, source=adapters.papers, clock=clock)
    tastes = Tastes(database=database, library=library, embedder=embedder, clock=clock)
    catalogue = Catalogue(database=database, source=adapters.papers, clock=clock)
    summaries = Summaries(database=database, model=model, prices=_prices(settings))
    admission = Admission(
        database=database,
        clock=clock,
        writing_at_a_time=settings.openai_concurrency,
        limits=_limits(settings),
        prices=_prices(settings),
    )
    problem = adapters.embedding.problem
    return Services(
        settings=settings,
        clock=clock,
        database=database,
        library=library,
        on_demand=OnDemand(catalogue=catalogue, library=library, summaries=summaries, admission=admission),
        ballots=Ballots(database=database, clock=clock),
        teaching=Teaching(database=database, catalogue=catalogue, tastes=tastes, clock=clock),
        personal=PersonalDigests(database=database, clock=clock),
        privacy=Privacy(database=database, clock=clock),
        why=Why(
            database=database,
            catalogue=catalogue,
            candidates=candidates,
            tastes=tastes,
            admission=admission,
        ),
        digests=Digests(
            database=database,
            candidates=candidates,
            library=library,
            summaries=summaries,
            tastes=tastes,
            admission=admission,
            reranker=Reranker(model) if settings.rerank and model is not None else None,
            clock=clock,
            remarks=(problem,) if problem else (),
            progress=progress,
        ),
        admission=admission,
        answers=Answers(
            database=database,
            scopes=Scopes(database=database, catalogue=catalogue, library=library),
            retrieval=Retrieval(database=database, embedder=embedder, index=index),
            model=model,
            admission=admission,
            clock=clock,
        ),
        site=_site(settings, database),
        voice=voice,
        podcasts=Podcasts(
            database=database,
            voice=voice,
            folder=audio_folder(settings),
            clock=clock,
            keep=timedelta(weeks=settings.audio_weeks) if settings.audio_weeks else None,
            problem=why_no_voice(settings),
        ),
        embedder=embedder,
        index=index,
    )


def site_builder(settings: Settings, database: Database, *, folder: Path, url: str | None) -> SiteBuilder:
    """What writes the public pages into `folder`."""
    return SiteBuilder(
        database=database,
        folder=folder,
        url=url,
        audio_files=partial(present, audio_folder(settings)),
        email=settings.site_email,
    )


def _site(settings: Settings, database: Database) -> PublicSite:
    folder, url = data_folder(settings) / "site", site_url(settings)
    return PublicSite(
        database=database,
        builder=site_builder(settings, database, folder=folder, url=url),
        server=SiteServer(folder, host=settings.site_host, port=settings.site_port),
        url=url,
    )


def openai_server(settings: Settings, clock: Clock) -> OpenAIServer:
    """The connection to the model server that is configured."""
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


def _voice(settings: Settings, server: OpenAIServer | None) -> Voice | None:
    """The model server's voice only if asked for: few servers speak, and it may cost money."""
    chosen, model = settings.voice, settings.openai_speech_model
    if server is not None and (chosen == "openai" or (chosen == "auto" and model is not None)):
        return openai_voice.OpenAIVoice(
            server, model=model or openai_voice.DEFAULT_MODEL, voice=settings.openai_speech_voice
        )
    if chosen in {"auto", "hibari"} and hibari_voice.is_installed():
        return hibari_voice.HibariVoice()
    return None


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
